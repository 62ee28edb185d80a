"""From what a file says of faults to faults: whom, when and how long, drawn from the seed where it leaves that open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from fleet.core import AgencyId, MissionTime, Rng, RoverId, Tick, stream
from sim.scenario.fault import Fault
from sim.scenario.fault_schema import FaultItem, LateWordFault, PartitionItem, RoverFault, WordFault

Lot: TypeAlias = tuple[Tick, Tick | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultDraw:
    """Draws the faults of one run; an item's chance is its own, so that one more disturbs no other.

    Parameters
    ----------
    fleet
        Agency of every rover.
    """

    seed: int
    time: MissionTime
    fleet: Mapping[RoverId, AgencyId]

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
                    _make(item, fault_id, self._when(item, rng, since), rover=rover)
                    for fault_id, rover in zip(_ids(name, len(rovers)), rovers, strict=True)
                )
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

    def _groups(self, item: PartitionItem) -> tuple[tuple[RoverId, ...], ...]:
        groups = [tuple(sorted(RoverId(name) for name in group)) for group in item.groups]
        rest = tuple(sorted(set(self.fleet).difference(*groups)))
        return (*groups, rest) if rest else tuple(groups)


def _make(item: FaultItem, name: str, lot: Lot, **facts: object) -> Fault:
    made: Fault = msgspec.convert({"kind": item.fault, "id": name, "begin": lot[0], "end": lot[1], **facts}, Fault)
    return made


def _words(item: WordFault) -> dict[str, object]:
    return {"share": item.share, "rovers": tuple(sorted(RoverId(name) for name in item.rovers or ()))}


def _ids(name: str, count: int) -> Iterator[str]:
    return (name if count == 1 else f"{name}.{number}" for number in range(1, count + 1))


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by beginning, then id."""
    return tuple(sorted(faults, key=lambda fault: (fault.begin, fault.id)))
