"""Hot loops over sight lines.

Only + - * / sqrt floor and comparisons on float64, so that compiled code and plain Python give the same bits. Arguments
as in `fleet.moon.kernels`.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from math import floor, inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled
from fleet.moon.kernels import height_at
from fleet.terrain.sphere import MOON_RADIUS

EARTH_OVER = 0.0  # Sine of the elevation from which on the Earth can be heard, where no ground is in the way;
RELAY_OVER = 0.087155743  # likewise the relay satellite: 5 degrees.
FURTHEST = 2.0 * MOON_RADIUS  # Metres; nothing on the ground is seen from further away.
TILE = 8  # Cells a side of the squares of which the greatest height is kept.


class Far(NamedTuple):
    """Coarser ground around the map; of shape (0, 0) when none is known."""

    heights: NDArray[np.float32]  #: (H, W).
    tops: NDArray[np.float32]  #: `tops_of` the heights.
    highest: float
    west: float
    south: float
    pixel: float
    beyond: float  #: Height of the smooth sphere around all, that of its lowest border.


@compiled
def is_earth_up(upward: float, far: Far) -> bool:
    """Return whether the Earth may be heard, so far upward: over the level, where no ground around says more."""
    return far.heights.shape[0] > 0 or upward > EARTH_OVER


@compiled
def direction_at(tick: int, table: NDArray[np.float64], every: int) -> tuple[float, float, float]:
    """Return a three-column table that has a row for each `every` ticks, linear between; held beyond its ends."""
    last = table.shape[0] - 2
    place = min(max(tick / every, 0.0), last + 1.0)
    row = min(floor(place), last)
    share = place - row
    return (
        table[row, 0] + (table[row + 1, 0] - table[row, 0]) * share,
        table[row, 1] + (table[row + 1, 1] - table[row, 1]) * share,
        table[row, 2] + (table[row + 1, 2] - table[row, 2]) * share,
    )


@compiled
def tops_of(heights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the greatest height of every square of `TILE` by `TILE` cells, (ceil(H / TILE), ceil(W / TILE))."""
    rows, columns = heights.shape[0], heights.shape[1]
    tops = np.full(((rows - 1) // TILE + 1, (columns - 1) // TILE + 1), -np.inf, dtype=np.float32)
    for row in range(rows):
        for column in range(columns):
            tops[row // TILE, column // TILE] = max(tops[row // TILE, column // TILE], heights[row, column])
    return tops


@compiled
def top_between(
    ax: float, ay: float, bx: float, by: float, tops: NDArray[np.float32], rows: int, columns: int
) -> float:
    """Return a height that no ground between two points exceeds, given in cells from the centre of cell [0, 0]."""
    first = floor(min(max(min(ax, bx), 0.0), columns - 2.0)) // TILE
    last = floor(min(max(ax, bx, 0.0) + 1.0, columns - 1.0)) // TILE
    lowest = floor(min(max(min(ay, by), 0.0), rows - 2.0)) // TILE
    highest = floor(min(max(ay, by, 0.0) + 1.0, rows - 1.0)) // TILE
    top = -np.inf
    for row in range(lowest, highest + 1):
        for column in range(first, last + 1):
            top = max(top, np.float64(tops[row, column]))
    return top


@compiled
def line_of_sight(
    heights: NDArray[np.float32],
    west: float,
    south: float,
    pixel: float,
    ax: float,
    ay: float,
    a_height: float,
    bx: float,
    by: float,
    b_height: float,
) -> bool:
    """Return whether two points over the ground see each other over the bulge of ground and Moon.

    Parameters
    ----------
    a_height, b_height
        Metres over the ground below them.

    Notes
    -----
    Looked at in even steps of at most one pixel; from nowhere, and from further than `FURTHEST`, nothing is seen. The
    ends are put in order first, so the answer is the same from both; each end enters the line's height by a term of its
    own that grows with it, so a higher antenna never sees less, bit for bit. Many lines over one ground:
    `line_of_sight_over`.
    """
    if bx < ax or (bx == ax and (by < ay or (by == ay and b_height < a_height))):
        ax, ay, a_height, bx, by, b_height = bx, by, b_height, ax, ay, a_height
    dx, dy = bx - ax, by - ay
    length = sqrt(dx * dx + dy * dy)
    if not length <= FURTHEST:
        return False
    steps = floor(length / pixel) + 1
    start = height_at(ax, ay, heights, west, south, pixel) + a_height
    end = height_at(bx, by, heights, west, south, pixel) + b_height
    for step in range(1, steps):
        share = step / steps
        bulge = share * (1.0 - share) * length * length / (2.0 * MOON_RADIUS)
        ground = height_at(ax + dx * share, ay + dy * share, heights, west, south, pixel)
        if ground + bulge > start * (1.0 - share) + end * share:
            return False
    return True


@compiled
def line_of_sight_over(
    heights: NDArray[np.float32],
    tops: NDArray[np.float32],
    west: float,
    south: float,
    pixel: float,
    ax: float,
    ay: float,
    a_height: float,
    bx: float,
    by: float,
    b_height: float,
) -> bool:
    """Return `line_of_sight`, the same answer sooner.

    Parameters
    ----------
    tops
        `tops_of` the heights: stretches that the line passes above all ground of their tiles are not looked at step by
        step.
    """
    if bx < ax or (bx == ax and (by < ay or (by == ay and b_height < a_height))):
        ax, ay, a_height, bx, by, b_height = bx, by, b_height, ax, ay, a_height
    dx, dy = bx - ax, by - ay
    length = sqrt(dx * dx + dy * dy)
    if not length <= FURTHEST:
        return False
    steps = floor(length / pixel) + 1
    start = height_at(ax, ay, heights, west, south, pixel) + a_height
    end = height_at(bx, by, heights, west, south, pixel) + b_height
    most = length * length / (8.0 * MOON_RADIUS) + 1e-6
    step = 1
    while step < steps:
        last = min(step + TILE, steps) - 1
        near, far = step / steps, last / steps
        top = top_between(
            (ax + dx * near - west) / pixel,
            (ay + dy * near - south) / pixel,
            (ax + dx * far - west) / pixel,
            (ay + dy * far - south) / pixel,
            tops,
            heights.shape[0],
            heights.shape[1],
        )
        if top + most > min(start * (1.0 - near) + end * near, start * (1.0 - far) + end * far):
            for place in range(step, last + 1):
                share = place / steps
                bulge = share * (1.0 - share) * length * length / (2.0 * MOON_RADIUS)
                ground = height_at(ax + dx * share, ay + dy * share, heights, west, south, pixel)
                if ground + bulge > start * (1.0 - share) + end * share:
                    return False
        step = last + 1
    return True


@compiled
def sky_in_view(
    heights: NDArray[np.float32],
    tops: NDArray[np.float32],
    highest: float,
    west: float,
    south: float,
    pixel: float,
    x: float,
    y: float,
    antenna: float,
    along_x: float,
    along_y: float,
    upward: float,
) -> bool:
    """Return whether something in the sky is seen over the ground of the map; what lies beyond the map hides nothing.

    Parameters
    ----------
    tops
        `tops_of` the heights,
    highest
        and the greatest of all.
    antenna
        Metres over the ground.
    along_x, along_y, upward
        Towards it; of any length.

    Notes
    -----
    Looked at in steps of a pixel, `TILE` of them at once where the line passes above all ground of their tiles.
    """
    flat = sqrt(along_x * along_x + along_y * along_y)
    if not abs(flat + x + y + antenna + upward) < inf:
        return False  # No place or no direction; the looks would never leave the map.
    if flat <= 1e-9:
        return upward > 0.0
    base = height_at(x, y, heights, west, south, pixel) + antenna
    dx, dy, slope = along_x / flat, along_y / flat, upward / flat
    return is_clear(heights, tops, highest, west, south, pixel, x, y, dx, dy, base, slope, 0.0, pixel)


@compiled
def sky_over_far(
    heights: NDArray[np.float32],
    west: float,
    south: float,
    pixel: float,
    far: Far,
    x: float,
    y: float,
    antenna: float,
    along_x: float,
    along_y: float,
    upward: float,
) -> bool:
    """Return whether something in the sky is seen over the ground around the map; arguments as of `sky_in_view`.

    Parameters
    ----------
    far
        Ground within one of its pixels from the map's border is left out, as in the horizon; around it lies a smooth
        sphere. Where none is known, nothing is hidden.

    Notes
    -----
    Looked at where the line crosses columns, or rows where it goes along columns: crests lie on them.
    """
    flat = sqrt(along_x * along_x + along_y * along_y)
    if not abs(flat + x + y + antenna + upward) < inf:
        return False
    if far.heights.shape[0] == 0 or flat <= 1e-9:
        return True
    base = height_at(x, y, heights, west, south, pixel) + antenna
    dx, dy, slope = along_x / flat, along_y / flat, upward / flat
    east, north = west + (heights.shape[1] - 1) * pixel, south + (heights.shape[0] - 1) * pixel
    start = way_out(x, y, dx, dy, west, south, east, north) + far.pixel
    passed, ahead = (x + dx * start - far.west) / far.pixel, dx
    if abs(dy) > abs(dx):
        passed, ahead = (y + dy * start - far.south) / far.pixel, dy
    # Back to the last that is crossed before.
    stride = far.pixel / abs(ahead)
    start -= (passed - floor(passed) if ahead > 0.0 else floor(passed) + 1.0 - passed) * stride
    if not is_clear(
        far.heights, far.tops, far.highest, far.west, far.south, far.pixel, x, y, dx, dy, base, slope, start, stride
    ):
        return False
    east = far.west + (far.heights.shape[1] - 1) * far.pixel
    north = far.south + (far.heights.shape[0] - 1) * far.pixel
    # Where the line is lowest over the sphere that begins there.
    away = max(way_out(x, y, dx, dy, far.west, far.south, east, north), -slope * MOON_RADIUS)
    return base + slope * away + away * away / (2.0 * MOON_RADIUS) > far.beyond


@compiled
def way_out(x: float, y: float, dx: float, dy: float, west: float, south: float, east: float, north: float) -> float:
    """Return how far a point in a rectangle is from leaving it in a direction of length 1; 0 outside."""
    out = 1.0e12
    if dx > 0.0:
        out = min(out, (east - x) / dx)
    elif dx < 0.0:
        out = min(out, (west - x) / dx)
    if dy > 0.0:
        out = min(out, (north - y) / dy)
    elif dy < 0.0:
        out = min(out, (south - y) / dy)
    return max(out, 0.0)


@compiled
def is_clear(
    heights: NDArray[np.float32],
    tops: NDArray[np.float32],
    highest: float,
    west: float,
    south: float,
    pixel: float,
    x: float,
    y: float,
    dx: float,
    dy: float,
    base: float,
    slope: float,
    start: float,
    stride: float,
) -> bool:
    """Return whether a line of sight passes over the ground of one grid, up to where it leaves that.

    Parameters
    ----------
    dx, dy
        Its direction, of length 1.
    base, slope
        Its height at x, y, and metres gained a metre.
    start, stride
        Metres ahead, and between looks; the first is one stride from the start.
    """
    rows, columns = heights.shape[0], heights.shape[1]
    east, north = west + (columns - 1) * pixel, south + (rows - 1) * pixel
    step = 1
    # Ends: the looks go on in one direction, and there is a last one on the grid.
    while True:
        near, last = start + step * stride, start + (step + TILE - 1) * stride
        ax, ay, bx, by = x + dx * near, y + dy * near, x + dx * last, y + dy * last
        if not (west <= ax <= east and south <= ay <= north):
            return True
        drop = near * near / (2.0 * MOON_RADIUS)
        if slope >= 0.0 and base + slope * near + drop > highest + 1e-6:
            return True
        top = top_between(
            (ax - west) / pixel, (ay - south) / pixel, (bx - west) / pixel, (by - south) / pixel, tops, rows, columns
        )
        if top - drop + 1e-6 > min(base + slope * near, base + slope * last):
            for place in range(step, step + TILE):
                distance = start + place * stride
                here_x, here_y = x + dx * distance, y + dy * distance
                if here_x < west or here_x > east or here_y < south or here_y > north:
                    return True
                bulge = distance * distance / (2.0 * MOON_RADIUS)
                ground = height_at(here_x, here_y, heights, west, south, pixel)
                if ground - bulge > base + slope * distance:
                    return False
        step += TILE
