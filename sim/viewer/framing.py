"""How a view is chosen that shows the fleet and its work, and hides none of it behind the compass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from fleet.core import Point
from sim.viewer.camera import Bounds, Camera
from sim.viewer.scene import Scene

_LEAST: Final = 120.0  # metres of ground, at least
_MARGIN: Final = 0.1  # share of the picture at each edge,
_NARROW: Final = 0.06  # and where the view is moved aside.
_DIAL: Final = (130.0, 140.0)  # points at the upper left, which the compass takes
_STEPS: Final = (1.0, 1.05, 1.1, 1.15, 1.2, 1.3)  # times as much ground, tried in turn


def scene_points(scene: Scene) -> list[Point]:
    """Return where the fleet is, and its work."""
    return [rover.point for rover in scene.rovers] + [place for task in scene.tasks for place in task.places]


def bounds_of(points: Sequence[Point]) -> Bounds:
    """Return ground that holds the points, and has some size; around the middle of the map where there are none.

    >>> bounds_of([])
    (-60.0, -60.0, 60.0, 60.0)
    >>> bounds_of([(0.0, 0.0), (200.0, 10.0)])
    (0.0, -55.0, 200.0, 65.0)
    """
    across, up = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    left, right, low, high = min(across), max(across), min(up), max(up)
    wider, higher = max(0.0, _LEAST - (right - left)) / 2, max(0.0, _LEAST - (high - low)) / 2
    return (left - wider, low - higher, right + wider, high + higher)


def framed(camera: Camera, points: Sequence[Point], density: int = 1) -> Camera:
    """Return the view that shows all points; aside, or from further off, where the compass would hide one.

    Parameters
    ----------
    density
        Pixels for each point of the design.
    """
    left, low, right, high = bounds_of(points)
    best = camera.fitted((left, low, right, high), _MARGIN)
    for step, (aside, down) in product(_STEPS, ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))):
        scale = best.scale * step
        spare = (
            max(0.0, best.width * (1 - 2 * _NARROW) - (right - left) / scale) / 2,
            max(0.0, best.height * (1 - 2 * _NARROW) - (high - low) / scale) / 2,
        )
        view = replace(best, scale=scale, x=best.x - aside * spare[0] * scale, y=best.y + down * spare[1] * scale)
        if not any(_is_hidden(view.to_screen(point), density) for point in points):
            return view
    return best


def _is_hidden(pixel: Point, density: int) -> bool:
    return pixel[0] < _DIAL[0] * density and pixel[1] < _DIAL[1] * density
