"""What each rover did and when, with its charge and its light beneath, over the bar of time."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from fleet.core import RoverId, Tick
from sim.record import IN_TOW, Diary
from sim.viewer.lettering import Lettering
from sim.viewer.look import Look
from sim.viewer.palette import (
    BLACK,
    EDGE,
    FAINT,
    GREEN,
    MUTED,
    ORANGE,
    PANEL,
    RAISED,
    SKY,
    SUNLIGHT,
    TEXT,
    VERMILLION,
    WHITE,
    battery_colour,
    mixed,
)
from sim.viewer.panel import Rows, Spot
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour, Scene, SceneRover

_ROW: Final = 40  # points, at least
_TALLEST: Final = 64
_HEAD: Final = 22
_PAD: Final = 12
_BAR: Final = 0.42  # of a row, for what it did
_STRIP: Final = 4  # pixels of light
_WORDS: Final = 34  # points of a bar, from which it is named

#: Each activity's colour, which is no agency's, and what the key calls it.
ACTIVITIES: Final[Mapping[str, tuple[Colour, str]]] = MappingProxyType(
    {
        "idle": (mixed(RAISED, WHITE, 0.06), "idle"),
        "driving": (SKY, "driving"),
        "working": (ORANGE, "working"),
        IN_TOW: (mixed(SKY, BLACK, 0.45), IN_TOW),
        "charging": (GREEN, "charging"),
        "asleep": ((78, 84, 140), "asleep"),
        "down": (VERMILLION, "down"),
        "lost": ((128, 36, 30), "lost"),
    }
)


class _Axis(NamedTuple):
    """From ticks to pixels."""

    left: int
    width: int
    end: Tick

    def x(self, tick: float) -> int:
        """Return where a tick is."""
        return self.left + round(self.width * min(tick / max(self.end, 1), 1.0))


class Gantt:
    """Draws the rows; keeps them until there is a pixel more to show."""

    def __init__(self, lettering: Lettering, density: int = 1) -> None:
        self._letters = lettering
        self._unit = density
        self._kept: tuple[object, pygame.Surface, Rows] | None = None

    def draw(
        self,
        target: pygame.Surface,
        parts: tuple[pygame.Rect, pygame.Rect],
        scene: Scene,
        look: Look,
        diaries: Mapping[RoverId, Diary],
    ) -> Rows:
        """Draw what happened so far; return the names, which can be clicked.

        Parameters
        ----------
        parts
            Where the rows go, and the track of the bar of time, whose ends are the mission's.
        """
        place, track = parts
        if place.width == 0 or not scene.rovers:
            return ()
        shown = self._shown(scene, look, place.height - _HEAD * self._unit)
        last = max(diaries[rover.id].last for rover in shown)
        known = (tuple((rover.id, rover.colour) for rover in shown), last * track.width // max(scene.end, 1))
        key = (place.size, track.x, track.width, look.selected, scene.end, *known)
        if self._kept is None or self._kept[0] != key:
            surface = pygame.Surface(place.size)
            surface.fill(PANEL)
            pygame.draw.line(surface, EDGE, (0, 0), (surface.width, 0), self._unit)
            self._draw_key(surface, track)
            painted = [
                self._draw_rover(surface, row, (rover, look), diaries[rover.id], _Axis(track.x, track.width, scene.end))
                for rover, row in zip(shown, self._rows(surface, len(shown)), strict=True)
            ]
            self._kept = (key, surface, tuple(painted))
        _, surface, rows = self._kept
        target.blit(surface, place)
        x = track.x + round(track.width * min(max(scene.tick / max(scene.end, 1), 0.0), 1.0))
        pygame.draw.line(target, BLACK, (x, place.y + _HEAD * self._unit), (x, place.bottom), 3 * self._unit)
        pygame.draw.line(target, TEXT, (x, place.y + _HEAD * self._unit), (x, place.bottom), self._unit)
        return tuple(spot._replace(place=spot.place.move(place.topleft)) for spot in rows)

    def _shown(self, scene: Scene, look: Look, room: int) -> tuple[SceneRover, ...]:
        count = max(1, min(len(scene.rovers), room // (_ROW * self._unit)))
        chosen = next((number for number, rover in enumerate(scene.rovers) if rover.id == look.selected), 0)
        first = min(max(0, chosen - count // 2), len(scene.rovers) - count)
        return scene.rovers[first : first + count]

    def _rows(self, surface: pygame.Surface, count: int) -> list[pygame.Rect]:
        head = _HEAD * self._unit
        tall = min((surface.height - head) // count, _TALLEST * self._unit)
        return [pygame.Rect(0, head + number * tall, surface.width, tall) for number in range(count)]

    def _draw_rover(
        self, surface: pygame.Surface, row: pygame.Rect, who: tuple[SceneRover, Look], diary: Diary, axis: _Axis
    ) -> Spot:
        (rover, look), unit = who, self._unit
        if rover.id == look.selected:
            pygame.draw.rect(surface, RAISED, row)
        name = self._letters.fitted(str(rover.id), axis.left - 2 * _PAD * unit, 12, mixed(rover.colour, WHITE, 0.3))
        surface.blit(name, (_PAD * unit, row.y + 3 * unit))
        bar = pygame.Rect(axis.left, row.y + 3 * unit, axis.width, round(row.height * _BAR))
        self._draw_spells(surface, bar, diary, axis)
        _draw_curves(
            surface,
            pygame.Rect(axis.left, bar.bottom + 2 * unit, axis.width, row.bottom - bar.bottom - 5 * unit),
            diary,
            axis,
        )
        pygame.draw.line(surface, EDGE, (axis.left, row.bottom - 1), (axis.left + axis.width, row.bottom - 1))
        return Spot(pygame.Rect(0, row.y, axis.left, row.height), rover=rover.id)

    def _draw_key(self, surface: pygame.Surface, track: pygame.Rect) -> None:
        unit, x = self._unit, track.x
        signs = [(ink, words) for ink, words in ACTIVITIES.values()]
        for ink, words in (*signs, (SUNLIGHT, "sunlight"), (WHITE, "charge")):
            text = self._letters.text(words, 11, MUTED)
            if x + text.width + 16 * unit > surface.width:
                return
            tall = 2 if words == "charge" else 8
            pygame.draw.rect(surface, ink, (x, 11 * unit - tall * unit // 2, 9 * unit, tall * unit))
            surface.blit(text, (x + 13 * unit, 11 * unit - text.height // 2))
            x += text.width + 26 * unit

    def _draw_spells(self, surface: pygame.Surface, bar: pygame.Rect, diary: Diary, axis: _Axis) -> None:
        unit = self._unit
        for spell in diary.spells:
            left, right = axis.x(spell.begin), axis.x(spell.end)
            block = pygame.Rect(left, bar.y, max(1, right - left), bar.height)
            pygame.draw.rect(surface, ACTIVITIES.get(spell.activity, (FAINT, ""))[0], block)
            if spell.task is not None and block.width > _WORDS * unit:
                words = self._letters.fitted(str(spell.task), block.width - 6 * unit, 10, BLACK)
                surface.blit(words, (block.x + 3 * unit, block.centery - words.height // 2))


def _draw_curves(surface: pygame.Surface, box: pygame.Rect, diary: Diary, axis: _Axis) -> None:
    """Draw the charge as a hill, and under it a strip that is bright in sunlight."""
    width, tall = axis.x(diary.last) - axis.left, box.height - _STRIP
    if width < 1 or tall < 4:
        return
    ticks = np.linspace(0, diary.last, width + 1).astype(np.int64)
    charge, light = diary.curves(ticks)
    for x in range(width):
        here, floor = box.x + x, box.y + tall
        top = floor - round(float(charge[x]) * (tall - 1))
        pygame.draw.line(surface, mixed(battery_colour(float(charge[x])), PANEL, 0.62), (here, top), (here, floor - 1))
        pygame.draw.line(surface, mixed(PANEL, SUNLIGHT, float(light[x])), (here, floor + 1), (here, box.bottom - 1))
    points = [(box.x + x, box.y + tall - float(level) * (tall - 1)) for x, level in enumerate(charge)]
    pygame.draw.aalines(surface, WHITE, False, points)
