"""What is told of a place on the map when somebody asks: what ground it is, who may be on it, and why nobody may."""

from __future__ import annotations

from math import degrees, hypot
from typing import Final

from shapely import Point as Spot
from shapely import Polygon

from fleet.core import Point, RoverId, distance_to_path
from fleet.terrain import MapZone
from fleet.vehicles import catalogue
from sim.viewer.camera import Camera
from sim.viewer.ground import GroundPicture
from sim.viewer.scene import Scene, Story

_NEAR: Final = 5.0  # points from a line that mean it
_ZONES: Final = {"keep-out": "nobody enters it", "shadow": "never lit, ice may lie here", "site": "a site of work"}


def link_at(scene: Scene, camera: Camera, pixel: Point, density: int) -> tuple[RoverId, RoverId] | None:
    """Return the radio link whose line is under a pixel, None where there is none."""
    spots = {rover.id: camera.to_screen(rover.point) for rover in scene.rovers}
    near = [
        (distance_to_path(pixel, (spots[a], spots[b])), (a, b)) for a, b in scene.links if a in spots and b in spots
    ]
    best = min(near, default=None)
    return best[1] if best is not None and best[0] <= _NEAR * density else None


def ground_story(ground: GroundPicture, scene: Scene, point: Point) -> Story | None:
    """Return what there is to say of the ground at a point now; None off the map."""
    reading = ground.reading(point, scene)
    if reading is None:
        return None
    far = hypot(point[0] - scene.base[0], point[1] - scene.base[1])
    figures = [
        ("place", f"{point[0]:.1f}, {point[1]:.1f} m, {far:,.0f} m from the base"),
        ("lat, lon", f"{degrees(reading.latitude):.4f}°, {degrees(reading.longitude):.4f}°"),
        ("height", f"{reading.height:.1f} m"),
        ("slope", f"{degrees(reading.slope):.1f}°"),
    ]
    if reading.light is not None:
        figures.append(("light", f"{reading.light * 100.0:.0f} % of the Sun now"))
    facts = tuple(_facts(ground, scene, point, reading.slope))
    return Story(title="Ground", figures=tuple(figures), why=facts, heading="What it is")


def _facts(ground: GroundPicture, scene: Scene, point: Point, slope: float) -> list[str]:
    facts = [f"closed by mission control: {zone.id}" for zone in scene.closed if _is_in(zone, point)]
    for rover in scene.rovers:
        if rover.corridor and distance_to_path(point, rover.corridor) <= rover.corridor_radius:
            facts.append(f"{rover.id} has authority for it, and nobody else")
    for hazard, by in scene.hazards:
        if hypot(hazard.disc.x - point[0], hazard.disc.y - point[1]) <= hazard.disc.radius:
            facts.append(f"{hazard.kind} of {2 * hazard.disc.radius:.1f} m, found by {by}")
    zones = [zone for zone in ground.zones if _is_in(zone, point)]
    facts += [f"in {zone.id}: {_ZONES.get(zone.kind, f'a {zone.kind}')}" for zone in zones]
    steep = {
        rover.vehicle: f"too steep for {rover.vehicle}, which climbs {degrees(limit):.0f}°"
        for rover in scene.rovers
        if rover.can_drive and rover.vehicle in catalogue()
        for limit in [catalogue()[rover.vehicle].slope_limit]
        if slope > limit
    }
    facts += [steep[vehicle] for vehicle in sorted(steep)]
    if not steep and ground.is_no_go(point):
        facts.append("steep, rough or blocked for the most cautious vehicle of the fleet")
    works = [task for task in scene.tasks if any(hypot(x - point[0], y - point[1]) < 3.0 for x, y in task.places)]
    facts += [f"place of work: {task.title}, {task.state}" for task in works]
    return facts or ["free ground: nobody holds it, and all who know the way may drive here"]


def _is_in(zone: MapZone, point: Point) -> bool:
    return bool(Polygon(zone.outline).contains(Spot(point)))
