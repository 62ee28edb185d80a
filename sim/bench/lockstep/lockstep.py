"""The lockstep exchange beside those of others: rows, in which all go in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from fleet.messages import encode
from sim.bench.lockstep import federates, mosaik_world, ours, raw
from sim.bench.lockstep.course import Course, listen
from sim.bench.lockstep.laps import Contestant, Drive, Failed
from sim.bench.peers import missing
from sim.bench.rows import Row
from sim.scenario import Scenario

MODULES: Final = {"helics": "helics", "mosaik": "mosaik"}
_PEERS: Final[Mapping[str, Drive]] = {"pyzmq": raw.drive, "helics": federates.drive, "mosaik": mosaik_world.drive}
_FIRST = 40  # Exchanges of the lap that tells how many a lap should have.


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to measure."""

    rounds: int = 7
    lap: float = 0.4  #: Seconds.


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A row: ours on its course, and the others."""

    name: str
    course: Course
    peers: Mapping[str, tuple[Drive, Course]]


def races() -> tuple[Race, ...]:
    """Return all of them."""
    many = Course(agents=64, processes=64)
    few = Course(agents=64, processes=2)
    tcp = Course(agents=16, processes=16, transport="tcp")
    curve = replace(tcp, is_locked=True)
    return (
        *(_race(f"ipc-{agents}", Course(agents=agents, processes=agents)) for agents in (4, 16, 64)),
        _race("hosting-64", few, {"64-hosts": (ours.drive, many)}),
        Race(name="curve-16", course=curve, peers={"tcp": (ours.drive, tcp)}),
        Race(
            name="signed-16",
            course=replace(curve, is_signed=True),
            peers={"tcp": (ours.drive, tcp), "curve": (ours.drive, curve)},
        ),
    )


def _race(name: str, course: Course, others: Mapping[str, tuple[Drive, Course]] | None = None) -> Race:
    return Race(
        name=name, course=course, peers={**(others or {}), **{peer: (drive, course) for peer, drive in _PEERS.items()}}
    )


def bench_lockstep(
    scenario: Scenario, say: Callable[[str], None], effort: Effort | None = None, wanted: tuple[Race, ...] | None = None
) -> tuple[list[Row], dict[str, str]]:
    """Measure how often in a second a world can ask all agents and have all their answers.

    Parameters
    ----------
    scenario
        Whose asks and answers are exchanged: observations, messages and decisions of its first hours.
    wanted
        Rows; None: all.

    Returns
    -------
    tuple
        Rows, and the peers that cannot be measured with the reason.

    Raises
    ------
    Failed
        When our own exchange does not come to its end.

    Notes
    -----
    ``ipc-N``: N agents, each in a process of its own, over ipc. ``hosting-64``: 64 agents in two processes; its peer
    ``64-hosts`` is ours with a process each. ``curve-16``: encrypted over tcp, beside ours over plain tcp.

    Every contestant is set up once and goes lap by lap in turn with ours; the
    ratio of a row is the median over the pairs of laps. ``pyzmq`` is a ROUTER and a DEALER a process without anything
    of ours: bytes of the same sizes where a process has one agent, which nobody encodes or decodes; else the very
    batches, with the same codec. HELICS (zmq core) and mosaik (remote simulators) exchange strings of the same sizes.
    """
    effort = effort or Effort()
    say("listening to a mission ...")
    traffic = encode(listen(scenario))
    skipped = missing(MODULES)
    rows = []
    for race in wanted or races():
        say(f"{race.name} ...")
        rows.append(_run(race, traffic, effort, skipped))
    return rows, skipped


def _run(race: Race, traffic: bytes, effort: Effort, skipped: dict[str, str]) -> Row:
    with ExitStack() as stack:
        us = Contestant(ours.drive, race.course, traffic)
        stack.callback(us.close)
        others: dict[str, Contestant] = {}
        for peer, (drive, course) in race.peers.items():
            if peer in skipped:
                continue
            try:
                others[peer] = Contestant(drive, course, traffic)
            except Failed as error:
                skipped[peer] = f"{race.name}: {error}"
                continue
            stack.callback(others[peer].close)
        lengths = {peer: max(5, int(effort.lap / each.lap(_FIRST))) for peer, each in others.items()}
        length = max(5, int(effort.lap / us.lap(_FIRST)))
        times: list[float] = []
        ratios: dict[str, list[float]] = {peer: [] for peer in others}
        for _ in range(effort.rounds):
            for peer, each in others.items():
                took = us.lap(length)
                times.append(took)
                ratios[peer].append(each.lap(lengths[peer]) / took)
    return Row(
        name=race.name,
        value=1.0 / median(times),
        unit="exchanges a second",
        times_better_than={peer: median(found) for peer, found in ratios.items()},
    )
