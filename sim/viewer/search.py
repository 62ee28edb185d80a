"""Finding rovers and tasks by a part of their name."""

from __future__ import annotations

from typing import Final

from fleet.core import Point, RoverId, TaskId
from sim.viewer.lettering import Lettering
from sim.viewer.palette import EDGE, MUTED, PANEL, RAISED, SUNLIGHT, TEXT
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene

_SHOWN: Final = 7
_WIDTH: Final = 320  # points
_LINE: Final = 20
_PAD: Final = 10

Search = tuple[str, int]  #: What was typed, and which of what was found is meant.
Found = tuple[RoverId | None, TaskId | None, str]  #: The rover or the task, and what is shown of it.


def matches(scene: Scene, text: str) -> list[Found]:
    """Return rovers and tasks whose name or title has the text in it; those that begin with it come first."""
    wanted = text.casefold().strip()
    found: list[tuple[bool, int, Found]] = []
    for number, rover in enumerate(scene.rovers):
        if wanted in rover.id.casefold():
            found.append((not rover.id.casefold().startswith(wanted), number, (rover.id, None, str(rover.id))))
    for number, task in enumerate(scene.tasks, len(scene.rovers)):
        if wanted in task.id.casefold() or wanted in task.title.casefold():
            found.append(
                (not task.id.casefold().startswith(wanted), number, (None, task.id, f"{task.id}: {task.title}"))
            )
    return [hit for _, _, hit in sorted(found, key=lambda item: item[:2])]


def _box(land: pygame.Rect, count: int, density: int) -> pygame.Rect:
    box = pygame.Rect(0, 0, min(_WIDTH * density, land.width), _LINE * density * (1 + max(1, min(count, _SHOWN))))
    box.height += 2 * _PAD * density
    box.midtop = (land.width // 2, 20 * density)
    return box


def _first(chosen: int) -> int:
    """Return the first hit that is shown, so that the chosen one is."""
    return max(0, chosen + 1 - _SHOWN)


def found_at(scene: Scene, search: Search, land: pygame.Rect, density: int, pixel: Point) -> int | None:
    """Return the number of the hit that a pixel of the map is on, None where that is none."""
    count = len(matches(scene, search[0]))
    box = _box(land, count, density)
    row = int((pixel[1] - box.y) // density - _PAD) // _LINE - 1
    number = _first(search[1]) + row
    return number if box.collidepoint(pixel) and 0 <= row < _SHOWN and number < count else None


def draw_search(target: pygame.Surface, scene: Scene, search: Search, lettering: Lettering, density: int) -> None:
    """Draw the field with what was typed, and what was found so far; the bright one is what Enter takes."""
    text, chosen = search
    found = matches(scene, text)
    line, pad = _LINE * density, _PAD * density
    box = _box(target.get_rect(), len(found), density)
    plate = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(plate, (*PANEL, 238), plate.get_rect(), border_radius=8 * density)
    pygame.draw.rect(plate, (*EDGE, 255), plate.get_rect(), density, border_radius=8 * density)
    target.blit(plate, box)
    count = lettering.text(f"{chosen + 1} of {len(found)}" if found else "", 11, MUTED)
    target.blit(count, (box.right - pad - count.width, box.y + pad + 2 * density))
    target.blit(
        lettering.fitted(f"Find: {text}_", box.width - 3 * pad - count.width, 13, SUNLIGHT), (box.x + pad, box.y + pad)
    )
    first = _first(chosen)
    names = [name for _, _, name in found[first : first + _SHOWN]] or ["nothing is called so"]
    for number, name in enumerate(names, 1):
        y = box.y + pad + number * line
        if found and first + number - 1 == chosen:
            pygame.draw.rect(
                target, RAISED, (box.x + pad // 2, y - 2 * density, box.width - pad, line), border_radius=4 * density
            )
        ink = TEXT if found and first + number - 1 == chosen else MUTED
        target.blit(lettering.fitted(name, box.width - 2 * pad, 12, ink), (box.x + pad, y))
