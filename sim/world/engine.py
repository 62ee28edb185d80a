"""The compiled body of the world: arrays, and the one call that runs them."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin
from typing import Protocol

import msgspec
import numpy as np

from fleet.core import Pose, Tick, wrap_angle
from fleet.moon import link_budget
from fleet.vehicles import VehicleClass, drive_power, heat
from sim.scenario.scenario import RoverSpec
from sim.world import columns as at
from sim.world.arrays import Bodies, BoolArray, FloatArray, IntArray, Sky
from sim.world.course import Drive
from sim.world.kernels import advance
from sim.world.linking.kernels import look_at_links
from sim.world.pool import Pool
from sim.world.power.kernels import look_at_light, turn_panels
from sim.world.values import EnergyLedger

_STRONGEST = 1.1  # The Sun at its nearest, over its mean, and to spare.
_STEEPEST = 1.5  # The power of driving uphill, over that at 45 degrees, and to spare.

Record = tuple[int, int, int, int]  #: Code, rover, first, second; see `sim.world.columns`.


class BodyReading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an engine knows of one body; metres, radians, joules, watts."""

    x: float
    y: float
    heading: float
    light: float
    power: float
    activity: int
    distance: float
    least: float
    work_left: int
    source: int
    temperature: float
    battery: float
    used: float  #: By its own loads so far.

    @property
    def pose(self) -> Pose:
        """Where it stands."""
        return Pose(x=self.x, y=self.y, heading=self.heading)


class Engine(Protocol):
    """What runs the bodies: compiled, or tick by tick as the reference does."""

    def advance(self, tick: Tick, until: Tick) -> tuple[Tick, list[Record]]:
        """Run to a later tick, at most `until`, and return it with what happened in it; nothing happened before it."""
        ...

    def read(self, rover: int) -> BodyReading:
        """Return what is true of a body now."""
        ...

    def ledger(self, rover: int) -> EnergyLedger:
        """Return where a body's energy came from and went."""
        ...

    def drive(self, rover: int, drive: Drive, tick: Tick) -> None:
        """Let a body move from now on."""
        ...

    def stand(self, rover: int) -> None:
        """Let a body do nothing."""
        ...

    def work(self, rover: int, left: Tick, light: int) -> None:
        """Let a body work for so many ticks."""
        ...

    def let_wait(self, rover: int, *, waits: bool) -> None:
        """Let time count for a body at work, or not."""
        ...

    def charge(self, rover: int, source: int, share: float) -> None:
        """Let a body draw energy from another until it has this share of its charge."""
        ...

    def sleep(self, rover: int, until: Tick | None, *, light: bool, charge: float | None) -> None:
        """Let a body sleep until a tick, until it is lit, or until it has this share of its charge."""
        ...

    def hold(self, rover: int, *, is_held: bool) -> None:
        """Let the wheels of a body turn in vain, or find hold again."""
        ...

    def disturb(self, cut: BoolArray, jams: FloatArray, tick: Tick) -> None:
        """Let radios work no more between some and in some places; look again at who hears whom.

        Parameters
        ----------
        cut
            (N, N), symmetric: pairs that hear each other no more; on the diagonal, who does not reach the Earth.
        jams
            (J, 3) float64: x, y and square of the radius of ground where no radio works.
        """
        ...

    def weaken(self, rover: int, panels: float, battery: float) -> None:
        """Leave a body these shares of the power of its panels and of its battery's capacity."""
        ...

    def look_at_links(self, tick: Tick) -> None:
        """Look again at who hears whom."""
        ...

    def links(self) -> list[list[bool]]:
        """Return who hears whom directly."""
        ...

    def contact(self) -> list[list[bool]]:
        """Return for each body whether its own radio reaches the Earth, and the relay satellite."""
        ...

    def places(self) -> list[list[float]]:
        """Return x and y of each body."""
        ...

    def touching(self) -> list[list[bool]]:
        """Return who touches whom."""
        ...


def fixed_columns(vehicle: VehicleClass, dt: float) -> dict[int, float]:
    """Return the columns of `body` that the vehicle class fixes."""
    full = vehicle.battery
    warming = dt / vehicle.heat_capacity
    loss, louvres = warming * vehicle.heat_loss, warming * vehicle.radiator
    squarely = at.SOLAR_CONSTANT * vehicle.panel_efficiency
    most = vehicle.hotel_power + vehicle.sleep_power + vehicle.heater_power + vehicle.work_power
    most += _STEEPEST * drive_power(vehicle, radians(45.0))
    panels = squarely * sum(panel.area for panel in vehicle.panels)
    return {
        at.CAPACITY: full,
        at.LOW: 0.30 * full,
        at.LOW_OVER: 0.32 * full,
        at.CRITICAL: 0.15 * full,
        at.CRITICAL_OVER: 0.17 * full,
        at.FULL: 0.999 * full,
        at.FULL_OVER: 0.979 * full,
        at.RESERVE: 0.20 * full,
        at.HOTEL: vehicle.hotel_power,
        at.HEATER: vehicle.heater_power,
        at.WORK: vehicle.work_power,
        at.CHARGE: vehicle.charge_power,
        at.TRACKING: squarely * sum(panel.area for panel in vehicle.panels if panel.offset is None),
        at.RADIUS: vehicle.radius,
        at.REACH: vehicle.max_speed * dt,
        at.ANTENNA: vehicle.antenna,
        at.SLEEP: vehicle.sleep_power,
        at.RHU: vehicle.rhu_power,
        at.WARMING: warming,
        at.LOSS: loss,
        at.KEEP: 1.0 / (1.0 + loss),
        at.OPEN_GAIN: louvres * heat.LOUVRE_OPENS,
        at.OPEN_KEEP: 1.0 / (1.0 + loss + louvres),
        at.REVIVE: heat.REVIVE_CHARGE * full,
        at.DRAIN_MOST: most * dt,
        at.GAIN_MOST: _STRONGEST * panels * dt,
        at.COOL_MOST: loss * (at.HOT - heat.DARK_SURROUNDINGS) + louvres * (at.HOT - heat.LOUVRE_OPENS),
        at.WARM_MOST: warming * (most + vehicle.rhu_power) + loss * (heat.LIT_SURROUNDINGS - heat.SURVIVAL),
    }


def side_panels(vehicle: VehicleClass) -> list[tuple[float, float, float]]:
    """Return gain, cosine and sine of the offset of the panels that look to one side."""
    squarely = at.SOLAR_CONSTANT * vehicle.panel_efficiency
    return [(squarely * p.area, cos(p.offset), sin(p.offset)) for p in vehicle.panels if p.offset is not None]


def rhythm(dt: float) -> tuple[float, int, int]:
    """Return seconds a tick, and ticks between samples of light and between looks at the links."""
    return dt, max(1, round(at.LIGHT_SECONDS / dt)), max(1, round(at.LINK_SECONDS / dt))


def uplinks(vehicle: VehicleClass) -> tuple[bool, bool]:
    """Return whether a vehicle's radio is strong enough for the Earth, and for the relay satellite."""
    return vehicle.earth_rate > 0.0, vehicle.relay_rate > 0.0


class CompiledEngine:
    """Bodies as rows of arrays, run by one compiled call to the next tick at which anything happens."""

    def __init__(self, rovers: Sequence[RoverSpec], sky: Sky, dt: float) -> None:
        count = len(rovers)
        self._sky = sky
        self._rhythm = rhythm(dt)
        self._body: FloatArray = np.zeros((count, at.BODY_COLUMNS))
        self._status: IntArray = np.zeros((count, at.STATUS_COLUMNS), dtype=np.int64)
        self._initial = [spec.charge * spec.vehicle.battery for spec in rovers]
        self._pieces = Pool(owners=count, columns=at.PIECE_COLUMNS)
        self._marks = Pool(owners=count, columns=1)
        panels: list[tuple[float, float, float]] = []
        for i, spec in enumerate(rovers):
            body, status = self._body[i], self._status[i]
            for column, value in fixed_columns(spec.vehicle, dt).items():
                body[column] = value
            body[[at.X, at.Y, at.HEADING]] = spec.pose.x, spec.pose.y, spec.pose.heading
            body[[at.COS, at.SIN]] = cos(spec.pose.heading), sin(spec.pose.heading)
            body[at.BATTERY] = body[at.LEAST] = self._initial[i]
            body[at.TEMPERATURE] = heat.AT_START
            status[at.IS_LOW] = self._initial[i] < body[at.LOW]
            status[at.IS_CRITICAL] = self._initial[i] < body[at.CRITICAL]
            status[at.IS_FULL] = self._initial[i] >= body[at.FULL]
            status[at.FIRST_PANEL] = len(panels)
            panels += side_panels(spec.vehicle)
            status[at.END_PANEL] = len(panels)
        self._panels: FloatArray = np.array(panels, dtype=np.float64).reshape(-1, 3)
        self._whole_panels = self._panels.copy()
        self._whole_tracking: list[float] = self._body[:, at.TRACKING].tolist()
        self._whole_capacity: list[float] = self._body[:, at.CAPACITY].tolist()
        self._jams: FloatArray = np.zeros((0, 3))
        self._linked: BoolArray = np.zeros((count, count), dtype=np.bool_)
        vehicles = [spec.vehicle for spec in rovers]
        reach: FloatArray = np.array([[link_budget(a, b).reach for b in vehicles] for a in vehicles])
        self._whole_reach: FloatArray = reach * reach
        self._reach = self._whole_reach
        self._whole_uplinks: BoolArray = np.array([uplinks(vehicle) for vehicle in vehicles])
        self._uplinks = self._whole_uplinks
        self._contact: BoolArray = np.zeros((count, 2), dtype=np.bool_)
        self._contacts: BoolArray = self._touching()
        most = at.RECORDS_PER_ROVER * count + count * (count - 1) // 2 + 1
        self._records: IntArray = np.zeros((most, 4), dtype=np.int64)
        look_at_light(0, self._arrays(), sky, 0)
        self._status[:, at.LIT] = self._body[:, at.LIGHT] >= at.LIT_HALF
        look_at_links(0, self._arrays(), sky, True)

    def _arrays(self) -> Bodies:
        """Return all arrays as the kernels take them; pools may have moved theirs."""
        return Bodies(
            body=self._body,
            status=self._status,
            pieces=self._pieces.rows,
            marks=self._marks.rows,
            panels=self._panels,
            contacts=self._contacts,
            linked=self._linked,
            reach=self._reach,
            uplinks=self._uplinks,
            contact=self._contact,
            jams=self._jams,
            records=self._records,
        )

    def _touching(self) -> BoolArray:
        x, y, radius = self._body[:, at.X], self._body[:, at.Y], self._body[:, at.RADIUS]
        dx, dy, limit = x[:, None] - x, y[:, None] - y, radius[:, None] + radius
        touching: BoolArray = dx * dx + dy * dy < limit * limit
        np.fill_diagonal(touching, val=False)
        return touching

    def advance(self, tick: Tick, until: Tick) -> tuple[Tick, list[Record]]:
        """Run to the first later tick at which anything is recorded, at most `until`."""
        reached, count = advance(
            tick,
            until,
            self._arrays(),
            self._sky,
            self._rhythm,
        )
        return reached, [tuple(row) for row in self._records[:count].tolist()]

    def read(self, rover: int) -> BodyReading:
        """Return what is true of a body now."""
        body: list[float] = self._body[rover].tolist()
        status: list[int] = self._status[rover].tolist()
        return BodyReading(
            x=body[at.X],
            y=body[at.Y],
            heading=wrap_angle(body[at.HEADING]),
            light=body[at.LIGHT],
            power=body[at.POWER],
            activity=status[at.ACTIVITY],
            distance=body[at.DISTANCE],
            least=body[at.LEAST],
            work_left=status[at.WORK_LEFT],
            source=status[at.SOURCE],
            temperature=body[at.TEMPERATURE],
            battery=body[at.BATTERY],
            used=body[at.USED],
        )

    def ledger(self, rover: int) -> EnergyLedger:
        """Return where a body's energy came from and went."""
        body: list[float] = self._body[rover].tolist()
        return EnergyLedger(
            initial=self._initial[rover],
            solar=body[at.SOLAR_IN],
            charged=body[at.CHARGE_IN],
            used=body[at.USED],
            given=body[at.CHARGE_OUT],
            spilled=body[at.SPILLED],
            battery=body[at.BATTERY],
        )

    def drive(self, rover: int, drive: Drive, tick: Tick) -> None:
        """Let a body move from now on."""
        self._pieces.put(rover, drive.pieces)
        self._marks.put(rover, np.array([mark.time for mark in drive.marks]).reshape(-1, 1))
        self._status[:, at.FIRST_PIECE] = self._pieces.first
        self._status[:, at.FIRST_MARK] = self._marks.first
        status = self._status[rover]
        status[at.PIECE], status[at.LAST_PIECE] = 0, len(drive.pieces) - 1
        status[at.MARK], status[at.END_MARK] = 0, len(drive.marks)
        status[at.STARTED] = tick
        status[at.ACTIVITY], status[at.MOVED] = at.DRIVING, True
        self._body[rover, at.DISTANCE_BEFORE] = self._body[rover, at.DISTANCE]

    def stand(self, rover: int) -> None:
        """Let a body do nothing."""
        status = self._status[rover]
        status[at.ACTIVITY], status[at.MOVED] = at.IDLE, True  # Who was asleep hears again.

    def work(self, rover: int, left: Tick, light: int) -> None:
        """Let a body work for so many ticks."""
        self._status[rover, [at.ACTIVITY, at.WORK_LEFT, at.WORK_LIGHT, at.WORK_WAITS]] = at.WORKING, left, light, 0

    def let_wait(self, rover: int, *, waits: bool) -> None:
        """Let time count for a body at work, or not."""
        self._status[rover, at.WORK_WAITS] = waits

    def charge(self, rover: int, source: int, share: float) -> None:
        """Let a body draw energy from another until it has this share of its charge."""
        self._status[rover, [at.ACTIVITY, at.SOURCE]] = at.CHARGING, source
        self._body[rover, at.AIM] = share * self._whole_capacity[rover]

    def sleep(self, rover: int, until: Tick | None, *, light: bool, charge: float | None) -> None:
        """Let a body sleep until a tick, until it is lit, or until it has this share of its charge."""
        status, body = self._status[rover], self._body[rover]
        status[[at.ACTIVITY, at.MOVED, at.WAKE_LIGHT]] = at.ASLEEP, True, light
        status[at.WAKE_AT] = at.NEVER if until is None else until
        # Who waits for more than there can be wakes when there is all.
        most = body[at.CAPACITY]
        body[at.WAKE_CHARGE] = np.inf if charge is None else min(charge * self._whole_capacity[rover], most)

    def hold(self, rover: int, *, is_held: bool) -> None:
        """Let the wheels of a body turn in vain, or find hold again."""
        self._status[rover, at.HELD] = is_held

    def disturb(self, cut: BoolArray, jams: FloatArray, tick: Tick) -> None:
        """Let radios work no more between some and in some places; look again at who hears whom."""
        self._jams = jams
        self._reach = np.where(cut, -1.0, self._whole_reach)  # Less than any square of a distance.
        self._uplinks = self._whole_uplinks & ~np.diagonal(cut)[:, None]
        self._contact &= self._uplinks
        look_at_links(tick, self._arrays(), self._sky, True)

    def weaken(self, rover: int, panels: float, battery: float) -> None:
        """Leave a body these shares of the power of its panels and of its battery's capacity."""
        body, status = self._body[rover], self._status[rover]
        rows = slice(status[at.FIRST_PANEL], status[at.END_PANEL])
        body[at.TRACKING] = self._whole_tracking[rover] * panels
        self._panels[rows, at.PANEL_GAIN] = self._whole_panels[rows, at.PANEL_GAIN] * panels
        if status[at.ACTIVITY] != at.LOST:
            turn_panels(rover, self._body, self._status, self._panels)
        capacity = battery * self._whole_capacity[rover]
        body[[at.CAPACITY, at.FULL, at.FULL_OVER]] = capacity, 0.999 * capacity, 0.979 * capacity
        if body[at.BATTERY] > capacity:
            body[at.SPILLED] += body[at.BATTERY] - capacity
            body[at.BATTERY] = capacity
        if body[at.WAKE_CHARGE] < np.inf:
            body[at.WAKE_CHARGE] = min(body[at.WAKE_CHARGE], capacity)

    def look_at_links(self, tick: Tick) -> None:
        """Look again at who hears whom."""
        look_at_links(tick, self._arrays(), self._sky, False)

    def links(self) -> list[list[bool]]:
        """Return who hears whom directly."""
        linked: list[list[bool]] = self._linked.tolist()
        return linked

    def contact(self) -> list[list[bool]]:
        """Return for each body whether its own radio reaches the Earth, and the relay satellite."""
        contact: list[list[bool]] = self._contact.tolist()
        return contact

    def places(self) -> list[list[float]]:
        """Return x and y of each body."""
        places: list[list[float]] = self._body[:, [at.X, at.Y]].tolist()
        return places

    def touching(self) -> list[list[bool]]:
        """Return who touches whom."""
        contacts: list[list[bool]] = self._contacts.tolist()
        return contacts
