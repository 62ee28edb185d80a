"""Why a vehicle cannot be somewhere, in a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, degrees

import numpy as np
from shapely import Point as Spot

from fleet.core import Disc, Point, distance
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass


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
    for zone in terrain.zones:
        if zone.is_keep_out:
            gap = zone.shape.distance(Spot(place))
            if gap <= 0.0:
                return f"{who} lies in keep-out zone {zone.id}"
            if gap < radius:
                return f"{who} is {gap:.1f} m from keep-out zone {zone.id}, less than the vehicle's radius"
    return ""


def _steep(who: str, place: Point, vehicle: VehicleClass, terrain: Terrain) -> str:
    limit = f"{vehicle.name} may take {degrees(vehicle.slope_limit):.1f}"
    here = terrain.tilt(place)
    if here > vehicle.slope_limit:
        return f"{who} lies on ground that tilts {degrees(here):.1f} degrees; {limit}"
    column = round((place[0] - terrain.west) / terrain.pixel)
    row = round((place[1] - terrain.south) / terrain.pixel)
    reach = ceil(vehicle.radius / terrain.pixel) + 1
    low, left = max(0, row - reach), max(0, column - reach)
    near = terrain.tilts[low : row + reach + 1, left : column + reach + 1]
    rows, columns = np.nonzero(near > vehicle.slope_limit)
    half = terrain.pixel / 2.0
    across = np.maximum(np.abs(terrain.west + (left + columns) * terrain.pixel - place[0]) - half, 0.0)
    up = np.maximum(np.abs(terrain.south + (low + rows) * terrain.pixel - place[1]) - half, 0.0)
    beside = near[rows, columns][across * across + up * up < vehicle.radius**2]
    if len(beside):
        return f"{who} is beside ground that tilts {degrees(float(beside.max())):.1f} degrees; {limit}"
    return ""


def _rough(who: str, place: Point, vehicle: VehicleClass, terrain: Terrain) -> str:
    here = terrain.roughness(place)
    if here <= vehicle.roughness_limit:
        return ""
    return f"{who} lies on ground {here:.2f} m rough; {vehicle.name} may take {vehicle.roughness_limit:.2f}"


def _rock(who: str, place: Point, vehicle: VehicleClass, terrain: Terrain) -> str:
    soft = {known.hazard.disc for known in terrain.hazards if known.hazard.kind == "soft"}
    for rock in (*terrain.ground.rocks, *terrain.obstacles(vehicle)):
        # As in the terrain's forbidden ground, the outline of a rock lies up to 2 % outside of its disc.
        if (rock in soft or rock.radius > vehicle.clearance) and distance(
            place, (rock.x, rock.y)
        ) < 1.02 * rock.radius + vehicle.radius:
            what = "soft ground" if rock in soft else "rock"
            return f"{who} is at the {what} of {rock.radius:.1f} m radius at ({rock.x:.1f}, {rock.y:.1f})"
    return ""


def _held(who: str, place: Point, radius: float, avoid: Sequence[Disc]) -> str:
    for disc in avoid:
        if distance(place, (disc.x, disc.y)) < disc.radius + radius:
            return f"{who} lies on ground to be avoided around ({disc.x:.1f}, {disc.y:.1f})"
    return ""
