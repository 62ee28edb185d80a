"""The key of a chart: what its entries need of room, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, sin
from typing import Final, TypeAlias

import numpy as np

from fleet.core import Point
from sim.viewer.chart.chart import Bar, Entry, Heading, Sign, Swatch
from sim.viewer.chart.colours import INK, PAPER, RULE, SOFT, VERMILLION, ramp
from sim.viewer.furniture import length_text
from sim.viewer.lettering import Lettering
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour
from sim.viewer.strokes import dashes

_TALLEST: Final = "ÅÉgjÇ"
_CHIP: Final = (20, 12)  # points
_GAP: Final = 7
_BAR: Final = (190, 12)
_NORTH: Final = 34
_NORTH_TEXT: Final = "north"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The bar that a length is read from."""

    metres: float
    pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class North:
    """The arrow to true north; `heading` is in the site frame, radians."""

    heading: float


Item: TypeAlias = Entry | Scale | North


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes of letters and gaps at one scale of the design."""

    unit: float
    letters: Lettering

    def px(self, points: float) -> int:
        """Return whole pixels."""
        return max(1, round(points * self.unit))

    def wrapped(self, text: str, size: float, width: int) -> list[str]:
        """Return a text in lines no wider than `width`; a word that is wider is broken."""
        lines: list[str] = []
        for line in self.letters.lines(text, width, self.px(size)):
            rest = line
            while self.width(rest, size) > width and len(rest) > 1:
                count = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or self.width(rest[:n], size) <= width)
                lines.append(rest[:count])
                rest = rest[count:]
            lines.append(rest)
        return lines

    def width(self, text: str, size: float) -> int:
        """Return how wide a text is drawn."""
        return self.letters.width(text, self.px(size))

    def line(self, size: float) -> int:
        """Return the height of a line."""
        return self.letters.text(_TALLEST, self.px(size), INK).height

    def blit(
        self, target: pygame.Surface, text: str, size: float, place: tuple[int, int], colour: Colour = INK
    ) -> None:
        """Draw a line of text; `place` is its upper left corner."""
        target.blit(self.letters.text(text, self.px(size), colour), place)


TEXT_SIZE: Final = 12.0


def _value_width(item: Swatch, kind: Type) -> int:
    return kind.px(_GAP) + kind.width(item.value, TEXT_SIZE) if item.value else 0


def natural_width(item: Item, kind: Type) -> int:
    """Return how wide an entry would like to be."""
    match item:
        case Heading():
            return kind.width(item.text, TEXT_SIZE)
        case Swatch():
            return kind.px(_CHIP[0]) + kind.px(_GAP) + kind.width(item.text, TEXT_SIZE) + _value_width(item, kind)
        case Bar():
            return kind.px(_BAR[0])
        case Scale():
            return max(item.pixels, kind.width(length_text(item.metres), TEXT_SIZE)) + 2
        case North():
            return kind.px(_NORTH) + kind.px(_GAP) + kind.width(_NORTH_TEXT, TEXT_SIZE)


def height_at(item: Item, kind: Type, width: int) -> int:
    """Return how high an entry is when it is so wide."""
    line = kind.line(TEXT_SIZE)
    match item:
        case Heading():
            return len(kind.wrapped(item.text, TEXT_SIZE, width)) * line
        case Swatch():
            beside = width - kind.px(_CHIP[0]) - kind.px(_GAP) - _value_width(item, kind)
            return max(kind.px(_CHIP[1]), len(kind.wrapped(item.text, TEXT_SIZE, beside)) * line)
        case Bar():
            return kind.px(_BAR[1]) + kind.px(4) + line
        case Scale():
            return line + kind.px(3) + kind.px(6)
        case North():
            return kind.px(_NORTH)


def draw(target: pygame.Surface, item: Item, kind: Type, box: pygame.Rect) -> None:
    """Draw an entry into its box."""
    line = kind.line(TEXT_SIZE)
    match item:
        case Heading():
            for number, text in enumerate(kind.wrapped(item.text, TEXT_SIZE, box.width)):
                kind.blit(target, text, TEXT_SIZE, (box.x, box.y + number * line))
        case Swatch():
            chip = pygame.Rect(box.x, 0, kind.px(_CHIP[0]), kind.px(_CHIP[1]))
            chip.centery = box.y + max(line, kind.px(_CHIP[1])) // 2
            draw_chip(target, item, chip, kind)
            beside = box.width - kind.px(_CHIP[0]) - kind.px(_GAP) - _value_width(item, kind)
            if item.value:
                left = box.right - kind.width(item.value, TEXT_SIZE)
                kind.blit(target, item.value, TEXT_SIZE, (left, box.y), INK)
            for number, text in enumerate(kind.wrapped(item.text, TEXT_SIZE, beside)):
                kind.blit(target, text, TEXT_SIZE, (chip.right + kind.px(_GAP), box.y + number * line), SOFT)
        case Bar():
            _draw_bar(target, item, kind, box)
        case Scale():
            _draw_scale(target, item, kind, box)
        case North():
            draw_north(target, item.heading, pygame.Rect(box.topleft, (kind.px(_NORTH), kind.px(_NORTH))))
            place = (box.x + kind.px(_NORTH) + kind.px(_GAP), box.centery - line // 2)
            kind.blit(target, _NORTH_TEXT, TEXT_SIZE, place)


def draw_chip(target: pygame.Surface, item: Swatch, chip: pygame.Rect, kind: Type) -> None:
    """Draw the sign of an entry as it is on the map."""
    middle, thin = chip.center, kind.px(1)
    match item.sign:
        case Sign.FILL:
            pygame.draw.rect(target, item.colour, chip)
            pygame.draw.rect(target, RULE, chip, 1)
        case Sign.HATCH:
            pygame.draw.rect(target, PAPER, chip)
            part = target.subsurface(chip)
            for start in range(-chip.height, chip.width, kind.px(5)):
                pygame.draw.line(part, item.colour, (start, chip.height), (start + chip.height, 0), thin)
            pygame.draw.rect(target, item.colour, chip, thin)
        case Sign.OUTLINE:
            pygame.draw.rect(target, item.colour, chip, thin)
        case Sign.DASHES:
            draw_dashes(target, [chip.midleft, chip.midright], item.colour, kind)
        case Sign.CONTOUR:
            pygame.draw.line(target, item.colour, chip.midleft, chip.midright, thin)
        case _:
            draw_sign(target, item.sign, middle, kind)


def draw_sign(target: pygame.Surface, sign: Sign, spot: tuple[float, float], kind: Type) -> None:
    """Draw a point of interest."""
    x, y = spot
    unit = kind.unit
    match sign:
        case Sign.MAST:
            pygame.draw.aacircle(target, PAPER, spot, 7.0 * unit)
            pygame.draw.aacircle(target, INK, spot, 5.8 * unit, max(1, round(1.6 * unit)))
            pygame.draw.aacircle(target, INK, spot, 2.4 * unit)
        case Sign.ROVER:
            for size, colour in ((6.0, PAPER), (4.4, INK)):
                corners = [(x, y - size * unit), (x + size * unit, y), (x, y + size * unit), (x - size * unit, y)]
                pygame.draw.polygon(target, colour, corners)
        case Sign.ROCK:
            pygame.draw.aacircle(target, INK, spot, 1.4 * unit)
        case Sign.CROSS:
            for colour, width in ((PAPER, 5.0), (VERMILLION, 2.4)):
                for side in (4.6 * unit, -4.6 * unit):
                    ends = (x - side, y - 4.6 * unit), (x + side, y + 4.6 * unit)
                    pygame.draw.line(target, colour, *ends, kind.px(width))
        case _:
            pygame.draw.aacircle(target, PAPER, spot, 3.6 * unit)
            pygame.draw.aacircle(target, INK, spot, 2.4 * unit)


def draw_dashes(target: pygame.Surface, points: Sequence[Point], colour: Colour, kind: Type) -> None:
    """Draw a line in dashes with a pale edge, so that it can be seen on any ground."""
    for start, end in dashes(points, kind.px(5.0), kind.px(4.0)):
        pygame.draw.line(target, PAPER, start, end, kind.px(3.6))
        pygame.draw.line(target, colour, start, end, kind.px(2.0))


def _draw_bar(target: pygame.Surface, item: Bar, kind: Type, box: pygame.Rect) -> None:
    bar = pygame.Rect(box.x, box.y, box.width, kind.px(_BAR[1]))
    colours = ramp(item.colours, np.linspace(0.0, 1.0, bar.width))
    for column in range(bar.width):
        red, green, blue = colours[column].tolist()
        pygame.draw.line(target, (red, green, blue), (bar.x + column, bar.y), (bar.x + column, bar.bottom - 1))
    pygame.draw.rect(target, RULE, bar, 1)
    for text, x in bar_labels(item, kind, box):
        kind.blit(target, text, TEXT_SIZE, (x, bar.bottom + kind.px(4)), SOFT)


def bar_labels(item: Bar, kind: Type, box: pygame.Rect) -> list[tuple[str, int]]:
    """Return the figures under a bar and where each begins: the ends first, others where they have room."""
    placed: list[tuple[str, int]] = []
    ends = [item.ticks[0], item.ticks[-1]] if len(item.ticks) > 1 else list(item.ticks)
    for share, text in (*ends, *item.ticks[1:-1]):
        width = kind.width(text, TEXT_SIZE)
        x = min(max(round(box.x + share * box.width - width / 2), box.x), box.right - width)
        free = all(x + width + kind.px(6) <= other or other + kind.width(said, TEXT_SIZE) + kind.px(6) <= x
                   for said, other in placed)  # fmt: skip
        if free:
            placed.append((text, x))
    return placed


def _draw_scale(target: pygame.Surface, item: Scale, kind: Type, box: pygame.Rect) -> None:
    line, tall = kind.line(TEXT_SIZE), kind.px(6)
    kind.blit(target, length_text(item.metres), TEXT_SIZE, (box.x, box.y))
    top = box.y + line + kind.px(3)
    pygame.draw.rect(target, INK, (box.x, top, item.pixels + 2, tall))
    edge = max(1, kind.px(1))
    for quarter in (1, 3):
        start = box.x + 1 + item.pixels * quarter // 4
        end = box.x + 1 + item.pixels * (quarter + 1) // 4
        pygame.draw.rect(target, PAPER, (start, top + edge, end - start - (quarter == 3) * edge + 1, tall - 2 * edge))


def draw_north(target: pygame.Surface, heading: float, box: pygame.Rect) -> None:
    """Draw the arrow to true north."""
    radius = min(box.size) / 2.0
    right, down = cos(heading), -sin(heading)
    x, y = box.center
    tip = (x + right * radius * 0.98, y + down * radius * 0.98)
    back = (x - right * radius * 0.98, y - down * radius * 0.98)
    waist = (x - right * radius * 0.62, y - down * radius * 0.62)
    for side, colour in ((1.0, INK), (-1.0, RULE)):
        foot = (back[0] - down * side * radius * 0.42, back[1] + right * side * radius * 0.42)
        pygame.draw.polygon(target, colour, (tip, foot, waist))
        pygame.draw.aalines(target, colour, True, (tip, foot, waist))
