"""The vehicle classes of the mission, read from `catalogue.toml`, each figure with its label and source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import radians
from types import MappingProxyType
from typing import Any, Literal, cast

from fleet.vehicles.model import Panel, VehicleClass

Label = Literal["known", "analogue", "derived", "assumed"]
_WH = 3600.0
# Key in the file -> field of VehicleClass, factor to SI.
FIGURES: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "mass_kg": ("mass", 1.0),
        "radius_m": ("radius", 1.0),
        "max_speed_m_s": ("max_speed", 1.0),
        "turn_rate_deg_s": ("turn_rate", radians(1.0)),
        "slope_limit_deg": ("slope_limit", radians(1.0)),
        "roughness_limit_m": ("roughness_limit", 1.0),
        "slip_limit": ("slip_limit", 1.0),
        "clearance_m": ("clearance", 1.0),
        "panel_efficiency": ("panel_efficiency", 1.0),
        "battery_wh": ("battery", _WH),
        "hotel_w": ("hotel_power", 1.0),
        "sleep_w": ("sleep_power", 1.0),
        "heater_w": ("heater_power", 1.0),
        "rhu_w": ("rhu_power", 1.0),
        "heat_capacity_j_k": ("heat_capacity", 1.0),
        "heat_loss_w_k": ("heat_loss", 1.0),
        "radiator_w_k": ("radiator", 1.0),
        "work_w": ("work_power", 1.0),
        "antenna_m": ("antenna", 1.0),
        "radio_mhz": ("radio_frequency", 1e6),
        "radio_w": ("radio_power", 1.0),
        "radio_gain_dbi": ("radio_gain", 1.0),
        "radio_noise_db": ("radio_noise", 1.0),
        "radio_kbit_s": ("radio_rate", 1000.0),
        "radio_least_kbit_s": ("radio_least", 1000.0),
        "radio_range_m": ("radio_range", 1.0),
        "relay_kbit_s": ("relay_rate", 1000.0),
        "earth_kbit_s": ("earth_rate", 1000.0),
        "sensor_range_m": ("sensor_range", 1.0),
        "payload_kg": ("payload", 1.0),
        "charge_w": ("charge_power", 1.0),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A figure as written in the catalogue, with what it rests on."""

    key: str  #: Name with unit, such as ``mass_kg``.
    value: object
    label: Label
    source: str


def _vehicle(name: str, entry: Mapping[str, Any]) -> VehicleClass:
    panels = tuple(
        Panel(area=float(area), offset=None if offset == "tracking" else radians(offset))
        for area, offset in entry["panels_m2_deg"][0]
    )
    figures = {field: float(entry[key][0]) * factor for key, (field, factor) in FIGURES.items()}
    return VehicleClass(
        name=name,
        title=entry["title"],
        capabilities=tuple(sorted(entry["capabilities"])),
        panels=panels,
        **cast("dict[str, Any]", figures),
    )


@cache
def _entries() -> Mapping[str, Any]:
    text = resources.files("fleet.vehicles").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def catalogue() -> Mapping[str, VehicleClass]:
    """Return the vehicle classes by name.

    >>> catalogue()["suparco-rover"].mass
    35.0
    """
    return MappingProxyType({name: _vehicle(name, entry) for name, entry in _entries().items()})


def sources(name: str) -> tuple[Sourced, ...]:
    """Return every figure of a class with its label and source.

    >>> [figure.label for figure in sources("suparco-rover") if figure.key == "mass_kg"]
    ['known']
    """
    entry = _entries()[name]
    return tuple(
        Sourced(key=key, value=entry[key][0], label=entry[key][1], source=entry[key][2])
        for key in ("panels_m2_deg", *FIGURES)
    )
