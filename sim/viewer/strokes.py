"""Lines for a premultiplied overlay: smooth, dashed, fading."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from fleet.core import Point
from sim.viewer.quiet import pygame

Ink = tuple[int, int, int, int]


def stroke(surface: pygame.Surface, ink: Ink, points: Sequence[Point], width: float = 1.0) -> None:
    """Draw a smooth line through the points."""
    if len(points) < 2:
        return
    if width <= 1.5:
        pygame.draw.aalines(surface, ink, False, points)
    else:
        for a, b in pairwise(points):
            pygame.draw.aaline(surface, ink, a, b, round(width))


def dashes(points: Sequence[Point], on: float, off: float) -> list[tuple[Point, Point]]:
    """Return the drawn parts of a dashed line; a dash never bends around a corner.

    >>> dashes([(0.0, 0.0), (10.0, 0.0)], 4.0, 2.0)
    [((0.0, 0.0), (4.0, 0.0)), ((6.0, 0.0), (10.0, 0.0))]
    """
    drawn: list[tuple[Point, Point]] = []
    phase = 0.0
    for (ax, ay), (bx, by) in pairwise(points):
        length = hypot(bx - ax, by - ay)
        if length == 0.0:
            continue
        ux, uy = (bx - ax) / length, (by - ay) / length
        start = -phase
        while start < length:
            first, last = max(start, 0.0), min(start + on, length)
            if last > first:
                drawn.append(((ax + ux * first, ay + uy * first), (ax + ux * last, ay + uy * last)))
            start += on + off
        phase = (phase + length) % (on + off)
    return drawn


def in_view(points: Sequence[Point], rect: pygame.Rect) -> list[Sequence[Point]]:
    """Return the runs of consecutive points whose segments may touch the picture.

    >>> in_view([(0.0, 0.0), (5.0, 5.0), (500.0, 5.0), (900.0, 5.0)], pygame.Rect(0, 0, 10, 10))
    [[(0.0, 0.0), (5.0, 5.0), (500.0, 5.0)]]
    """
    if not points:
        return []
    across, down = [x for x, _ in points], [y for _, y in points]
    if rect.left <= min(across) and max(across) < rect.right and rect.top <= min(down) and max(down) < rect.bottom:
        return [points]
    runs: list[Sequence[Point]] = []
    run: list[Point] = []
    for a, b in pairwise(points):
        if rect.clipline(a, b) or rect.collidepoint(a) or rect.collidepoint(b):
            run = run or [a]
            run.append(b)
        elif run:
            runs.append(run)
            run = []
    if run:
        runs.append(run)
    return runs
