"""`moonfleet fault`: let something go wrong in a run elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.steering import ask, key_options


@click.command(epilog="Example: moonfleet fault tcp://127.0.0.1:7700 '{fault: silent, rover: micro-1, for: 5m}'")
@click.argument("endpoint")
@click.argument("fault")
@key_options
def command(endpoint: str, fault: str, key: Path | None, hub: Path | None) -> None:
    """Let something go wrong from now on in a run that was started with --feed ENDPOINT.

    FAULT is written as in a scenario file, and its times count from now; several are separated by commas. What goes
    wrong is recorded, so that a recording tells it.
    """
    from fleet.bus import Inject  # noqa: PLC0415 - loads zmq

    ask(endpoint, Inject(fault=fault), key, hub)
