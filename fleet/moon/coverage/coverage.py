"""Where on a map an antenna is in sight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fleet.core import Point
from fleet.moon.coverage.kernels import look_around


def seen_from(
    heights: NDArray[np.float32], pixel: float, place: Point, height: float, receiver: float
) -> NDArray[np.bool_]:
    """Return where an antenna at a place is in sight of another one, over ground and the Moon's curvature.

    Parameters
    ----------
    heights
        ``(H, W) float32``, metres, row 0 at the lowest y; its centre is the origin.
    pixel
        Metres between neighbours.
    place
        Of the antenna, on the map.
    height, receiver
        Of the antenna there and of the other one over their ground, metres, >= 0.

    Returns
    -------
    numpy.ndarray
        ``(H, W) bool``: what `fleet.moon.sight.kernels.line_of_sight` says for the middle of each cell.

    Raises
    ------
    ValueError
        When the place lies off the map or an antenna below the ground.

    Examples
    --------
    >>> wall = np.zeros((1, 7), np.float32).repeat(3, axis=0)
    >>> wall[:, 4] = 9.0
    >>> seen_from(wall, 5.0, (-10.0, 0.0), 2.0, 1.0)[1].tolist()
    [True, True, True, True, True, False, False]
    """
    rows, columns = heights.shape
    west, south = -(columns - 1) / 2.0 * pixel, -(rows - 1) / 2.0 * pixel
    if not (abs(place[0]) <= -west and abs(place[1]) <= -south):
        raise ValueError(f"the antenna at {place} lies off the map")
    if not (height >= 0.0 and receiver >= 0.0):
        raise ValueError(f"antennas must not be below the ground, got {height!r} and {receiver!r}")
    seen: NDArray[np.bool_] = look_around(
        heights, west, south, float(pixel), float(place[0]), float(place[1]), float(height), float(receiver)
    )
    return seen
