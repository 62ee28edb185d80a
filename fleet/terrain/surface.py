"""How ground lies: its slope, its roughness, and how it is lit, at any baseline.

All take heights ``(H, W)`` in metres, rows from the lowest y up, and give a grid of the same shape. A baseline is the
distance over which ground is judged, rounded to whole pixels; none means one pixel.
"""

from __future__ import annotations

from math import cos, sin
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Grid: TypeAlias = NDArray[np.float32]
Floats = TypeVar("Floats", NDArray[np.float32], NDArray[np.float64])

_SAMPLED: Final = 512  #: Windows along the shorter side whose median is that of all.


def gradients(heights: Floats, pixel: float, baseline: float | None = None) -> tuple[Floats, Floats]:
    """Return the rise per metre toward +x and toward +y, in the precision of `heights`.

    Notes
    -----
    Central differences between the ground one baseline before and one after; on the border between what there is. Not
    Horn's 3 x 3 mean, which smooths the steepest away.

    Examples
    --------
    >>> x, y = gradients(np.array([[0.0, 1.0, 4.0], [5.0, 6.0, 9.0]]), 2.0)
    >>> x.tolist(), y[0].tolist()
    ([[0.5, 1.0, 1.5], [0.5, 1.0, 1.5]], [2.5, 2.5, 2.5])
    """
    reach = _pixels(pixel, baseline)
    return _differences(heights.T, pixel, reach).T, _differences(heights, pixel, reach)


def _pixels(pixel: float, baseline: float | None) -> int:
    return 1 if baseline is None else max(1, round(baseline / pixel))


def _differences(heights: Floats, pixel: float, reach: int) -> Floats:
    """Return the rise per metre along the first axis."""
    count = len(heights)
    if count < 2:
        return np.zeros_like(heights)
    places = np.arange(count)
    before, after = np.maximum(places - reach, 0), np.minimum(places + reach, count - 1)
    run = ((after - before) * pixel).astype(heights.dtype)[:, None]
    return (heights[after] - heights[before]) / run


def slope(heights: Grid, pixel: float, baseline: float | None = None) -> Grid:
    """Return how steep the ground is, radians.

    Notes
    -----
    Angle of the steepest descent, from `gradients` in double precision. At 5 m the real ground near Shoemaker's rim
    has a median of 4.3 degrees, a 95th percentile of 13.4 and a maximum of 27.6.

    Examples
    --------
    >>> ramp = np.tile(np.arange(9, dtype=np.float32), (9, 1))
    >>> np.degrees(slope(ramp, 1.0)).round(3).max(), np.degrees(slope(ramp, 1.0, 3.0)).round(3).min()
    (np.float32(45.0), np.float32(45.0))
    """
    right, up = gradients(heights.astype(np.float64), pixel, baseline)
    tilts: Grid = np.arctan(np.sqrt(up * up + right * right)).astype(np.float32)
    return tilts


def roughness(heights: Grid, pixel: float, baseline: float | None = None) -> Grid:
    """Return how far the ground lies off the plane that fits it best, root mean square, metres.

    Notes
    -----
    The plane is fitted to a square window from one baseline before to one after (3 x 3 heights at one pixel). Near the
    border the nearest whole window counts; ground smaller than a window is judged as one.

    Source
    ------
    Detrended root-mean-square height, as in Shepard et al., "The roughness of natural terrain: A planetary and remote
    sensing perspective", JGR Planets 106(E12), 2001, equation 1, of windows in two dimensions.

    Examples
    --------
    >>> ramp = np.tile(np.arange(9, dtype=np.float32), (9, 1))
    >>> float(roughness(ramp, 1.0).max()) < 1e-6
    True
    """
    reach = _window_reach(heights, pixel, baseline)
    if reach == 0:
        return np.zeros(heights.shape, np.float32)
    return np.pad(_off_plane(heights, reach, 1), reach, mode="edge")


def median_roughness(heights: Grid, pixel: float, baseline: float | None = None) -> float:
    """Return the median of `roughness` over whole windows, of large ground over some hundreds along each side.

    >>> median_roughness(np.zeros((9, 9), np.float32), 5.0)
    0.0
    """
    reach = _window_reach(heights, pixel, baseline)
    if reach == 0:
        return 0.0
    return float(np.median(_off_plane(heights, reach, max(1, min(heights.shape) // _SAMPLED))))


def _window_reach(heights: Grid, pixel: float, baseline: float | None) -> int:
    """Return how many pixels a window reaches to each side; 0 on ground that is too small for any."""
    return min(_pixels(pixel, baseline), (int(min(heights.shape)) - 1) // 2)


def _off_plane(heights: Grid, reach: int, step: int) -> Grid:
    """Return the root mean square distance from the best plane in every step-th whole window."""
    # Around the mean, so that the squares of great heights do not drown the small differences.
    off = heights.astype(np.float64) - float(heights.mean(dtype=np.float64))
    ramp = np.arange(-reach, reach + 1, dtype=np.float64)
    ones = np.ones_like(ramp)
    count = float(len(ramp)) ** 2
    moment = float((ramp * ramp).sum()) * len(ramp)
    mean = _window(off, ones, ones, step) / count
    across, up = _window(off, ones, ramp, step) / moment, _window(off, ramp, ones, step) / moment
    spread = _window(off * off, ones, ones, step) / count - mean * mean
    spread -= (across * across + up * up) * (moment / count)
    rough: Grid = np.sqrt(np.maximum(spread, 0.0)).astype(np.float32)
    return rough


def _window(
    values: NDArray[np.float64], down: NDArray[np.float64], across: NDArray[np.float64], step: int
) -> NDArray[np.float64]:
    """Return the weighted sums over every step-th whole window; weights are the product of a column's and a row's."""
    size = len(down)
    rows, columns = values.shape[0] - size + 1, values.shape[1] - size + 1
    lines = np.zeros((len(range(0, rows, step)), values.shape[1]))
    for offset, weight in enumerate(down.tolist()):
        lines += weight * values[offset : offset + rows : step]
    total = np.zeros((len(lines), len(range(0, columns, step))))
    for offset, weight in enumerate(across.tolist()):
        total += weight * lines[:, offset : offset + columns : step]
    return total


def shading(right: Floats, up: Floats, *, heading: float, elevation: float) -> Floats:
    """Return the cosine of the angle between the ground and the light, 0 where it turns away.

    Parameters
    ----------
    right, up
        Rise per metre, as `gradients` gives it.
    heading, elevation
        Whence the light comes: counter-clockwise from +x, and above the horizon, radians.

    Notes
    -----
    Lambert's law for a light without size. Shadows that ground casts on other ground are not in it.
    """
    toward = sin(elevation) - cos(elevation) * (cos(heading) * right + sin(heading) * up)
    bright: Floats = np.maximum(toward, 0.0) / np.sqrt(1.0 + right * right + up * up)  # type: ignore[assignment] # numpy's stubs widen float32
    return bright


def hillshade(heights: Grid, pixel: float, *, heading: float, elevation: float, baseline: float | None = None) -> Grid:
    """Return the brightness of ground in sunlight, 0 to 1; level ground has the sine of the elevation.

    Parameters
    ----------
    heading, elevation
        Of the Sun, as for `shading`.

    Examples
    --------
    >>> from math import pi
    >>> float(hillshade(np.zeros((3, 3), np.float32), 5.0, heading=0.0, elevation=pi / 6)[1, 1])
    0.5
    """
    right, up = gradients(heights, pixel, baseline)
    return shading(right, up, heading=heading, elevation=elevation)
