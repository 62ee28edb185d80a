"""From what a rover believes to the arrays that compiled tests read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, radians, tan
from typing import Final

import numpy as np
import shapely
from shapely import Polygon

from fleet.core import Disc
from fleet.planning.ground.arrays import Floats, Ground
from fleet.planning.ground.kernels import fill_buckets
from fleet.planning.ground.pace import STEEPEST, pace_table
from fleet.terrain import ROCK_REACH, Hazard, Terrain
from fleet.vehicles import VehicleClass

MARGIN: Final = 0.3  #: Metres that plans keep clear of everything beyond the vehicle's radius.
#: Radians that the ground may climb anywhere beyond the limit, which is one for tilts: means over two pixels.
CLIMB_SLACK: Final = radians(3.0)
_BUCKET = 16.0  # Metres; a few rocks in each, and a leg meets a few buckets.


def ground_for(vehicle: VehicleClass, terrain: Terrain) -> Ground:
    """Return the ground of the orbital map for a vehicle that can drive; rocks found since are not in it."""
    steep = terrain.impassable(vehicle).astype(np.uint8)
    sums = np.zeros((steep.shape[0] + 1, steep.shape[1] + 1), np.int32)
    sums[1:, 1:] = steep.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    edges = _edges([zone.shape for zone in terrain.zones if zone.is_keep_out])
    bucket = max(_BUCKET, 4.0 * terrain.pixel)
    bare = Ground(
        heights=terrain.heights,
        steep=steep,
        steep_sums=sums,
        pixel=terrain.pixel,
        west=terrain.west,
        south=terrain.south,
        capsules=np.hstack([edges, np.zeros((len(edges), 1))]),
        edges=edges,
        bucket=bucket,
        bucket_rows=max(1, ceil(-2.0 * terrain.south / bucket)),
        bucket_columns=max(1, ceil(-2.0 * terrain.west / bucket)),
        bucket_start=np.empty(0, np.int32),
        bucket_items=np.empty(0, np.int32),
        soft=np.empty((0, 4)),
        pace=pace_table(vehicle),
        steepest=STEEPEST,
        limit=min(tan(vehicle.slope_limit + CLIMB_SLACK), STEEPEST),
        tilt=max(tan(vehicle.slope_limit), 1e-6),
        radius=vehicle.radius,
        room=vehicle.radius + MARGIN,
    )
    return with_rocks(bare, [rock for rock in terrain.ground.rocks if rock.radius > vehicle.clearance])


def with_rocks(ground: Ground, rocks: Sequence[Disc]) -> Ground:
    """Return the ground with more rocks, all of which stop the vehicle."""
    # Discs reach as far as the corners of the terrain's polygons, so that what is clear of one is clear of the other.
    added = [(rock.x, rock.y, rock.x, rock.y, rock.radius * ROCK_REACH) for rock in rocks]
    capsules = np.vstack([ground.capsules, np.array(added, np.float64).reshape(-1, 5)])
    start, items = fill_buckets(
        capsules, (ground.west, ground.south), ground.bucket, (ground.bucket_rows, ground.bucket_columns)
    )
    return ground._replace(capsules=capsules, bucket_start=start, bucket_items=items)


def with_soft(ground: Ground, soft: Sequence[Hazard], radius: float) -> Ground:
    """Return the ground with this soft ground, and no other, slowing a vehicle of a radius."""
    rows = [(one.disc.x, one.disc.y, one.disc.radius + radius, one.slip) for one in soft]
    return ground._replace(soft=np.array(rows, np.float64).reshape(-1, 4))


def with_closed(ground: Ground, zones: Sequence[Polygon], closed: Sequence[Polygon]) -> Ground:
    """Return the bare ground of an orbital map with these polygons closed beside its keep-out zones."""
    edges = _edges([*zones, *closed])
    rocks = ground.capsules[len(ground.edges) :]
    bare = ground._replace(edges=edges, capsules=np.vstack([np.hstack([edges, np.zeros((len(edges), 1))]), rocks]))
    return with_rocks(bare, [])


def discs_array(discs: Sequence[Disc]) -> Floats:
    """Return ``(A, 3)`` x, y and radius."""
    return np.array([(disc.x, disc.y, disc.radius) for disc in discs], np.float64).reshape(-1, 3)


def _edges(shapes: Sequence[Polygon]) -> Floats:
    """Return ``(E, 4)`` edges of the union of shapes, holes included."""
    found: list[tuple[float, float, float, float]] = []
    for part in shapely.get_parts(shapely.union_all(list(shapes))):
        for ring in (part.exterior, *part.interiors):
            corners = list(ring.coords)
            found += [(*a[:2], *b[:2]) for a, b in pairwise(corners)]
    return np.array(found, np.float64).reshape(-1, 4)
