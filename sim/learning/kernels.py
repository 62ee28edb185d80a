"""What learners see of tasks and of each other, for all at once."""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from fleet.core.arrays import Floats
from fleet.core.compiled import compiled


@compiled
def put_nearest(
    out: Floats, at: int, here: Floats, there: Floats, barred: NDArray[np.bool_], span: float, flagged: bool
) -> Floats:
    """Write the ways to the nearest of some places into rows of numbers; return the metres to each place.

    Parameters
    ----------
    out
        (R, C) float64. From column `at` on, for each of the three nearest, nearest first and of equals the first: the
        way there along x and y over `span`, and 1 where `flagged`; untouched where there is none.
    here
        (R, 2) float64: x, y of those who look.
    there
        (P, 2) float64: x, y of the places.
    barred
        (R, P) bool: what does not count; it is infinitely far.
    """
    rows, places = here.shape[0], there.shape[0]
    width = 3 if flagged else 2
    away = np.full((rows, places), inf)
    for i in range(rows):
        first, second, third = -1, -1, -1
        for k in range(places):
            if barred[i, k]:
                continue
            dx = there[k, 0] - here[i, 0]
            dy = there[k, 1] - here[i, 1]
            away[i, k] = sqrt(dx * dx + dy * dy)
            if first < 0 or away[i, k] < away[i, first]:
                first, second, third = k, first, second
            elif second < 0 or away[i, k] < away[i, second]:
                second, third = k, second
            elif third < 0 or away[i, k] < away[i, third]:
                third = k
        column = at
        for k in (first, second, third):
            if k >= 0:
                out[i, column] = (there[k, 0] - here[i, 0]) / span
                out[i, column + 1] = (there[k, 1] - here[i, 1]) / span
                if flagged:
                    out[i, column + 2] = 1.0
            column += width
    return away
