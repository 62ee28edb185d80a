"""Ground that is being drawn, corner by corner or as a box."""

from __future__ import annotations

from math import hypot
from typing import Final

from fleet.core import Path, Point
from sim.viewer.camera import Camera
from sim.viewer.lettering import Lettering
from sim.viewer.palette import BLACK, VERMILLION, WHITE
from sim.viewer.quiet import pygame

_NEAR: Final = 10.0  # points around the first corner, where a click ends the outline
_LEAST: Final = 3
MOST_SKETCHED: Final = 64  #: Corners.


def boxed(a: Point, b: Point) -> Path:
    """Return the corners of the box between two points of the ground.

    >>> boxed((4.0, 1.0), (0.0, 3.0))
    ((0.0, 1.0), (4.0, 1.0), (4.0, 3.0), (0.0, 3.0))
    """
    left, right, low, high = min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1])
    return ((left, low), (right, low), (right, high), (left, high))


def is_whole(sketch: Path) -> bool:
    """Whether it has corners enough to be ground."""
    return len(sketch) >= _LEAST


def ends_at(sketch: Path, camera: Camera, pixel: Point, density: int) -> bool:
    """Whether a click at this pixel of the map ends the outline."""
    if not is_whole(sketch):
        return False
    x, y = camera.to_screen(sketch[0])
    return hypot(x - pixel[0], y - pixel[1]) <= _NEAR * density


def draw_sketch(
    target: pygame.Surface, camera: Camera, corners: tuple[Path, Path], lettering: Lettering, density: int
) -> None:
    """Draw the outline so far.

    Parameters
    ----------
    corners
        Those that stand, and those that follow the pointer.
    """
    fixed, loose = corners
    points = camera.to_screen_all((*fixed, *loose))
    width = 2 * density
    if len(points) > 2:
        over = pygame.Surface(target.get_size(), pygame.SRCALPHA)
        pygame.draw.polygon(over, (*VERMILLION, 60), points)
        target.blit(over, (0, 0))
    if len(points) > 1:
        pygame.draw.lines(target, BLACK, len(points) > 2, points, width + 2)
        pygame.draw.lines(target, VERMILLION, len(points) > 2, points, width)
    for point in points[: len(fixed)]:
        pygame.draw.aacircle(target, BLACK, point, 5.5 * density)
        pygame.draw.aacircle(target, WHITE, point, 4.0 * density)
    words = "Click corners, or drag a box; Enter: done; Backspace: a corner back; Esc: leave it"
    text = lettering.text(words, 13, WHITE, halo=True)
    target.blit(text, text.get_rect(midtop=(target.width // 2, 14 * density)))
