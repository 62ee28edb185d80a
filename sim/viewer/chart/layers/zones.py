"""Where each vehicle class can stand and drive."""

from __future__ import annotations

from math import ceil, degrees
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from fleet.core import ConfigError
from fleet.planning import RoadmapPlanner
from fleet.terrain import Limit, Terrain
from fleet.vehicles import VehicleClass
from sim.viewer.chart.chart import Entry, Heading, Mark, Outline, Panel, Sign, Swatch
from sim.viewer.chart.colours import INK, VERMILLION, painted
from sim.viewer.chart.layers.layer import BY_CUSTOM, Layer, Wish, percent, shares_of, vehicle_name
from sim.viewer.chart.subject import Subject

NAMES: Final = ("free", "cut_off", "rough", "steep", "rocks", "soft", "keep_out")
_FREE, _CUT_OFF, _ROUGH, _STEEP, _ROCKS, _SOFT, _KEEP_OUT = range(7)
#: What stops it, and the class that says so; where several do, the later is named.
_LIMITS: Final[tuple[tuple[Limit, int], ...]] = (
    ("roughness", _ROUGH),
    ("slope", _STEEP),
    ("soft", _SOFT),
    ("rock", _ROCKS),
    ("keep-out", _KEEP_OUT),
)
_COLOURS: Final = (
    (216, 228, 224),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (60, 44, 60),
    (86, 180, 233),
    (204, 121, 167),
)
_TEXTS: Final = (
    "free",
    "free, but no way to it",
    "too rough, not too steep",
    "too steep",
    "rocks it cannot drive over",
    "too soft",
    "keep-out zone",
)
_TOUCH: Final = 1e-9


def zones(subject: Subject, wish: Wish) -> Layer:
    """Return where vehicles can go, a panel for each class."""
    vehicles = wish.vehicles or subject.vehicles
    if not vehicles:
        raise ConfigError("--vehicle", "a terrain file has no fleet", "Give a class, such as suparco-rover.")
    for vehicle in vehicles:
        if not vehicle.can_drive:
            raise ConfigError("--vehicle", f"{vehicle.name} stands where it is; zones are for those that drive")
    drawn = [_panel(subject, vehicle) for vehicle in vehicles]
    met = {name for _, _, shares in drawn for name, share in shares.items() if share > 0.0}
    key: list[Entry] = [Heading(text="Where its middle may be")]
    for index, (text, colour) in enumerate(zip(_TEXTS, _COLOURS, strict=True)):
        if NAMES[index] in met:
            key.append(Swatch(text=text, colour=colour))
    if any(panel.rocks for panel, _, _ in drawn):
        key.append(Swatch(text="rock in the map, not to scale", sign=Sign.ROCK))
    if any(outline.sign is Sign.HATCH for panel, _, _ in drawn for outline in panel.outlines):
        key.append(Swatch(text="border of a keep-out zone", sign=Sign.HATCH, colour=VERMILLION))
    if any(panel.marks for panel, _, _ in drawn):
        key.append(Swatch(text="where it starts", sign=Sign.ROVER, colour=INK))
    note = (
        "Free: the vehicle's disc touches nothing that stops it. Rocks: those in the map; smaller ones are met on the "
        "way. Frame: metres from the map's centre."
    )
    return Layer(
        title="Ground by vehicle class",
        panels=tuple(panel for panel, _, _ in drawn),
        figures=tuple(figures for _, figures, _ in drawn),
        key=tuple(key),
        note=note,
    )


def _panel(subject: Subject, vehicle: VehicleClass) -> tuple[Panel, dict[str, object], dict[str, float]]:
    terrain = subject.terrain
    start = subject.starts.get(vehicle.name)
    classes = ground_classes(terrain, vehicle)
    # Where the disc would stick out of the map, nothing is said: painted as what lies beside it, and not counted.
    edge = min(ceil(vehicle.radius / terrain.pixel), (min(classes.shape) - 1) // 2)
    inner = classes[edge:-edge, edge:-edge]
    if start is not None:
        rows, columns = np.nonzero(inner == _FREE)
        places = np.stack(
            [terrain.west + (columns + edge) * terrain.pixel, terrain.south + (rows + edge) * terrain.pixel], axis=1
        )
        reached = RoadmapPlanner(vehicle, terrain).reaches(start, places)
        inner[rows[~reached], columns[~reached]] = _CUT_OFF
    shares = shares_of(inner, NAMES)
    free = shares["free"] + shares["cut_off"]
    stops = [rock for rock in terrain.rocks if rock.radius > vehicle.clearance]
    reach = f", {percent(shares['free'])} in reach" if start is not None else ""
    panel = Panel(
        title=vehicle_name(vehicle),
        facts=f"climbs {degrees(vehicle.slope_limit):.0f}° · {percent(free)} free{reach}",
        painting=painted(np.pad(inner, edge, mode="edge"), _COLOURS),
        smooth=False,
        relief=0.6,
        light=BY_CUSTOM,
        marks=(Mark(point=start, text="", sign=Sign.ROVER),) if start is not None else (),
        outlines=tuple(
            Outline(ring=outline.ring, sign=outline.sign)
            for outline in subject.outlines()
            if outline.sign is Sign.HATCH
        ),
        rocks=tuple(stops),
    )
    figures: dict[str, object] = {
        "vehicle": vehicle.name,
        "slope_limit_deg": degrees(vehicle.slope_limit),
        "roughness_limit_m": vehicle.roughness_limit,
        "start_m": list(start) if start is not None else None,
        "free": free,
        "shares": shares,
    }
    return panel, figures, shares


def ground_classes(terrain: Terrain, vehicle: VehicleClass) -> NDArray[np.int64]:
    """Return for each height what stops a vehicle whose middle is there, as an index of `NAMES`; ``(H, W)``.

    Notes
    -----
    Free is what `Terrain.is_free` calls so, but for the edge of the map, where that says no. Of several things that
    stop, the keep-out zone is named before the rock, the rock before soft ground, that before the slope, and roughness
    last.
    """
    rows, columns = terrain.heights.shape
    xs, ys = np.meshgrid(
        terrain.west + np.arange(columns) * terrain.pixel, terrain.south + np.arange(rows) * terrain.pixel
    )
    points = shapely.points(xs.ravel(), ys.ravel())
    classes = np.full(points.size, _FREE, np.int64)
    by_limit = terrain.forbidden_by(vehicle)
    for limit, name in _LIMITS:
        classes[_touching(points, shapely.get_parts(by_limit[limit]), vehicle.radius)] = name
    return classes.reshape(rows, columns)


def _touching(points: NDArray[np.object_], shapes: NDArray[np.object_], radius: float) -> NDArray[np.int64]:
    """Return the numbers of the points within a disc's radius of any shape."""
    found = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=max(radius - _TOUCH, 0.0))
    return np.unique(found[0])
