"""From a roadmap, an almanac and a vehicle's figures to the arrays of a search in time."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Final, TypeAlias

import numpy as np

from fleet.core import Disc, Point, Tick
from fleet.moon import Almanac
from fleet.moon.kernels import sun_at
from fleet.planning.ground import Bytes, Floats, Indices, idle_power
from fleet.planning.lattice import Roadmap
from fleet.planning.timed.arrays import BEARINGS, LEVELS, Net, Sky, Supply
from fleet.planning.timed.backward.kernels import transpose
from fleet.planning.timed.rehearsal.arrays import Machine, Sunlight
from fleet.sdk.planning import Objective
from fleet.vehicles import VehicleClass, heat

_SOLAR: Final = 1361.0  # W/m2 at one astronomical unit.
_ROOM: Final = 50_000  # Lanes that a start and a goal may have, more than they ever do.
#: Waypoints near a place, and ``(n, 2)`` seconds and joules of the drives.
Joined: TypeAlias = tuple[Indices, Floats]
_DIGITS: Final = 9  # Tables are rounded: the last bits of cosines differ by platform.


class Lanes:
    """The lanes of a roadmap as a search in time takes them; joined to a start and a goal they are a `Net`.

    A net is good until the next is asked for: the arrays are the same, with other lanes behind the roadmap's.
    """

    def __init__(self, roadmap: Roadmap, vehicle: VehicleClass, dt: float) -> None:
        self._roadmap, self._vehicle, self._dt = roadmap, vehicle, dt
        lanes, points = roadmap.lanes, roadmap.waypoints
        source = np.repeat(np.arange(len(roadmap), dtype=np.int64), np.diff(lanes.start))
        self._points = np.vstack([points, np.zeros((2, 2))])
        self._count = count = len(lanes.to)
        size = count + _ROOM
        self._first = np.concatenate([lanes.start, [count, count]]).astype(np.int32)
        self._source, self._to = np.zeros(size, np.int32), np.zeros(size, np.int32)
        self._source[:count], self._to[:count] = source, lanes.to
        self._seconds, self._joules = np.zeros(size), np.zeros(size)
        self._bearing, self._ticks = np.zeros(size, np.uint8), np.ones(size, np.int32)
        self._set(slice(0, count), lanes.seconds, lanes.joules)
        self._backward = transpose(lanes.start.astype(np.int32), lanes.to.astype(np.int32))

    def _set(self, part: slice, seconds: Floats, joules: Floats) -> None:
        self._seconds[part] = seconds
        self._joules[part] = np.maximum(0.0, joules - seconds * idle_power(self._vehicle))
        self._ticks[part] = np.maximum(1.0, np.ceil(seconds / self._dt - 1e-9))
        self._bearing[part] = bearings(self._points[self._to[part]] - self._points[self._source[part]])

    def net(
        self,
        start: tuple[Point, Joined],
        goal: tuple[Point, Joined, Joined],
        avoid: Sequence[Disc],
        objective: Objective,
    ) -> Net:
        """Return lanes with a start, numbered ``V - 2``, and a goal, ``V - 1``.

        Parameters
        ----------
        start
            The place, and the waypoints that drives lead to from there.
        goal
            The place, the waypoints that drives lead from to there, and those that drives lead to from there.
        avoid
            Discs that no lane comes too near to.
        """
        nodes = len(self._points)
        self._points[-2:] = (start[0], goal[0])
        self._first[-2:] = self._count + len(start[1][0]), self._count + len(start[1][0]) + len(goal[2][0])
        last = np.full(nodes, -1, np.int32)
        at = self._count
        for source, to, costs in (
            (nodes - 2, start[1][0], start[1][1]),
            (nodes - 1, goal[2][0], goal[2][1]),
            (goal[1][0], nodes - 1, goal[1][1]),
        ):
            part = slice(at, at + len(costs))
            self._source[part], self._to[part] = source, to
            self._set(part, costs[:, 0], costs[:, 1])
            at = part.stop
        last[goal[1][0]] = np.arange(at - len(goal[1][0]), at)
        # A tick is what counts, so that least time is least ticks.
        cost: Floats = self._ticks[:at].astype(np.float64) * (objective.time * self._dt)
        if objective.energy > 0.0:
            cost += objective.energy * (self._joules[:at] + self._seconds[:at] * self._vehicle.hotel_power)
        if objective.risk > 0.0:
            cost[: self._count] += objective.risk * self._roadmap.lane_risks
        return Net(
            x=self._points[:, 0].copy(),
            y=self._points[:, 1].copy(),
            first=self._first,
            last=last,
            to=self._to[:at],
            ticks=self._ticks[:at],
            joules=self._joules[:at],
            bearing=self._bearing[:at],
            cost=cost,
            open=self._clear_of(avoid, at),
            begin=self._backward[0],
            source=self._backward[1],
            which=self._backward[2],
        )

    def _clear_of(self, avoid: Sequence[Disc], count: int) -> Bytes:
        """Return which of so many lanes keep clear of discs; those of start and goal do so already."""
        clear = np.ones(count, np.uint8)
        if avoid:
            roadmap = slice(0, self._count)
            a, b = self._points[self._source[roadmap]], self._points[self._to[roadmap]]
            along = b - a
            square = (along * along).sum(axis=1)
            for disc in avoid:
                out = np.array([disc.x, disc.y]) - a
                share = np.clip((out * along).sum(axis=1) / np.maximum(square, 1e-12), 0.0, 1.0)
                gap = out - along * share[:, None]
                room = disc.radius + self._roadmap.ground.room
                clear[roadmap] &= (gap * gap).sum(axis=1) >= room * room
        return clear


def bearings(across: Floats) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Return headings of ``(n, 2)`` vectors as numbers, evenly from x counter-clockwise.

    >>> bearings(np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])).tolist()
    [0, 16, 40]
    """
    turns = np.arctan2(across[:, 1], across[:, 0]) / (2.0 * pi) * BEARINGS
    return (np.round(turns).astype(np.int64) % BEARINGS).astype(np.uint8)


def sky_of(almanac: Almanac, tick: Tick, layers: int, every: int) -> Sky:
    """Return the light of so many layers of `every` ticks from a tick on, each as it is in its middle."""
    field = almanac.field()
    sun = np.empty((layers, 3))
    for layer in range(layers):
        middle = tick + layer * every + every // 2
        sun[layer, :2] = sun_at(middle, field.sun, field.every)
        sun[layer, 2] = almanac.uncovered(middle)
    return Sky(
        every=every,
        sun=sun,
        horizon=field.horizon,
        first_heading=field.first_heading,
        heading_step=field.heading_step,
        disc=field.disc,
        west=field.west,
        south=field.south,
        pixel=field.pixel,
    )


def supply_of(vehicle: VehicleClass, almanac: Almanac, sky: Sky, tick: Tick, dt: float) -> Supply:
    """Return what a vehicle gains and uses in these layers."""
    strength = np.array(
        [
            _SOLAR * almanac.flux(tick + layer * sky.every + sky.every // 2) * cos(float(sky.sun[layer, 1]))
            for layer in range(len(sky.sun))
        ]
    )
    faces = np.arange(BEARINGS) * (2.0 * pi / BEARINGS)
    driving = np.zeros((len(sky.sun), BEARINGS))
    resting = np.zeros(len(sky.sun))
    for panel in vehicle.panels:
        if panel.offset is None:
            driving += panel.area
        else:
            off = sky.sun[:, :1] - faces[None, :] - panel.offset
            driving += panel.area * np.maximum(0.0, np.cos(off))
    for layer, (heading, _, _) in enumerate(sky.sun.tolist()):
        resting[layer] = facing(vehicle, heading, rest_heading(vehicle, heading))
    levels = np.arange(LEVELS + 1) / LEVELS
    awake = np.array([heat.warm_power(vehicle, level) for level in levels.tolist()])
    asleep = np.array([heat.warm_power(vehicle, level, asleep=level < 0.5) for level in levels.tolist()])
    return Supply(
        dt=dt,
        sunlight=(strength * vehicle.panel_efficiency).round(_DIGITS),
        resting=resting.round(_DIGITS),
        driving=driving.round(_DIGITS),
        awake=awake + vehicle.hotel_power,
        asleep=asleep + vehicle.sleep_power,
        working=awake + vehicle.hotel_power + vehicle.work_power,
        capacity=vehicle.battery,
    )


def rest_heading(vehicle: VehicleClass, sun: float) -> float:
    """Return the heading with which a vehicle rests: its first panel to the Sun, where it does not follow by itself."""
    offset = next((panel.offset for panel in vehicle.panels if panel.offset is not None), 0.0)
    return (sun - offset + pi) % (2.0 * pi) - pi


def facing(vehicle: VehicleClass, sun: float, heading: float) -> float:
    """Return the square metres of panel that face the Sun."""
    return sum(
        panel.area * (1.0 if panel.offset is None else max(0.0, cos(sun - heading - panel.offset)))
        for panel in vehicle.panels
    )


def sunlight_of(almanac: Almanac, dt: float) -> Sunlight:
    """Return light at any tick, for rehearsals."""
    field = almanac.field()
    strength = _SOLAR * field.sunshine[:, 1] * np.cos(field.sun[:, 1])
    heading = field.sun[:, 0]
    vector = np.stack([strength * np.cos(heading), strength * np.sin(heading)], axis=1)
    return Sunlight(
        dt=dt,
        every=field.every,
        sun=field.sun,
        sunshine=field.sunshine,
        vector=vector.round(6),
        horizon=field.horizon,
        first_heading=field.first_heading,
        heading_step=field.heading_step,
        disc=field.disc,
        west=field.west,
        south=field.south,
        pixel=field.pixel,
    )


def machine_of(vehicle: VehicleClass) -> Machine:
    """Return the figures of a vehicle, for rehearsals."""
    fixed = [(panel.area, panel.offset) for panel in vehicle.panels if panel.offset is not None]
    rows = [
        (area * vehicle.panel_efficiency, round(cos(offset), _DIGITS), round(sin(offset), _DIGITS))
        for area, offset in fixed
    ]
    tracking = sum(panel.area for panel in vehicle.panels if panel.offset is None)
    return Machine(
        tracking=tracking * vehicle.panel_efficiency,
        panels=np.array(rows, np.float64).reshape(-1, 3),
        hotel=vehicle.hotel_power,
        sleep=vehicle.sleep_power,
        work=vehicle.work_power,
        heater=vehicle.heater_power,
        rhu=vehicle.rhu_power,
        capacity=vehicle.heat_capacity,
        loss=vehicle.heat_loss,
        radiator=vehicle.radiator,
        battery=vehicle.battery,
    )
