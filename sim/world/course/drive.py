"""A command to move, worked out beforehand: where the body is at any tick, and what happens on the way.

Everything that needs an angle, a slope or a root is done here once, in plain Python, for the compiled world and its
reference alike. What is left for each tick is a product and a comparison.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, ceil, cos, hypot, inf, isfinite, radians, sin
from typing import Literal

import numpy as np

from fleet.core import Point, Pose, wrap_angle
from fleet.messages import Arrived, Blocked, Event, FollowPath, Passed
from fleet.vehicles import VehicleClass, drive_power, ground_speed
from sim.world.arrays import FloatArray
from sim.world.columns import PIECE_COLUMNS
from sim.world.course.hidden import Hidden, Sight
from sim.world.course.site import Site

Obstacle = Literal["rock", "slope", "edge", "soft"]

_SAME_PLACE = 1e-3  # metres
_STANDOFF = 0.05  # metres left between a body and the rock or edge that stops it
_TILT_GRACE = radians(2.0)  # over the class's limit, before wheels slip away
_TURN_PIECE = radians(10.0)  # panels see one heading in such a piece of a turn
_ROUNDING = 1e-9  # ticks

_Look = tuple[Hidden, float, float]  # Things that may be met, how far beyond a run's end, and within which reach.


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something on the way."""

    time: float  #: Ticks since the command.
    event: Event
    sight: Sight | None = None  #: What of the hidden ground was met.


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A command to move, compiled."""

    pieces: FloatArray  #: (K, PIECE_COLUMNS); the last row is where it ends.
    marks: tuple[Mark, ...]  #: By time; the last one ends the drive.


class _Course:
    """Pieces of motion put one after another."""

    def __init__(self, site: Site, vehicle: VehicleClass, dt: float, looks: Sequence[_Look], pose: Pose) -> None:
        self._site = site
        self._vehicle = vehicle
        self._dt = dt
        self._looks = looks
        self._point = pose.point
        self._heading = pose.heading
        self._time = 0.0
        self._distance = 0.0
        self._rows = array("d")  # Row after row; thrice as quick as an array of tuples.
        self._marks: list[Mark] = []

    def _add(self, duration: float, twist: tuple[float, float, float], power: float, facing: float) -> None:
        vx, vy, spin = twist
        speed = hypot(vx, vy) if vx or vy else 0.0
        x, y = self._point
        self._rows.extend(
            (self._time, x, y, vx, vy, self._heading, spin, cos(facing), sin(facing), power, self._distance, speed)
        )
        self._time += duration
        self._distance += speed * duration

    def mark(self, event: Event) -> None:
        """Note what happens here."""
        self._marks.append(Mark(time=self._time - _ROUNDING, event=event))

    def end(self, event: Event) -> Drive:
        """Return the whole, ending here."""
        self._heading = wrap_angle(self._heading)
        self._add(0.0, (0.0, 0.0, 0.0), 0.0, self._heading)
        self._marks.sort(key=lambda mark: mark.time)
        self.mark(event)
        pieces = np.frombuffer(self._rows, dtype=np.float64).reshape(-1, PIECE_COLUMNS)
        return Drive(pieces=pieces, marks=tuple(self._marks))

    def turn(self, heading: float) -> bool:
        """Turn on the spot; return whether the vehicle can."""
        angle = wrap_angle(heading - self._heading)
        rate = self._vehicle.turn_rate * self._dt
        if abs(angle) < _ROUNDING:
            return True
        if rate <= 0.0:
            return False
        count = ceil(abs(angle) / _TURN_PIECE)
        spin = rate if angle > 0.0 else -rate
        power = drive_power(self._vehicle, 0.0)
        start, time, (x, y) = self._heading, self._time, self._point
        takes = abs(angle) / count / rate
        for k in range(count):
            # As `_add`, without a call for each of many pieces.
            facing = start + angle * (k + 0.5) / count
            before = start + angle * k / count
            self._rows.extend(
                (time, x, y, 0.0, 0.0, before, spin, cos(facing), sin(facing), power, self._distance, 0.0)
            )
            time += takes
        self._heading, self._time = wrap_angle(heading), time
        return True

    def run(self, goal: Point, known: Collection[Sight]) -> Obstacle | None:
        """Drive straight to `goal`; return what stopped the rover on the way, if anything.

        Parameters
        ----------
        known
            What hidden ground this rover has met.
        """
        start = self._point
        length = hypot(goal[0] - start[0], goal[1] - start[1])
        if length <= _SAME_PLACE:
            return None
        if not self._vehicle.can_drive:
            return "slope"
        if not isfinite(length):
            return "edge"
        unit = ((goal[0] - start[0]) / length, (goal[1] - start[1]) / length)
        if not self.turn(atan2(unit[1], unit[0])):
            return "slope"
        stop, obstacle = self._obstacle(unit, length)
        end = goal if obstacle is None else (start[0] + unit[0] * stop, start[1] + unit[1] * stop)
        progress = [(0.0, self._time)]
        pieces = ceil(stop / self._site.pixel)
        if pieces:
            heights, tilts = self._site.profile(start, end, pieces)
        slowing = self._site.slowing(start, unit, stop, self._vehicle.radius) if self._site.soft else ()
        for k in range(pieces):
            climb = atan2(heights[k + 1] - heights[k], stop / pieces)
            speed = ground_speed(self._vehicle, climb) * self._dt
            if speed <= 0.0 or self._is_too_steep(tilts[k], tilts[k + 1]):
                obstacle = "slope"
                break
            power = drive_power(self._vehicle, climb)
            for until, slip in _softness(slowing, stop * (k / pieces), stop * ((k + 1) / pieces)):
                slow, share = speed * (1.0 - slip), until / stop
                twist = (unit[0] * slow, unit[1] * slow, 0.0)
                self._add((until - progress[-1][0]) / slow, twist, power, self._heading)
                self._point = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
                progress.append((until, self._time))
        if obstacle is None:
            self._point = goal
        if self._looks:
            self._look_out(start, unit, progress, known)
        return obstacle

    def _obstacle(self, unit: Point, length: float) -> tuple[float, Obstacle | None]:
        """Return how far a straight run leads before a rock, soft ground or the map's edge, and which."""
        stop = length
        obstacle: Obstacle | None = None
        room = self._site.room(self._point, unit)
        if room < length:
            stop, obstacle = max(0.0, room - _STANDOFF), "edge"
        rocks = self._site.rocks(self._vehicle.clearance)
        for along, _ in rocks.met(self._point, unit, length, self._vehicle.radius)[:1]:
            contact = max(0.0, along - _STANDOFF)
            if contact < stop:
                stop, obstacle = contact, "rock"
        if self._site.soft:
            for along, patch in self._site.patches.met(self._point, unit, length, self._vehicle.radius):
                contact = max(0.0, along - _STANDOFF)
                if self._site.soft[patch].stops(self._vehicle) and contact < stop:
                    stop, obstacle = contact, "soft"
        return stop, obstacle

    def _is_too_steep(self, here: float, there: float) -> bool:
        """Return whether the next piece leads onto ground that is too steep; who stands on such may leave it."""
        limit = self._vehicle.slope_limit + _TILT_GRACE
        return there > limit and (here <= limit or there > here)

    def _look_out(
        self, start: Point, unit: Point, progress: list[tuple[float, float]], known: Collection[Sight]
    ) -> None:
        """Mark where hidden ground is seen or felt on a run; `progress` is metres and ticks at the ends of pieces."""
        length = progress[-1][0]
        met = [
            (min(along, length), hidden.sights[index], hidden.told[index])
            for hidden, beyond, reach in self._looks
            for along, index in hidden.discs.met(start, unit, length + beyond, reach)
        ]
        told = {mark.sight for mark in self._marks}
        for along, sight, event in met:
            if sight in known or sight in told:
                continue
            k = bisect_right(progress, (along, inf), hi=len(progress) - 1)
            (before, early), (after, late) = progress[max(0, k - 1)], progress[k]
            share = (along - before) / (after - before) if after > before else 0.0
            time = min(early + (late - early) * share, late) - _ROUNDING
            self._marks.append(Mark(time=time, event=event, sight=sight))


def _softness(slowing: Sequence[tuple[float, float, float]], start: float, end: float) -> list[tuple[float, float]]:
    """Return how far each piece from `start` to `end` goes, cut where soft ground begins and ends, and what it slips.

    >>> _softness([(1.0, 2.5, 0.5)], 0.0, 2.0)
    [(1.0, 0.0), (2.0, 0.5)]
    """
    if not slowing:
        return [(end, 0.0)]
    cuts = [start]
    for border in sorted(border for low, high, _ in slowing for border in (low, high)):
        if cuts[-1] + _SAME_PLACE < border < end - _SAME_PLACE:
            cuts.append(border)
    pieces = []
    for before, after in pairwise([*cuts, end]):
        middle = 0.5 * (before + after)
        pieces.append((after, max((slip for low, high, slip in slowing if low <= middle <= high), default=0.0)))
    return pieces


class Driver:
    """Works out the drives of one kind of vehicle on one site."""

    def __init__(self, site: Site, vehicle: VehicleClass, dt: float) -> None:
        self._site = site
        self._vehicle = vehicle
        self._dt = dt

    def follow(self, pose: Pose, command: FollowPath, known: Collection[Sight], *, first: int = 0) -> Drive:
        """Return a drive from `pose` along a path.

        Parameters
        ----------
        known
            What hidden ground this rover has met.
        first
            The waypoint that is driven to first.

        Notes
        -----
        A vehicle that cannot drive is stopped by the slope at once: it has no speed on any ground.
        """
        course = self._course(pose)
        for index, waypoint in enumerate(command.path[first:], first):
            obstacle = course.run(waypoint, known)
            if obstacle is not None:
                return course.end(Blocked(reason=obstacle))
            if index in command.report:
                course.mark(Passed(waypoint=index))
        return course.end(Arrived())

    def turn(self, pose: Pose, heading: float) -> Drive:
        """Return a turn on the spot; one that cannot turn is stopped by the slope like one that cannot drive."""
        course = self._course(pose)
        return course.end(Arrived() if course.turn(heading) else Blocked(reason="slope"))

    def _course(self, pose: Pose) -> _Course:
        looks = _looks_of(self._site, self._vehicle) if self._vehicle.can_drive else ()
        return _Course(self._site, self._vehicle, self._dt, looks, pose)


def _looks_of(site: Site, vehicle: VehicleClass) -> tuple[_Look, ...]:
    """Return where a vehicle looks out for what no map shows."""
    looks = (
        (site.seen(vehicle), 0.0, vehicle.sensor_range),
        (site.felt, 2.0 * _STANDOFF, vehicle.radius),  # What stops wheels is felt where they stand before it.
        (site.denied, 0.0, 0.0),
    )
    return tuple(look for look in looks if look[0].told)
