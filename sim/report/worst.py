"""The worst moments of a run, each with the command that opens it."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import NamedTuple

from fleet.core import MissionTime, RoverId, Tick
from sim.record import Recording
from sim.report.facts import Facts
from sim.report.markup import Markup, element
from sim.report.scale import short_time
from sim.report.tables import table
from sim.verdict import Verdict

_SHOWN = 12
_LOW = 0.35  # charge, below which a rover's lowest is worth a look
_USED = 0.02  # charge, that must have been used since the start
_SILENT = 3600.0  # seconds without a way to the Earth


class Worst(NamedTuple):
    """A moment that is worth a look."""

    tick: Tick
    rover: RoverId | None
    fact: str


def worst_moments(facts: Facts, verdict: Verdict, time: MissionTime) -> list[Worst]:
    """Return the moments that are worth a look: what failed first, then trouble, then what came near to it."""
    return [*_failed(verdict), *_trouble(facts), *_lowest(facts), *_silent(facts, time)][:_SHOWN]


def worst(facts: Facts, verdict: Verdict, recording: Recording) -> Markup:
    """Return the worst moments as a table."""
    time = recording.time
    rows = [
        (short_time(time.seconds(tick)), fact, element("code", _command(recording, time.seconds(tick), rover)))
        for tick, rover, fact in worst_moments(facts, verdict, time)
    ]
    if not rows:
        return element("p", "Nothing failed, nobody ran low, nobody was cut off for an hour.", class_="note")
    return table(("When", "What", "Look at it"), rows)


def _command(recording: Recording, seconds: float, rover: RoverId | None) -> str:
    words = ["moonfleet", "view", quote(str(recording.file)), "--at", f"{seconds:g}s"]
    return " ".join([*words, *(("--select", quote(rover)) if rover is not None else ())])


def _failed(verdict: Verdict) -> Iterator[Worst]:
    for check in verdict.checks:
        if not check.passed and check.tick is not None:
            words = f"{check.name.replace('_', ' ')}: expected {check.expected}, got {check.got}"
            yield Worst(check.tick, check.rover, words)


def _trouble(facts: Facts) -> Iterator[Worst]:
    for news in facts.trouble:
        if news.gravity > 1:
            yield Worst(news.tick, None, news.text)


def _lowest(facts: Facts) -> Iterator[Worst]:
    """Yield when each rover that ran low had least charge, the emptiest first."""
    lows = []
    for rover, own in facts.rovers.items():
        if len(own.battery) > 1:
            place = min(range(1, len(own.battery)), key=own.battery.__getitem__)
            lows.append((own.battery[place], own.ticks[place], rover))
    for charge, tick, rover in sorted(lows):
        if charge < min(_LOW, facts.rovers[rover].battery[0] - _USED):  # Who starts low and charges is well.
            yield Worst(tick, rover, f"{rover} has {charge:.0%} of its charge, its least")


def _silent(facts: Facts, time: MissionTime) -> Iterator[Worst]:
    """Yield when each machine was cut off from the Earth for longest, the longest first."""
    gaps = []
    for rover, spans in facts.earth.spans.items():
        none = [span for span in spans if span.way == "none"]
        if none:
            longest = max(none, key=lambda span: span.end - span.start)
            gaps.append((longest.start - longest.end, longest.start, rover))
    for length, start, rover in sorted(gaps):
        if time.seconds(-length) >= _SILENT:
            yield Worst(start, rover, f"{rover} has no way to the Earth for {short_time(time.seconds(-length))}")
