"""Faults that a search may add: each kind, drawn as a scenario file would have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fleet.core import ConfigError
from sim.campaign.falsify.draw import Draw
from sim.scenario import FAULT_KINDS, Plain, did_you_mean

_OF_WORDS: Final = ("message_loss", "message_corruption", "message_delay", "message_duplication")
_ANY: Final = tuple(kind for kind in FAULT_KINDS if kind != "obstacle")  # Rocks are drawn with the ground.
_LATEST: Final = 0.7  # Of the mission, at which a fault begins,
_SHORTEST, _LONGEST = 0.01, 0.15  # and how much of it that takes.


def read_kinds(text: str) -> tuple[str, ...]:
    """Return the kinds of ``silent,held``; ``any`` are all of them, ``none`` is none.

    Raises
    ------
    ConfigError
        When there is no such kind.

    >>> read_kinds("silent, held"), len(read_kinds("any")), read_kinds("none")
    (('silent', 'held'), 15, ())
    """
    if text in ("any", "none"):
        return _ANY if text == "any" else ()
    kinds = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for kind in kinds:
        if kind not in FAULT_KINDS:
            raise ConfigError(f"--faults {text}", f"there is no fault {kind!r}", did_you_mean(kind, FAULT_KINDS))
    return kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLot:
    """Draws faults for one mission; each begins in it and ends, so that a fleet may come back from it."""

    kinds: tuple[str, ...]
    rovers: tuple[str, ...]
    duration: float  #: Seconds of the mission.

    def draw(self, draw: Draw) -> dict[str, Plain]:
        """Return one fault as an item of a scenario's faults."""
        kind = draw.choice("fault", self.kinds)
        name, facts = kind, self._facts(kind, draw)
        if "rover" in facts:
            name = f"{kind} {facts['rover']}"
        begin = int(draw.even(f"{name} at", 0.0, _LATEST * self.duration))
        lasts = draw.size(f"{name} for", max(1.0, _SHORTEST * self.duration), max(2.0, _LONGEST * self.duration))
        return {"fault": kind, **facts, "at": f"{begin}s", "for": f"{max(1, int(lasts))}s"}

    def _facts(self, kind: str, draw: Draw) -> dict[str, Plain]:
        if kind in _OF_WORDS:
            facts: dict[str, Plain] = {"share": self._share(kind, draw, 1.0)}
            if kind in ("message_delay", "message_duplication"):
                facts["delay"] = self._seconds(kind, draw)
            return facts
        if kind == "partition":
            return {"groups": [self._group(draw)]}
        who = draw.choice(f"{kind} rover", self.rovers)
        if kind == "obstacle":
            return {"centre": who, "radius_m": round(draw.size("rock radius", 0.1, 2.0), 2)}
        if kind == "radio_jam":
            return {"centre": who, "radius_m": float(round(draw.size("jam radius", 3.0, 100.0)))}
        rover: dict[str, Plain] = {"rover": who}
        if kind == "slow_agent":
            rover["delay"] = self._seconds(kind, draw)
        elif kind in ("dead_panel", "battery_fade"):
            rover["share"] = self._share(kind, draw, 0.6 if kind == "battery_fade" else 1.0)
        elif kind == "wrong_position":
            rover["error_m"] = round(draw.size("error", 0.5, 20.0), 1)
            rover["bearing_deg"] = int(draw.even("bearing", 0.0, 360.0))
        return rover

    def _share(self, kind: str, draw: Draw, most: float) -> float:
        return max(0.05, round(draw.even(f"{kind} share", 0.05, most), 2))

    def _seconds(self, kind: str, draw: Draw) -> str:
        return f"{round(draw.size(f'{kind} delay', 1.0, max(2.0, 0.1 * self.duration)))}s"

    def _group(self, draw: Draw) -> list[Plain]:
        """Return some of the rovers, not all."""
        sides: Sequence[bool] = (True, False)
        group = [rover for rover in self.rovers if draw.choice(f"apart {rover}", sides)]
        return list(group or self.rovers[:1]) if len(group) < len(self.rovers) else list(group[1:])
