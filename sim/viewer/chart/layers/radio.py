"""Where an antenna is heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import ConfigError
from fleet.moon import LinkBudget, link_budget
from fleet.moon.coverage import seen_from
from fleet.vehicles import VehicleClass
from sim.viewer.chart.chart import Entry, Heading, Mark, Panel, Sign, Swatch
from sim.viewer.chart.colours import painted
from sim.viewer.chart.layers.layer import BY_CUSTOM, Layer, Wish, percent, shares_of, vehicle_name
from sim.viewer.chart.subject import Mast, Subject

_EDGES: Final = (1e3 * 64.0, 1e3 * 256.0, 1e6)  # bits a second between the classes of what is heard
_NAMES: Final = ("no_sight", "too_far", "below_64k", "from_64k", "from_256k", "from_1m")
_TEXTS: Final = (
    "behind ground",
    "in sight, but too far",
    "below 64 kbit/s",
    "64 to 256 kbit/s",
    "256 kbit/s to 1 Mbit/s",
    "1 Mbit/s and more",
)
_COLOURS: Final = ((84, 84, 92), (150, 140, 132), (232, 238, 236), (196, 220, 234), (148, 203, 236), (92, 170, 222))
_NO_SIGHT, _TOO_FAR, _HEARD = range(3)
_RECEIVER: Final = "cnsa-rover"  # where nothing else is said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receiver:
    """Vehicle classes that hear alike."""

    vehicles: tuple[VehicleClass, ...]

    @property
    def antenna(self) -> float:
        return self.vehicles[0].antenna

    @property
    def title(self) -> str:
        if len(self.vehicles) == 1:
            return vehicle_name(self.vehicles[0])
        return ", ".join(vehicle.title.partition(" (")[0] for vehicle in self.vehicles)


def radio(subject: Subject, wish: Wish) -> Layer:
    """Return where an antenna is heard, a map for each class of vehicle or for those that hear alike."""
    mast = wish.mast or subject.mast
    if mast is None:
        raise ConfigError("--antenna", "a terrain file has no lander whose mast could be taken", "Give X,Y,HEIGHT_M.")
    _check(mast, subject)
    drawn = [_panel(subject, mast, receiver) for receiver in _receivers(subject, mast, wish)]
    met = {name for _, _, shares in drawn for name, share in shares.items() if share > 0.0}
    key: list[Entry] = [Heading(text="What the radio carries")]
    for name, text, colour in reversed(list(zip(_NAMES, _TEXTS, _COLOURS, strict=True))):
        if name in met:
            key.append(Swatch(text=text, colour=colour))
    key.append(Swatch(text=f"antenna, {mast.vehicle.antenna:g} m", sign=Sign.MAST))
    note = (
        "In sight: the straight line between both antennas clears ground and curvature of the Moon. "
        "Rates by two-ray loss and the radios' figures. Frame: metres from the map's centre."
    )
    return Layer(
        title="Radio coverage",
        panels=tuple(panel for panel, _, _ in drawn),
        figures=tuple(figures for _, figures, _ in drawn),
        key=tuple(key),
        note=note,
    )


def _receivers(subject: Subject, mast: Mast, wish: Wish) -> list[_Receiver]:
    """Return who is to hear: each class of the wish, else those of the scenario, by the height of their antennas."""
    vehicles: Sequence[VehicleClass] = wish.vehicles
    if not vehicles and (wish.receiver is not None or not subject.vehicles):
        vehicles = (subject.vehicle(_RECEIVER),)
    if vehicles:
        height = wish.receiver
        raised = [vehicle if height is None else replace(vehicle, antenna=height) for vehicle in vehicles]
        return [_Receiver(vehicles=(vehicle,)) for vehicle in raised]
    alike: dict[tuple[float, LinkBudget], list[VehicleClass]] = {}
    for vehicle in sorted(subject.vehicles, key=lambda vehicle: (vehicle.antenna, vehicle.name)):
        alike.setdefault((vehicle.antenna, link_budget(mast.vehicle, vehicle)), []).append(vehicle)
    return [_Receiver(vehicles=tuple(vehicles)) for vehicles in alike.values()]


def _check(mast: Mast, subject: Subject) -> None:
    least_x, least_y, most_x, most_y = subject.terrain.extent
    x, y = mast.point
    if not (least_x <= x <= most_x and least_y <= y <= most_y):
        raise ConfigError(
            "--antenna",
            f"{x:g},{y:g} lies off the map",
            f"It goes from {least_x:g},{least_y:g} to {most_x:g},{most_y:g} metres.",
        )


def _panel(subject: Subject, mast: Mast, receiver: _Receiver) -> tuple[Panel, dict[str, object], dict[str, float]]:
    terrain = subject.terrain
    budget = link_budget(mast.vehicle, receiver.vehicles[0])
    seen = seen_from(terrain.heights, terrain.pixel, mast.point, mast.vehicle.antenna, receiver.antenna)
    rates = budget.rates(_distances(subject, mast))
    heard = np.where(rates > 0.0, _HEARD + np.searchsorted(_EDGES, rates, side="right"), _TOO_FAR)
    classes = np.where(seen, heard, _NO_SIGHT)
    shares = shares_of(classes, _NAMES)
    share = 1.0 - shares["no_sight"] - shares["too_far"]
    panel = Panel(
        title=receiver.title,
        facts=f"antenna {receiver.antenna:g} m · {percent(share)} of the map in reach",
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
        "antenna_m": [*mast.point, mast.vehicle.antenna],
        "vehicles": [vehicle.name for vehicle in receiver.vehicles],
        "receiver_m": receiver.antenna,
        "reach_m": budget.reach,
        "heard": share,
        "shares": shares,
    }
    return panel, figures, shares


def _distances(subject: Subject, mast: Mast) -> NDArray[np.float64]:
    """Return metres on the level from the mast to every cell."""
    terrain = subject.terrain
    rows, columns = terrain.heights.shape
    ys = terrain.south + terrain.pixel * np.arange(rows) - mast.point[1]
    xs = terrain.west + terrain.pixel * np.arange(columns) - mast.point[0]
    away: NDArray[np.float64] = np.hypot(xs[None, :], ys[:, None])
    return away
