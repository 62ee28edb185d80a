"""`moonfleet explain`: why a task stands as it does, why a rover waits and for whom."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import msgspec

from fleet.core import ConfigError, RoverId, TaskId, format_elapsed
from sim.cli.output import as_time, emit, seconds_of


@click.command(epilog="Example: moonfleet explain moonfleet-out/demo.mcap --task ice-core")
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("--task", metavar="TASK", help="Why it was won, waits, or is still open.")
@click.option("--rover", metavar="ROVER", help="What it does, whom it waits for, and whom they wait for.")
@click.option("--at", callback=as_time, metavar="TIME", help="Then: 90s, 15m, 2h, 3d, or a UTC date; else at the end.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    recording: Path, task: str | None, rover: str | None, at: float | datetime | None, *, as_json: bool
) -> None:
    """Say why: of a task, of a rover, or of everything that is not well.

    Without --task and --rover, all tasks that are not done are explained, and all rovers that wait, must stand or are
    lost.
    """
    from sim.record import Frame, Recording, Timeline  # noqa: PLC0415 - loads numba
    from sim.record.opening import with_sent  # noqa: PLC0415 - with it
    from sim.scenario.problems import did_you_mean  # noqa: PLC0415 - with it
    from sim.verdict.explain import explain_rover, explain_task, rover_lines, task_lines  # noqa: PLC0415 - with it

    run = Recording(recording)
    opening = run.opening
    tick = run.last_tick
    if at is not None:
        tick = min(tick, round(seconds_of(at, datetime.fromisoformat(opening.start)) / opening.dt))
        if tick < 0:
            raise ConfigError("--at", f"lies before the start of the mission, {opening.start}")
    entries = [entry for entry in run.entries(0, tick) if not isinstance(entry, Frame)]
    opening = with_sent(opening, entries)
    tasks = [TaskId(item.task) for item in opening.tasks]
    rovers = [RoverId(item.rover) for item in opening.rovers]
    for option, name, known in (("--task", task, tasks), ("--rover", rover, rovers)):
        if name is not None and name not in known:
            raise ConfigError(option, f"there is no {option[2:]} {name!r}", did_you_mean(name, known))
    moment = Timeline.of(run).at(tick)
    everything = task is None and rover is None
    of_tasks = [explain_task(name, opening, entries, tick) for name in tasks if everything or name == task]
    of_rovers = [explain_rover(name, moment, entries) for name in rovers if everything or name == rover]
    if everything:
        of_tasks = [story for story in of_tasks if story.state != "done"]
        of_rovers = [story for story in of_rovers if story.waits or story.stands or story.activity == "lost"]
    lines = [f"at {format_elapsed(tick * opening.dt)}"]
    lines += [line for story in of_tasks for line in task_lines(story, opening.dt)]
    lines += [line for story in of_rovers for line in rover_lines(story, opening.dt)]
    if len(lines) == 1:
        lines.append("every task is done and nobody waits")
    values = msgspec.to_builtins({"tick": tick, "tasks": of_tasks, "rovers": of_rovers})
    emit(values, as_json=as_json, text="\n".join(lines))
