"""Explanations as lines for people."""

from __future__ import annotations

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
    for auction in story.auctions:
        bids = ", ".join(f"{rover} {cost:,.0f} s" for rover, cost in auction.ranking) or "no bids"
        won = f"; {auction.winner} won" if auction.winner else ""
        lines.append(f"  {time(auction.announced)} round {auction.round}: {bids}{won}")
    for stop in story.stops:
        until = f"until {time(stop.until)}" if stop.until is not None else "to the last"
        lines.append(f"  {time(stop.since)} {stop.rover} could not work, for {stop.reason}, {until}")
    return lines + [f"  {time(tick)} {rover} gave it up: {reason}" for tick, rover, reason in story.returns]


def rover_lines(story: RoverStory, dt: float) -> list[str]:
    """Return what a rover does, why, and what last happened to it."""
    lines = [f"{story.rover} {story.why[0]}", *(f"  {why}" for why in story.why[1:])]
    return lines + [f"  {format_elapsed(tick * dt)} {text}" for tick, text in story.happened]
