"""Explanations as lines for people."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from fleet.core import Tick, format_elapsed
from sim.verdict.explain.rover import RoverStory
from sim.verdict.explain.task import TaskStory


def task_lines(story: TaskStory, dt: float) -> list[str]:
    """Return how a task stands, why, and what came before, with mission times of ticks of `dt` seconds."""

    def time(tick: Tick) -> str:
        return format_elapsed(tick * dt)

    held = f" by {story.holder}" if story.holder and story.state in ("done", "running") else ""
    lines = [f"{story.task} ({story.title}): {story.state}{held}", *(f"  because {why}" for why in story.why)]
    lines += [f"  somebody could have it if {change}" for change in story.change]
    return lines + [f"  {_told(spell, time)}" for spell in _spells(story)]


class _Event(NamedTuple):
    """Something that came before; what is alike and follows each other is told as one."""

    tick: Tick
    what: str
    how: str = ""  # Which only one that stands alone tells.
    is_spell: bool = False  # Whether it lasted,
    until: Tick | None = None  # and until when; None: to the last.


def _spells(story: TaskStory) -> list[list[_Event]]:
    """Return what came before in order of time, in groups of what is alike."""
    events: list[_Event] = []
    for auction in story.auctions:
        bids = ", ".join(f"{rover} {cost:,.0f} s" for rover, cost in auction.ranking)
        won = f"; {auction.winner} won" if auction.winner else ""
        what = f"round {auction.round}: {bids}{won}" if bids else "no bids"
        events.append(_Event(auction.announced, what, "" if bids else f"in round {auction.round}"))
    events += [
        _Event(stop.since, f"{stop.rover} could not work, for {stop.reason}", is_spell=True, until=stop.until)
        for stop in story.stops
    ]
    events += [_Event(tick, f"{rover} gave it up: {reason}") for tick, rover, reason in story.returns]
    events.sort(key=lambda event: event.tick)
    return [list(alike) for _, alike in groupby(events, key=lambda event: event.what)]


def _told(spell: list[_Event], time: Callable[[Tick], str]) -> str:
    first, last = spell[0], spell[-1]
    said = f"{time(first.tick)} {first.what}"
    if len(spell) > 1:
        said += f", {len(spell)} times"
    elif first.how:
        said += f" {first.how}"
    if first.is_spell:
        return said + (f", until {time(last.until)}" if last.until is not None else ", to the last")
    return said + (f", the last at {time(last.tick)}" if len(spell) > 1 else "")


def rover_lines(story: RoverStory, dt: float) -> list[str]:
    """Return what a rover does, why, and what last happened to it."""
    lines = [f"{story.rover} {story.why[0]}", *(f"  {why}" for why in story.why[1:])]
    return lines + [f"  {format_elapsed(tick * dt)} {text}" for tick, text in story.happened]
