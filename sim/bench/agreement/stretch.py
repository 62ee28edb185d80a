"""Some fleets of one kind: what one worker tries before it is asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from fleet.tasks.agreement import Method
from sim.bench.agreement.graphs import Graphs, Shape
from sim.bench.agreement.trial import Trial, attempt
from sim.crew import Lost

FLEETS: Final = 10  #: In one stretch: some seconds of work.


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """Fleets of one method, shape and loss."""

    method: Method
    shape: Shape
    loss: float
    seeds: tuple[int, ...]
    rovers: int
    copies: int


class Trials(msgspec.Struct, frozen=True, kw_only=True):
    """What became of them."""

    stretch: Stretch
    trials: tuple[Trial, ...] = ()
    fault: str = ""  #: Why there are none.


def perform(stretch: Stretch) -> Trials:
    """Try each fleet of a stretch."""
    trials = tuple(
        attempt(Graphs(stretch.shape, stretch.rovers, seed), stretch.method, stretch.loss, copies=stretch.copies)
        for seed in stretch.seeds
    )
    return Trials(stretch=stretch, trials=trials)


def lost(stretch: Stretch, how: Lost, fact: str, took: float) -> Trials:
    """Return what there is of a stretch whose worker gave no answer."""
    fleets = (
        f"{stretch.method}, {stretch.shape}, {stretch.loss:.0%} lost, seeds {stretch.seeds[0]} to {stretch.seeds[-1]}"
    )
    return Trials(stretch=stretch, fault=f"{fleets}: {how} after {took:.0f} s: {fact}")


def cut(seeds: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Give the seeds of one stretch after another."""
    for first in range(0, len(seeds), FLEETS):
        yield tuple(seeds[first : first + FLEETS])
