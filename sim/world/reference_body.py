"""One rover of the reference world, as a plain object."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, inf, sin, sqrt

from fleet.core import Tick
from fleet.vehicles import VehicleClass, heat
from sim.world import columns as at


@dataclass(slots=True, kw_only=True)
class Piece:
    """A stretch of a drive in which nothing but the place changes."""

    start: float
    point: tuple[float, float]
    velocity: tuple[float, float]
    heading: float
    spin: float
    facing: tuple[float, float]
    power: float
    distance: float
    speed: float


@dataclass(slots=True, kw_only=True)
class Motion:
    """A drive under way."""

    pieces: list[Piece]
    starts: list[float]  # of the pieces
    marks: list[float]
    started: Tick
    before: float  # metres driven before
    piece: int = 0
    passed: int = 0


@dataclass(slots=True, kw_only=True)
class Body:
    """One rover."""

    vehicle: VehicleClass
    x: float
    y: float
    heading: float
    facing: tuple[float, float]
    battery: float
    capacity: float
    initial: float
    activity: int = at.IDLE
    motion: Motion | None = None
    light: float = 0.0
    sun: tuple[float, float] = (0.0, 0.0)
    is_lit: bool = False
    flags: dict[str, bool] = field(default_factory=dict)
    drive_power: float = 0.0
    power: float = 0.0
    distance: float = 0.0
    solar_in: float = 0.0
    used: float = 0.0
    charge_in: float = 0.0
    charge_out: float = 0.0
    spilled: float = 0.0
    least: float = 0.0
    work_left: int = 0
    work_light: int = at.LIGHT_ANY
    work_waits: bool = False
    source: int = 0
    aim: float = inf  # joules at which another stops charging it
    temperature: float = heat.AT_START
    surroundings: float = heat.LIT_SURROUNDINGS
    is_heating: bool = False
    is_held: bool = False
    panel_share: float = 1.0
    wake_at: Tick = at.NEVER
    wake_light: bool = False
    wake_charge: float = inf

    def solar(self) -> float:
        """Return what its panels give now."""
        sx, sy = self.sun
        c, s = self.facing
        squarely = at.SOLAR_CONSTANT * self.vehicle.panel_efficiency
        tracking = squarely * sum(panel.area for panel in self.vehicle.panels if panel.offset is None)
        tracking *= self.panel_share
        watts = tracking * sqrt(sx * sx + sy * sy)
        for panel in self.vehicle.panels:
            if panel.offset is not None:
                co, so = cos(panel.offset), sin(panel.offset)
                facing = sx * (c * co - s * so) + sy * (s * co + c * so)
                if facing > 0.0:
                    watts += squarely * panel.area * self.panel_share * facing
        return watts * self.light

    def share_to_joules(self, share: float) -> float:
        """Return the joules of a share of its battery when that is whole."""
        return share * self.vehicle.battery


def square_between(a: Body, b: Body) -> float:
    """Return the square of the distance between two bodies."""
    dx, dy = b.x - a.x, b.y - a.y
    return dx * dx + dy * dy
