"""The ground of a panel as an image: its colours, shaded by its slopes."""

from __future__ import annotations

from math import floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.viewer.chart.chart import Chart, Painting, Panel
from sim.viewer.relief import Grid, Image, draw_contours, hillshade, resampled, slopes, spline, to_image

_OVER: Final = 2  # squares of colour are drawn so many times larger, then shrunk
_CONTOUR_INK: Final = (0.28, 0.22, 0.16)


class Relief:
    """The shape of a chart's ground at one size of its maps, the same in all of them.

    Parameters
    ----------
    size
        Width and height in pixels.
    """

    def __init__(self, chart: Chart, heights: Grid, size: tuple[int, int]) -> None:
        ground = chart.ground
        self.size = size
        # Ground that is finer than the picture is averaged first, so that nothing in it flickers.
        self._thin = max(1, floor(min(ground.columns / size[0], ground.rows / size[1])))
        coarse = _averaged(heights[..., None], self._thin)[..., 0]
        rows = _places(size[1], ground.rows / self._thin)[::-1]
        columns = _places(size[0], ground.columns / self._thin)
        self._heights = resampled(spline(coarse), rows, columns)
        spacing = ground.columns * ground.pixel / size[0]
        self._right, self._up = slopes(self._heights, spacing)
        self._contours = chart.contours

    def image(self, panel: Panel) -> Image:
        """Return a panel's map, ``(H, W, 3)``, top row first."""
        colours = self._laid(panel.painting, smooth=panel.smooth)
        if panel.relief > 0.0:
            shade = hillshade(self._right, self._up, panel.light)
            tone = np.tanh((shade - 1.0) * 1.1) * np.where(shade < 1.0, 0.75, 0.42)
            colours *= (1.0 + panel.relief * tone[..., None]).astype(np.float32)
        if self._contours is not None:
            draw_contours(colours, self._heights, self._contours, ink=_CONTOUR_INK)
        return to_image(colours)

    def _laid(self, painting: Painting, *, smooth: bool) -> NDArray[np.float32]:
        """Return a painting at the size of the map, 0 to 1."""
        coarse = _averaged(painting, self._thin) / np.float32(255.0)
        rows, columns = coarse.shape[:2]
        if smooth:
            down = _places(self.size[1], rows)[::-1]
            across = _places(self.size[0], columns)
            channels = [_linear(coarse[..., channel], down, across) for channel in range(3)]
            return np.stack(channels, axis=-1).astype(np.float32)
        down = np.clip(np.rint(_places(self.size[1] * _OVER, rows)[::-1]), 0, rows - 1).astype(np.intp)
        across = np.clip(np.rint(_places(self.size[0] * _OVER, columns)), 0, columns - 1).astype(np.intp)
        large = coarse[down][:, across].reshape(self.size[1], _OVER, self.size[0], _OVER, 3)
        return np.ascontiguousarray(large.mean(axis=(1, 3)), np.float32)


def _places(pixels: int, cells: float) -> NDArray[np.float64]:
    """Return where the middles of pixels lie, counted in cells from the middle of the first."""
    places: NDArray[np.float64] = (np.arange(pixels, dtype=np.float64) + 0.5) * (cells / pixels) - 0.5
    return places


def _averaged(values: NDArray[np.generic], thin: int) -> NDArray[np.float32]:
    """Return the means of squares of `thin` cells; those at the upper and right end may hold fewer."""
    grid: NDArray[np.float32] = np.asarray(values, np.float32)
    if thin == 1:
        return grid
    for axis in (0, 1):
        starts = np.arange(0, grid.shape[axis], thin)
        counts = np.diff([*starts.tolist(), grid.shape[axis]]).astype(np.float32)
        sums = np.add.reduceat(grid, starts, axis=axis)
        grid = (sums / counts.reshape([-1 if at == axis else 1 for at in range(3)])).astype(np.float32)
    return grid


def _linear(grid: Grid, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Grid:
    lines = _along(grid, rows)
    return np.ascontiguousarray(_along(np.ascontiguousarray(lines.T), columns).T)


def _along(grid: Grid, places: NDArray[np.float64]) -> Grid:
    last = grid.shape[0] - 1
    places = np.clip(places, 0.0, float(last))
    low = np.minimum(np.floor(places).astype(np.intp), max(last - 1, 0))
    share = (places - low).astype(np.float32)[:, None]
    mixed: Grid = grid[low] * (1.0 - share) + grid[np.minimum(low + 1, last)] * share
    return mixed
