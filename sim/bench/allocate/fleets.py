"""Fleets and work drawn from a seed: whole decimetres and seconds, so that every solver sees the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np

from fleet.core import RoverId, TaskId, array_stream
from fleet.tasks.allocation import NEVER, AllocationProblem, AllocationRover, AllocationTask

Family = Literal["minsum", "rover"]

_SIDE: Final = 10_000  # Decimetres of the square that all lies in.


@dataclass(frozen=True, slots=True)
class _Kind:
    speed: float  # dm/s
    capabilities: frozenset[str]


_KINDS: Final = (
    _Kind(1.0, frozenset({"survey", "sample", "haul"})),
    _Kind(0.8, frozenset({"survey", "deploy", "haul"})),
    _Kind(1.5, frozenset({"survey", "relay"})),
    _Kind(0.6, frozenset({"haul", "sample", "deploy"})),
)
#: Share of all tasks, and least and most seconds of work.
_WORK: Final = {
    "survey": (0.4, 60, 180),
    "sample": (0.2, 300, 600),
    "haul": (0.2, 120, 300),
    "deploy": (0.1, 300, 300),
    "relay": (0.1, 600, 600),
}


def draw_fleet(family: Family, rovers: int, tasks: int, seed: int) -> AllocationProblem:
    """Return a fleet and its work.

    Notes
    -----
    ``minsum``: rovers that are alike but for where they are, tasks that all have to be done, least distance.
    ``rover``: four kinds of rovers with speeds and capabilities, work that takes time, windows on half of the tasks, a
    shift that is too short for all of them, and values: least distance and value left undone.
    """
    chance = array_stream(seed, f"allocate/{family}/{rovers}/{tasks}")
    points = chance.integers(0, _SIDE, (rovers + tasks, 2)).astype(np.float64)
    far = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    if family == "minsum":
        metres = np.rint(far).astype(np.int64)[None]
        return AllocationProblem(
            rovers=tuple(AllocationRover(id=RoverId(f"r{number}"), start=number) for number in range(rovers)),
            tasks=tuple(AllocationTask(id=TaskId(f"t{number}"), place=rovers + number) for number in range(tasks)),
            cost=metres,
            time=metres,
        )
    shift = int(tasks / rovers * (_SIDE / sqrt(tasks) + 250))
    names = list(_WORK)
    work = []
    for number in range(tasks):
        name = names[int(chance.choice(len(names), p=[_WORK[name][0] for name in names]))]
        span = int((0.15 + 0.25 * chance.random()) * shift) if chance.random() < 0.5 else shift
        earliest = int(chance.random() * (shift - span))
        work.append(
            AllocationTask(
                id=TaskId(f"t{number}"),
                place=rovers + number,
                work=int(chance.integers(_WORK[name][1], _WORK[name][2] + 1)),
                earliest=earliest,
                latest=earliest + span,
                roles=(frozenset({name}),),
                value=100 * int(chance.integers(20, 101)),
            )
        )
    return AllocationProblem(
        rovers=tuple(
            AllocationRover(
                id=RoverId(f"r{number}"),
                start=number,
                travel=number % len(_KINDS),
                capabilities=_KINDS[number % len(_KINDS)].capabilities,
                until=min(shift, NEVER),
            )
            for number in range(rovers)
        ),
        tasks=tuple(work),
        cost=np.repeat(np.rint(far).astype(np.int64)[None], len(_KINDS), axis=0),
        time=np.stack([np.ceil(far / kind.speed) for kind in _KINDS]).astype(np.int64),
    )
