"""Allocation problems drawn from a seed, all kinds of things in them."""

from __future__ import annotations

import numpy as np

from fleet.core import RoverId, TaskId, array_stream
from fleet.core.arrays import Counts
from fleet.tasks.allocation import (
    NEVER,
    AllocationProblem,
    AllocationRover,
    AllocationTask,
    Battery,
    Charger,
    Objective,
)

SKILLS = ("haul", "image", "sample")


def plane(points: Counts, speeds: tuple[float, ...] = (1.0,)) -> Counts:
    """Return times between points of the plane for each speed, rounded up."""
    metres = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    return np.stack([np.ceil(metres / speed) for speed in speeds]).astype(np.int64)


def routing(seed: int, rovers: int = 3, tasks: int = 9) -> AllocationProblem:
    """Return a problem whose tasks do not wait for each other: windows, shifts, loads, abilities, values."""
    chance = array_stream(seed, "routing")
    points = chance.integers(0, 100, (rovers + tasks, 2))
    whole = plane(points, (1.0, 0.6))
    bound = bool(chance.random() < 0.7)
    return AllocationProblem(
        rovers=tuple(
            AllocationRover(
                id=RoverId(f"r{number}"),
                start=number,
                end=number if chance.random() < 0.5 else None,
                travel=int(chance.integers(0, 2)),
                capabilities=frozenset(skill for skill in SKILLS if chance.random() < 0.7),
                ready=int(chance.integers(0, 30)),
                until=int(chance.integers(200, 700)) if bound else NEVER,
                capacity=int(chance.integers(3, 20)),
            )
            for number in range(rovers)
        ),
        tasks=tuple(
            AllocationTask(
                id=TaskId(f"t{number}"),
                place=rovers + number,
                work=int(chance.integers(0, 40)),
                earliest=int(chance.integers(0, 200)) if bound else 0,
                latest=int(chance.integers(150, 400)) if bound else NEVER,
                roles=(frozenset({str(chance.choice(SKILLS))}),),
                load=int(chance.integers(0, 4)),
                value=NEVER if chance.random() < 0.5 else int(chance.integers(1, 300)),
            )
            for number in range(tasks)
        ),
        cost=whole[[0, 0]],
        time=whole,
    )


def scheduling(seed: int, *, objective: Objective = "cost", batteries: bool = False) -> AllocationProblem:
    """Return a problem with teams, order and, if wanted, batteries and chargers."""
    chance = array_stream(seed, "scheduling")
    rovers, tasks, chargers = 3, 7, int(chance.integers(1, 3))
    whole = plane(chance.integers(0, 60, (rovers + tasks + chargers, 2)))
    bound = bool(chance.random() < 0.5)

    def battery() -> Battery:
        return Battery(charge=int(chance.integers(60, 200)), capacity=260, work=1, refill=3)

    return AllocationProblem(
        rovers=tuple(
            AllocationRover(
                id=RoverId(f"r{number}"),
                start=number,
                end=number if not batteries and chance.random() < 0.5 else None,
                capabilities=frozenset(skill for skill in SKILLS if chance.random() < 0.7),
                until=900 if bound else NEVER,
                battery=battery() if batteries else None,
            )
            for number in range(rovers)
        ),
        tasks=tuple(
            AllocationTask(
                id=TaskId(f"t{number}"),
                place=rovers + number,
                work=int(chance.integers(0, 40)),
                latest=int(chance.integers(150, 800)) if bound else NEVER,
                roles=tuple(
                    frozenset({str(skill)})
                    for skill in chance.choice(SKILLS, int(chance.integers(1, 3)), replace=False)
                ),
                shared=bool(chance.random() < 0.5),
                value=NEVER if chance.random() < 0.5 else int(chance.integers(1, 300)),
                after=frozenset(TaskId(f"t{other}") for other in range(number) if chance.random() < 0.1),
            )
            for number in range(tasks)
        ),
        cost=whole,
        time=whole,
        energy=whole if batteries else None,
        chargers=tuple(Charger(place=rovers + tasks + number) for number in range(chargers)),
        objective=objective,
    )
