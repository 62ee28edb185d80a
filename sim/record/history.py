"""Values that change in time, kept so that any moment can be asked for, in any order."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from fleet.core import Point, Tick

T = TypeVar("T")

_STEP = 0.01  #: Metres of motion that are worth a point of the trail.


class History(Generic[T]):
    """What a value was at each tick; ticks only go up.

    >>> battery = History("full")
    >>> battery.put(10, "low")
    >>> battery.at(9.5), battery.at(10), battery.last
    ('full', 'low', 'low')
    """

    def __init__(self, first: T) -> None:
        self._ticks = array("q", [-1])
        self._values = [first]

    @property
    def last(self) -> T:
        """The latest value."""
        return self._values[-1]

    def put(self, tick: Tick, value: T) -> None:
        """Note the value that holds from `tick` on."""
        self._ticks.append(tick)
        self._values.append(value)

    def at(self, tick: float) -> T:
        """Return the value at `tick`."""
        return self._values[max(0, bisect_right(self._ticks, tick) - 1)]


class Trail:
    """Where a body has been.

    >>> trail = Trail()
    >>> for tick, x in enumerate([0.0, 0.0, 1.0, 2.0]):
    ...     trail.put(tick, (x, 0.0))
    >>> trail.until(2).tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """

    def __init__(self) -> None:
        self._ticks = array("q")
        self._points = array("d")

    def put(self, tick: Tick, point: Point) -> None:
        """Note where the body is; a body that stands leaves no more points."""
        if self._points:
            x, y = self._points[-2:]
            if abs(point[0] - x) < _STEP and abs(point[1] - y) < _STEP:
                return
        self._ticks.append(tick)
        self._points.extend(point)

    def count(self, tick: float) -> int:
        """Return how many points there are up to `tick`."""
        return bisect_right(self._ticks, tick)

    def points(self, first: int, last: int, step: int = 1) -> NDArray[np.float64]:
        """Return each `step`-th point from number `first` on, before number `last`, (N, 2) float64."""
        return np.array(self._points[2 * first : 2 * last], dtype=np.float64).reshape(-1, 2)[::step]

    def until(self, tick: float, since: float = 0.0) -> NDArray[np.float64]:
        """Return the points from `since` to `tick`, oldest first, (N, 2) float64."""
        return self.points(self.count(since - 1), self.count(tick))
