"""Outlines by which vehicle classes and kinds of work are told apart without colour."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi, sin, tau
from types import MappingProxyType
from typing import Final

from fleet.core import Path, Point

# Unit outlines; forward is to the right, y is up.
_PENTAGON: Final[Path] = ((1.15, 0.0), (0.35, 0.85), (-0.9, 0.85), (-0.9, -0.85), (0.35, -0.85))
_ARROW: Final[Path] = ((1.3, 0.0), (-0.85, 0.95), (-0.4, 0.0), (-0.85, -0.95))
_KITE: Final[Path] = ((1.15, 0.0), (0.0, 0.75), (-0.8, 0.0), (0.0, -0.75))
_SHIELD: Final[Path] = ((1.1, 0.0), (0.7, 0.7), (-0.2, 0.95), (-1.0, 0.55), (-1.0, -0.55), (-0.2, -0.95), (0.7, -0.7))
_CROSS: Final[Path] = (
    (1.1, 0.4), (0.4, 0.4), (0.4, 0.95), (-0.4, 0.95), (-0.4, 0.4), (-0.95, 0.4),
    (-0.95, -0.4), (-0.4, -0.4), (-0.4, -0.95), (0.4, -0.95), (0.4, -0.4), (1.1, -0.4),
)  # fmt: skip
_WEDGE: Final[Path] = ((1.2, 0.0), (-0.8, 0.95), (-0.8, -0.95))


def regular(corners: int, radius: float = 1.0, turn: float = 0.0) -> Path:
    """Return a regular polygon.

    >>> [(round(x, 1) + 0.0, round(y, 1) + 0.0) for x, y in regular(4)]
    [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)]
    """
    angles = [turn + tau * corner / corners for corner in range(corners)]
    return tuple((radius * cos(angle), radius * sin(angle)) for angle in angles)


_KNOWN: Final[Mapping[str, Path]] = MappingProxyType(
    {
        "change8-lander": regular(8, 1.15, pi / 8),
        "cnsa-rover": _PENTAGON,
        "suparco-rover": _ARROW,
        "metu-micro": _KITE,
        "hk-operator": regular(6, 1.05),
    }
)
_OTHERS: Final[tuple[Path, ...]] = (_SHIELD, _WEDGE, _CROSS, *_KNOWN.values())


def outlines(vehicles: tuple[str, ...]) -> Mapping[str, Path]:
    """Return the outline of each vehicle class of a fleet; classes of the mission always have the same.

    >>> outlines(("metu-micro", "my-rover"))["my-rover"] == outlines(("my-rover",))["my-rover"]
    True
    """
    strangers = [name for name in sorted(set(vehicles)) if name not in _KNOWN]
    return {**_KNOWN, **{name: _OTHERS[place % len(_OTHERS)] for place, name in enumerate(strangers)}}


def turned(outline: Path, heading: float, size: float, centre: Point) -> list[Point]:
    """Return an outline on the screen, where y is down."""
    c, s = cos(heading) * size, sin(heading) * size
    return [(centre[0] + x * c - y * s, centre[1] - (x * s + y * c)) for x, y in outline]


#: Strokes of each kind of work, in a square from -1 to 1, y down; a stroke that ends where it began is filled.
ICONS: Final[Mapping[str, tuple[Path, ...]]] = MappingProxyType(
    {
        "survey": (
            ((-0.9, -0.65), (0.9, -0.65), (0.9, 0.0), (-0.9, 0.0), (-0.9, 0.65), (0.9, 0.65)),
        ),
        "image": (
            ((-1.0, -0.45), (-0.45, -0.45), (-0.25, -0.8), (0.25, -0.8), (0.45, -0.45), (1.0, -0.45), (1.0, 0.75),
             (-1.0, 0.75), (-1.0, -0.4)),
            (*regular(8, 0.3), (0.3, 0.0)),
        ),
        "deploy": (
            ((-0.55, 1.0), (-0.55, -0.9)),
            ((-0.55, -0.95), (0.8, -0.45), (-0.55, 0.1), (-0.55, -0.95)),
        ),
        "sample": (
            ((0.0, -1.0), (0.0, 0.0)),
            ((-0.6, -0.1), (0.6, -0.1), (0.0, 1.0), (-0.6, -0.1)),
        ),
        "haul": (
            ((-0.95, -0.55), (-0.6, 0.6), (0.6, 0.6), (0.95, -0.55)),
            ((-0.5, -0.3), (0.0, -0.85), (0.5, -0.3), (-0.5, -0.3)),
        ),
        "print": (
            ((-0.95, -0.75), (0.95, -0.75), (0.95, 0.75), (-0.95, 0.75), (-0.95, -0.7)),
            ((-0.95, 0.0), (0.95, 0.0)),
            ((0.0, -0.75), (0.0, 0.0)),
            ((-0.4, 0.0), (-0.4, 0.75)),
            ((0.45, 0.0), (0.45, 0.75)),
        ),
        "measure": (
            ((-1.0, 0.7), (1.0, 0.7)),
            ((-0.8, 0.6), (-0.6, -0.2), (0.0, -0.55), (0.6, -0.2), (0.8, 0.6)),
            ((0.0, 0.6), (0.45, -0.85)),
        ),
        "relay": (
            ((0.0, 1.0), (0.0, -0.35)),
            ((0.0, -0.68), (0.28, -0.4), (0.0, -0.12), (-0.28, -0.4), (0.0, -0.68)),
            ((-0.55, -0.95), (-0.8, -0.4), (-0.55, 0.15)),
            ((0.55, -0.95), (0.8, -0.4), (0.55, 0.15)),
        ),
        "film": (
            ((-1.0, -0.6), (0.3, -0.6), (0.3, 0.6), (-1.0, 0.6), (-1.0, -0.6)),
            ((0.4, 0.0), (1.0, -0.5), (1.0, 0.5), (0.4, 0.0)),
        ),
        "charge": (
            ((0.25, -1.0), (-0.6, 0.15), (0.0, 0.15), (-0.25, 1.0), (0.6, -0.2), (0.0, -0.2), (0.25, -1.0)),
        ),
        "tow": (
            ((-1.0, 0.45), (-0.1, 0.45), (-0.1, -0.35), (-1.0, -0.35), (-1.0, 0.45)),
            ((-0.1, 0.1), (0.45, 0.1)),
            ((0.4, -0.5), (1.0, 0.1), (0.4, 0.7)),
        ),
        "wait": (
            ((-0.65, -0.9), (0.65, -0.9), (-0.65, 0.9), (0.65, 0.9), (-0.65, -0.9)),
        ),
    }
)  # fmt: skip
