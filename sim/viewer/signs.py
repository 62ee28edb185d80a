"""Small signs: what is wrong with a rover, whether it stands or sleeps, and what ground was found."""

from __future__ import annotations

from math import cos, hypot, pi, sin
from typing import Final

from fleet.core import Point
from sim.viewer.palette import BLACK, ORANGE, SKY, VERMILLION, WHITE
from sim.viewer.quiet import pygame

_STROKES: Final = 12  # around steep ground,
_STROKE: Final = 0.72  # from its border to so much of its radius.
_DOTS: Final = 5.0  # points between the dots of soft ground
_ZED: Final = ((-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0))


def draw_fault(target: pygame.Surface, spot: Point, unit: int) -> None:
    """Draw the mark of a fault: a disc with an exclamation mark."""
    x, y = spot
    pygame.draw.aacircle(target, BLACK, spot, 6.5 * unit)
    pygame.draw.aacircle(target, VERMILLION, spot, 5.5 * unit)
    pygame.draw.line(target, WHITE, (x, y - 3.0 * unit), (x, y + 0.5 * unit), round(1.6 * unit))
    pygame.draw.aacircle(target, WHITE, (x, y + 2.8 * unit), 0.9 * unit)


def draw_bar(target: pygame.Surface, tower: Point, towed: Point, unit: int) -> None:
    """Draw the bar by which one rover tows another: a light line in a dark one."""
    pygame.draw.line(target, BLACK, tower, towed, 7 * unit)
    pygame.draw.line(target, WHITE, tower, towed, 3 * unit)


def draw_halt(target: pygame.Surface, spot: Point, unit: int, *, heeded: bool) -> None:
    """Draw a stop sign, an octagon with a bar; only its outline while the rover does not heed it."""
    for size, colour in ((9.5, BLACK), (8.5, WHITE), (7.0, VERMILLION if heeded else BLACK)):
        corners = [pi * (corner + 0.5) / 4.0 for corner in range(8)]
        ring = [(spot[0] + size * unit * cos(angle), spot[1] + size * unit * sin(angle)) for angle in corners]
        pygame.draw.polygon(target, colour, ring)
    bar = pygame.Rect(0, 0, round(8.0 * unit), round(2.4 * unit))
    bar.center = (round(spot[0]), round(spot[1]))
    pygame.draw.rect(target, WHITE, bar)


def draw_soft(target: pygame.Surface, spot: Point, radius: float, unit: int) -> None:
    """Draw soft ground as maps draw sand: dots within a thin line."""
    step = _DOTS * unit
    count = int(radius / step)
    for row in range(-count, count + 1):
        for column in range(-count, count + 1):
            x, y = (column + 0.5 * (row % 2)) * step, row * step
            if hypot(x, y) < radius - unit:
                pygame.draw.aacircle(target, ORANGE, (spot[0] + x, spot[1] + y), 0.8 * unit)
    pygame.draw.aacircle(target, ORANGE, spot, radius, unit)


def draw_steep(target: pygame.Surface, spot: Point, radius: float, unit: int) -> None:
    """Draw steep ground as maps draw a hollow: a line with short strokes inwards."""
    pygame.draw.aacircle(target, VERMILLION, spot, radius, unit)
    for stroke in range(_STROKES):
        angle = 2.0 * pi * stroke / _STROKES
        outer, inner = (
            (spot[0] + length * cos(angle), spot[1] + length * sin(angle)) for length in (radius, radius * _STROKE)
        )
        pygame.draw.aaline(target, VERMILLION, outer, inner)


def draw_spot(target: pygame.Surface, spot: Point, unit: int) -> None:
    """Draw the mark of a place that is asked about: crossed hairs."""
    pygame.draw.aacircle(target, BLACK, spot, 8.5 * unit, 3 * unit)
    pygame.draw.aacircle(target, WHITE, spot, 7.5 * unit, unit)
    for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        near, end = ((spot[0] + right * far * unit, spot[1] + down * far * unit) for far in (4.0, 12.0))
        pygame.draw.line(target, WHITE, near, end, unit)


def draw_sleep(target: pygame.Surface, spot: Point, unit: int) -> None:
    """Draw the mark of sleep: two letters z, as in comics."""
    pygame.draw.aacircle(target, BLACK, spot, 7.0 * unit)
    pygame.draw.aacircle(target, SKY, spot, 7.0 * unit, unit)
    for right, up, size in ((-2.2, -1.6, 2.3), (2.6, 2.2, 1.5)):
        strokes = [(spot[0] + (right + x * size) * unit, spot[1] - (up - y * size) * unit) for x, y in _ZED]
        pygame.draw.lines(target, WHITE, False, strokes, max(1, round(1.2 * unit)))


def draw_end(target: pygame.Surface, spot: Point, unit: int) -> None:
    """Draw the mark of a machine that does nothing any more: a cross."""
    size = 3.2 * unit
    pygame.draw.aacircle(target, BLACK, spot, 7.0 * unit)
    pygame.draw.aacircle(target, VERMILLION, spot, 6.0 * unit)
    for side in (1, -1):
        ends = ((spot[0] - size, spot[1] - side * size), (spot[0] + size, spot[1] + side * size))
        pygame.draw.line(target, WHITE, *ends, max(1, round(1.8 * unit)))
