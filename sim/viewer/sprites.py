"""Small pictures of rovers and work, drawn large once, shrunk smoothly, and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, degrees, pi, radians, sin, tau
from types import MappingProxyType
from typing import Final

from fleet.core import Path, Point
from sim.viewer.palette import BLACK, GREEN, MUTED, PURPLE, TASK_STATES, TEXT, VERMILLION, WHITE, battery_colour, mixed
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour
from sim.viewer.shapes import ICONS, turned

_OVER: Final = 4  # drawn this many times larger
_TURN: Final = 4  # degrees between two drawings of one marker
_KEPT: Final = 4000
_SMALL: Final = 0.7  # of a badge
_PALE: Final = 150  # of 255
_CROSS: Final = (((-0.9, -0.9), (0.9, 0.9)), ((-0.9, 0.9), (0.9, -0.9)))
#: Strokes in the corner of a badge: a tick, crosses, two bars.
_MARKS: Final[Mapping[str, tuple[Path, ...]]] = MappingProxyType(
    {
        "done": (((-1.1, 0.1), (-0.3, 0.9), (1.2, -0.9)),),
        "failed": _CROSS,
        "cancelled": _CROSS,
        "paused": (((-0.6, -1.0), (-0.6, 1.0)), ((0.6, -1.0), (0.6, 1.0))),
    }
)


class Sprites:
    """Makes markers and keeps them.

    Parameters
    ----------
    density
        Pixels for each point of the design.
    """

    def __init__(self, density: int = 1) -> None:
        self._density = density
        self._kept: dict[tuple[object, ...], pygame.Surface] = {}

    def _get(
        self, key: tuple[object, ...], size: float, draw: Callable[[pygame.Surface, float], None]
    ) -> pygame.Surface:
        sprite = self._kept.get(key)
        if sprite is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            side = round(size * self._density)
            large = pygame.Surface((side * _OVER, side * _OVER), pygame.SRCALPHA)
            draw(large, self._density * _OVER)
            sprite = self._kept[key] = pygame.transform.smoothscale(large, (side, side))
        return sprite

    def rover(self, outline: Path, colour: Colour, heading: float, size: float) -> pygame.Surface:
        """Return a vehicle's marker; `size` is half its length in points."""
        turn = round(degrees(heading) / _TURN) * _TURN % 360

        def draw(surface: pygame.Surface, unit: float) -> None:
            middle = surface.width / 2
            for grown, ink in ((3.2, BLACK), (1.6, WHITE), (0.0, colour)):
                points = turned(outline, radians(turn), (size + grown) * unit, (middle, middle))
                pygame.draw.polygon(surface, ink, points)
            nose = turned(((0.55, 0.0),), radians(turn), size * unit, (middle, middle))[0]
            pygame.draw.circle(surface, WHITE, nose, max(1.0, 0.17 * size * unit))

        return self._get(("rover", outline, colour, turn, round(size, 1)), 2.9 * (size + 4), draw)

    def battery(self, charge: float, size: float) -> pygame.Surface:
        """Return a dark disc whose rim is as full as the battery, clockwise from the top."""
        steps = round(charge * 40)

        def draw(surface: pygame.Surface, unit: float) -> None:
            middle = (surface.width / 2, surface.height / 2)
            thick = 2.6 * unit
            pygame.draw.circle(surface, (10, 12, 16, 165), middle, (size + 1.0) * unit)
            pygame.draw.circle(surface, (60, 66, 76, 200), middle, size * unit, round(thick))
            band = arc_band(middle, size * unit, thick, steps / 40)
            if len(band) > 2:
                pygame.draw.polygon(surface, battery_colour(charge), band)

        return self._get(("battery", steps, battery_colour(charge), round(size, 1)), 2 * (size + 2), draw)

    def task(
        self, kind: str, state: str, colour: Colour, *, strong: bool = True, small: bool = False
    ) -> pygame.Surface:
        """Return the badge of a task: hollow when open, half full when running, full with a tick when done."""

        def draw(surface: pygame.Surface, unit: float) -> None:
            middle, radius = surface.width / 2, 8.4 * unit
            pygame.draw.circle(surface, BLACK, (middle, middle), radius + 1.8 * unit)
            pygame.draw.circle(surface, mixed(colour, WHITE, 0.15), (middle, middle), radius + 0.4 * unit)
            pygame.draw.circle(surface, (28, 32, 39), (middle, middle), radius - 1.5 * unit)
            _fill_badge(surface, state, radius - 1.5 * unit)
            _draw_icon(surface, kind, radius * 0.52, WHITE if state in ("done", "failed") else TEXT, round(1.5 * unit))
            _mark_badge(surface, state, unit)

        sprite = self._get(("task", kind, state, colour), 26, draw)
        if strong and not small:
            return sprite
        key = ("task", kind, state, colour, strong, small)
        if key not in self._kept:
            side = round(sprite.width * (_SMALL if small else 1.0))
            self._kept[key] = pygame.transform.smoothscale(sprite, (side, side))
            self._kept[key].set_alpha(255 if strong else _PALE)
        return self._kept[key]


def arc_band(centre: Point, radius: float, width: float, share: float) -> list[Point]:
    """Return the outline of a ring's part, clockwise from the top.

    >>> len(arc_band((0.0, 0.0), 10.0, 2.0, 0.0))
    0
    """
    count = round(64 * min(share, 1.0))
    if count < 1:
        return []
    angles = [-pi / 2 + tau * min(share, 1.0) * index / count for index in range(count + 1)]
    outer = [(centre[0] + radius * cos(angle), centre[1] + radius * sin(angle)) for angle in angles]
    inside = radius - width
    inner = [(centre[0] + inside * cos(angle), centre[1] + inside * sin(angle)) for angle in reversed(angles)]
    return outer + inner


def _fill_badge(surface: pygame.Surface, state: str, radius: float) -> None:
    middle = surface.width / 2
    if state in ("done", "running", "failed"):
        pygame.draw.circle(surface, mixed(TASK_STATES[state], BLACK, 0.25), (middle, middle), radius)
    if state == "running":
        upper = pygame.Rect(0, 0, surface.width, int(middle))
        surface.set_clip(upper)
        pygame.draw.circle(surface, (28, 32, 39), (middle, middle), radius)
        surface.set_clip(None)


def _draw_icon(surface: pygame.Surface, kind: str, size: float, colour: Colour, width: int) -> None:
    middle = surface.width / 2
    for stroke in ICONS.get(kind, ICONS["deploy"]):
        points = [(middle + x * size, middle + y * size) for x, y in stroke]
        if stroke[0] == stroke[-1]:
            pygame.draw.polygon(surface, colour, points)
        else:
            pygame.draw.lines(surface, colour, False, points, max(1, width))
            for point in points:
                pygame.draw.circle(surface, colour, point, width * 0.45)


def _mark_badge(surface: pygame.Surface, state: str, unit: float) -> None:
    """Draw a tick, a cross or the bars of a pause in the lower right corner."""
    if state not in ("done", "failed", "cancelled", "paused"):
        return
    x, y, size = surface.width - 6.5 * unit, surface.width - 6.5 * unit, 2.4 * unit
    colour = {"done": GREEN, "failed": VERMILLION, "paused": PURPLE}.get(state, MUTED)
    pygame.draw.circle(surface, BLACK, (x, y), 6.2 * unit)
    pygame.draw.circle(surface, colour, (x, y), 5.2 * unit)
    for stroke in _MARKS[state]:
        points = [(x + right * size, y + down * size) for right, down in stroke]
        pygame.draw.lines(surface, WHITE, False, points, round(1.7 * unit))
