"""Why a vehicle cannot be somewhere, in a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, degrees, radians
from typing import Final

import numpy as np
from shapely import Point as Spot

from fleet.core import Disc, Point, distance
from fleet.terrain import CLOSED, ROCK_REACH, Terrain, Zone
from fleet.terrain.heights import Heights
from fleet.vehicles import VehicleClass

_KINDS: Final = {"rock": "rock", "soft": "soft ground", "steep": "steep ground"}
_MOST: Final = 1e9
_CLIMBED: Final = radians(80.0)


def vehicles_without_a_limit(vehicle: VehicleClass) -> tuple[tuple[VehicleClass, str], ...]:
    """Return the vehicle without each of its limits in turn, with what does not stop it any more.

    >>> from fleet.vehicles import catalogue
    >>> [what for _, what in vehicles_without_a_limit(catalogue()["metu-micro"])]
    ['too steep ground', 'too rough ground', 'rocks', 'too soft ground']
    """
    return (
        (replace(vehicle, slope_limit=_CLIMBED), "too steep ground"),
        (replace(vehicle, roughness_limit=_MOST), "too rough ground"),
        (replace(vehicle, clearance=_MOST), "rocks"),
        (replace(vehicle, slip_limit=1.0), "too soft ground"),
    )


def spell(name: str, place: Point) -> str:
    """Return a place for people.

    >>> spell("goal", (1.0, -2.04))
    'goal (1.0, -2.0)'
    """
    return f"{name} ({place[0]:.1f}, {place[1]:.1f})"


def why_not(name: str, place: Point, vehicle: VehicleClass, terrain: Terrain, avoid: Sequence[Disc]) -> str:
    """Return why the vehicle cannot stand at a place; empty when nothing is in its way."""
    who, radius = spell(name, place), vehicle.radius
    if not terrain.contains(place):
        return f"{who} lies outside the map"
    xmin, ymin, xmax, ymax = terrain.extent
    if min(place[0] - xmin, xmax - place[0], place[1] - ymin, ymax - place[1]) < radius:
        return f"{who} is too near to the edge of the map"
    return (
        _zone(who, place, radius, terrain)
        or _steep(who, place, vehicle, terrain)
        or _rough(who, place, vehicle, terrain)
        or _rock(who, place, vehicle, terrain)
        or _held(who, place, radius, avoid)
    )


def _zone(who: str, place: Point, radius: float, terrain: Terrain) -> str:
    for zone in (*terrain.closed, *terrain.zones):
        if zone.is_keep_out:
            gap, what = zone.shape.distance(Spot(place)), spell_zone(zone)
            if gap <= 0.0:
                return f"{who} lies in {what}"
            if gap < radius:
                return f"{who} is {gap:.1f} m from {what}, less than the vehicle's radius"
    return ""


def spell_zone(zone: Zone) -> str:
    """Return ground that is not entered for people."""
    return f"{'closed ground' if zone.kind == CLOSED else 'keep-out zone'} {zone.id}"


def _steep(who: str, place: Point, vehicle: VehicleClass, terrain: Terrain) -> str:
    limit = vehicle.slope_limit
    where, worst = _beyond(terrain.tilts, limit, place, vehicle.radius, terrain, here=terrain.tilt(place))
    told = f"ground that tilts {degrees(worst):.1f} degrees; {vehicle.name} may take {degrees(limit):.1f}"
    return f"{who} {where} {told}" if where else ""


def _rough(who: str, place: Point, vehicle: VehicleClass, terrain: Terrain) -> str:
    limit = vehicle.roughness_limit
    where, worst = _beyond(terrain.roughnesses, limit, place, vehicle.radius, terrain, here=terrain.roughness(place))
    return f"{who} {where} ground {worst:.2f} m rough; {vehicle.name} may take {limit:.2f}" if where else ""


def _beyond(
    values: Heights, limit: float, place: Point, radius: float, terrain: Terrain, *, here: float
) -> tuple[str, float]:
    """Return how a disc lies to ground over a limit and the value there; empty when it touches none."""
    if here > limit:
        return "lies on", here
    beside = _worst_beside(values, limit, place, radius, terrain)
    return ("is beside", beside) if beside is not None else ("", 0.0)


def _worst_beside(values: Heights, limit: float, place: Point, radius: float, terrain: Terrain) -> float | None:
    """Return the greatest value over a limit among the cells that a disc touches, None when there is none."""
    column = round((place[0] - terrain.west) / terrain.pixel)
    row = round((place[1] - terrain.south) / terrain.pixel)
    reach = ceil(radius / terrain.pixel) + 1
    low, left = max(0, row - reach), max(0, column - reach)
    near = values[low : row + reach + 1, left : column + reach + 1]
    rows, columns = np.nonzero(near > limit)
    half = terrain.pixel / 2.0
    across = np.maximum(np.abs(terrain.west + (left + columns) * terrain.pixel - place[0]) - half, 0.0)
    up = np.maximum(np.abs(terrain.south + (low + rows) * terrain.pixel - place[1]) - half, 0.0)
    beside = near[rows, columns][across * across + up * up < radius**2]
    return float(beside.max()) if len(beside) else None


def _rock(who: str, place: Point, vehicle: VehicleClass, terrain: Terrain) -> str:
    mapped = [(rock, "rock") for rock in terrain.ground.rocks if rock.radius > vehicle.clearance]
    kinds = {known.hazard.disc: _KINDS[known.hazard.kind] for known in terrain.hazards if known.hazard.stops(vehicle)}
    for disc, what in (*mapped, *((disc, kinds[disc]) for disc in terrain.obstacles(vehicle))):
        # As in the terrain's forbidden ground, the outline of a disc lies up to 2 % outside of it.
        if distance(place, (disc.x, disc.y)) < ROCK_REACH * disc.radius + vehicle.radius:
            return f"{who} is at the {what} of {disc.radius:.1f} m radius at ({disc.x:.1f}, {disc.y:.1f})"
    return ""


def _held(who: str, place: Point, radius: float, avoid: Sequence[Disc]) -> str:
    for disc in avoid:
        if distance(place, (disc.x, disc.y)) < disc.radius + radius:
            return f"{who} lies on ground to be avoided around ({disc.x:.1f}, {disc.y:.1f})"
    return ""
