"""`moonfleet order`: let mission control order something in a run elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.steering import ask, key_options


@click.command(epilog="Example: moonfleet order tcp://127.0.0.1:7700 '{order: stop, rover: micro-1, for: 5m}'")
@click.argument("endpoint")
@click.argument("order")
@key_options
def command(endpoint: str, order: str, key: Path | None, hub: Path | None) -> None:
    """Have rovers stand or go on, close ground or open it, in a run that was started with --feed ENDPOINT.

    ORDER is written as in a scenario file, and its times count from now; several are separated by commas. It is
    recorded, so that a recording tells it.
    """
    from fleet.bus import Direct  # noqa: PLC0415 - loads zmq

    ask(endpoint, Direct(order=order), key, hub)
