"""What a person asks of a chart, and what a layer answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import degrees, pi, radians
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.moon import Direction
from fleet.vehicles import VehicleClass
from sim.viewer.chart.chart import Entry, Panel
from sim.viewer.chart.subject import Mast

#: From the upper left, where eyes expect it.
BY_CUSTOM: Final = (3.0 * pi / 4.0, radians(12.0))


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a chart is to show, beside the layer."""

    times: tuple[datetime, ...] = ()
    vehicles: tuple[VehicleClass, ...] = ()
    mast: Mast | None = None
    receiver: float | None = None  #: Metres over the ground.
    far: Path | None = None  #: File of the ground around.


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What a layer shows of one ground."""

    title: str
    panels: tuple[Panel, ...]
    figures: tuple[Mapping[str, object], ...]  #: Of each panel, for programs.
    key: tuple[Entry, ...]
    note: str


def sun_figures(utc: datetime, sun: Direction) -> dict[str, object]:
    """Return date and Sun for programs."""
    return {
        "utc": utc.isoformat().replace("+00:00", "Z"),
        "sun_az": round(degrees(sun.azimuth), 3),
        "sun_el": round(degrees(sun.elevation), 3),
    }


def sun_text(sun: Direction) -> str:
    """Return the Sun's place for people."""
    return f"Sun azimuth {degrees(sun.azimuth):.0f}°, {degrees(sun.elevation):.1f}° high".replace("-", "−")


def vehicle_name(vehicle: VehicleClass) -> str:
    """Return a class's short title with its name in scenarios.

    >>> from fleet.vehicles import catalogue
    >>> vehicle_name(catalogue()["hk-operator"])
    'Operations robot (hk-operator)'
    """
    return f"{vehicle.title.partition(' (')[0]} ({vehicle.name})"


def shares_of(classes: NDArray[np.integer], names: Sequence[str]) -> dict[str, float]:
    """Return which share of the cells each class has; together 1.

    >>> shares_of(np.array([[0, 1], [1, 1]]), ("dark", "lit"))
    {'dark': 0.25, 'lit': 0.75}
    """
    counts = np.bincount(classes.ravel(), minlength=len(names))
    return {name: float(count) / classes.size for name, count in zip(names, counts.tolist(), strict=True)}


def percent(share: float) -> str:
    """Return a share for people, never rounded to nothing or to all.

    >>> percent(0.5), percent(0.0004), percent(0.0), percent(0.9996), percent(0.0321)
    ('50 %', '< 0.1 %', '0 %', '> 99.9 %', '3.2 %')
    """
    if 0.0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1.0:
        return "> 99.9 %"
    fine = 0.0 < share < 0.1 or 0.9 < share < 1.0
    return f"{share * 100.0:.1f} %" if fine else f"{share * 100.0:.0f} %"
