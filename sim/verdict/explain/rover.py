"""What a rover does at a moment, whom it waits for, and whom they wait for in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shapely import Point as Spot
from shapely import Polygon

from fleet.core import RoverId, TaskId, distance_to_path, format_elapsed
from fleet.messages import AuthorityGrant, AuthorityRefusal, Halt, HazardReport
from fleet.terrain import BELIEVED, Hazard, KnownHazard
from sim.record import (
    Directed,
    Entry,
    FaultBegan,
    FaultEnded,
    Happened,
    Moment,
    MomentRover,
    Said,
    gravity,
    is_news,
    sentence,
    spelt,
    spelt_giver,
    tick_of,
)
from sim.scenario.fault import befallen
from sim.scenario.order import ReleaseRovers, StopRovers

_LAST = 6  # Things that happened to it, at the most; likewise that it knows of its way.
_BESIDE = 5.0  # Metres from its way.


@dataclass(frozen=True, slots=True, kw_only=True)
class RoverStory:
    """How a rover stands at a tick, and why."""

    rover: RoverId
    activity: str
    task: TaskId | None  #: That it has begun.
    why: tuple[str, ...]  #: The answer, most important first.
    waits: tuple[tuple[RoverId, ...], ...]  #: Who waits for whom, from this rover on; a ring ends where it began.
    stands: tuple[str, ...]  #: Who has it stand, and what closed ground has to do with it.
    happened: tuple[tuple[int, str], ...]  #: Ticks and sentences of what last happened to it.


def explain_rover(rover: RoverId, moment: Moment, entries: Sequence[Entry]) -> RoverStory:
    """Return why a rover does what it does.

    Parameters
    ----------
    moment
        The state of everything then.
    entries
        Up to that moment, in order; frames may be left out.

    Raises
    ------
    KeyError
        When there is no such rover.
    """
    fleet = {member.entry.rover: member for member in moment.rovers}
    me = fleet[rover]
    chains = tuple(_chains(rover, {name: member.waits_for for name, member in fleet.items()}))
    return RoverStory(
        rover=rover,
        activity=me.activity,
        task=me.task,
        why=(*_reasons(me, moment, chains, _refusals(rover, entries)), *_told_of_its_way(me, entries)),
        waits=chains,
        stands=tuple(_halted(me, moment)),
        happened=_happened(rover, entries),
    )


def _chains(rover: RoverId, waits_for: Mapping[RoverId, Sequence[RoverId]]) -> list[tuple[RoverId, ...]]:
    """Return every way from a rover along those it waits for, each to its end or back to a rover on it."""
    found: list[tuple[RoverId, ...]] = []
    ahead: list[tuple[RoverId, ...]] = [(rover,)]
    while ahead:
        chain = ahead.pop()
        nexts = sorted(waits_for.get(chain[-1], ()), reverse=True)
        if not nexts or chain[-1] in chain[:-1]:
            found.append(chain)
        else:
            ahead += [(*chain, name) for name in nexts]
    return [chain for chain in found if len(chain) > 1]


def _refusals(rover: RoverId, entries: Sequence[Entry]) -> list[AuthorityRefusal]:
    """Return the refusals that the rover got since it was last granted something or moved."""
    found: list[AuthorityRefusal] = []
    for entry in entries:
        if isinstance(entry, Said) and entry.message.to == rover:
            if isinstance(entry.message.body, AuthorityRefusal):
                found.append(entry.message.body)
            elif isinstance(entry.message.body, AuthorityGrant):
                found.clear()
    return found


def _reasons(
    me: MomentRover,
    moment: Moment,
    chains: Sequence[tuple[RoverId, ...]],
    refusals: Sequence[AuthorityRefusal],
) -> list[str]:
    said = [_doing(me), *_halted(me, moment), *(f"something is wrong: {fault}" for fault in me.faults)]
    for chain in chains:
        last = chain[-1]
        links = " waits for ".join(chain)
        fleet = {member.entry.rover: member for member in moment.rovers}
        end = "which waits for the first: a ring" if last in chain[:-1] else f"which {_doing(fleet[last], short=True)}"
        said.append(f"{links}, {end}")
    if refusals and me.activity == "idle":
        by = sorted({name for refusal in refusals for name in refusal.by})
        zones = sorted({name for refusal in refusals for name in refusal.zones})
        if by or not zones:
            said.append(f"ways were refused: {' and '.join(by) or 'somebody'} stays on ground that they cross")
        if zones:
            said.append(f"ways were refused: they lead into closed ground, {' and '.join(zones)}")
    said.append(f"battery {me.battery:.0%}, {me.light:.0%} of the Sun, {me.power:+.0f} W")
    return said


def _halted(me: MomentRover, moment: Moment) -> list[str]:
    """Return who has the rover stand, and what closed ground has to do with it."""

    def since(halt: Halt) -> str:
        why = f": {halt.reason}" if halt.reason else ""
        return f"{spelt_giver(halt.by)} at {format_elapsed(halt.since * moment.dt)}{why}"

    said = [f"stopped by {since(halt)}" for halt in me.halts]
    said += [f"does not stand as ordered by {since(halt)}: not heard, or not heeded" for halt in me.unheard]
    here, radius = Spot(me.pose.point), me.entry.radius
    for ground in moment.closed:
        if Polygon(ground.outline).distance(here) < radius:
            order = "must leave it" if ground.inside == "leave" else "stands until it is open again"
            said.append(f"is in closed ground {ground.zone} and {order}")
    return said


def _told_of_its_way(me: MomentRover, entries: Sequence[Entry]) -> list[str]:
    """Return what the rover and others told each other of the ground that its way leads by."""
    told: dict[Hazard, KnownHazard] = {}
    for entry in entries:
        if isinstance(entry, Said) and isinstance(entry.message.body, HazardReport):
            report, sender = entry.message.body, entry.message.sender
            if sender == me.entry.rover or any(rover == me.entry.rover for rover, _ in entry.heard):
                known = told.get(report.what()) or KnownHazard(hazard=report.what(), sightings=())
                told[report.what()] = known.with_sighting(report.word(sender)) or known
    beside = [
        known
        for known in told.values()
        if me.path and distance_to_path((known.hazard.disc.x, known.hazard.disc.y), me.path) < _reach(known.hazard)
    ]
    return [_knowing(known) for known in sorted(beside, key=lambda known: known.sightings[0].tick)[-_LAST:]]


def _reach(hazard: Hazard) -> float:
    return hazard.disc.radius + _BESIDE


def _knowing(known: KnownHazard) -> str:
    disc = known.hazard.disc
    words = ", ".join(f"{word.how} by {word.by}" if word.there else f"denied by {word.by}" for word in known.sightings)
    return f"knows of {spelt(known.hazard)} at ({disc.x:.0f}, {disc.y:.0f}): {words}, {known.sureness:.0%} sure" + (
        "" if known.sureness >= BELIEVED else ", and does not heed it"
    )


def _doing(me: MomentRover, *, short: bool = False) -> str:
    if me.tower is not None:
        return f"is in tow of {me.tower}"
    words = {
        "driving": "drives",
        "working": f"works on {me.task}" if me.task else "works",
        "charging": "is being charged",
        "lost": "is lost: its battery is empty",
        "idle": "stands",
    }
    text = words.get(me.activity, f"is {me.activity}")
    if me.activity in ("driving", "idle") and me.path and not short:
        text += f", on its way to ({me.path[-1][0]:.0f}, {me.path[-1][1]:.0f})"
        text += f" for {me.task}" if me.task else ""
    return text


def _is_about(rover: RoverId, entry: Entry) -> bool:
    match entry:
        case Happened():
            return entry.rover == rover
        case Directed(order=StopRovers() | ReleaseRovers() as order):
            return rover in order.rovers
        case FaultBegan(fault=fault) | FaultEnded(fault=fault):
            return rover in befallen(fault)
        case _:
            return False


def _happened(rover: RoverId, entries: Sequence[Entry]) -> tuple[tuple[int, str], ...]:
    """Return what last happened to a rover, what needs care before the rest."""
    own = [entry for entry in entries if _is_about(rover, entry) and is_news(entry)]
    kept = sorted(own[-4 * _LAST :], key=lambda entry: (-gravity(entry), -tick_of(entry)))[:_LAST]
    return tuple((tick_of(entry), sentence(entry)) for entry in sorted(kept, key=tick_of))
