"""`moonfleet fault`: let something go wrong in a run elsewhere."""

from __future__ import annotations

import click

from fleet.core import ConfigError

_WAIT = 5.0  # Seconds in which a run must answer.


@click.command(epilog="Example: moonfleet fault tcp://127.0.0.1:7700 '{fault: silent, rover: micro-1, for: 5m}'")
@click.argument("endpoint")
@click.argument("fault")
def command(endpoint: str, fault: str) -> None:
    """Let something go wrong from now on in a run that was started with --feed ENDPOINT.

    FAULT is written as in a scenario file, and its times count from now; several are separated by commas. What goes
    wrong is recorded, so that a recording tells it.
    """
    from fleet.bus import ControlClient, Inject  # noqa: PLC0415 - loads zmq
    from sim.run.watch import control_endpoint  # noqa: PLC0415 - loads numba

    client = ControlClient(control_endpoint(endpoint))
    try:
        reply = client.ask(Inject(fault=fault), timeout=_WAIT)
    finally:
        client.close()
    if reply is None:
        raise ConfigError(endpoint, "no run answers there", "is it running, and with this --feed?")
    if not reply.ok:
        raise click.ClickException(reply.fact)
