"""`moonfleet demo`: the flagship mission."""

from __future__ import annotations

import click

from sim.cli.display import has_display
from sim.cli.progress import announce
from sim.cli.running import OUT, Request, run_headless, run_in_window

_TELLING = 0.11  # Share of the mission at which the picture is taken: everybody is at work.


@click.command(epilog="Example: moonfleet demo")
@click.option("--headless", is_flag=True, help="No window, even where there is a display.")
def command(*, headless: bool) -> int:
    """Run the flagship mission: three days near Mons Mouton, six machines of four agencies.

    In a window where there is a display, else headless. Recording, picture and report are left in moonfleet-out/.
    """
    from sim.record import Recording  # noqa: PLC0415 - loads numba
    from sim.scenario import shipped_scenario  # noqa: PLC0415 - with it
    from sim.viewer import RecordedRun, Still, render  # noqa: PLC0415 - loads pygame

    recording, picture = OUT / "demo.mcap", OUT / "demo.png"
    # One host is soonest ready; how many there are does not reach the digest.
    request = Request(scenario=shipped_scenario("mons_mouton"), record=recording, report=OUT / "demo.html", hosts=1)
    code = run_headless(request) if headless or not has_display() else run_in_window(request)
    if recording.exists():
        run = RecordedRun(Recording(recording))
        render(run, picture, Still(at=_TELLING * run.span[1], supersample=1))
        announce(f"  picture: {picture}\nLook at it again: moonfleet view {recording}")
    return code
