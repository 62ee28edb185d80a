"""From what a file says of faults to faults: whom, when and how long, drawn from the seed where it leaves that open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import TypeAlias

import msgspec

from fleet.core import AgencyId, MissionTime, Point, Rng, RoverId, Tick, stream
from sim.scenario.fault import Fault
from sim.scenario.fault_schema import (
    BatteryFadeItem,
    DeadPanelItem,
    FaultItem,
    LateWordFault,
    ObstacleItem,
    PartitionItem,
    RadioJamItem,
    RoverFault,
    SlowAgentItem,
    WordFault,
    WrongPositionItem,
)
from sim.scenario.place_schema import At, PlaceRef

Lot: TypeAlias = tuple[Tick, Tick | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultDraw:
    """Draws the faults of one run; an item's chance is its own, so that one more disturbs no other.

    Parameters
    ----------
    fleet
        Agency of every rover.
    places
        Where named places are, and rovers at the start.
    """

    seed: int
    time: MissionTime
    fleet: Mapping[RoverId, AgencyId]
    places: Mapping[str, Point]

    def faults(self, name: str, item: FaultItem, since: Tick = 0) -> tuple[Fault, ...]:
        """Return the faults that an item stands for.

        Parameters
        ----------
        name
            Of the item in its run: begins the ids, and names its stream of chance.
        since
            Tick from which its times count.
        """
        rng = stream(self.seed, f"faults/{name}")
        match item:
            case RoverFault():
                rovers = self._whom(item, rng)
                return tuple(
                    _make(item, fault_id, self._when(item, rng, since), rover=rover, **_harm(item, rng))
                    for fault_id, rover in zip(_ids(name, len(rovers)), rovers, strict=True)
                )
            case RadioJamItem() | ObstacleItem():
                facts = {"centre": self._point(item.centre), "radius": item.radius_m}
                return (_make(item, name, self._when(item, rng, since), **facts),)
            case PartitionItem():
                return (_make(item, name, self._when(item, rng, since), groups=self._groups(item)),)
            case LateWordFault():
                facts = {**_words(item), "delay": item.delay, "spread": item.spread}
                return (_make(item, name, self._when(item, rng, since), **facts),)
            case WordFault():
                return (_make(item, name, self._when(item, rng, since), **_words(item)),)

    def _whom(self, item: RoverFault, rng: Rng) -> list[RoverId]:
        if item.rover is not None:
            return [RoverId(item.rover)]
        if item.agency is not None:
            named = [rover for rover, agency in self.fleet.items() if agency == item.agency]
        else:
            named = [RoverId(name) for name in item.rovers] if isinstance(item.rovers, list) else list(self.fleet)
        count = 1 if item.rovers == "any" and item.count is None else item.count
        named = sorted(set(named))
        return named if count is None else sorted(rng.sample(named, count))

    def _when(self, item: FaultItem, rng: Rng, since: Tick) -> Lot:
        first, last = item.window
        begin = since + self.time.tick(first + (last - first) * rng.random())
        if item.until is not None:
            return begin, max(begin + 1, since + self.time.tick(item.until))
        if item.for_ is None:
            return begin, None
        shortest, longest = item.for_
        return begin, begin + max(1, self.time.tick(shortest + (longest - shortest) * rng.random()))

    def _point(self, ref: PlaceRef) -> Point:
        if isinstance(ref, At):
            return ref.at_m[0], ref.at_m[1]
        return self.places[str(ref)]

    def _groups(self, item: PartitionItem) -> tuple[tuple[RoverId, ...], ...]:
        groups = [tuple(sorted(RoverId(name) for name in group)) for group in item.groups]
        rest = tuple(sorted(set(self.fleet).difference(*groups)))
        return (*groups, rest) if rest else tuple(groups)


def _make(item: FaultItem, name: str, lot: Lot, **facts: object) -> Fault:
    made: Fault = msgspec.convert({"kind": item.fault, "id": name, "begin": lot[0], "end": lot[1], **facts}, Fault)
    return made


def _harm(item: RoverFault, rng: Rng) -> dict[str, object]:
    """Return how bad it is, for kinds that can be more or less so."""
    match item:
        case DeadPanelItem() | BatteryFadeItem():
            return {"share": item.share}
        case SlowAgentItem():
            return {"delay": item.delay}
        case WrongPositionItem():
            bearing = radians(item.bearing_deg) if item.bearing_deg is not None else rng.uniform(-pi, pi)
            error = (round(item.error_m * cos(bearing), 9), round(item.error_m * sin(bearing), 9))
            return {"error": error}
        case _:
            return {}


def _words(item: WordFault) -> dict[str, object]:
    return {"share": item.share, "rovers": tuple(sorted(RoverId(name) for name in item.rovers or ()))}


def _ids(name: str, count: int) -> Iterator[str]:
    return (name if count == 1 else f"{name}.{number}" for number in range(1, count + 1))


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by beginning, then id."""
    return tuple(sorted(faults, key=lambda fault: (fault.begin, fault.id)))
