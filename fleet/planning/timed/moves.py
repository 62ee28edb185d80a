"""From the labels of a search to what a vehicle does one thing after another, and that as a rehearsed plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import pi
from typing import Literal

import numpy as np

from fleet.core import Disc, Path, Point, Tick, path_length
from fleet.planning.ground import Ground, discs_array
from fleet.planning.straighten import straighten
from fleet.planning.timed.arrays import LEVELS
from fleet.planning.timed.course import Course, charge_at
from fleet.planning.timed.making import rest_heading
from fleet.planning.timed.query import Query, Spot
from fleet.planning.timed.rehearsal.arrays import Machine, Sunlight
from fleet.sdk.timed import Drive, Outset, Part, Serve, TimedPlan, Wait
from fleet.vehicles import VehicleClass

_WH = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that a vehicle does."""

    doing: Literal["drive", "wait", "serve"]
    path: Path  #: Driven; or the place where it stands.
    until: Tick = 0  #: When a wait ends; who was quicker than planned waits so much longer.
    takes: Tick = 0  #: How long work takes.
    reason: str = ""  #: Of a wait.


def moves_of(
    query: Query, spots: Sequence[Spot], tick: Tick, cut: Callable[[Path, bool, bool], Path] | None = None
) -> tuple[Move, ...]:
    """Return what labels of a plan mean.

    Parameters
    ----------
    tick
        Of departure.
    cut
        Makes a drive straighter, given whether it begins and whether it ends at a waypoint of the roadmap.
    """
    nodes = len(query.net.x)

    def doing(pair: tuple[Spot, Spot]) -> Literal["drive", "wait", "serve"]:
        before, after = pair
        if before.node < nodes <= after.node:
            return "serve"
        return "wait" if before.node == after.node else "drive"

    stretches = []
    for what, group in groupby(pairwise(spots), key=doing):
        pairs = list(group)
        stretches.append((what, (pairs[0][0], *(after for _, after in pairs))))
    moves: list[Move] = []
    for index, (what, stretch) in enumerate(stretches):
        place = _place(query, stretch[-1])
        if what == "drive":
            path = tuple(_place(query, spot) for spot in stretch)
            if cut is not None:
                is_waypoint = [spot.node % nodes < nodes - 2 for spot in (stretch[0], stretch[-1])]
                path = cut(path, is_waypoint[0], is_waypoint[1])
            moves.append(Move(doing="drive", path=path))
        elif what == "serve":
            moves.append(Move(doing="serve", path=(place,), takes=stretch[-1].tick - stretch[0].tick))
        else:
            ahead = stretches[index + 1][1] if index + 1 < len(stretches) else ()
            reason = _why(query, stretch, ahead)
            moves.append(Move(doing="wait", path=(place,), until=tick + stretch[-1].tick, reason=reason))
    return tuple(moves)


def _place(query: Query, spot: Spot) -> Point:
    node = spot.node % len(query.net.x)
    return (float(query.net.x[node]), float(query.net.y[node]))


def _why(query: Query, stretch: Sequence[Spot], ahead: Sequence[Spot]) -> str:
    first, last = stretch[0], stretch[-1]
    if last.charge > first.charge + 1e-3 * query.supply.capacity:
        return f"charges from {first.charge / _WH:.1f} to {last.charge / _WH:.1f} Wh"
    nodes, every, gained = len(query.net.x), query.sky.every, 0
    for spot in ahead:
        then, now = (int(query.lamps[spot.node % nodes, tick // every]) for tick in (spot.tick, first.tick))
        gained += then - now if then and now else 0
    if gained > LEVELS // 2:
        return "waits until the Sun comes to the way ahead"
    return "sleeps where that costs least"


class Rehearsals:
    """Plans of one vehicle, rehearsed from their beginning until a tick."""

    def __init__(self, vehicle: VehicleClass, ground: Ground, sunlight: Sunlight, machine: Machine) -> None:
        self._vehicle, self._ground = vehicle, ground
        self._sunlight, self._machine = sunlight, machine

    def cut(self, avoid: Sequence[Disc]) -> Callable[[Path, bool, bool], Path]:
        """Return what makes drives straighter that keep clear of discs; legs to a start and a goal stay as they are."""
        vehicle, ground, held = self._vehicle, self._ground, discs_array(avoid)

        def straighter(path: Path, begins: bool, ends: bool) -> Path:
            first, last = (0 if begins else 1), len(path) - (0 if ends else 1)
            if last - first < 3:
                return path
            inner = straighten(vehicle, ground, held, np.array(path[first:last]), (ground.room, ground.room))
            return (*path[:first], *((float(x), float(y)) for x, y in inner), *path[last:])

        return straighter

    def plan(self, outset: Outset, moves: Sequence[Move], last: Tick | None) -> TimedPlan:
        """Return the plan of these moves.

        Parameters
        ----------
        last
            Until when the vehicle stays asleep where they end, and that is rehearsed too; None for not at all.
        """
        course = Course(self._vehicle, self._ground, outset.tick, self._sunlight.dt)
        parts: list[Part] = []
        arrival, length, used, is_served, place = outset.tick, 0.0, 0.0, False, outset.point
        for move in moves:
            begin, place = course.now, move.path[-1]
            if move.doing == "drive":
                course.drive(move.path)
                if course.now > begin:
                    parts.append(Drive(begin=begin, end=course.now, path=move.path, charge=0.0))
                length += 0.0 if is_served else path_length(move.path)
            elif move.doing == "wait" and move.until > begin:
                heading = self._rest(begin, move.until)
                course.sleep(place, move.until, heading)
                wait = Wait(begin=begin, end=move.until, place=place, heading=heading, reason=move.reason, charge=0.0)
                parts.append(wait)
            elif move.doing == "serve":
                is_served = True
                course.work(place, begin + move.takes, self._rest(begin, begin + move.takes))
                if move.takes:
                    parts.append(Serve(begin=begin, end=begin + move.takes, place=place, charge=0.0))
            if not is_served:
                arrival, used = course.now, course.used
        haven_tick = course.now
        if last is not None:
            course.sleep(place, last, self._rest(haven_tick, last))
        samples = course.rehearsed(outset, self._sunlight, self._machine)
        return TimedPlan(
            parts=tuple(replace(part, charge=charge_at(samples, part.end)) for part in parts),
            arrival=arrival,
            length=length,
            energy=used + self._standing(parts, arrival),
            haven=place if last is not None else None,
            haven_tick=haven_tick if last is not None else None,
            samples=samples,
        )

    def _standing(self, parts: Sequence[Part], until: Tick) -> float:
        """Return the joules that being awake or asleep takes until a tick, heaters left out."""
        joules = 0.0
        for part in parts:
            watts = self._machine.sleep if isinstance(part, Wait) else self._machine.hotel
            joules += watts * max(0, min(part.end, until) - part.begin) * self._sunlight.dt
        return joules

    def _rest(self, begin: Tick, until: Tick) -> float:
        row = min(max((begin + until) // 2 // self._sunlight.every, 0), len(self._sunlight.sun) - 1)
        return rest_heading(self._vehicle, float(self._sunlight.sun[row, 0]) % (2.0 * pi))
