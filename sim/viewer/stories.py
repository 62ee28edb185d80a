"""What is told of a rover, a task or a radio link when somebody asks: figures, why it is so, and what was said last."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from math import degrees, floor, hypot
from typing import Final

import numpy as np

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import AuthorityReturn, Message
from fleet.moon import link_budget
from fleet.vehicles import catalogue
from sim.record import Entry, MomentRover, Said, Timeline, sentence, tick_of
from sim.verdict.explain import explain_rover, explain_task
from sim.viewer.scene import Story

_LAST: Final = 6  # words of a rover
_FAR: Final = 5000  # entries that are looked through for them
_HOUR: Final = 3600.0
_ZERO_CELSIUS: Final = 273.15


class Stories:
    """Tells of a run.

    Parameters
    ----------
    entries
        Gives all entries but frames, in order, as far as they are known; asked when the first story is told.
    """

    def __init__(self, timeline: Timeline, entries: Callable[[], Sequence[Entry]]) -> None:
        self._timeline = timeline
        self._entries = entries

    def of_rover(self, rover: RoverId, tick: float) -> Story | None:
        """Return what a rover does and why; None for one that is not there."""
        moment = self._timeline.at(tick)
        now = next((other for other in moment.rovers if other.entry.rover == rover), None)
        if now is None:
            return None
        story = explain_rover(rover, moment, self._until(floor(tick)))
        words = self._words(floor(tick), lambda said: rover in (said.message.sender, said.message.to))
        return Story(title=f"{rover}, {now.entry.vehicle_title}", figures=_figures(now), why=story.why, said=words)

    def of_link(self, link: tuple[RoverId, RoverId], tick: float) -> Story | None:
        """Return what the radio carries between two rovers, and what they said to each other; None where one is not."""
        moment = self._timeline.at(tick)
        a, b = (next((other for other in moment.rovers if other.entry.rover == end), None) for end in link)
        if a is None or b is None:
            return None
        far = hypot(a.pose.x - b.pose.x, a.pose.y - b.pose.y)
        hear = "they hear each other" if link in moment.links or link[::-1] in moment.links else "no link now"
        figures = [("state", hear), ("distance", f"{far:,.0f} m")]
        classes = [catalogue().get(end.entry.vehicle) for end in (a, b)]
        if classes[0] is not None and classes[1] is not None:
            budget = link_budget(classes[0], classes[1])
            rate = float(budget.rates(np.array([far]))[0]) if hear != "no link now" else 0.0
            figures += [("carries", f"{rate / 1000.0:,.0f} kbit/s"), ("reach", f"{budget.reach:,.0f} m in plain sight")]

        def between(said: Said) -> bool:
            return {said.message.sender, said.message.to} == set(link) or (
                said.message.sender in link and any(rover in link for rover, _ in said.heard)
            )

        title = f"Radio between {link[0]} and {link[1]}"
        return Story(title=title, figures=tuple(figures), said=self._words(floor(tick), between))

    def of_task(self, task: TaskId, tick: float) -> Story | None:
        """Return how a task stands and why; None for one that is not there."""
        opening = self._timeline.opening
        entry = next((other for other in opening.tasks if other.task == task), None)
        if entry is None:
            return None
        now = floor(tick)
        story = explain_task(task, opening, self._until(now), now)
        held = f" by {story.holder}" if story.holder and story.state in ("done", "running") else ""
        told = [(stop.since, f"{stop.rover} could not work, for {stop.reason}") for stop in story.stops]
        told += [(given, f"{rover} gave it up: {reason}") for given, rover, reason in story.returns]
        for auction in story.auctions:
            if auction.ranking:
                bids = ", ".join(f"{rover} {cost:,.0f} s" for rover, cost in auction.ranking)
                told.append(
                    (auction.announced, f"bids: {bids}" + (f"; {auction.winner} won" if auction.winner else ""))
                )
        return Story(
            title=f"{task}: {entry.title}",
            figures=(
                ("state", f"{story.state}{held}"),
                ("kind", f"{entry.kind}, {len(entry.places)} steps" if len(entry.places) > 1 else entry.kind),
                ("agency", str(entry.agency)),
                *self._instrument(task, tick),
            ),
            why=(*story.why, *(f"somebody could have it if {change}" for change in story.change)),
            said=tuple(sorted(told, reverse=True)[:_LAST]),
        )

    def _instrument(self, task: TaskId, tick: float) -> Iterator[tuple[str, str]]:
        """Yield how the instrument is that a task set up, where it has a life of its own."""
        for each in self._timeline.at(tick).instruments:
            if each.instrument == task:
                warmth = f"{each.temperature - _ZERO_CELSIUS:+.0f} °C"
                yield "instrument", f"{each.state}, {each.charge:.0%} charge, {warmth}"
                yield "light", f"{each.light:.0%} of the Sun"

    def _words(self, tick: Tick, are_meant: Callable[[Said], bool]) -> tuple[tuple[Tick, str], ...]:
        """Return the last words of a kind, newest first."""
        words: list[tuple[Tick, str]] = []
        for entry in reversed(self._until(tick)[-_FAR:]):
            if isinstance(entry, Said) and not _is_routine(entry.message) and are_meant(entry):
                words.append((tick_of(entry), sentence(entry)))
                if len(words) == _LAST:
                    break
        return tuple(words)

    def _until(self, tick: Tick) -> Sequence[Entry]:
        entries = self._entries()
        return entries[: bisect_right(entries, tick, key=tick_of)]


def _is_routine(message: Message) -> bool:
    """Whether it is said all the time, and tells nothing by itself."""
    return message.quiet or (isinstance(message.body, AuthorityReturn) and message.body.ends is None)


def _figures(rover: MomentRover) -> tuple[tuple[str, str], ...]:
    charge = rover.battery * rover.entry.battery / _HOUR
    return (
        ("place", f"{rover.pose.x:.1f}, {rover.pose.y:.1f} m, heading {degrees(rover.pose.heading) % 360.0:.0f}°"),
        ("battery", f"{rover.battery * 100.0:.0f} %, {charge:,.0f} Wh, {rover.power:+,.0f} W"),
        ("light", f"{rover.light * 100.0:.0f} % of the Sun, {rover.temperature - _ZERO_CELSIUS:+.0f} °C"),
        ("driven", f"{rover.distance:,.0f} m with {rover.energy / _HOUR:,.0f} Wh"),
        ("on board", f"{rover.payload:.1f} kg"),
    )
