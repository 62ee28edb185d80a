"""Colours of the picture; agencies bring their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sim.viewer.scene import Colour

SPACE: Final[Colour] = (9, 11, 15)
PANEL: Final[Colour] = (19, 22, 28)
RAISED: Final[Colour] = (30, 35, 44)
EDGE: Final[Colour] = (54, 61, 73)
TEXT: Final[Colour] = (232, 235, 239)
MUTED: Final[Colour] = (152, 161, 174)
FAINT: Final[Colour] = (98, 107, 121)
SUNLIGHT: Final[Colour] = (255, 206, 92)
WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
# Okabe and Ito's palette: told apart with any kind of colour vision.
GREEN: Final[Colour] = (0, 178, 128)
SKY: Final[Colour] = (86, 180, 233)
ORANGE: Final[Colour] = (240, 170, 40)
VERMILLION: Final[Colour] = (233, 98, 32)
PURPLE: Final[Colour] = (214, 138, 178)

TASK_STATES: Final[Mapping[str, Colour]] = MappingProxyType(
    {
        "planned": FAINT,
        "open": MUTED,
        "awarded": SKY,
        "running": ORANGE,
        "done": GREEN,
        "failed": VERMILLION,
        "paused": PURPLE,
        "cancelled": FAINT,
    }
)


def parse_colour(text: str) -> Colour:
    """Return the colour that ``#rrggbb`` names.

    >>> parse_colour("#D55E00")
    (213, 94, 0)
    """
    return (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """Return `a` with a share of `b` in it.

    >>> mixed((0, 0, 0), (100, 200, 50), 0.5)
    (50, 100, 25)
    """
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def faded(colour: Colour, alpha: float) -> tuple[int, int, int, int]:
    """Return the colour for an overlay that is blended premultiplied.

    >>> faded((200, 100, 0), 0.5)
    (100, 50, 0, 128)
    """
    return (round(colour[0] * alpha), round(colour[1] * alpha), round(colour[2] * alpha), round(255 * alpha))


def battery_colour(charge: float) -> Colour:
    """Return green, orange below 30 %, vermillion below 15 %: the thresholds that rovers are told of."""
    if charge < 0.15:
        return VERMILLION
    return ORANGE if charge < 0.30 else GREEN
