"""What commands ask of a run that goes on elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from fleet.core import ConfigError

if TYPE_CHECKING:
    from fleet.bus import Request  # loads zmq

_WAIT: Final = 5.0  # Seconds in which a run must answer.


def ask(feed: str, request: Request) -> None:
    """Ask a run that tells what happens on a feed.

    Raises
    ------
    ConfigError
        When no run answers there.
    click.ClickException
        When it refuses.
    """
    from fleet.bus import ControlClient  # noqa: PLC0415 - loads zmq
    from sim.run.watch import control_endpoint  # noqa: PLC0415 - loads numba

    client = ControlClient(control_endpoint(feed))
    try:
        reply = client.ask(request, timeout=_WAIT)
    finally:
        client.close()
    if reply is None:
        raise ConfigError(feed, "no run answers there", "is it running, and with this --feed?")
    if not reply.ok:
        raise click.ClickException(reply.fact)
