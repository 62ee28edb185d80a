"""The way to the Earth: which machine had one when, by what radio, over whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import networkx as nx

from fleet.core import MissionTime, RoverId, Tick
from fleet.messages import EarthWay
from sim.record import Frame
from sim.report.scale import short_time

#: What each way is called, in the order of a legend.
WAYS: Final[Mapping[EarthWay, str]] = {
    "direct": "by its own radio",
    "relay": "by its own radio over the relay satellite",
    "others": "over another machine",
    "none": "not at all",
}


@dataclass(slots=True, kw_only=True)
class EarthSpan:
    """One way to the Earth for a while."""

    start: Tick
    end: Tick
    way: EarthWay
    over: RoverId | None  #: The machine whose own radio reaches the Earth, where it is another's.


@dataclass(slots=True)
class EarthWatch:
    """Gathers from frames, in their order, how each machine reached the Earth."""

    spans: dict[RoverId, list[EarthSpan]] = field(default_factory=dict)
    _last: tuple[object, dict[RoverId, RoverId | None]] = (None, {})

    def look(self, frame: Frame) -> None:
        """Take in the next frame."""
        key = (frame.links, tuple(rover.earth for rover in frame.rovers))
        if key != self._last[0]:
            self._last = (key, over_whom(frame))
        over = self._last[1]
        for rover in frame.rovers:
            spans = self.spans.setdefault(rover.rover, [])
            if spans:
                spans[-1].end = frame.tick
            if not spans or (spans[-1].way, spans[-1].over) != (rover.earth, over[rover.rover]):
                spans.append(EarthSpan(start=frame.tick, end=frame.tick, way=rover.earth, over=over[rover.rover]))


def over_whom(frame: Frame) -> dict[RoverId, RoverId | None]:
    """Return for each machine the other over which it reaches the Earth; None where it does so itself, or not.

    Notes
    -----
    The one over the fewest hops; of several one with a radio to the Earth itself, then the first by id.
    """
    links: nx.Graph[RoverId] = nx.Graph()
    links.add_nodes_from(rover.rover for rover in frame.rovers)
    links.add_edges_from(frame.links)
    gates = [rover for rover in frame.rovers if rover.earth in ("direct", "relay")]
    nearest: dict[RoverId, tuple[int, bool, RoverId]] = {}
    for gate in gates:
        for rover, hops in nx.single_source_shortest_path_length(links, gate.rover).items():
            way = (hops, gate.earth == "relay", gate.rover)
            nearest[rover] = min(nearest.get(rover, way), way)
    return {
        rover.rover: nearest[rover.rover][2] if rover.earth == "others" and rover.rover in nearest else None
        for rover in frame.rovers
    }


def told(span: EarthSpan, time: MissionTime) -> str:
    """Return a span for people.

    >>> from datetime import UTC, datetime
    >>> span = EarthSpan(start=0, end=7200, way="others", over=RoverId("lander"))
    >>> told(span, MissionTime(start=datetime(2029, 1, 1, tzinfo=UTC), dt=1.0))
    'over lander, 0 to 2h'
    """
    way = f"over {span.over}" if span.over is not None else WAYS[span.way]
    return f"{way}, {short_time(time.seconds(span.start))} to {short_time(time.seconds(span.end))}"


def shares(spans: Sequence[EarthSpan]) -> Mapping[EarthWay, float]:
    """Return the share of time by each way; they add up to 1."""
    ticks: Counter[EarthWay] = Counter()
    for span in spans:
        ticks[span.way] += span.end - span.start
    total = sum(ticks.values())
    return {way: ticks[way] / total if total else float(spans[0].way == way) for way in WAYS}


def longest_silence(spans: Sequence[EarthSpan]) -> Tick:
    """Return the ticks of the longest time without any way."""
    return max((span.end - span.start for span in spans if span.way == "none"), default=0)


def carriers(spans: Iterable[EarthSpan]) -> tuple[RoverId, ...]:
    """Return over whom a machine reached the Earth, the one for the longest time first."""
    ticks: Counter[RoverId] = Counter()
    for span in spans:
        if span.over is not None:
            ticks[span.over] += span.end - span.start
    return tuple(sorted(ticks, key=lambda rover: (-ticks[rover], rover)))
