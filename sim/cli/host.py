"""`moonfleet host`: run agents here for a world elsewhere."""

from __future__ import annotations

import click


@click.command(epilog="Example: moonfleet host --connect tcp://127.0.0.1:7700 --name host-SUPARCO")
@click.option("--connect", "endpoint", required=True, help="Where the hub listens, such as tcp://127.0.0.1:7700.")
@click.option("--name", required=True, help="The name by which the hub knows this host.")
def command(endpoint: str, name: str) -> None:
    """Run the agents that a hub assigns to this host, until the mission ends."""
    from fleet.runtime import NodeMaker, run_host  # noqa: PLC0415 - loads the fleet

    run_host(endpoint, name, NodeMaker())
