"""The hot loop of the picture of the ground; `sim.viewer.relief` says the same in whole arrays."""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled


@compiled
def painted_ground(
    heights: NDArray[np.float32],
    right: NDArray[np.float32],
    up: NDArray[np.float32],
    light: NDArray[np.float32],
    sun: NDArray[np.float64],
    span: NDArray[np.float64],
    tone: NDArray[np.float64],
    tints: NDArray[np.float64],
    contours: NDArray[np.float64],
) -> NDArray[np.uint8]:
    """Return the colours of ground in sunlight, ``(H, W, 3) uint8``.

    Parameters
    ----------
    heights, right, up
        Metres, and rise per metre to the right and up, (H, W).
    light
        Share of the Sun's disc from 0 to 1, (H, W), or (0, 0) for no cast shadows.
    sun
        Toward the light, which is as bright on level ground as 1: right, up, and above, (3,).
    span
        Heights of the coldest and the warmest tone, metres, (2,).
    tone
        Brightness at shades of 0 to 6 in equal steps, (N,); brighter ones are as the last.
    tints
        Lit, shadow, low and high, each red, green, blue, (4, 3).
    contours
        Ink red, green, blue, and rows of interval in metres, strength, half width in pixels, (1 + N, 3).
    """
    rows, columns = heights.shape
    colours = np.empty((rows, columns, 3), dtype=np.uint8)
    shaded = light.shape[0] == rows
    steps = tone.shape[0] - 1
    for row in range(rows):
        above, below = max(row - 1, 0), min(row + 1, rows - 1)
        for column in range(columns):
            a, b, height = right[row, column], up[row, column], heights[row, column]
            toward = sun[2] - sun[0] * a - sun[1] * b
            shade = max(toward, 0.0) / sqrt(1.0 + a * a + b * b)
            place = min(shade / 6.0, 1.0) * steps
            low = min(floor(place), steps - 1)
            bright = tone[low] + (tone[low + 1] - tone[low]) * (place - low)
            warm = min(max((height - span[0]) / (span[1] - span[0]), 0.0), 1.0)
            bright *= 0.92 + 0.16 * warm
            dark = 0.062 + 0.20 * bright
            lit = light[row, column] if shaded else 1.0
            rest, inked = 1.0, 0.0  # Shares of the ground's own colour and of the contours' ink.
            if contours.shape[0] > 1:
                before, after = max(column - 1, 0), min(column + 1, columns - 1)
                down_rise = (heights[below, column] - heights[above, column]) / max(below - above, 1)
                right_rise = (heights[row, after] - heights[row, before]) / max(after - before, 1)
                steep = max(sqrt(down_rise * down_rise + right_rise * right_rise), 1e-6)
                for line in range(1, contours.shape[0]):
                    interval = contours[line, 0]
                    off = abs(height - floor(height / interval + 0.5) * interval) / steep
                    cover = min(max(0.5 + contours[line, 2] - off, 0.0), 1.0) * contours[line, 1]
                    inked += cover * (1.0 - inked)
                    rest *= 1.0 - cover
            for channel in range(3):
                value = bright * tints[0, channel]
                if shaded:
                    shadow = dark * tints[1, channel]
                    value = shadow + (value - shadow) * lit
                value *= tints[2, channel] + (tints[3, channel] - tints[2, channel]) * warm
                value = value * rest + contours[0, channel] * inked
                colours[row, column, channel] = int(min(max(value, 0.0), 1.0) * 255.0 + 0.5)
    return colours
