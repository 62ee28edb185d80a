"""What commands ask of a run that goes on elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fleet.core import ConfigError

if TYPE_CHECKING:
    from fleet.bus import Request  # loads zmq

_WAIT: Final = 5.0  # Seconds in which a run must answer.


def key_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which a locked run knows who asks."""
    file = click.Path(path_type=Path)
    for name, what in (
        ("--hub", "The run's public key, where it is locked: hub.pub."),
        ("--key", "Your own: NAME.key."),
    ):
        command = click.option(name, type=file, help=what)(command)
    return command


def ask(feed: str, request: Request, key: Path | None, hub: Path | None) -> None:
    """Ask a run that tells what happens on a feed.

    Raises
    ------
    ConfigError
        When no run answers there.
    click.ClickException
        When it refuses.
    """
    from fleet.bus import ControlClient  # noqa: PLC0415 - loads zmq
    from sim.run.admission import lock_of  # noqa: PLC0415 - with it
    from sim.run.watch import control_endpoint  # noqa: PLC0415 - loads numba

    client = ControlClient(control_endpoint(feed), lock_of(key, hub))
    try:
        reply = client.ask(request, timeout=_WAIT)
    finally:
        client.close()
    if reply is None:
        raise ConfigError(feed, "no run answers there", "is it running, with this --feed, and knows your key?")
    if not reply.ok:
        raise click.ClickException(reply.fact)
