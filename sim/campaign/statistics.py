"""What many runs say about one figure."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, sqrt

import msgspec

_Z = 1.959963984540054  # Of the normal distribution: 95 % lie within.


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """How many of how many, and between which rates the truth lies in 95 of 100 campaigns."""

    passed: int
    runs: int
    rate: float | None  #: None without runs.
    interval: tuple[float, float]


def share(passed: int, runs: int) -> Share:
    """Return a share with its Wilson score interval.

    Source
    ------
    Wilson, "Probable inference, the law of succession, and statistical inference", J. Am. Stat. Assoc. 22(158), 1927.

    Examples
    --------
    >>> share(10, 10).interval[1], round(share(10, 10).interval[0], 4)
    (1.0, 0.7225)
    >>> share(0, 0)
    Share(passed=0, runs=0, rate=None, interval=(0.0, 1.0))
    """
    if runs == 0:
        return Share(passed=0, runs=0, rate=None, interval=(0.0, 1.0))
    rate, z2 = passed / runs, _Z * _Z
    middle = (rate + z2 / (2 * runs)) / (1 + z2 / runs)
    half = _Z * sqrt(rate * (1 - rate) / runs + z2 / (4 * runs * runs)) / (1 + z2 / runs)
    low = 0.0 if passed == 0 else max(0.0, middle - half)
    high = 1.0 if passed == runs else min(1.0, middle + half)
    return Share(passed=passed, runs=runs, rate=rate, interval=(low, high))


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """Where the values of a figure lie."""

    runs: int
    least: float
    p05: float
    median: float
    mean: float
    p95: float
    most: float


def spread(values: Sequence[float]) -> Spread | None:
    """Return where values lie, or None when there are none.

    >>> spread([4.0, 1.0, 2.0, 3.0]).median
    2.5
    """
    if not values:
        return None
    ordered = sorted(values)
    return Spread(
        runs=len(ordered),
        least=ordered[0],
        p05=quantile(ordered, 0.05),
        median=quantile(ordered, 0.5),
        mean=sum(ordered) / len(ordered),
        p95=quantile(ordered, 0.95),
        most=ordered[-1],
    )


def quantile(ordered: Sequence[float], part: float) -> float:
    """Return the value below which a part of sorted values lies, linear between neighbours.

    >>> quantile([0.0, 10.0], 0.25)
    2.5
    """
    place = part * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
