"""What is told when somebody asks of a rover or a task, on a plate over the map."""

from __future__ import annotations

from typing import Final

from fleet.core import MissionTime, format_elapsed
from sim.viewer.lettering import Lettering
from sim.viewer.palette import EDGE, FAINT, MUTED, PANEL, SUNLIGHT, TEXT, WHITE
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour, Story

_WIDTH: Final = 344  # points
_PAD: Final = 12
_LINE: Final = 16
_GAP: Final = 6  # above a heading
_NAMES: Final = 70  # points from the names of figures to their values
_LEAST: Final = 520  # points of map, below which there is no room


def draw_story(
    target: pygame.Surface, story: Story, time: MissionTime, lettering: Lettering, density: int
) -> pygame.Rect | None:
    """Draw a story into the upper right corner of the map; return its place, None where there is no room."""
    if target.width < _LEAST * density:
        return None
    pad, line = _PAD * density, _LINE * density
    inside = (_WIDTH - 2 * _PAD) * density
    rows: list[tuple[int, str, str, Colour]] = [
        (14, "", text, WHITE) for text in lettering.lines(story.title, inside, 14)
    ]
    rows += [(12, name, value, TEXT) for name, value in story.figures]
    for heading, paragraphs in (
        (story.heading, [("", text) for text in story.why]),
        ("Last words", [(format_elapsed(time.seconds(tick))[:-3], text) for tick, text in story.said]),
    ):
        if paragraphs:
            rows.append((12, "", heading, SUNLIGHT))
        for name, text in paragraphs:
            room = inside - (_NAMES * density if name else 0)
            for number, part in enumerate(lettering.lines(text, room, 12)):
                rows.append((12, name if number == 0 else " " if name else "", part, TEXT))
    rows = rows[: max(1, (target.height - 4 * pad) // line)]
    gaps = _GAP * density * sum(ink == SUNLIGHT for *_, ink in rows)
    box = pygame.Rect(0, 0, _WIDTH * density, len(rows) * line + gaps + 2 * pad)
    box.topright = (target.width - pad, pad)
    plate = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(plate, (*PANEL, 228), plate.get_rect(), border_radius=8 * density)
    pygame.draw.rect(plate, (*EDGE, 255), plate.get_rect(), density, border_radius=8 * density)
    target.blit(plate, box)
    y = box.y + pad
    for size, name, text, ink in rows:
        if ink == SUNLIGHT:
            y += _GAP * density
        left = box.x + pad
        if name:
            target.blit(lettering.text(name, 11, FAINT if name[0].isdigit() else MUTED), (left, y + density))
            left += _NAMES * density
        target.blit(lettering.fitted(text, box.right - pad - left, size, ink), (left, y))
        y += line
    return box
