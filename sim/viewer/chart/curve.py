"""A curve of charge over time, with what is done and where it is dark."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np

from sim.viewer.chart.colours import DARK, INK, LIT, PAPER, RULE, SOFT, VERMILLION, ramp
from sim.viewer.chart.key import Type, draw_dashes
from sim.viewer.furniture import nice_length
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour

_TEXT, _TICK = 11.0, 10.0
_LIGHT: Final = 12.0  # points: the band that shows the light
_DONE: Final = 17.0  # points: the band that names what is done
_HOURS: Final = (0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0)
_SHADE: Final[Colour] = (236, 238, 243)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """What is done for a while."""

    begin: float  #: Hours from the start of the curve.
    end: float
    text: str
    stands: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Charge over time."""

    title: str
    hours: tuple[float, ...]  #: From the start.
    charges: tuple[float, ...]  #: Watt-hours at each.
    light: tuple[float, ...]  #: Share of the Sun's disc at each.
    colours: tuple[Colour, ...]  #: Of the curve, from empty to full.
    capacity: float
    reserve: float
    spells: tuple[Spell, ...]
    clock: float  #: Hours of the day at the start.
    beside: tuple[tuple[float, float], ...] = ()  #: Hours and watt-hours of what is not done, drawn in dashes.


def draw_curve(target: pygame.Surface, curve: Curve, box: pygame.Rect, kind: Type) -> None:
    """Draw a curve with its axes into a box."""
    line = kind.line(_TICK)
    kind.blit(target, curve.title, 13.0, box.topleft)
    left = box.left + kind.width("0000 Wh", _TICK) + kind.px(6)
    top = box.top + kind.line(13.0) + kind.px(5)
    bottom = box.bottom - line - kind.px(6)
    done = pygame.Rect(left, top, box.right - left, kind.px(_DONE))
    light = pygame.Rect(left, bottom - kind.px(_LIGHT), box.right - left, kind.px(_LIGHT))
    plot = pygame.Rect(left, done.bottom, box.right - left, light.top - done.bottom)
    span = max(curve.hours[-1], 1e-6)

    def across(hours: float) -> int:
        return plot.left + round(plot.width * hours / span)

    def down(watt_hours: float) -> int:
        return plot.bottom - round(plot.height * watt_hours / (1.04 * curve.capacity))

    _draw_light(target, curve, plot, light, span)
    for number, spell in enumerate(curve.spells):
        part = pygame.Rect(across(spell.begin), done.top, 0, done.height)
        part.width = across(spell.end) - part.left
        pygame.draw.rect(target, (222, 227, 236) if spell.stands else (240, 233, 214), part)
        pygame.draw.line(target, RULE, part.topleft, (part.left, plot.bottom), 1)
        if kind.width(spell.text, _TEXT) < part.width - kind.px(6):
            place = (part.centerx - kind.width(spell.text, _TEXT) // 2, part.top + kind.px(2))
            kind.blit(target, spell.text, _TEXT, place)
        elif part.width > kind.px(12):
            kind.blit(target, str(number + 1), _TEXT, (part.centerx - kind.px(3), part.top + kind.px(2)), SOFT)
    step = nice_length(curve.capacity / 3.0)
    for number in range(floor(curve.capacity / step) + 1):
        y = down(step * number)
        pygame.draw.line(target, RULE, (plot.left - kind.px(4), y), (plot.left, y))
        text = f"{step * number:g}" + (" Wh" if number == floor(curve.capacity / step) else "")
        kind.blit(target, text, _TICK, (plot.left - kind.px(6) - kind.width(text, _TICK), y - line // 2), SOFT)
    for x in range(plot.left, plot.right, kind.px(8)):
        pygame.draw.line(target, VERMILLION, (x, down(curve.reserve)), (x + kind.px(4), down(curve.reserve)))
    text = f"reserve {curve.reserve:.1f} Wh"
    kind.blit(
        target, text, _TICK, (plot.right - kind.width(text, _TICK) - kind.px(4), down(curve.reserve) + 2), VERMILLION
    )
    shades = ramp(curve.colours, np.array(curve.charges) / curve.capacity).tolist()
    points = [(across(hour), down(charge)) for hour, charge in zip(curve.hours, curve.charges, strict=True)]
    for start, end, colour in zip(points, points[1:], shades, strict=False):
        pygame.draw.line(target, INK, start, end, kind.px(4.2))
        pygame.draw.line(target, tuple(colour), start, end, kind.px(2.8))
    draw_dashes(target, [(across(hour), down(charge)) for hour, charge in curve.beside], VERMILLION, kind)
    pygame.draw.rect(target, INK, pygame.Rect(plot.left, done.top, plot.width + 1, light.bottom - done.top), 1)
    _draw_hours(target, curve, light, kind, span)


def _draw_light(target: pygame.Surface, curve: Curve, plot: pygame.Rect, light: pygame.Rect, span: float) -> None:
    hours = np.linspace(0.0, span, plot.width)
    share = np.interp(hours, curve.hours, curve.light)
    colours = ramp((DARK, LIT), share).tolist()
    for column in range(plot.width):
        x = plot.left + column
        if share[column] < 0.5:
            pygame.draw.line(target, _SHADE, (x, plot.top), (x, plot.bottom))
        pygame.draw.line(target, tuple(colours[column]), (x, light.top), (x, light.bottom))
    pygame.draw.line(target, PAPER, light.topleft, light.topright)


def _draw_hours(target: pygame.Surface, curve: Curve, light: pygame.Rect, kind: Type, span: float) -> None:
    """Draw the hours of the day under the curve."""
    step = next((step for step in _HOURS if span / step * kind.px(46) < light.width), _HOURS[-1])
    first = (floor(curve.clock / step) + 1) * step
    for number in range(floor((curve.clock + span - first) / step) + 1):
        hour = first + number * step
        x = light.left + round(light.width * (hour - curve.clock) / span)
        pygame.draw.line(target, RULE, (x, light.bottom), (x, light.bottom + kind.px(4)))
        text = f"{int(hour) % 24:02d}:{round(hour % 1 * 60):02d}"
        place = min(max(x - kind.width(text, _TICK) // 2, light.left), light.right - kind.width(text, _TICK))
        kind.blit(target, text, _TICK, (place, light.bottom + kind.px(5)), SOFT)
