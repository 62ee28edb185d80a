"""Small problems of coalitions and order, one JSON object a line.

Source
------
MRTA-Benchmark, J. Bichler, TU Delft: robots' skills ``Q``, tasks' needs ``R``, the first and the last of which are the
start and the end of everybody, durations ``T_e``, places, pairs of precedence, and the optimal makespan.
"""

from __future__ import annotations

import json
from math import hypot
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fleet.core import ConfigError, RoverId, TaskId
from fleet.tasks.allocation import AllocationProblem, AllocationRover, AllocationTask
from sim.bench.movingai import read_lines

SCALE: Final = 100_000  #: Whole units of a distance of 1; rounded up.
_Amount = Annotated[float, Field(ge=0.0, le=9_000.0, allow_inf_nan=False)]
_Place = Annotated[float, Field(ge=-9_000.0, le=9_000.0, allow_inf_nan=False)]
_Flag = Annotated[int, Field(ge=0, le=1)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    Q: Annotated[list[list[_Flag]], Field(min_length=1, max_length=64)]
    R: Annotated[list[list[_Flag]], Field(min_length=3, max_length=202)]
    T_e: list[_Amount]
    task_locations: list[tuple[_Place, _Place]]
    precedence: list[tuple[int, int]] = []
    optimal_makespan: float | None = None


def read_coalitions(file: Path) -> list[tuple[str, AllocationProblem, float | None]]:
    """Return name, problem and published optimum of each line."""
    problems = []
    for number, line in enumerate(read_lines(file), 1):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        try:
            read = _Line.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise ConfigError(place, f"is no JSON: {error.msg}") from None
        except ValidationError as error:
            first = error.errors()[0]
            raise ConfigError(f"{place}: {'.'.join(str(part) for part in first['loc'])}", first["msg"]) from None
        try:
            problems.append((read.id, _problem(place, read), read.optimal_makespan))
        except ConfigError as error:
            raise ConfigError(f"{place}: {error.place}", error.fact, error.remedy) from None
    if not problems:
        raise ConfigError(str(file), "has no instance")
    return problems


def _problem(place: str, line: _Line) -> AllocationProblem:
    count = len(line.R)
    for name, length in (("T_e", len(line.T_e)), ("task_locations", len(line.task_locations))):
        if length != count:
            raise ConfigError(place, f"{name} has {length} entries, and R has {count}")
    skills = len(line.Q[0])
    if any(len(row) != skills for row in (*line.Q, *line.R)):
        raise ConfigError(place, f"not all rows of Q and R have {skills} skills")
    for pair in line.precedence:
        if not all(0 < task < count - 1 for task in pair):
            raise ConfigError(place, f"precedence {pair} names no task from 1 to {count - 2}")
    points = line.task_locations
    far = np.array([[hypot(a[0] - b[0], a[1] - b[1]) for b in points] for a in points])[None]
    time = np.ceil(far * SCALE).astype(np.int64)
    return AllocationProblem(
        rovers=tuple(
            AllocationRover(id=RoverId(str(number)), start=0, end=count - 1, capabilities=_names(row))
            for number, row in enumerate(line.Q)
        ),
        tasks=tuple(
            AllocationTask(
                id=TaskId(str(number)),
                place=number,
                work=round(line.T_e[number] * SCALE),
                roles=tuple(frozenset({name}) for name in sorted(_names(line.R[number]))) or (frozenset(),),
                shared=True,
                after=frozenset(TaskId(str(first)) for first, then in line.precedence if then == number),
            )
            for number in range(1, count - 1)
        ),
        cost=time,
        time=time,
        objective="makespan",
    )


def _names(row: list[int]) -> frozenset[str]:
    return frozenset(f"skill {number}" for number, has in enumerate(row) if has)
