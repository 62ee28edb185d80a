"""An independent judge of plans: shapes only, no code in common with the planner."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, ceil, degrees, isfinite, radians

import shapely
from shapely import LineString
from shapely.ops import substring

from fleet.core import Disc, Path, Point, distance
from fleet.terrain import ROCK_REACH, Terrain
from fleet.vehicles import VehicleClass

_HERE = 1e-6  # Metres.
_CLIMB_SLACK = radians(3.0)  # The limit is one for tilts, which are means over two pixels; climbs are local.
_STEP = 0.25  # Metres between looks while a rover leaves ground it should not stand on.


def validate_plan(
    path: Path, vehicle: VehicleClass, terrain: Terrain, start: Point, goal: Point, *, avoid: Sequence[Disc] = ()
) -> tuple[str, ...]:
    """Return what is wrong with a path, nothing when it is good.

    Parameters
    ----------
    start, goal
        What was asked for.
    avoid
        Ground of others.

    Notes
    -----
    A path that starts on forbidden ground may leave it, as long as it never comes nearer to it while doing so, but for
    what the outline of a rock, which has corners, lies off its disc; one that goes nowhere touches nothing that the
    rover does not touch anyway.

    Examples
    --------
    >>> import numpy as np
    >>> from fleet.terrain import ground_map_from_heights
    >>> from fleet.vehicles import catalogue
    >>> flat = Terrain(ground_map_from_heights(np.zeros((9, 9), "f4"), 5.0, latitude=-1.5, longitude=0, north=0))
    >>> micro = catalogue()["metu-micro"]
    >>> validate_plan(((0.0, 0.0), (30.0, 0.0)), micro, flat, (0.0, 0.0), (30.0, 0.0))
    ('the body leaves the map',)
    """
    if len(path) < 2 or not all(isfinite(value) for point in path for value in point):
        return ("a path needs at least two finite waypoints",)
    faults = []
    if distance(path[0], start) > _HERE:
        faults.append(f"the path begins at {path[0]}, not at {start}")
    if distance(path[-1], goal) > _HERE:
        faults.append(f"the path ends at {path[-1]}, not at {goal}")
    line = LineString(path)
    if line.length <= _HERE:
        return tuple(faults)
    if not shapely.box(*terrain.extent).covers(line.buffer(vehicle.radius - _HERE)):
        return (*faults, "the body leaves the map")
    held = [shapely.Point(disc.x, disc.y).buffer(disc.radius, quad_segs=64) for disc in avoid]
    stops = shapely.union_all([terrain.forbidden(vehicle), *held])
    shapely.prepare(stops)
    corners = max((rock.radius for rock in terrain.rocks), default=0.0) * (ROCK_REACH - 1.0)
    rest = _after_leaving(line, stops, vehicle.radius, corners + _HERE)
    gap = shapely.distance(stops, rest)
    if gap < vehicle.radius - _HERE:
        faults.append(f"the body comes within {gap:.3f} m of forbidden ground")
    return (*faults, *_climbs(rest, vehicle, terrain))


def _after_leaving(line: LineString, stops: shapely.Geometry, radius: float, slack: float) -> LineString:
    """Return what follows of a line once a body has left the forbidden ground on which it starts, if it does."""
    gone, before = 0.0, shapely.distance(stops, line.interpolate(0.0))
    while before < radius - _HERE and gone < line.length:
        gone = min(gone + _STEP, line.length)
        now = shapely.distance(stops, line.interpolate(gone))
        if now < before - slack:
            return line
        before = max(before, now)
    rest = substring(line, gone, line.length)
    return rest if isinstance(rest, LineString) else LineString([rest, rest])


def _climbs(line: LineString, vehicle: VehicleClass, terrain: Terrain) -> list[str]:
    """Return where the ground along a line climbs or falls too steeply, in pieces of its legs of at most one pixel."""
    worst = 0.0
    for a, b in pairwise(line.coords):
        leg = LineString([a, b])
        pieces = ceil(leg.length / terrain.pixel)
        spots = [leg.interpolate(index / pieces, normalized=True) for index in range(pieces + 1)] if pieces else []
        heights = [terrain.height((spot.x, spot.y)) for spot in spots]
        worst = max([worst, *(abs(atan2(high - low, leg.length / pieces)) for low, high in pairwise(heights))])
    if worst > vehicle.slope_limit + _CLIMB_SLACK:
        return [f"the path climbs or falls {degrees(worst):.1f} degrees"]
    return []
