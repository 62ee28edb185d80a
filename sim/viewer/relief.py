"""Heights and sunlight to an image of the ground, in plain arrays.

The Sun's azimuth is the true one. Its elevation is raised before shading, since at two to seven degrees every slope
that turns away would be black; the cast shadows, which come as a light map, stay true.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, floor, log10, radians, sin
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.terrain.surface import gradients
from fleet.terrain.surface import shading as lambert
from sim.viewer.kernels import painted_ground

Grid: TypeAlias = NDArray[np.float32]
Image: TypeAlias = NDArray[np.uint8]
Places: TypeAlias = NDArray[np.float64]

_SHADING_ELEVATION: Final = (radians(11.0), 0.9)  # at the horizon, and gained per radian of true elevation
_POLE: Final = 3.0**0.5 - 2.0
_FLAT: Final = 0.45  # brightness of level ground in sunlight
_LIT_TINT: Final = (1.03, 1.0, 0.945)
_SHADOW_TINT: Final = (0.80, 0.94, 1.20)
_LOW_TINT: Final = (0.94, 0.985, 1.05)
_HIGH_TINT: Final = (1.055, 1.005, 0.945)
_CONTOUR: Final = (1.0, 0.80, 0.52)
_LINES: Final = ((1.0, 0.28), (5.0, 0.30))  # intervals between two lines, and their strength
_TONES: Final = 1025
_NICE: Final = (1.0, 2.0, 5.0, 10.0)


def spline(heights: Grid) -> Grid:
    """Return the coefficients of the cubic B-spline through the heights: smooth in slope, so that shading has no seams.

    Source
    ------
    Unser, "Splines: a perfect fit for signal and image processing", IEEE Signal Proc. Mag. 16(6), 1999, box 2, with
    the sum at the start in closed form over one period of the mirrored line.
    """
    return _filtered(_filtered(heights).T).T


def _filtered(grid: Grid) -> Grid:
    if len(grid) == 1:
        return grid
    lines = grid.astype(np.float64) * 6.0
    period = 2 * len(lines) - 2
    powers = _POLE ** np.arange(period, dtype=np.float64)
    mirrored = np.concatenate([lines, lines[-2:0:-1]])
    lines[0] = (mirrored * powers[:, None]).sum(axis=0) / (1.0 - _POLE**period)
    for line in range(1, len(lines)):
        lines[line] += _POLE * lines[line - 1]
    lines[-1] = _POLE / (_POLE * _POLE - 1.0) * (lines[-1] + _POLE * lines[-2])
    for line in range(len(lines) - 2, -1, -1):
        lines[line] = _POLE * (lines[line + 1] - lines[line])
    return lines.astype(np.float32)


def resampled(coefficients: Grid, rows: Places, columns: Places) -> Grid:
    """Return what a spline's coefficients give at the crossings of fractional rows and columns; held at the edges.

    >>> ramp = np.arange(400, dtype=np.float32).reshape(20, 20)
    >>> resampled(spline(ramp), np.array([9.0, 9.5]), np.array([4.0])).round(3).ravel().tolist()
    [184.0, 194.0]
    """
    lines = _along(coefficients, rows)
    return np.ascontiguousarray(_along(np.ascontiguousarray(lines.T), columns).T)


def _along(coefficients: Grid, places: Places) -> Grid:
    last = coefficients.shape[0] - 1
    places = np.clip(places, 0.0, last)
    first = np.floor(places).astype(np.intp)
    t = (places - first).astype(np.float32)[:, None]
    rest = 1.0 - t
    taps = (
        rest * rest * rest / 6.0,
        (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0,
        (3.0 * rest * rest * rest - 6.0 * rest * rest + 4.0) / 6.0,
        t * t * t / 6.0,
    )
    total = np.zeros((len(places), coefficients.shape[1]), np.float32)
    for offset, weight in enumerate(taps):
        # Mirrored at the edges, as the coefficients are.
        lines = np.maximum(last - np.abs(last - np.abs(first + (offset - 1))), 0)
        total += coefficients[lines] * weight
    return total


def softened(light: Grid) -> Grid:
    """Return a map of light whose shadows have round edges instead of the steps of the grid."""
    padded = np.pad(light, 1, mode="edge")
    down = (padded[:-2] + 2.0 * padded[1:-1] + padded[2:]) * np.float32(0.25)
    soft: Grid = ((down[:, :-2] + 2.0 * down[:, 1:-1] + down[:, 2:]) * 0.25).astype(np.float32)
    return soft


def shadow_edge(light: Grid) -> Grid:
    """Return softened light with its contrast given back."""
    edge: Grid = np.clip((light - np.float32(0.25)) * np.float32(2.0), 0.0, 1.0)
    return edge


def slopes(heights: Grid, spacing: float) -> tuple[Grid, Grid]:
    """Return the rise per metre to the right and up; row 0 of `heights` is the top of the picture."""
    right, down = gradients(heights, spacing)
    return right, -down


def _raised(elevation: float) -> float:
    return _SHADING_ELEVATION[0] + _SHADING_ELEVATION[1] * max(elevation, 0.0)


def hillshade(right: Grid, up: Grid, sun: tuple[float, float]) -> Grid:
    """Return brightness relative to level ground, which is 1; `sun` is heading and elevation in radians."""
    heading, elevation = sun
    raised = _raised(elevation)
    return lambert(right, up, heading=heading, elevation=raised) / np.float32(sin(raised))


def toned(shade: Grid) -> Grid:
    """Return how bright ground is drawn: the dark opened, the very bright held back."""
    tone = np.power(shade, np.float32(0.85)) * np.float32(_FLAT)
    held: Grid = tone / (1.0 + 0.45 * np.maximum(tone - 0.55, 0.0))
    return held


@dataclass(frozen=True, slots=True, kw_only=True)
class Shading:
    """How ground is painted at one moment."""

    sun: tuple[float, float]  #: Heading and elevation, radians.
    span: tuple[float, float]  #: Heights that get the coldest and the warmest tone.
    light: Grid | None = None  #: Share of the Sun's disc, 0 to 1, of the heights' shape; None for no cast shadows.
    contours: float = 0.0  #: Metres between two lines of equal height; 0 for none.
    width: float = 1.0  #: Of these lines, pixels.


def painted(heights: Grid, right: Grid, up: Grid, shading: Shading) -> Image:
    """Return the picture of the ground, by compiled code: what `hillshade`, `tinted` and `draw_contours` give."""
    heading, elevation = shading.sun
    raised = _raised(elevation)
    toward = (cos(raised) * cos(heading) / sin(raised), cos(raised) * sin(heading) / sin(raised), 1.0)
    lines = [_CONTOUR]
    if shading.contours > 0.0 and min(heights.shape) > 1:
        for times, strength in _LINES:
            lines.append((shading.contours * times, strength, shading.width / 2.0))
    low, high = shading.span
    image: Image = painted_ground(
        heights,
        right,
        up,
        np.empty((0, 0), np.float32) if shading.light is None else shading.light,
        np.array(toward),
        np.array((low, low + max(high - low, 1e-6))),
        toned(np.linspace(0.0, 6.0, _TONES, dtype=np.float32)).astype(np.float64),
        np.array((_LIT_TINT, _SHADOW_TINT, _LOW_TINT, _HIGH_TINT)),
        np.array(lines),
    )
    return image


def tinted(shade: Grid, heights: Grid, light: Grid | None, span: tuple[float, float]) -> NDArray[np.float32]:
    """Return the colours, ``(H, W, 3) float32`` from 0 to 1.

    Parameters
    ----------
    shade, heights, light
        Of one shape; `light` is the share of the Sun's disc from 0 to 1, None for no cast shadows.
    span
        Heights that get the coldest and the warmest tone.
    """
    tone = toned(shade)
    height = np.clip((heights - span[0]) / max(span[1] - span[0], 1e-6), 0.0, 1.0).astype(np.float32)
    tone *= 0.92 + 0.16 * height
    dark = 0.062 + 0.20 * tone
    colours = np.empty((*shade.shape, 3), np.float32)
    for channel in range(3):
        lit = tone * np.float32(_LIT_TINT[channel])
        if light is not None:
            shadow = dark * np.float32(_SHADOW_TINT[channel])
            lit = shadow + (lit - shadow) * light
        low, high = _LOW_TINT[channel], _HIGH_TINT[channel]
        colours[..., channel] = lit * (low + (high - low) * height)
    return colours


def contour_interval(span: tuple[float, float], lines: int = 24) -> float:
    """Return a round step in metres that gives about so many lines.

    >>> contour_interval((0.0, 100.0))
    5.0
    """
    step = max((span[1] - span[0]) / lines, 1e-3)
    decade = 10.0 ** floor(log10(step))
    return next(decade * nice for nice in _NICE if decade * nice >= step * 0.999)


def draw_contours(
    colours: NDArray[np.float32],
    heights: Grid,
    interval: float,
    width: float = 1.0,
    *,
    ink: tuple[float, float, float] = _CONTOUR,
) -> None:
    """Draw lines of equal height into the colours; each fifth is stronger."""
    if min(heights.shape) < 2:
        return
    down, right = np.gradient(heights)
    steep = np.maximum(np.sqrt(down * down + right * right), 1e-6)
    for times, strength in _LINES:
        step = interval * times
        off = np.abs(heights - np.round(heights / step) * step) / steep
        cover = (np.clip(0.5 + width / 2 - off, 0.0, 1.0) * strength).astype(np.float32)[..., None]
        colours += (np.array(ink, np.float32) - colours) * cover


def to_image(colours: NDArray[np.float32]) -> Image:
    """Return 8-bit colours."""
    return (np.clip(colours, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
