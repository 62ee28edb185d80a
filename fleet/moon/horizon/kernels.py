"""The sweep that finds the horizon of every cell in one direction.

Only + - * / sqrt floor and comparisons, float32 where that is enough, so that compiled code and plain Python give the
same bits. Maps are turned so that sight goes towards growing columns, and rows grow to the left of it.
"""

from math import floor, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled
from fleet.moon.horizon.hull.kernels import find_tangents, keep_bulges, push
from fleet.terrain.sphere import MOON_RADIUS

REACH = 24  # Columns ahead from which on ground may be met by the hull; nearer ground is looked at point by point.
BLOCK = 16  # Cells of a line that ask the same hull together.
LANES = 16  # In a pixel of the ground around: lines of the map in one lane share the hull of that ground.
UNIT = 2.0**-14  # Radians: elevations are kept as multiples of it, 0.0035 degrees.
_CURVE = 1.0 / (2.0 * MOON_RADIUS)
_STEEP = np.float32(0.4)
_FAR_DOWN = np.float32(-1.0e9)


class Looks(NamedTuple):
    """Where the ground near a cell is looked at."""

    offsets: NDArray[np.int64]  #: (N, 4): rows of the lower and upper, columns of the left and right neighbour.
    weights: NDArray[np.float32]  #: (N, 6): of the four neighbours and the cell, 1/m; drop of a round Moon.


class Around(NamedTuple):
    """Coarser ground around the map; of shape (0, 0) when there is none. The map's centre is the origin."""

    heights: NDArray[np.float32]  #: (H, W), as it came.
    is_transposed: bool  #: Whether sight goes along its columns.
    is_reversed: bool  #: Whether sight goes towards its first row or column.
    pixel: float
    ahead: float  #: Of the first centre in the direction of sight, metres.
    left: float  #: Of the first centre aside.
    level: float  #: Taken off the map's heights.
    beyond: float  #: Height of the smooth sphere around all, the level taken off; at most that of the lowest border.


@compiled
def arctangent(slope: float) -> float:
    """Return the angle of a slope, within 1e-8 rad, without the maths library, whose last bit differs by platform."""
    halvings = 0
    while abs(slope) > 0.4:
        slope = slope / (1.0 + sqrt(1.0 + slope * slope))
        halvings += 1
    squared = slope * slope
    series = 1.0 / 15.0 - squared / 17.0
    for term in (13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0):
        series = 1.0 / term - squared * series
    angle = slope * series
    for _ in range(halvings):
        angle *= 2.0
    return angle


@compiled(error_model="numpy", nogil=True)
def sweep_horizon(
    heights: NDArray[np.float32], drift: float, pixel: float, looks: Looks, around: Around
) -> NDArray[np.int16]:
    """Return every cell's horizon towards growing columns, over the level plane at the map's centre.

    Parameters
    ----------
    heights
        (H, W) float32.
    drift
        Rows gained a column in the direction of sight, -1 to 1.

    Returns
    -------
    numpy.ndarray
        (H, W) int16, elevation in units of `UNIT`.

    Notes
    -----
    Heights are bilinear at the looks. Further ground is met where the nearest of parallel lines one row apart crosses
    columns, so at most half a row beside the line of sight.
    """
    slopes = np.empty(heights.shape, dtype=np.float32)
    nearby_slopes(heights, looks, slopes)
    raise_to_far_slopes(heights, drift, pixel, around, slopes)
    return elevations(heights, drift, pixel, around, slopes)


@compiled(error_model="numpy")
def nearby_slopes(heights: NDArray[np.float32], looks: Looks, slopes: NDArray[np.float32]) -> None:
    """Set the steepest slope to the ground at some distances; far down where the map ends at once."""
    rows, columns = heights.shape
    for row in range(rows):
        here, found = heights[row], slopes[row]
        for column in range(columns):
            found[column] = _FAR_DOWN
        for look in range(looks.offsets.shape[0]):
            low, high = row + looks.offsets[look, 0], row + looks.offsets[look, 1]
            left, right = looks.offsets[look, 2], looks.offsets[look, 3]
            count = columns - right
            if low < 0 or high >= rows or count <= 0:
                continue
            near_left, near_right = heights[low, left:], heights[low, right:]
            far_left, far_right = heights[high, left:], heights[high, right:]
            a, b, c = looks.weights[look, 0], looks.weights[look, 1], looks.weights[look, 2]
            d, e, drop = looks.weights[look, 3], looks.weights[look, 4], looks.weights[look, 5]
            if left == right:
                for column in range(count):
                    slope = near_left[column] * a + far_left[column] * c - here[column] * e - drop
                    best = found[column]
                    found[column] = slope if slope > best else best
            else:
                for column in range(count):
                    ground = near_left[column] * a + near_right[column] * b
                    ground += far_left[column] * c + far_right[column] * d
                    slope = ground - here[column] * e - drop
                    best = found[column]
                    found[column] = slope if slope > best else best


@compiled(error_model="numpy")
def raise_to_far_slopes(
    heights: NDArray[np.float32], drift: float, pixel: float, around: Around, slopes: NDArray[np.float32]
) -> None:
    """Raise slopes to those of ground more than `REACH` columns ahead, on the map and around it.

    Notes
    -----
    Along each line, going back from its far end, the upper hull of the ground ahead is kept on a stack: each point is
    pushed once and popped at most once. A cell's horizon is the tangent to it. A parabola taken off the heights makes
    the Moon's curvature part of the straight geometry.

    Source
    ------
    Timonen & Westerholm, "Scalable Height Field Self-Shadowing", Computer Graphics Forum 29(2), 2010. Deviations:
    curvature; the ground nearby is left out of the hull; the tangent starts at the cell, not on the line; and a block
    of neighbours asks the hull together, from its nearest point on.
    """
    rows, columns = heights.shape
    stretch = pixel / sqrt(1.0 + drift * drift)
    middle = ((columns - 1) / 2.0 + (rows - 1) / 2.0 * drift) * stretch
    # A line's crossing of a column lies between these rows, counted from the line's row at column 0.
    lower, upper, nearest = np.empty(columns, np.int64), np.empty(columns, np.int64), np.empty(columns, np.int64)
    part = np.empty(columns)
    crossings, centres = np.empty(columns), np.empty(columns)  # Metres along, for the line of row 0.
    for column in range(columns):
        lower[column] = floor(column * drift)
        part[column] = column * drift - lower[column]
        upper[column] = lower[column] + 1 if part[column] > 0.0 else lower[column]
        nearest[column] = floor(column * drift + 0.5)
        crossings[column] = column * pixel * sqrt(1.0 + drift * drift) - middle
        centres[column] = (column + nearest[column] * drift) * stretch - middle
    room = columns + _size_of(around)[1]
    hull, fine, distant = np.empty((2, room)), np.empty((2, room), np.float32), np.empty((2, room))
    ground, kept = np.empty(columns), np.empty(columns, np.int64)
    cells = np.empty((3, columns), np.float32)  # Along, height with the parabola taken off, steepest slope.
    distant_size, lane = 0, -(1 << 60)
    width = min(around.pixel, max(pixel, around.pixel / LANES))
    span = floor((columns - 1) * drift)
    for line in range(min(-span, 0) - 1, rows + max(-span, 0) + 1):
        if around.heights.size > 0:
            left = (line + (columns - 1) / 2.0 * drift - (rows - 1) / 2.0) * pixel
            if floor(left / width + 0.5) != lane:
                lane = floor(left / width + 0.5)
                end = _end_of_map(lane * width, drift, pixel, heights.shape, width) + around.pixel
                distant_size = hull_around(around, drift, lane * width, end, distant)
        size = distant_size
        for point in range(size):
            hull[0, point], hull[1, point] = distant[0, point], distant[1, point]
            fine[0, point], fine[1, point] = np.float32(distant[0, point]), np.float32(distant[1, point])
        along = line * drift * stretch
        # Columns in which the line, or the cells that are nearest to it, are on the map.
        first, last = 0, columns - 1
        while first <= last and not 0 <= line + nearest[first] < rows:
            first += 1
        while first <= last and not 0 <= line + nearest[last] < rows:
            last -= 1
        low, high = first, last
        while low <= high and not (line + lower[low] >= 0 and line + upper[low] < rows):
            low += 1
        while low <= high and not (line + lower[high] >= 0 and line + upper[high] < rows):
            high -= 1
        for column in range(low, high + 1):
            s = along + crossings[column]
            g = np.float64(heights[line + lower[column], column])
            g += (np.float64(heights[line + upper[column], column]) - g) * part[column]
            ground[column] = g - s * s * _CURVE
        for column in range(first, last + 1):
            s = along + centres[column]
            cells[0, column] = np.float32(s)
            cells[1, column] = np.float32(np.float64(heights[line + nearest[column], column]) - s * s * _CURVE)
            cells[2, column] = _FAR_DOWN
        point = keep_bulges(ground, low, high, kept) - 1
        for start in range(last // BLOCK * BLOCK, first - BLOCK, -BLOCK):
            begin, end_of_block = max(start, first), min(start + BLOCK, last + 1)
            while point >= 0 and kept[point] >= start + BLOCK + REACH:
                column = kept[point]
                size = push(hull, size, along + crossings[column], ground[column])
                fine[0, size - 1], fine[1, size - 1] = np.float32(hull[0, size - 1]), np.float32(hull[1, size - 1])
                point -= 1
            if size > 0 and begin < end_of_block:
                find_tangents(fine, size, cells[:, begin:end_of_block])
        for column in range(first, last + 1):
            slope = cells[2, column] + cells[0, column] * np.float32(2.0 * _CURVE)
            row = line + nearest[column]
            slopes[row, column] = max(slope, slopes[row, column])


@compiled
def _end_of_map(left: float, drift: float, pixel: float, shape: tuple[int, int], width: float) -> float:
    """Return how far ahead of the map's centre no line of a lane so wide is on the map any more."""
    ahead, aside = (shape[1] - 1) / 2.0 * pixel, (shape[0] - 1) / 2.0 * pixel
    end = ahead
    if drift > 0.0:
        end = min(end, (aside - left + width / 2.0) / drift)
    elif drift < 0.0:
        end = min(end, (aside + left + width / 2.0) / -drift)
    return max(end, -ahead)


@compiled
def _size_of(around: Around) -> tuple[int, int]:
    """Return rows and columns of the ground around as sight has them."""
    rows, columns = around.heights.shape
    return (columns, rows) if around.is_transposed else (rows, columns)


@compiled
def hull_around(around: Around, drift: float, left: float, end: float, hull: NDArray[np.float64]) -> int:
    """Fill the upper hull of the ground around the map along one line; return how many points it has.

    Parameters
    ----------
    left
        Of the line at the map's centre, metres.
    end
        Metres ahead of the map's centre up to which ground is not looked at: the map's own, and a pixel more.
    """
    rows, columns = _size_of(around)
    norm = sqrt(1.0 + drift * drift)
    size = 0
    for column in range(columns - 1, -1, -1):
        ahead = around.ahead + column * around.pixel
        if ahead <= end:
            break
        aside = left + drift * ahead
        place = (aside - around.left) / around.pixel
        low = floor(place)
        part = place - low
        high = low + 1 if part > 0.0 else low
        if low >= 0 and high < rows:
            there = columns - 1 - column if around.is_reversed else column
            if around.is_transposed:
                lower, upper = around.heights[there, low], around.heights[there, high]
            else:
                lower, upper = around.heights[low, there], around.heights[high, there]
            s = (ahead + drift * aside) / norm
            g = np.float64(lower) + (np.float64(upper) - np.float64(lower)) * part - around.level - s * s * _CURVE
            size = push(hull, size, s, g)
    return size


@compiled(error_model="numpy")
def elevations(
    heights: NDArray[np.float32], drift: float, pixel: float, around: Around, slopes: NDArray[np.float32]
) -> NDArray[np.int16]:
    """Return slopes as elevations over the level plane at the map's centre, raised to those of the sphere around."""
    rows, columns = heights.shape
    norm = sqrt(1.0 + drift * drift)
    # How far ahead of the map's centre sight leaves all ground, straight on and on either side.
    ends, low, high = (columns - 1) / 2.0 * pixel, -(rows - 1) / 2.0 * pixel, (rows - 1) / 2.0 * pixel
    if around.heights.size > 0:
        far_rows, far_columns = _size_of(around)
        ends = around.ahead + (far_columns - 1) * around.pixel
        low, high = around.left, around.left + (far_rows - 1) * around.pixel
    beyond, curve = np.float32(around.beyond), np.float32(_CURVE)
    nothing, bend = np.float32(0.0), np.float32(2.0 * MOON_RADIUS)
    result = np.empty((rows, columns), dtype=np.int16)
    edges, turns = np.empty(columns, np.float32), np.empty(columns, np.float32)
    for row in range(rows):
        left = (row - (rows - 1) / 2.0) * pixel
        aside = 1.0e12
        if drift > 0.0:
            aside = (high - left) / drift
        elif drift < 0.0:
            aside = (low - left) / drift
        for column in range(columns):
            ahead = (column - (columns - 1) / 2.0) * pixel
            edges[column] = np.float32(max(min(ends - ahead, aside), 0.001) * norm)
            turns[column] = np.float32((ahead + left * drift) / norm * (2.0 * _CURVE))
        here, found, angles = heights[row], slopes[row], result[row]
        for column in range(columns):
            # The sphere is seen at its edge, or further on where it bends out of sight.
            rise = beyond - here[column]
            deep = -rise if rise < nothing else nothing
            away = np.sqrt(deep * bend)
            edge = edges[column]
            away = away if away > edge else edge
            slope = rise / away - away * curve
            best = found[column]
            slope = (slope if slope > best else best) - turns[column]
            found[column] = slope
            slope = slope if slope < _STEEP else _STEEP
            slope = slope if slope > -_STEEP else -_STEEP
            angles[column] = to_units(slope * shallow_angle(slope * slope))
        for column in range(columns):
            if abs(found[column]) > _STEEP:
                angles[column] = to_units(np.float32(arctangent(np.float64(found[column]))))
    return result


@compiled
def shallow_angle(squared: np.float32) -> np.float32:
    """Return the angle of a slope as a share of it, from its square, for slopes up to 0.4."""
    series = np.float32(1.0 / 13.0)
    series = np.float32(1.0 / 11.0) - squared * series
    series = np.float32(1.0 / 9.0) - squared * series
    series = np.float32(1.0 / 7.0) - squared * series
    series = np.float32(1.0 / 5.0) - squared * series
    series = np.float32(1.0 / 3.0) - squared * series
    return np.float32(1.0) - squared * series


@compiled
def to_units(angle: np.float32) -> np.int16:
    """Return the nearest multiple of `UNIT`, as an integer."""
    return np.int16(np.int32(angle * np.float32(1.0 / UNIT) + np.float32(32768.5)) - 32768)
