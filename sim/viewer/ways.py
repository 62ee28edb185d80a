"""What lies between the rovers: trails, plans, authorities, radio links, and who waits for whom."""

from __future__ import annotations

from collections import OrderedDict
from math import atan2, pi
from typing import Final

from shapely import LineString
from shapely.geometry.base import BaseGeometry

from fleet.core import Path, Point
from sim.viewer.camera import Camera
from sim.viewer.hatching import pixels, polygons_in
from sim.viewer.look import Layer, Look
from sim.viewer.palette import ORANGE, WHITE, faded, mixed
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour, Scene, SceneRover
from sim.viewer.shapes import turned
from sim.viewer.strokes import dashes, in_view, stroke

_DETAILED: Final = 240  # pieces of all trails together; each piece has one alpha
_PIECES: Final = 8  # of one trail, at most
_PIECE: Final = 32  # points of a piece, at most
_RADIO: Final[Colour] = (196, 222, 244)
_SLOTS: Final = 400  # corridors kept
_ARROWHEAD: Final[Path] = ((0.0, 0.0), (-1.0, 0.5), (-1.0, -0.5))


class Ways:
    """Draws lines and bands on an overlay of the picture's size; keeps the shapes of corridors."""

    def __init__(self) -> None:
        self._corridors: OrderedDict[tuple[Path, float], BaseGeometry] = OrderedDict()
        self._overlay: pygame.Surface | None = None

    def draw(self, target: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> None:
        """Draw all that `look` asks for onto `target`."""
        overlay = self._overlay
        if overlay is None or overlay.get_size() != target.get_size():
            overlay = self._overlay = pygame.Surface(target.get_size(), pygame.SRCALPHA)
        overlay.fill((0, 0, 0, 0))
        if Layer.WAYS in look.layers:
            detail = max(1, _DETAILED // max(1, len(scene.rovers)))
            for rover in scene.rovers:
                self._draw_corridor(overlay, camera, rover)
            for rover in scene.rovers:
                _draw_trail(overlay, camera, rover, look, detail)
                _draw_plan(overlay, camera, rover, look)
        if Layer.LINKS in look.layers:
            _draw_links(overlay, camera, scene, look)
        if Layer.WAYS in look.layers:
            _draw_waits(overlay, camera, scene, look)
        target.blit(overlay, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)

    def _draw_corridor(self, overlay: pygame.Surface, camera: Camera, rover: SceneRover) -> None:
        if len(rover.corridor) < 2 or rover.corridor_radius <= 0.0:
            return
        key = (rover.corridor, rover.corridor_radius)
        shape = self._corridors.get(key)
        if shape is None:
            shape = self._corridors[key] = LineString(rover.corridor).buffer(rover.corridor_radius, quad_segs=6)
            if len(self._corridors) > _SLOTS:
                self._corridors.popitem(last=False)
        for polygon in polygons_in(shape, camera):
            ring = pixels(polygon.exterior, camera)
            pygame.draw.polygon(overlay, faded(mixed(rover.colour, WHITE, 0.2), 0.30), ring)
            pygame.draw.aalines(overlay, faded(mixed(rover.colour, WHITE, 0.4), 0.75), True, ring)


def _frame(camera: Camera) -> pygame.Rect:
    return pygame.Rect(-8, -8, camera.width + 16, camera.height + 16)


def _draw_trail(overlay: pygame.Surface, camera: Camera, rover: SceneRover, look: Look, detail: int) -> None:
    if not rover.trail:
        return
    pieces = min(detail, _PIECES)
    stride = -(-len(rover.trail) // (pieces * _PIECE))
    points = camera.to_screen_all((*rover.trail[::stride], rover.point))
    colour = mixed(rover.colour, WHITE, 0.25)
    size = max(1, -(-(len(points) - 1) // pieces))
    starts = range(0, len(points) - 1, size)
    for age, start in enumerate(starts):
        alpha = 0.25 + 0.6 * (age + 1) / len(starts)
        for run in in_view(points[start : start + size + 1], _frame(camera)):
            stroke(overlay, faded(colour, alpha), run, (2.2 if rover.id == look.selected else 1.4) * look.density)


def _draw_plan(overlay: pygame.Surface, camera: Camera, rover: SceneRover, look: Look) -> None:
    if not rover.path:
        return
    points = [camera.to_screen(point) for point in (rover.point, *rover.path)]
    ink = faded(mixed(rover.colour, WHITE, 0.55), 0.95)
    unit = look.density
    for run in in_view(points, _frame(camera)):
        for dash in dashes(run, 6.0 * unit, 4.0 * unit):
            stroke(overlay, ink, dash, unit)
    pygame.draw.aacircle(overlay, ink, points[-1], 3.2 * unit, max(1, unit))


def _draw_links(overlay: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> None:
    places = {rover.id: camera.to_screen(rover.point) for rover in scene.rovers}
    ink = faded(_RADIO, 0.55)
    frame = _frame(camera)
    for a, b in scene.links:
        if a in places and b in places and frame.clipline(places[a], places[b]):
            stroke(overlay, ink, (places[a], places[b]), look.density)


def _draw_waits(overlay: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> None:
    unit = look.density
    ink = faded(ORANGE, 1.0)
    for rover in scene.rovers:
        for other in rover.waits_for:
            held_by = scene.rover(other)
            if held_by is None:
                continue
            a, b = camera.to_screen(rover.point), camera.to_screen(held_by.point)
            for dash in dashes((a, b), 2.0 * unit, 4.0 * unit):
                stroke(overlay, ink, dash, 2.0 * unit)
            pygame.draw.polygon(overlay, ink, _arrow(a, b, 9.0 * unit))


def _arrow(a: Point, b: Point, size: float) -> list[Point]:
    heading = atan2(a[1] - b[1], b[0] - a[0])
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return turned(_ARROWHEAD, heading if a != b else pi / 2, size, middle)
