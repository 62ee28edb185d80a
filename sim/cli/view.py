"""`moonfleet view`: a window on a recording or on a run elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from fleet.core import ConfigError, RoverId, WallClock
from sim.cli.display import check_display
from sim.cli.output import as_time, seconds_of
from sim.cli.running import OUT
from sim.cli.steering import key_options

_ATTACH = 10.0  # Seconds in which a run elsewhere must answer.


@click.command(epilog="Example: moonfleet view moonfleet-out/demo.mcap --at 1d6h --select hk-robot")
@click.argument("source", default=str(OUT / "demo.mcap"))
@click.option("--at", callback=as_time, metavar="TIME", help="Open there: 90s, 15m, 2h, 3d, or a UTC date.")
@click.option("--select", metavar="ROVER", help="Select and follow this rover.")
@click.option("--ui-scale", "scale", type=click.FloatRange(0.75, 3.0), help="How large letters and signs are.")
@key_options
def command(
    source: str,
    at: float | datetime | None,
    select: str | None,
    scale: float | None,
    *,
    key: Path | None,
    hub: Path | None,
) -> None:
    """Look at a recording, or attach to a run that was started with --feed.

    SOURCE is a recording or an endpoint such as tcp://127.0.0.1:7700; press ? in the window for its keys. Closing the
    window never hurts a run.
    """
    from sim.record import Opening, Recording  # noqa: PLC0415 - loads numba
    from sim.run.admission import lock_of  # noqa: PLC0415 - with it
    from sim.run.watch import Watch  # noqa: PLC0415 - with it
    from sim.scenario.problems import did_you_mean  # noqa: PLC0415 - with it
    from sim.viewer import LiveRun, RecordedRun, Showing, layout_file, show  # noqa: PLC0415 - loads pygame

    check_display()
    chosen = RoverId(select) if select else None

    def check_rover(opening: Opening) -> None:
        known = [entry.rover for entry in opening.rovers]
        if chosen is not None and chosen not in known:
            raise ConfigError("--select", f"there is no rover {select!r}", did_you_mean(chosen, known))

    if "://" in source:
        watch = Watch(source, clock=WallClock(), wait=_ATTACH, lock=lock_of(key, hub))
        try:
            check_rover(watch.opening)
            showing = Showing(select=chosen, scale=scale, memory=layout_file())
            show(LiveRun(watch, watch.opening, watch.ground), showing)
        finally:
            watch.close()
        return
    recording = Recording(Path(source))
    opening = recording.opening
    check_rover(opening)
    tick = None if at is None else seconds_of(at, datetime.fromisoformat(opening.start)) / opening.dt
    show(RecordedRun(recording), Showing(at=tick, select=chosen, scale=scale, memory=layout_file()))
