"""Where the parts of the picture lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.viewer.quiet import pygame

_PANEL: Final = 318  # points
_SCRUB: Final = 40
_NARROW: Final = 720  # below this width there is no panel
_GANTT: Final = 0.38  # share of the height
_LEAST: Final = 120  # points of map that the gantt leaves


@dataclass(frozen=True, slots=True)
class Layout:
    """Rectangles in pixels; a part that is not there has no width."""

    map: pygame.Rect
    panel: pygame.Rect
    scrub: pygame.Rect
    gantt: pygame.Rect


def layout(size: tuple[int, int], density: int = 1, *, scrub: bool = False, gantt: bool = False) -> Layout:
    """Return the parts of a picture of this size.

    >>> layout((1280, 800)).map
    Rect(0, 0, 962, 800)
    """
    width, height = size
    side = _PANEL * density if width >= _NARROW * density else 0
    foot = _SCRUB * density if scrub else 0
    rows = round(height * _GANTT) if gantt and height - foot > 2 * _LEAST * density else 0
    return Layout(
        map=pygame.Rect(0, 0, width - side, max(1, height - foot - rows)),
        panel=pygame.Rect(width - side, 0, side, height),
        scrub=pygame.Rect(0, height - foot, width - side if foot else 0, foot),
        gantt=pygame.Rect(0, height - foot - rows, width - side if rows else 0, rows),
    )
