"""Finding rovers and tasks by a part of their name."""

from __future__ import annotations

from typing import Final

from fleet.core import RoverId, TaskId
from sim.viewer.lettering import Lettering
from sim.viewer.palette import EDGE, MUTED, PANEL, SUNLIGHT, TEXT
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene

_SHOWN: Final = 7
_WIDTH: Final = 320  # points

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


def draw_search(target: pygame.Surface, scene: Scene, text: str, lettering: Lettering, density: int) -> None:
    """Draw the field with what was typed, and what was found so far; the first is what Enter takes."""
    found = matches(scene, text)
    line, pad = 20 * density, 10 * density
    box = pygame.Rect(0, 0, _WIDTH * density, line * (1 + max(1, min(len(found), _SHOWN))) + 2 * pad)
    box.midtop = (target.width // 2, 20 * density)
    plate = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(plate, (*PANEL, 238), plate.get_rect(), border_radius=8 * density)
    pygame.draw.rect(plate, (*EDGE, 255), plate.get_rect(), density, border_radius=8 * density)
    target.blit(plate, box)
    target.blit(lettering.text(f"Find: {text}_", 13, SUNLIGHT), (box.x + pad, box.y + pad))
    names = [name for _, _, name in found[:_SHOWN]] or ["nothing is called so"]
    for number, name in enumerate(names, 1):
        ink = TEXT if number == 1 and found else MUTED
        target.blit(lettering.fitted(name, box.width - 2 * pad, 12, ink), (box.x + pad, box.y + pad + number * line))
