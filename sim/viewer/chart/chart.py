"""What a chart of the ground shows, as plain values: nothing here knows how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.core import Disc, Path, Point
from fleet.terrain import GroundMap
from sim.viewer.scene import Colour

Painting: TypeAlias = NDArray[
    np.uint8
]  #: ``(H, W, 3)``, a colour for each height of the map, rows from the lowest y up.


class Sign(Enum):
    """How something is drawn, on the map and in the key."""

    FILL = "fill"  #: A colour of the map.
    HATCH = "hatch"
    OUTLINE = "outline"
    CONTOUR = "contour"
    ROCK = "rock"
    MAST = "mast"
    ROVER = "rover"
    PLACE = "place"
    CROSS = "cross"
    DASHES = "dashes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line of the key over what follows."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    """An entry of the key: a sign and what it means."""

    text: str
    sign: Sign = Sign.FILL
    colour: Colour = (0, 0, 0)
    value: str = ""  #: A figure at the end of the line.


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An entry of the key: a run of colours with figures below."""

    colours: tuple[Colour, ...]
    ticks: tuple[tuple[float, str], ...]  #: Share of the bar's length, and what stands there.


Entry: TypeAlias = Heading | Swatch | Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something with a name at a point."""

    point: Point
    text: str
    sign: Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A piece of ground with a border."""

    ring: Path
    sign: Sign  #: `HATCH` or `OUTLINE`.


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way over the ground, each leg in a colour of its own."""

    points: Path
    colours: tuple[Colour, ...]  #: One less than points.
    dashed: bool = False  #: Thin and in dashes: a way that is not driven.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """One map of a chart."""

    title: str
    facts: str  #: Figures, below the title.
    painting: Painting
    smooth: bool  #: Whether colours run into each other; else each height is a square of its own.
    relief: float = 0.5  #: How strongly slopes darken and brighten the colours, 0 to 1.
    light: tuple[float, float]  #: Heading and elevation that the slopes are shaded from, radians.
    sun: bool = False  #: Whether that is the Sun, whose place is then shown.
    marks: tuple[Mark, ...] = ()  #: The most important first.
    outlines: tuple[Outline, ...] = ()
    rocks: tuple[Disc, ...] = ()
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chart:
    """A picture of one ground in one or several maps of one scale."""

    title: str
    lines: tuple[str, ...]  #: Below the title: which ground, and when.
    ground: GroundMap
    panels: tuple[Panel, ...]
    key: tuple[Entry, ...]
    contours: float | None = None  #: Metres between lines of equal height.
    note: str = ""  #: At the foot: how it was worked out.
