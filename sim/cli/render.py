"""`moonfleet render`: a picture without a display."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from sim.cli.output import as_size, as_time, seconds_of

_FILE = click.Path(path_type=Path)


@click.command(epilog="Example: moonfleet render moonfleet-out/demo.mcap -o mission.png --at 1d6h --size 1920x1080")
@click.argument("recording", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="The picture, .png.")
@click.option("--at", callback=as_time, metavar="TIME", help="When: 90s, 15m, 2h, 3d, or a UTC date; else the end.")
@click.option("--size", callback=as_size, default="1280x800", show_default=True, metavar="WxH", help="In pixels.")
def command(recording: Path, output: Path, at: float | datetime | None, size: tuple[int, int]) -> None:
    """Draw what the window would show at a moment of a recording; needs no display."""
    from sim.record import Recording  # noqa: PLC0415 - loads numba
    from sim.viewer import RecordedRun, Still, render  # noqa: PLC0415 - loads pygame

    read = Recording(recording)
    start, dt = datetime.fromisoformat(read.opening.start), read.opening.dt
    render(RecordedRun(read), output, Still(size=size, at=None if at is None else seconds_of(at, start) / dt))
    click.echo(f"wrote {output}", err=True)
