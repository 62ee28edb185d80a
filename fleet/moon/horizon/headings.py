"""The directions for which horizons are kept."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, pi
from typing import Final

DEGREE: Final = pi / 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """Evenly spaced directions in the site frame.

    >>> around = Headings.spanning(0.1, 9.0)
    >>> around.count, around.is_full_circle
    (360, True)
    """

    first: float
    step: float
    count: int

    @classmethod
    def spanning(cls, low: float, high: float, step: float = DEGREE) -> Headings:
        """Return the multiples of `step` from below `low` to above `high`, or one full circle when that is less.

        Parameters
        ----------
        low, high
            Continuous headings, radians.
        step
            Divides the circle evenly.
        """
        round_trip = round(2.0 * pi / step)
        first, last = floor(low / step) - 1, ceil(high / step) + 1
        if last - first >= round_trip:
            return cls.full_circle(step)
        return cls(first=first * step, step=step, count=last - first + 1)

    @classmethod
    def full_circle(cls, step: float = DEGREE) -> Headings:
        """Return all multiples of `step`."""
        return cls(first=0.0, step=step, count=round(2.0 * pi / step))

    @property
    def is_full_circle(self) -> bool:
        """Whether they go all the way round."""
        return self.count == round(2.0 * pi / self.step)

    def all(self) -> list[float]:
        """Return the directions."""
        return [self.first + index * self.step for index in range(self.count)]
