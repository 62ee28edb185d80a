"""What an instrument that is set up lives on: panel, battery, heater, and what cold it survives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from fleet.core import AgencyId, Point, TaskId
from sim.scenario.place_schema import Strict

_Figure = Annotated[float, Field(ge=0.0, le=1e6)]
_WH = 3600.0  # Joules a watt-hour.
_ZERO = 273.15  # Kelvin.


class InstrumentItem(Strict):
    """An instrument with power and heat of its own; `docs/facts.md` says where the figures come from."""

    passive: bool = False
    """It needs neither power nor warmth, as a mirror does not; no other figure counts then."""
    panel_m2: _Figure = 0.08
    """Of its panels that the Sun sees, which stand upright and look to all sides."""
    battery_wh: _Figure = 60.0
    power_w: _Figure = 3.0
    """While it is awake; below a fifth of its charge it sleeps, until it has two fifths."""
    sleep_w: _Figure = 0.5
    heater_w: _Figure = 3.0
    """On below -15 degC."""
    rhu_w: _Figure = 1.0
    """Heat of a radioisotope unit."""
    heat_capacity_j_k: Annotated[float, Field(gt=0.0, le=1e9)] = 2500.0
    heat_loss_w_k: _Figure = 0.02
    radiator_w_k: _Figure = 0.2
    """Given off beyond that by louvres, which are open from 20 degC on."""
    survives_c: Annotated[float, Field(ge=-273.15, le=100.0)] = -40.0
    """Colder than this it never comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentFigures:
    """What an instrument lives on; SI."""

    panel: float
    panel_efficiency: float
    battery: float
    power: float
    sleep_power: float
    heater_power: float
    rhu_power: float
    heat_capacity: float
    heat_loss: float
    radiator: float
    survival: float  #: Kelvin.


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentSpec:
    """An instrument, named after the task that sets it up."""

    id: TaskId
    title: str
    agency: AgencyId
    place: Point
    figures: InstrumentFigures


def figures_of(item: InstrumentItem) -> InstrumentFigures:
    """Return what a file says of an instrument."""
    uses = 0.0 if item.passive else 1.0
    return InstrumentFigures(
        panel=uses * item.panel_m2,
        panel_efficiency=0.28,
        battery=uses * item.battery_wh * _WH,
        power=uses * item.power_w,
        sleep_power=uses * item.sleep_w,
        heater_power=uses * item.heater_w,
        rhu_power=uses * item.rhu_w,
        heat_capacity=item.heat_capacity_j_k,
        heat_loss=item.heat_loss_w_k,
        radiator=item.radiator_w_k,
        survival=0.0 if item.passive else item.survives_c + _ZERO,
    )
