"""Whose colour is which: a line at the foot of the map."""

from __future__ import annotations

from typing import Final

from sim.viewer.lettering import Lettering
from sim.viewer.palette import BLACK, TEXT, WHITE
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour, Scene

_LEFT: Final = 16  # points
_FOOT: Final = 12
_ROW: Final = 17
_DOT: Final = 4.0
_MOST: Final = 0.2  # of the map's height; it is not drawn when it would take more
_GAP: Final = 13  # between two agencies


def agency_names(scene: Scene) -> list[tuple[Colour, str]]:
    """Return each colour with the names of those who have it."""
    names: dict[Colour, list[str]] = {}
    for agency, colour in scene.agencies:
        names.setdefault(colour, []).append(str(agency))
    return [(colour, ", ".join(agencies)) for colour, agencies in names.items()]


def draw_agency_key(
    target: pygame.Surface, scene: Scene, between: tuple[int, int], lettering: Lettering, density: int
) -> list[pygame.Rect]:
    """Draw it between two pixels across, in as many rows as it takes, where there is room; return the rows' places."""
    texts = [(colour, lettering.text(words, 11, TEXT, halo=True)) for colour, words in agency_names(scene)]
    start, last = between[0] + 2 * _LEFT * density, between[1] - _LEFT * density
    rows: list[list[tuple[int, Colour, pygame.Surface]]] = [[]]
    x = start
    for colour, text in texts:
        wide = text.width + round(3 * _DOT * density)
        if x + wide > last and rows[-1]:
            rows.append([])
            x = start
        rows[-1].append((x, colour, text))
        x += wide + _GAP * density
    if len(rows) * _ROW * density > _MOST * target.height:
        return []
    places = []
    for number, row in enumerate(reversed(rows)):
        y = target.height - (_FOOT + _ROW // 2 + number * _ROW) * density
        for left, colour, text in row:
            spot = (left + _DOT * density, y)
            for size, ink in ((2.0, BLACK), (1.0, WHITE), (0.0, colour)):
                pygame.draw.aacircle(target, ink, spot, (_DOT + size) * density)
            target.blit(text, (left + round(3 * _DOT * density), y - text.height // 2))
        if row:
            right = row[-1][0] + row[-1][2].width + round(3 * _DOT * density)
            places.append(pygame.Rect(start, y - _ROW * density // 2, right - start, _ROW * density))
    return places
