"""Ground that gets a name by itself: craters that were asked for, sites of surveys, permanent shadow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from fleet.terrain import MapZone
from fleet.terrain.forbidden import cell_shapes
from sim.scenario.fleet_places import outline


def named(kind: str, shapes: Mapping[str, shapely.Polygon]) -> list[MapZone]:
    """Return shapes as zones."""
    return [MapZone(id=name, kind=kind, outline=outline(shape)) for name, shape in shapes.items()]


def shadow_shapes(
    dark: NDArray[np.bool_], pixel: float, corner: tuple[float, float], least: float
) -> dict[str, shapely.Polygon]:
    """Return the patches of cells that the Sun never reaches, the largest first, as ``shadow-1`` and so on.

    Parameters
    ----------
    dark
        ``(H, W)``, rows from the lowest y up.
    pixel, corner
        Metres a cell; where the centre of cell [0, 0] lies.
    least
        Square metres of the smallest patch that counts.

    Notes
    -----
    A patch around lit ground is cut in two there, for a zone has one outline.

    Examples
    --------
    >>> ring = np.array([[True, True, True], [True, False, True], [True, True, True]])
    >>> {name: shape.area for name, shape in shadow_shapes(ring, 1.0, (0.0, 0.0), 2.0).items()}
    {'shadow-1': 4.0, 'shadow-2': 4.0}
    """
    patches = [part for shape in cell_shapes(dark, pixel, *corner) for part in _without_holes(shape)]
    large = sorted(
        (patch for patch in patches if patch.area >= least), key=lambda patch: (-patch.area, *patch.bounds[:2])
    )
    return {f"shadow-{number}": patch for number, patch in enumerate(large, start=1)}


def _without_holes(shape: shapely.Polygon) -> Iterable[shapely.Polygon]:
    if not shape.interiors:
        yield shape
        return
    west, south, east, north = shape.bounds
    middle = shapely.Polygon(shape.interiors[0]).centroid.x
    for half in (shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)):
        for part in shapely.get_parts(shape.intersection(half)):
            if isinstance(part, shapely.Polygon):
                yield from _without_holes(part)
