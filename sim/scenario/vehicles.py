"""The vehicle classes that a scenario may use: the catalogue's, and those it makes from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fleet.vehicles import FIGURES, VehicleClass, catalogue
from sim.scenario.schema import VehicleItem


def make_vehicle(name: str, item: VehicleItem) -> VehicleClass:
    """Return the class that a `VehicleItem` describes; its base must be in the catalogue.

    Raises
    ------
    ValueError
        When a figure makes no vehicle.
    """
    given: dict[str, Any] = item.model_dump(exclude_none=True)
    base = catalogue()[given.pop("base")]
    changes: dict[str, Any] = {"name": name}
    for key, value in given.items():
        if key in FIGURES:
            field, factor = FIGURES[key]
            changes[field] = value * factor
        else:
            changes[key] = tuple(sorted(value)) if key == "capabilities" else value
    return replace(base, **changes)


def vehicle_classes(items: Mapping[str, VehicleItem]) -> dict[str, VehicleClass]:
    """Return all classes by name: the catalogue's and those made from it."""
    return {**catalogue(), **{name: make_vehicle(name, item) for name, item in items.items()}}
