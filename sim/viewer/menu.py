"""Menus over the map: a list of things to do, for keys and pointer alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from fleet.core import Point
from sim.viewer.lettering import Lettering
from sim.viewer.palette import EDGE, FAINT, MUTED, ORANGE, PANEL, RAISED, SUNLIGHT, TEXT
from sim.viewer.quiet import pygame

_WIDTH: Final = 312  # points
_ROW: Final = 22
_PAD: Final = 8
_INSET: Final = 12

Command: TypeAlias = str  #: Name of something that the window itself does.


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something that is asked of a run that goes on."""

    do: str  #: ``order`` or ``fault``.
    text: str  #: As a scenario file has it, in one line.
    told: str  #: What is said once the run has taken it.
    undo: str = ""  #: The order that takes it back; empty where nothing does.


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to do."""

    text: str
    does: Wish | Command | Menu
    hint: str = ""  #: The key that does the same.
    grave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Things to do, and which of them Enter takes."""

    title: str
    items: tuple[Item, ...]
    place: Point = (0.0, 0.0)  #: Pixel of the window where its corner is wanted.
    chosen: int = 0

    def moved(self, step: int) -> Menu:
        """Return the menu with another item chosen; after the last comes the first.

        >>> menu = Menu(title="", items=(Item(text="a", does="help"), Item(text="b", does="quit")))
        >>> menu.moved(-1).chosen, menu.moved(1).moved(1).chosen
        (1, 0)
        """
        return replace(self, chosen=(self.chosen + step) % max(1, len(self.items)))

    def at(self, place: Point) -> Menu:
        """Return the menu opened at a pixel."""
        return replace(self, place=place)


def menu_rows(menu: Menu, frame: pygame.Rect, density: int) -> tuple[pygame.Rect, list[pygame.Rect]]:
    """Return the place of a menu, within a frame as far as it has room, and those of its items."""
    row, pad = _ROW * density, _PAD * density
    box = pygame.Rect(0, 0, _WIDTH * density, row * (len(menu.items) + 1) + 2 * pad)
    box.topleft = (round(menu.place[0]), round(menu.place[1]))
    box.clamp_ip(frame)
    first = box.y + pad + row
    return box, [pygame.Rect(box.x, first + row * number, box.width, row) for number in range(len(menu.items))]


def item_at(menu: Menu, frame: pygame.Rect, density: int, pixel: Point) -> int | None:
    """Return the number of the item under a pixel, None beside the menu, -1 within it but on none."""
    box, rows = menu_rows(menu, frame, density)
    if not box.collidepoint(pixel):
        return None
    return next((number for number, row in enumerate(rows) if row.collidepoint(pixel)), -1)


def draw_menu(target: pygame.Surface, menu: Menu, frame: pygame.Rect, lettering: Lettering, density: int) -> None:
    """Draw a menu over everything."""
    box, rows = menu_rows(menu, frame, density)
    inset, radius = _INSET * density, 7 * density
    plate = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(plate, (*PANEL, 246), plate.get_rect(), border_radius=radius)
    pygame.draw.rect(plate, (*EDGE, 255), plate.get_rect(), density, border_radius=radius)
    target.blit(plate, box)
    title = lettering.fitted(menu.title, box.width - 2 * inset, 12, SUNLIGHT)
    target.blit(title, (box.x + inset, box.y + (_PAD + 3) * density))
    for number, (item, row) in enumerate(zip(menu.items, rows, strict=True)):
        if number == menu.chosen:
            pygame.draw.rect(target, RAISED, row.inflate(-8 * density, 0), border_radius=5 * density)
        hint = ">" if isinstance(item.does, Menu) else item.hint or (str(number + 1) if number < 9 else "")
        ink = ORANGE if item.grave else TEXT
        note = lettering.text(hint, 11, MUTED if number == menu.chosen else FAINT)
        text = lettering.fitted(item.text, row.width - 3 * inset - note.width, 12, ink)
        target.blit(text, (row.x + inset, row.centery - text.height // 2))
        target.blit(note, (row.right - inset - note.width, row.centery - note.height // 2))
