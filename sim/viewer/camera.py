"""Where the picture looks: a similarity between ground and screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fleet.core import Point

Bounds = tuple[float, float, float, float]  #: x and y of the lower left, x and y of the upper right, metres.

CLOSEST = 0.005  #: Metres a pixel, at the nearest.
FARTHEST = 500.0
_FEW = 30  # points, below which numpy takes longer than a plain loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A view straight down, map up.

    >>> camera = Camera(x=0.0, y=0.0, scale=2.0, width=100, height=60)
    >>> camera.to_screen((10.0, 10.0))
    (55.0, 25.0)
    >>> camera.to_ground((55.0, 25.0))
    (10.0, 10.0)
    """

    x: float  #: Ground under the middle of the picture.
    y: float
    scale: float  #: Metres a pixel.
    width: int  #: Pixels.
    height: int

    def to_screen(self, point: Point) -> Point:
        """Return the pixel over a point of the ground."""
        return (
            (point[0] - self.x) / self.scale + self.width / 2,
            (self.y - point[1]) / self.scale + self.height / 2,
        )

    def to_screen_all(self, points: Sequence[Sequence[float]]) -> list[Point]:
        """Return the pixels over many points at once.

        >>> Camera(x=0.0, y=0.0, scale=2.0, width=100, height=60).to_screen_all([(10.0, 10.0)])
        [(55.0, 25.0)]
        """
        if len(points) < _FEW:
            left, top = self.width / 2 - self.x / self.scale, self.height / 2 + self.y / self.scale
            return [(left + x / self.scale, top - y / self.scale) for x, y, *_ in points]
        places = np.asarray(points, np.float64)
        across = (places[:, 0] - self.x) / self.scale + self.width / 2
        down = (self.y - places[:, 1]) / self.scale + self.height / 2
        return list(zip(across.tolist(), down.tolist(), strict=True))

    def to_ground(self, pixel: Point) -> Point:
        """Return the point of the ground under a pixel."""
        return (
            self.x + (pixel[0] - self.width / 2) * self.scale,
            self.y - (pixel[1] - self.height / 2) * self.scale,
        )

    @property
    def bounds(self) -> Bounds:
        """The ground in view."""
        half_width, half_height = self.width * self.scale / 2, self.height * self.scale / 2
        return (self.x - half_width, self.y - half_height, self.x + half_width, self.y + half_height)

    def zoomed(self, factor: float, pixel: Point | None = None) -> Camera:
        """Return the view `factor` times closer, with the ground under `pixel` staying there.

        >>> Camera(x=0.0, y=0.0, scale=2.0, width=100, height=60).zoomed(2.0, (100.0, 30.0))
        Camera(x=50.0, y=0.0, scale=1.0, width=100, height=60)
        """
        scale = min(max(self.scale / factor, CLOSEST), FARTHEST)
        if pixel is None:
            return replace(self, scale=scale)
        x, y = self.to_ground(pixel)
        return replace(
            self,
            scale=scale,
            x=x - (pixel[0] - self.width / 2) * scale,
            y=y + (pixel[1] - self.height / 2) * scale,
        )

    def panned(self, right: float, down: float) -> Camera:
        """Return the view moved over the ground by so many pixels."""
        return replace(self, x=self.x + right * self.scale, y=self.y - down * self.scale)

    def centred(self, point: Point) -> Camera:
        """Return the view with `point` in the middle."""
        return replace(self, x=point[0], y=point[1])

    def resized(self, width: int, height: int) -> Camera:
        """Return the view in a picture of another size, at the same scale."""
        return replace(self, width=max(1, width), height=max(1, height))

    def widened(self, share: float) -> Camera:
        """Return the view with so much more of the picture beyond each edge.

        >>> wide = Camera(x=0.0, y=0.0, scale=2.0, width=100, height=60).widened(0.1)
        >>> wide.width, wide.height
        (120, 72)
        """
        return self.resized(round(self.width * (1 + 2 * share)), round(self.height * (1 + 2 * share)))

    def within(self, wide: Camera) -> tuple[int, int] | None:
        """Return where this view begins in a wider one of the same scale, in pixels; None where it is not all in it."""
        if wide.scale != self.scale:
            return None
        left, top = (round(side) for side in wide.to_screen(self.to_ground((0.0, 0.0))))
        inside = 0 <= left <= wide.width - self.width and 0 <= top <= wide.height - self.height
        return (left, top) if inside else None

    def enlarged(self, factor: int) -> Camera:
        """Return the same view of the ground in `factor` times as many pixels each way."""
        return replace(self, scale=self.scale / factor, width=self.width * factor, height=self.height * factor)

    def fitted(self, bounds: Bounds, margin: float = 0.06) -> Camera:
        """Return the view that just shows `bounds`, with a margin as a share of the picture."""
        left, low, right, high = bounds
        room = 1.0 - 2.0 * margin
        scale = max((right - left) / (self.width * room), (high - low) / (self.height * room))
        return replace(self, x=(left + right) / 2, y=(low + high) / 2, scale=min(max(scale, CLOSEST), FARTHEST))
