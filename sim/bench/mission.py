"""A mission: how fast the world advances, how fast the whole runs, and how that scales in rovers."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import cos, pi, sin
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from msgspec.structs import replace as with_fields

from fleet.core import AgencyId, Clock, Pose, RoverId, Tick
from fleet.messages import Command, FollowPath
from fleet.vehicles import catalogue
from sim.bench.rows import Row
from sim.generate.ground import Ground
from sim.record import Commanded, Entry
from sim.run import RunOptions, run
from sim.scenario import RoverSpec, Scenario
from sim.world import World

_SCALE_TICKS = 6 * 3600


class _Commands:
    """A sink that keeps what minds commanded."""

    def __init__(self) -> None:
        self.entries: list[Commanded] = []

    def write(self, entry: Entry) -> None:
        """Keep a command."""
        if isinstance(entry, Commanded):
            self.entries.append(entry)

    def close(self) -> None:
        """Nothing is held open."""


def bench_mission(
    scenario: Scenario,
    clock: Clock,
    say: Callable[[str], None],
    *,
    pairs: int = 3,
    scales: Sequence[int] = (6, 24, 96),
) -> list[Row]:
    """Measure a mission, the flagship as a rule.

    Parameters
    ----------
    pairs
        Times that two ways are measured in turn, and that the whole mission is run.
    scales
        Rovers of each world of ``rovers-N``.

    Notes
    -----
    ``advance``: the world alone, given the commands of a real run at their ticks, by compiled code and by the per-tick
    reference in turn; the time inside `World.advance` counts. ``real-time-factor``: the whole mission over ipc, every
    agency's agents in a host process of its own, without its start. ``recording``: how much longer that takes when it
    is recorded. ``rovers-N``: the world alone with N rovers that drive all the time on level ground of the same size.
    """
    say("running the mission once to learn its commands ...")
    commands = _Commands()
    run(scenario, RunOptions(bus="memory"), sinks=[commands])
    rows = [_advance(scenario, commands.entries, clock, say, pairs), _real_time(scenario, say, pairs)]
    rows.append(_recording(scenario, clock, say, pairs))
    for count in scales:
        say(f"world with {count} rovers ...")
        rows.append(_scale(scenario, count, clock))
    return rows


def _advance(
    scenario: Scenario, commands: list[Commanded], clock: Clock, say: Callable[[str], None], pairs: int
) -> Row:
    ours: list[float] = []
    ratios: list[float] = []
    for pair in range(pairs):
        say(f"compiled advance against the per-tick reference, {pair + 1} of {pairs} ...")
        fast, ticks = _replay(World(scenario), scenario, commands, clock)
        slow, slow_ticks = _replay(World(scenario, reference=True), scenario, commands, clock)
        if ticks != slow_ticks:
            raise RuntimeError("compiled advance and reference did not stop at the same ticks")
        ours.append(fast)
        ratios.append(slow / fast)
    nanoseconds = median(ours) / scenario.end / len(scenario.rovers) * 1e9
    note = f"{nanoseconds:.0f} ns a rover and tick, {len(ticks)} stops"
    return Row(
        name="advance",
        value=median(ours),
        unit="s for the mission",
        times_better_than={"reference": median(ratios)},
        note=note,
    )


def _replay(world: World, scenario: Scenario, commands: Iterable[Commanded], clock: Clock) -> tuple[float, list[Tick]]:
    """Give a world what it was given in a run; return seconds inside `advance`, and where it stopped."""
    seconds = 0.0
    stops: list[Tick] = []
    pending = [(order.at, "", order.task) for order in scenario.orders]
    given: list[tuple[Tick, RoverId | str, Command | object]] = [*pending]
    given += [(entry.tick, entry.rover, entry.command) for entry in commands]
    given.sort(key=lambda item: item[0])
    index = 0
    while world.tick < scenario.end:
        while index < len(given) and given[index][0] <= world.tick:
            _, rover, what = given[index]
            world.apply(RoverId(rover), what) if rover else world.order(what)  # type: ignore[arg-type]
            index += 1
        until = min(scenario.end, given[index][0] if index < len(given) else scenario.end)
        begun = clock.now()
        stops.append(world.advance(until))
        seconds += clock.now() - begun
        world.take_events()
        world.take_changes()
    return seconds, stops


def _real_time(scenario: Scenario, say: Callable[[str], None], pairs: int) -> Row:
    factors: list[float] = []
    wakes = 0
    for turn in range(pairs):
        say(f"whole mission over ipc, {turn + 1} of {pairs} ...")
        result = run(scenario, RunOptions(bus="ipc", hosts="agency"))
        factors.append(scenario.time.seconds(result.hub.ticks) / result.hub.wall_seconds)
        wakes = result.hub.wakes
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    note = f"{wakes} wakes, {memory:.0f} MiB in the hub"
    return Row(name="real-time-factor", value=median(factors), unit="mission s a second", note=note)


def _recording(scenario: Scenario, clock: Clock, say: Callable[[str], None], pairs: int) -> Row:
    """Run the whole mission with and without a recording in turn."""
    costs: list[float] = []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "mission.mcap"
        for turn in range(pairs):
            say(f"whole mission with and without a recording, {turn + 1} of {pairs} ...")
            seconds: dict[Path | None, float] = {}
            for record in ((file, None), (None, file))[turn % 2]:
                result = run(scenario, RunOptions(bus="ipc", hosts="agency", record=record), clock=clock)
                seconds[record] = result.hub.wall_seconds
            costs.append(100.0 * (seconds[file] / seconds[None] - 1.0))
        size = file.stat().st_size
    note = f"{min(costs):.1f} to {max(costs):.1f}, {size / 1e6:.1f} MB"
    return Row(name="recording", value=median(costs), unit="% of the time of a run", note=note)


def _scale(scenario: Scenario, count: int, clock: Clock) -> Row:
    """Drive `count` micro-rovers to and fro on circles over level ground, where nothing stops them."""
    crowd = _crowd(count)
    level = replace(scenario, ground=_level(scenario.ground), rovers=crowd, coordinator=crowd[0].id, orders=())
    world = World(replace(level, end=_SCALE_TICKS))
    ways = {rover.id: _ways(rover.pose) for rover in crowd}
    for rover, way in ways.items():
        world.apply(rover, FollowPath(path=way))
    begun = clock.now()
    stops = 0
    while world.tick < _SCALE_TICKS:
        world.advance(_SCALE_TICKS)
        stops += 1
        for rover in dict.fromkeys(rover for rover, _ in world.take_events()):
            world.apply(rover, FollowPath(path=ways[rover]))
        world.take_changes()
    seconds = clock.now() - begun
    note = f"{seconds / _SCALE_TICKS / count * 1e9:.0f} ns a rover and tick, {stops} stops"
    factor = _SCALE_TICKS * scenario.time.dt / seconds
    return Row(name=f"rovers-{count}", value=factor, unit="mission s a second", note=note)


def _level(ground: Ground) -> Ground:
    heights = bytes(len(ground.map.heights))
    return Ground(map=with_fields(ground.map, heights=heights, rocks=(), zones=()), hidden_rocks=())


def _crowd(count: int) -> tuple[RoverSpec, ...]:
    vehicle = catalogue()["metu-micro"]
    places = [(20.0 + 8.0 * (index // 24), 2.0 * pi * (index % 24) / 24.0) for index in range(count)]
    return tuple(
        RoverSpec(
            id=RoverId(f"r{index:03d}"),
            title="",
            agency=AgencyId("bench"),
            vehicle=vehicle,
            agent="micro",
            pose=Pose(x=radius * cos(angle), y=radius * sin(angle), heading=0.0),
            charge=1.0,
        )
        for index, (radius, angle) in enumerate(places)
    )


def _ways(pose: Pose) -> tuple[tuple[float, float], ...]:
    return ((pose.x, pose.y), (pose.x * 1.1, pose.y * 1.1), (pose.x, pose.y))
