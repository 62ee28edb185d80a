"""What lies between the rovers: trails, plans, authorities, radio links, and who waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atan2, hypot, inf, pi, sqrt
from typing import Final

import numpy as np

from fleet.core import Path, Point
from fleet.moon import link_budget
from fleet.vehicles import catalogue
from sim.viewer.camera import Camera
from sim.viewer.corridors import Corridors
from sim.viewer.look import Layer, Look
from sim.viewer.palette import ORANGE, WHITE, faded, mixed
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour, Scene, SceneRover
from sim.viewer.shapes import turned
from sim.viewer.strokes import dashes, in_view, stroke
from sim.viewer.trails import Trails

_CROWD: Final = 40  # rovers, above which dashes would be noise
_RADIO: Final[Colour] = (196, 222, 244)
_MARGIN: Final = 0.12  # of the picture, drawn beyond each edge, so that small moves need nothing new
_GRADES: Final = (0.75, 0.5, 0.3, 0.5)  # How strong links are drawn, the last one dashed,
_RATES: Final = (1e6, 256e3, 64e3)  # that carry so many bits a second, at least.
_MANY: Final = 40  # Links, above which each is the paler the more there are: they must not hide the fleet.
_SAMPLES: Final = 2000
_STILL: Final = 0.5  # pixels that a rover may move before its lines are drawn anew
_GROWN: Final = 2  # points that a trail may grow by
_ARROWHEAD: Final[Path] = ((0.0, 0.0), (-1.0, 0.5), (-1.0, -0.5))


class Ways:
    """Draws lines and bands on an overlay; copies it as long as the picture would be the same within half a pixel."""

    def __init__(self) -> None:
        self._trails = Trails()
        self._corridors = Corridors()
        self._overlay: pygame.Surface | None = None
        self._camera: Camera | None = None
        self._key: object = None
        self._drawn: list[tuple[Point, int]] = []  # Where each rover was, and how many points its trail had.
        self._budgets: dict[tuple[str, str], Sequence[float]] = {}

    def draw(self, target: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> None:
        """Draw all that `look` asks for onto `target`."""
        layers = (Layer.WAYS in look.layers, Layer.LINKS in look.layers)
        if not any(layers):
            return
        key = (
            look.selected,
            look.link,
            look.density,
            layers,
            scene.links,
            tuple(_meant(rover) for rover in scene.rovers),
        )
        place = None if self._camera is None else camera.within(self._camera)
        if place is None or key != self._key or self._overlay is None or self._moved(scene, _STILL * camera.scale):
            self._camera = wide = camera.widened(_MARGIN)
            self._overlay = self._painted(wide, scene, look)
            self._drawn = [(rover.point, len(rover.trail)) for rover in scene.rovers]
            self._key, place = key, camera.within(wide)
        seen = (*(place or (0, 0)), camera.width, camera.height)
        target.blit(self._overlay, (0, 0), seen, special_flags=pygame.BLEND_PREMULTIPLIED)

    def _reaches(self, a: str, b: str) -> Sequence[float]:
        """Return how far the radio between two vehicle classes carries each of `_RATES`, metres, the fastest first."""
        if (a, b) not in self._budgets:
            self._budgets[a, b] = _reaches(a, b)
        return self._budgets[a, b]

    def _moved(self, scene: Scene, metres: float) -> bool:
        """Whether anybody has left where it was drawn, or has another past than then."""
        for rover, ((x, y), count) in zip(scene.rovers, self._drawn, strict=True):
            if abs(rover.x - x) > metres or abs(rover.y - y) > metres:
                return True
            if not 0 <= len(rover.trail) - count <= _GROWN:
                return True
        return False

    def _painted(self, camera: Camera, scene: Scene, look: Look) -> pygame.Surface:
        overlay = self._overlay
        if overlay is None or overlay.get_size() != (camera.width, camera.height):
            overlay = pygame.Surface((camera.width, camera.height), pygame.SRCALPHA)
        if Layer.WAYS in look.layers:
            self._trails.draw(overlay, camera, scene, look)
            for rover in scene.rovers:
                self._corridors.draw(overlay, camera, rover)
            crowd = len(scene.rovers) > _CROWD
            for rover in scene.rovers:
                _draw_plan(overlay, camera, rover, look, dashed=not crowd or rover.id == look.selected)
        else:
            overlay.fill((0, 0, 0, 0))
        if Layer.LINKS in look.layers:
            _draw_links(overlay, camera, scene, look, self._reaches)
        if Layer.WAYS in look.layers:
            _draw_waits(overlay, camera, scene, look)
        return overlay


def _reaches(a: str, b: str) -> Sequence[float]:
    classes = catalogue()
    if a not in classes or b not in classes:
        return (0.0, inf, inf)  # As most are: a scenario's own classes are not known here.
    budget = link_budget(classes[a], classes[b])
    far = np.linspace(0.0, budget.reach, _SAMPLES)
    rates = budget.rates(far)
    return [float(far[rates >= rate].max(initial=0.0)) for rate in _RATES]


def _meant(rover: SceneRover) -> tuple[object, ...]:
    """Return what a rover's lines follow from, beside where it is."""
    return (rover.id, rover.colour, rover.corridor, rover.corridor_radius, rover.waits_for, rover.path[-1:])


def _frame(camera: Camera) -> pygame.Rect:
    return pygame.Rect(-8, -8, camera.width + 16, camera.height + 16)


def _draw_plan(overlay: pygame.Surface, camera: Camera, rover: SceneRover, look: Look, *, dashed: bool) -> None:
    if not rover.path:
        return
    points = camera.to_screen_all((rover.point, *rover.path))
    ink = faded(mixed(rover.colour, WHITE, 0.55), 0.95 if dashed else 0.6)
    unit = look.density
    for run in in_view(points, _frame(camera)):
        for piece in dashes(run, 6.0 * unit, 4.0 * unit) if dashed else (run,):
            stroke(overlay, ink, piece, unit)
    pygame.draw.aacircle(overlay, ink, points[-1], 3.2 * unit, max(1, unit))


def _draw_links(
    overlay: pygame.Surface, camera: Camera, scene: Scene, look: Look, reaches: Callable[[str, str], Sequence[float]]
) -> None:
    """Draw who hears whom: the faster, the stronger; dashed where it is slow."""
    rovers = {rover.id: rover for rover in scene.rovers}
    frame, unit = _frame(camera), look.density
    thin = min(1.0, sqrt(_MANY / max(1, len(scene.links))))
    for a, b in scene.links:
        if a not in rovers or b not in rovers:
            continue
        ends = (camera.to_screen(rovers[a].point), camera.to_screen(rovers[b].point))
        if not frame.clipline(*ends):
            continue
        far = hypot(rovers[a].x - rovers[b].x, rovers[a].y - rovers[b].y)
        grade = sum(far > reach for reach in reaches(rovers[a].vehicle, rovers[b].vehicle))
        for piece in dashes(ends, 7.0 * unit, 5.0 * unit) if grade == len(_RATES) else (ends,):
            stroke(overlay, faded(_RADIO, _GRADES[grade] * thin), piece, unit)
        if (a, b) == look.link:
            stroke(overlay, faded(_RADIO, 1.0), ends, 2.5 * unit)


def _draw_waits(overlay: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> None:
    unit = look.density
    ink = faded(ORANGE, 1.0)
    places = {rover.id: rover.point for rover in scene.rovers}
    for rover in scene.rovers:
        for other in rover.waits_for:
            if other not in places:
                continue
            a, b = camera.to_screen(rover.point), camera.to_screen(places[other])
            for dash in dashes((a, b), 2.0 * unit, 4.0 * unit):
                stroke(overlay, ink, dash, 2.0 * unit)
            pygame.draw.polygon(overlay, ink, _arrow(a, b, 9.0 * unit))


def _arrow(a: Point, b: Point, size: float) -> list[Point]:
    heading = atan2(a[1] - b[1], b[0] - a[0])
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return turned(_ARROWHEAD, heading if a != b else pi / 2, size, middle)
