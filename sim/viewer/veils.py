"""What lies over the ground like a veil: slope, permanent shadow, radio; each cell of a class has a colour."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from fleet.core import Point
from sim.viewer.lettering import Lettering
from sim.viewer.look import Layer, Look
from sim.viewer.palette import EDGE, PANEL, TEXT
from sim.viewer.quiet import pygame
from sim.viewer.relief import Grid, Places
from sim.viewer.scene import Colour

Classes = NDArray[np.uint8]
_STEEP: Final = (5.0, 10.0, 15.0, 20.0, 25.0)  # degrees between classes
_RATES: Final = (1.0, 64e3, 256e3, 1e6)  # bits a second between classes


class Class(NamedTuple):
    """A class of ground: what it is called, its colour, and how much of that covers the ground, 0 to 1."""

    words: str
    colour: Colour
    cover: float


#: In order of their numbers. Colours are apart in lightness as well, for any colour vision.
VEILS: Final[Mapping[Layer, tuple[Class, ...]]] = MappingProxyType(
    {
        Layer.SLOPE: (
            Class("below 5°", (0, 0, 0), 0.0),
            Class("5° to 10°", (253, 231, 150), 0.30),
            Class("10° to 15°", (246, 178, 107), 0.42),
            Class("15° to 20°", (220, 110, 80), 0.52),
            Class("20° to 25°", (160, 50, 100), 0.60),
            Class("25° and more", (80, 20, 90), 0.70),
        ),
        Layer.DARK: (Class("lit at times", (0, 0, 0), 0.0), Class("never lit: ice may lie here", (92, 120, 255), 0.46)),
        Layer.RADIO: (
            Class("out of reach", (20, 20, 26), 0.55),
            Class("below 64 kbit/s", (230, 240, 200), 0.22),
            Class("to 256 kbit/s", (150, 220, 210), 0.30),
            Class("to 1 Mbit/s", (70, 190, 220), 0.36),
            Class("1 Mbit/s and more", (40, 140, 240), 0.42),
        ),
    }
)
_TITLES: Final[Mapping[Layer, str]] = MappingProxyType(
    {Layer.SLOPE: "Slope", Layer.DARK: "Permanent shadow", Layer.RADIO: "Radio from the base"}
)


class Surveys(Protocol):
    """What is known of each cell of a map; worked out when it is first asked for."""

    def permanent_shadow(self) -> NDArray[np.bool_]:
        """Return which cells the Sun never reaches, (H, W)."""
        ...

    def heard(self, place: Point) -> NDArray[np.float64]:
        """Return what the radio carries to a low antenna from the base, which is at `place`, bits a second, (H, W)."""
        ...


def slope_classes(right: Grid, up: Grid) -> Classes:
    """Return the class of each pixel, (H, W) uint8.

    >>> slope_classes(np.array([[0.0, 0.2, 9.0]], np.float32), np.zeros((1, 3), np.float32)).tolist()
    [[0, 2, 5]]
    """
    edges = np.tan(np.radians(np.array(_STEEP, np.float32)))
    return np.searchsorted(edges * edges, right * right + up * up, side="right").astype(np.uint8)


def cell_classes(layer: Layer, surveys: Surveys, base: Point) -> Classes:
    """Return the class of each cell of the map, (H, W) uint8."""
    if layer is Layer.DARK:
        return surveys.permanent_shadow().astype(np.uint8)
    return np.searchsorted(np.array(_RATES), surveys.heard(base), side="right").astype(np.uint8)


def spread_over(classes: Classes, rows: Places, columns: Places) -> Classes:
    """Return cells at the fractional rows and columns of a picture, each pixel as its nearest cell."""
    last_row, last_column = classes.shape[0] - 1, classes.shape[1] - 1
    down = np.clip(np.rint(rows), 0, last_row).astype(np.intp)
    across = np.clip(np.rint(columns), 0, last_column).astype(np.intp)
    return classes[down[:, None], across[None, :]]


def eased_over(cells: Classes, rows: Places, columns: Places) -> Classes:
    """Return cells of two classes at the places of a picture, with slopes where cells make stairs."""
    last_row, last_column = cells.shape[0] - 1, cells.shape[1] - 1
    down, across = np.clip(rows, 0.0, last_row), np.clip(columns, 0.0, last_column)
    low, left = np.minimum(down.astype(np.intp), last_row - 1), np.minimum(across.astype(np.intp), last_column - 1)
    up, right = (down - low).astype(np.float32)[:, None], (across - left).astype(np.float32)
    lower = cells[low[:, None], left] * (1 - right) + cells[low[:, None], left + 1] * right
    upper = cells[low[:, None] + 1, left] * (1 - right) + cells[low[:, None] + 1, left + 1] * right
    return np.asarray(lower * (1 - up) + upper * up > 0.5).astype(np.uint8)


def veil(classes: Classes, layer: Layer, outside: NDArray[np.bool_]) -> pygame.Surface:
    """Return what a layer lays over ground of these classes, (H, W), and nothing where that is off the map."""
    table = np.array([(*kind.colour, round(255.0 * kind.cover)) for kind in VEILS[layer]], np.uint8)
    colours = table[classes]
    colours[outside] = 0
    size = classes.shape[1], classes.shape[0]
    return pygame.image.frombuffer(colours.data, size, "RGBA").convert(pygame.Surface((1, 1), pygame.SRCALPHA))


def draw_veil_key(target: pygame.Surface, look: Look, lettering: Lettering, density: int) -> list[pygame.Rect]:
    """Draw what the colours mean, above the scale bar; return the plate's place, where there is one."""
    rows: list[tuple[str, Class | None]] = []
    for layer, kinds in VEILS.items():
        if layer in look.layers:
            rows.append((_TITLES[layer], None))
            rows += [(kind.words, kind) for kind in kinds if kind.cover > 0.0]
    if not rows:
        return []
    unit, line, pad = density, 17 * density, 9 * density
    box = pygame.Rect(0, 0, 176 * unit, line * len(rows) + 2 * pad)
    box.bottomleft = (16 * unit, target.height - 56 * unit)
    plate = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(plate, (*PANEL, 225), plate.get_rect(), border_radius=6 * unit)
    pygame.draw.rect(plate, (*EDGE, 255), plate.get_rect(), unit, border_radius=6 * unit)
    target.blit(plate, box)
    for number, (words, kind) in enumerate(rows):
        y = box.y + pad + number * line
        if kind is not None:
            pygame.draw.rect(target, kind.colour, (box.x + pad, y + 2 * unit, 16 * unit, 11 * unit))
            pygame.draw.rect(target, EDGE, (box.x + pad, y + 2 * unit, 16 * unit, 11 * unit), unit)
        target.blit(
            lettering.text(words, 12 if kind is None else 11, TEXT), (box.x + pad + (24 * unit if kind else 0), y)
        )
    return [box]
