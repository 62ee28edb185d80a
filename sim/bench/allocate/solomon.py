"""Vehicle routing with time windows in Solomon's text format.

Source
------
Solomon, "Algorithms for the Vehicle Routing and Scheduling Problems with Time Window Constraints", Operations Research
35(2), 1987; distances in full precision, as in the lists of best known least total distances.
"""

from __future__ import annotations

from math import hypot, isfinite
from pathlib import Path
from typing import Final

import numpy as np

from fleet.core import ConfigError, RoverId, TaskId
from fleet.tasks.allocation import AllocationProblem, AllocationRover, AllocationTask
from sim.bench.movingai import read_lines

SCALE: Final = 10_000  #: Whole units of a distance of 1: times are rounded up to them, so that no window is missed.
_LATEST: Final = 90_000.0
_MOST: Final = 2000


def read_solomon(file: Path) -> AllocationProblem:
    """Return the problem of a file: vehicles of one depot, customers with loads and windows.

    Raises
    ------
    ConfigError
        With the line of what is wrong.
    """
    lines = [(number, line.split()) for number, line in enumerate(read_lines(file), 1)]
    filled = [(number, words) for number, words in lines if words]
    heads = [[word.upper() for word in words] for _, words in filled]
    for head in (["VEHICLE"], ["CUSTOMER"]):
        if head not in heads:
            raise ConfigError(str(file), f"has no line {head[0]!r}", "Solomon's format: a name, VEHICLE, CUSTOMER")
    vehicle, customer = heads.index(["VEHICLE"]), heads.index(["CUSTOMER"])
    if not (0 <= vehicle < customer and heads[vehicle + 1 : vehicle + 2] == [["NUMBER", "CAPACITY"]]):
        raise ConfigError(f"{file}:{filled[vehicle][0]}", "VEHICLE is not followed by 'NUMBER CAPACITY', then CUSTOMER")
    if customer != vehicle + 3:
        raise ConfigError(f"{file}:{filled[vehicle][0]}", "VEHICLE is not followed by one line of numbers")
    number, words = filled[vehicle + 2]
    count, capacity = (
        _whole(f"{file}:{number}", *pair) for pair in _pairs(file, number, words, ("NUMBER", "CAPACITY"))
    )
    if not 0 < count <= _MOST:
        raise ConfigError(f"{file}:{number}", f"has {count} vehicles, not from 1 to {_MOST}")
    if heads[customer + 1 : customer + 2] and heads[customer + 1][:1] != ["CUST"]:
        raise ConfigError(f"{file}:{filled[customer + 1][0]}", "CUSTOMER is not followed by the names of its columns")
    stops = [_customer(file, number, words, row) for row, (number, words) in enumerate(filled[customer + 2 :])]
    if len(stops) < 2:
        raise ConfigError(str(file), "has no customer beside the depot, which is number 0")
    if len(stops) > _MOST:
        raise ConfigError(str(file), f"has {len(stops)} customers, and {_MOST} is the most")
    return _problem(stops, count, capacity)


def _problem(stops: list[tuple[float, ...]], count: int, capacity: int) -> AllocationProblem:
    far = np.array([[hypot(a[1] - b[1], a[2] - b[2]) for b in stops] for a in stops])[None] * SCALE
    depot = stops[0]
    return AllocationProblem(
        rovers=tuple(
            AllocationRover(
                id=RoverId(f"v{number}"),
                start=0,
                end=0,
                ready=round(depot[4] * SCALE),
                until=round(depot[5] * SCALE),
                capacity=capacity,
            )
            for number in range(count)
        ),
        tasks=tuple(
            AllocationTask(
                id=TaskId(str(number)),
                place=number,
                work=round(service * SCALE),
                earliest=round(ready * SCALE),
                latest=round(due * SCALE),
                load=int(load),
            )
            for number, (_, _, _, load, ready, due, service) in list(enumerate(stops))[1:]
        ),
        cost=np.rint(far).astype(np.int64),
        time=np.ceil(far).astype(np.int64),
    )


def _customer(file: Path, number: int, words: list[str], row: int) -> tuple[float, ...]:
    place = f"{file}:{number}"
    names = ("number", "x", "y", "demand", "ready time", "due date", "service time")
    pairs = _pairs(file, number, words, names)
    if _whole(place, *pairs[0]) != row:
        raise ConfigError(place, f"is customer {words[0]}, and {row} is next")
    x, y = (_real(place, *pair, least=-_LATEST) for pair in pairs[1:3])
    load = _whole(place, *pairs[3])
    ready, due, service = (_real(place, *pair, least=0.0) for pair in pairs[4:])
    if ready > due:
        raise ConfigError(place, f"is ready at {words[4]}, after its due date {words[5]}")
    return (float(row), x, y, float(load), ready, due, service)


def _pairs(file: Path, number: int, words: list[str], names: tuple[str, ...]) -> list[tuple[str, str]]:
    if len(words) != len(names):
        raise ConfigError(f"{file}:{number}", f"has {len(words)} numbers, not {len(names)}: {', '.join(names)}")
    return list(zip(names, words, strict=True))


def _whole(place: str, name: str, text: str) -> int:
    number = _real(place, name, text, least=0.0)
    if number != int(number):
        raise ConfigError(place, f"{name} {text[:20]!r} is no whole number")
    return int(number)


def _real(place: str, name: str, text: str, *, least: float) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ConfigError(place, f"{name} {text[:20]!r} is no number") from None
    if not (isfinite(number) and least <= number <= _LATEST):
        raise ConfigError(place, f"{name} {text[:20]!r} is not from {least:g} to {_LATEST:g}")
    return number
