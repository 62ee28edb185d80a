"""Where an antenna is heard."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import ConfigError
from fleet.moon.coverage import seen_from
from sim.viewer.chart.chart import Entry, Heading, Mark, Panel, Sign, Swatch
from sim.viewer.chart.colours import painted
from sim.viewer.chart.layers.layer import BY_CUSTOM, Layer, Wish, percent, shares_of, vehicle_name
from sim.viewer.chart.subject import Mast, Subject

_NAMES: Final = ("no_sight", "too_far", "heard")
_COLOURS: Final = ((84, 84, 92), (160, 150, 140), (148, 203, 236))
_RECEIVER: Final = 1.5  # Metres: the masts of the larger rovers.


def radio(subject: Subject, wish: Wish) -> Layer:
    """Return where an antenna is in sight of others, a panel for each height of theirs."""
    mast = wish.mast or subject.mast
    if mast is None:
        raise ConfigError("--antenna", "a terrain file has no lander whose mast could be taken", "Give X,Y,HEIGHT_M.")
    _check(mast, subject)
    receivers: list[tuple[str, float, float | None]] = [
        (vehicle_name(vehicle), vehicle.antenna, vehicle.radio_range) for vehicle in wish.vehicles
    ]
    if wish.receiver is not None:
        receivers = [("", wish.receiver, None)]
    elif not receivers:
        receivers = [("", vehicle.antenna, vehicle.radio_range) for vehicle in subject.vehicles]
        receivers = list(
            {height: (name, height, reach) for name, height, reach in sorted(receivers, key=_by_height)}.values()
        )
        receivers = receivers or [("", _RECEIVER, None)]
    drawn = [_panel(subject, mast, receiver) for receiver in receivers]
    has_limit = any(bool((classes == 1).any()) for _, _, classes in drawn)
    far = [Swatch(text="in sight, but farther than the radios reach", colour=_COLOURS[1])] if has_limit else []
    key: tuple[Entry, ...] = (
        Heading(text="Radio"),
        Swatch(text="in sight", colour=_COLOURS[2]),
        *far,
        Swatch(text="behind ground", colour=_COLOURS[0]),
        Swatch(text=f"antenna, {mast.height:g} m", sign=Sign.MAST),
    )
    note = (
        "In sight: the straight line between both antennas clears ground and curvature of the Moon. "
        "Frame: metres from the map's centre."
    )
    return Layer(
        title="Radio coverage",
        panels=tuple(panel for panel, _, _ in drawn),
        figures=tuple(figures for _, figures, _ in drawn),
        key=key,
        note=note,
    )


def _by_height(receiver: tuple[str, float, float | None]) -> tuple[float, float]:
    return (receiver[1], -(receiver[2] or 0.0))


def _check(mast: Mast, subject: Subject) -> None:
    least_x, least_y, most_x, most_y = subject.terrain.extent
    x, y = mast.point
    if not (least_x <= x <= most_x and least_y <= y <= most_y):
        raise ConfigError(
            "--antenna",
            f"{x:g},{y:g} lies off the map",
            f"It goes from {least_x:g},{least_y:g} to {most_x:g},{most_y:g} metres.",
        )


def _panel(
    subject: Subject, mast: Mast, receiver: tuple[str, float, float | None]
) -> tuple[Panel, dict[str, object], NDArray[np.integer]]:
    terrain = subject.terrain
    title, height, reach = receiver
    limits = [limit for limit in (mast.reach, reach) if limit is not None]
    limit = min(limits) if limits else None
    seen = seen_from(terrain.heights, terrain.pixel, mast.point, mast.height, height)
    classes = np.where(seen, 2, 0)
    if limit is not None:
        rows, columns = seen.shape
        ys = terrain.south + terrain.pixel * np.arange(rows) - mast.point[1]
        xs = terrain.west + terrain.pixel * np.arange(columns) - mast.point[0]
        classes[seen & (np.hypot(xs[None, :], ys[:, None]) > limit)] = 1
    shares = shares_of(classes, _NAMES)
    panel = Panel(
        title=title or f"Antenna {height:g} m above the ground",
        facts=(f"antenna {height:g} m · " if title else "") + f"{percent(shares['heard'])} of the map in reach",
        painting=painted(classes, _COLOURS),
        smooth=False,
        relief=0.55,
        light=BY_CUSTOM,
        marks=(
            Mark(point=mast.point, text=mast.name, sign=Sign.MAST),
            *(mark for mark in subject.marks() if mark.sign is Sign.PLACE),
        ),
    )
    figures = {
        "antenna_m": [*mast.point, mast.height],
        "receiver_m": height,
        "limit_m": limit,
        "shares": shares,
    }
    return panel, figures, classes
