"""What a map needs beside its content: a scale, north, the Sun's direction, help, and the bar of time."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, degrees, floor, log10, sin
from typing import Final

from fleet.core import MissionTime, format_elapsed
from sim.viewer.camera import Camera
from sim.viewer.lettering import Lettering
from sim.viewer.look import LAYER_KEYS, Look
from sim.viewer.palette import (
    BLACK,
    EDGE,
    FAINT,
    GREEN,
    MUTED,
    ORANGE,
    PANEL,
    RAISED,
    SUNLIGHT,
    TEXT,
    VERMILLION,
    WHITE,
)
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene

_LONGEST: Final = 170  # points of the scale bar
_DIAL: Final = 30
_NO_DIAL: Final = 240  # points of map, below which there is no room for it
_COLUMN: Final = 396  # points of a column of the help,
_KEY: Final = 126  # and from its keys to what they do.
_NOTE: Final = 620

KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("Space", "pause, go on"),
    ("+ -, ] [", "faster, slower"),
    ("Arrows, W A S D", "move the view; drag does too"),
    ("Wheel, Page keys", "zoom at the pointer"),
    ("F, Shift F", "whole ground, whole fleet"),
    ("Tab", "select a rover and follow it"),
    ("Click, I", "ask: figures, why, last words; hide them"),
    ("/", "find a rover or a task by name"),
    (", .", "stop; a minute back, a minute on"),
    ("Shift Left/Right", "ten minutes back, on"),
    ("E, Shift E", "next, previous mark of the time line"),
    ("Home, End", "start; end, or back to live"),
    ("G", "what each rover did; click to jump there"),
    ("L", "menu of layers"),
    ("Ctrl + - 0", "larger and smaller letters"),
    ("F11", "fill the screen"),
    ("P, F12", "picture of this window to a file"),
    ("?", "this help"),
    ("Q, Esc", "quit"),
)
#: What can be done to a run that goes on.
ORDERS: Final[tuple[tuple[str, str], ...]] = (
    ("O, right click", "orders: to a rover, a task, a place, all"),
    ("H, Shift H", "selected rover or task stands, goes on"),
    ("Z", "close ground: draw corners or a box"),
    ("X", "let something go wrong"),
    ("U, Ctrl Z", "take the last order back"),
)


def nice_length(most: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20 ... metres that is not more than `most`.

    >>> nice_length(730.0)
    500.0
    """
    decade = 10.0 ** floor(log10(most))
    return next(decade * step for step in (5.0, 2.0, 1.0) if decade * step <= most * 1.0000001)


def length_text(metres: float) -> str:
    """Return a length for people.

    >>> length_text(0.5), length_text(200.0), length_text(5000.0)
    ('50 cm', '200 m', '5 km')
    """
    if metres >= 1000.0:
        return f"{metres / 1000.0:g} km"
    return f"{metres:g} m" if metres >= 1.0 else f"{metres * 100.0:g} cm"


def draw_scale(target: pygame.Surface, camera: Camera, lettering: Lettering, density: int) -> pygame.Rect:
    """Draw the scale bar in the lower left corner; return its place."""
    metres = nice_length(camera.scale * _LONGEST * density)
    length = round(metres / camera.scale)
    text = lettering.text(length_text(metres), 12, TEXT, halo=True)
    left, base, tall = 16 * density, camera.height - 18 * density, 5 * density
    pygame.draw.rect(target, BLACK, (left - density, base - density, length + 2 * density, tall + 2 * density))
    for quarter in range(4):
        ink = WHITE if quarter % 2 == 0 else FAINT
        start, end = left + length * quarter // 4, left + length * (quarter + 1) // 4
        pygame.draw.rect(target, ink, (start, base, end - start, tall))
    target.blit(text, (left - density, base - text.height - 2 * density))
    return pygame.Rect(left, base - text.height, max(length, text.width), text.height + 12 * density)


def draw_compass(target: pygame.Surface, north: float, scene: Scene, lettering: Lettering, density: int) -> pygame.Rect:
    """Draw the dial with true north and the Sun in the upper left corner; return its place."""
    if min(target.get_size()) < _NO_DIAL * density:
        return pygame.Rect(0, 0, 0, 0)
    radius = _DIAL * density
    x = y = radius + 26 * density
    plate = pygame.Surface((4 * radius, 4 * radius), pygame.SRCALPHA)
    pygame.draw.aacircle(plate, (8, 10, 14, 170), (2 * radius, 2 * radius), radius + 20 * density)
    target.blit(plate, (x - 2 * radius, y - 2 * radius))
    pygame.draw.aacircle(target, FAINT, (x, y), radius, density)
    right, down = cos(north), -sin(north)
    tip = (x + right * radius * 0.72, y + down * radius * 0.72)
    for side, ink in ((1, TEXT), (-1, MUTED)):
        foot = (x - down * side * radius * 0.2, y + right * side * radius * 0.2)
        pygame.draw.polygon(target, ink, (tip, foot, (x - right * radius * 0.12, y - down * radius * 0.12)))
    letter = lettering.text("N", 11, TEXT)
    place = (x + right * radius - letter.width / 2, y + down * radius - letter.height / 2)
    pygame.draw.aacircle(target, (8, 10, 14), (x + right * radius, y + down * radius), 8 * density)
    target.blit(letter, place)
    _draw_sun(target, (x, y), scene.sun, density)
    box = pygame.Rect(x - radius, y - radius, 2 * radius, 2 * radius).inflate(40 * density, 40 * density)
    elevation = degrees(scene.sun[1])
    text = lettering.text(f"Sun {elevation:.1f}°", 11, SUNLIGHT if elevation > 0.0 else MUTED, halo=True)
    target.blit(text, (x - text.width / 2, box.bottom + 2 * density))
    return box.union(pygame.Rect(x - text.width / 2, box.bottom, text.width, text.height))


def _draw_sun(target: pygame.Surface, middle: tuple[int, int], sun: tuple[float, float], density: int) -> None:
    """Draw the Sun where it stands outside the dial, and the way its light falls."""
    heading, elevation = sun
    ink = SUNLIGHT if elevation > 0.0 else FAINT
    radius = _DIAL * density
    right, down = cos(heading), -sin(heading)
    spot = (middle[0] + right * (radius + 12 * density), middle[1] + down * (radius + 12 * density))
    pygame.draw.aacircle(target, ink, spot, 5.5 * density)
    inward = (middle[0] + right * radius * 0.34, middle[1] + down * radius * 0.34)
    outward = (middle[0] + right * radius * 0.7, middle[1] + down * radius * 0.7)
    pygame.draw.aaline(target, ink, outward, inward)
    for side in (1, -1):
        barb = (
            inward[0] + (right * 4 - down * side * 3) * density,
            inward[1] + (down * 4 + right * side * 3) * density,
        )
        pygame.draw.aaline(target, ink, inward, barb)


def draw_help(target: pygame.Surface, look: Look, lettering: Lettering, density: int) -> None:
    """Draw the keys over the map, in two columns where there is room."""
    layers = [
        (key.upper(), layer.value if layer in look.layers else f"{layer.value} (off)")
        for key, layer in LAYER_KEYS.items()
    ]
    columns: list[list[tuple[str, Sequence[tuple[str, str]]]]] = [
        [("Keys", KEYS)],
        [("Layers", layers), ("In a run that goes on", ORDERS)],
    ]
    line, pad, wide = 20 * density, 18 * density, _COLUMN * density
    if target.width < 2 * wide + 3 * pad and target.width < target.height:
        columns = [[*columns[0], *columns[1]]]
    tall = max(sum(len(rows) + 1.6 for _, rows in column) for column in columns)
    plate = pygame.Surface((wide * len(columns) + pad, round(line * tall) + pad), pygame.SRCALPHA)
    pygame.draw.rect(plate, (*PANEL, 244), plate.get_rect(), border_radius=10 * density)
    pygame.draw.rect(plate, (*EDGE, 255), plate.get_rect(), density, border_radius=10 * density)
    for number, column in enumerate(columns):
        left, y = pad + number * wide, pad
        for heading, rows in column:
            plate.blit(lettering.text(heading, 15, TEXT), (left, y - 3 * density))
            y += line + 4 * density
            for key, does in rows:
                plate.blit(lettering.text(key, 12, SUNLIGHT), (left, y))
                ink = FAINT if does.endswith("(off)") else TEXT
                plate.blit(lettering.fitted(does, wide - _KEY * density - pad, 12, ink), (left + _KEY * density, y))
                y += line
            y += line // 2
    shrunk = min(1.0, target.width / plate.width, target.height / plate.height)
    if shrunk < 1.0:  # All of it small says more than a part of it large.
        plate = pygame.transform.smoothscale_by(plate, shrunk)
    target.blit(plate, plate.get_rect(center=target.get_rect().center))


def draw_note(target: pygame.Surface, note: str, lettering: Lettering, density: int) -> None:
    """Draw what is said for a moment, on a plate at the foot of the map."""
    pad = 10 * density
    lines = lettering.lines(note, min(target.width - 6 * pad, _NOTE * density), 13)
    texts = [lettering.text(line, 13, TEXT) for line in lines]
    box = pygame.Rect(0, 0, max(text.width for text in texts) + 2 * pad, 18 * density * len(texts) + pad)
    box.midbottom = (target.width // 2, target.height - 34 * density)
    plate = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(plate, (*PANEL, 240), plate.get_rect(), border_radius=7 * density)
    pygame.draw.rect(plate, (*ORANGE, 255), plate.get_rect(), density, border_radius=7 * density)
    target.blit(plate, box)
    for number, text in enumerate(texts):
        target.blit(text, (box.x + pad, box.y + pad // 2 + 18 * density * number))


def draw_scrub(
    target: pygame.Surface, place: pygame.Rect, shown: tuple[Scene, float], lettering: Lettering, density: int
) -> None:
    """Draw the bar of time: how far the recording is, and where something went wrong.

    Parameters
    ----------
    shown
        The scene, and the tick until which there is something to see; the bar is only a line from there on.
    """
    scene, known = shown
    pygame.draw.rect(target, PANEL, place)
    pygame.draw.line(target, EDGE, place.topleft, place.topright, density)
    track = scrub_track(place, density)
    pygame.draw.line(target, EDGE, track.midleft, track.midright, density)
    there = round(track.width * min(max(known / max(scene.end, 1), 0.0), 1.0))
    pygame.draw.rect(target, RAISED, (track.x, track.y, there, track.height), border_radius=3 * density)
    share = min(max(scene.tick / max(scene.end, 1), 0.0), 1.0)
    pygame.draw.rect(
        target, MUTED, (track.x, track.y, round(track.width * share), track.height), border_radius=3 * density
    )
    for mark in scene.marks:
        x = track.x + round(track.width * mark.tick / max(scene.end, 1))
        if mark.kind == "done":
            pygame.draw.rect(target, GREEN, (x - density, track.bottom + 3 * density, 2 * density, 5 * density))
        else:
            ink = VERMILLION if mark.kind == "wrong" else ORANGE
            pygame.draw.rect(target, ink, (x - density, track.y - 8 * density, 2 * density, 8 * density))
    knob = (track.x + track.width * share, track.centery)
    pygame.draw.aacircle(target, BLACK, knob, 8 * density)
    pygame.draw.aacircle(target, TEXT, knob, 6.5 * density)
    for text, left in ((_hours(scene.time, scene.tick), True), (_hours(scene.time, scene.end), False)):
        label = lettering.text(text, 11, MUTED)
        x = place.x + 12 * density if left else place.right - label.width - 12 * density
        target.blit(label, (x, place.centery - label.height // 2))


def scrub_track(place: pygame.Rect, density: int = 1) -> pygame.Rect:
    """Return the part of the bar that stands for time."""
    return pygame.Rect(
        place.x + 110 * density, place.centery - 3 * density, max(1, place.width - 220 * density), 6 * density
    )


def _hours(time: MissionTime, tick: float) -> str:
    return format_elapsed(tick * time.dt)
