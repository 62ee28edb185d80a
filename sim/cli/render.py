"""`moonfleet render`: a picture or a film without a display."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from fleet.core import ConfigError
from sim.cli.output import as_duration, as_size, as_time, seconds_of
from sim.cli.progress import share_bar

_FILE = click.Path(path_type=Path)
_WHEN = "90s, 15m, 2h, 3d, or a UTC date"


@click.command(
    epilog="Example: moonfleet render moonfleet-out/demo.mcap -o mission.mp4 --from 12h --to 1d6h --length 15s"
)
@click.argument("recording", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="A picture, .png, or a film, .mp4, .webp or .gif.")
@click.option("--at", callback=as_time, metavar="TIME", help=f"When, of a picture: {_WHEN}; else the end.")
@click.option("--from", "begin", callback=as_time, metavar="TIME", help=f"When a film begins: {_WHEN}.")
@click.option("--to", "end", callback=as_time, metavar="TIME", help=f"When a film ends: {_WHEN}.")
@click.option(
    "--length", callback=as_duration, default="20s", show_default=True, metavar="TIME", help="To watch a film."
)
@click.option("--fps", default=25, show_default=True, help="Frames a second of a film.")
@click.option("--size", callback=as_size, default="1280x800", show_default=True, metavar="WxH", help="In pixels.")
@click.option("--ui-scale", default=1.0, show_default=True, help="How large letters and signs are in it, 0.5 to 4.")
def command(
    recording: Path,
    output: Path,
    *,
    at: float | datetime | None,
    begin: float | datetime | None,
    end: float | datetime | None,
    length: float,
    fps: int,
    size: tuple[int, int],
    ui_scale: float,
) -> None:
    """Draw what the window would show of a recording, at a moment or as a film; needs no display.

    Films are made by ffmpeg, which comes with: pip install 'moonfleet[film]'
    """
    from sim.record import Recording  # noqa: PLC0415 - loads numba
    from sim.viewer import ENCODERS, Film, RecordedRun, Still, render, render_film  # noqa: PLC0415 - loads pygame

    is_film = output.suffix.lower() in ENCODERS
    if is_film and at is not None:
        raise ConfigError("--at", "is the moment of a picture", "a film has --from and --to")
    if not is_film and (begin is not None or end is not None):
        raise ConfigError("--from", "and --to are of a film", "a picture has --at; films end in .mp4, .webp or .gif")
    read = Recording(recording)
    start, dt = datetime.fromisoformat(read.opening.start), read.opening.dt

    def tick(when: float | datetime | None) -> float | None:
        return None if when is None else seconds_of(when, start) / dt

    if is_film:
        film = Film(size=size, scale=ui_scale, first=tick(begin), last=tick(end), seconds=length, rate=fps)
        with share_bar("film") as tell:
            render_film(RecordedRun(read), output, film, tell)
    else:
        render(RecordedRun(read), output, Still(size=size, scale=ui_scale, at=tick(at)))
    click.echo(f"wrote {output}", err=True)
