"""Where rovers drove: painted once for a view, and drawn on from there until the view or the past has changed."""

from __future__ import annotations

from typing import Final

from fleet.core import Path, Point, RoverId
from sim.viewer.camera import Camera
from sim.viewer.look import Look
from sim.viewer.palette import WHITE, faded, mixed
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene, SceneRover
from sim.viewer.strokes import in_view, stroke

_DETAILED: Final = 240  # pieces of all trails together; each piece has one alpha
_PIECES: Final = 8  # of one trail, at most
_PIECE: Final = 32  # points of a piece, at most
_FRESH: Final = 24  # new points of a trail, after which all are painted anew
_OLDEST: Final = 0.25  # alpha
_NEWEST: Final = 0.85


class Trails:
    """Draws trails on an overlay that is blended premultiplied; keeps what does not change."""

    def __init__(self) -> None:
        self._layer: pygame.Surface | None = None
        self._camera: Camera | None = None
        self._key: object = None
        self._painted: dict[RoverId, Path] = {}

    def draw(self, overlay: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> None:
        """Put all trails onto an overlay, instead of what was there."""
        key = (look.selected, look.density, tuple(rover.id for rover in scene.rovers))
        fresh = None if camera != self._camera or key != self._key else self._fresh(scene)
        if fresh is None:
            self._paint(camera, scene, look)
            self._key, fresh = key, {}
        assert self._layer is not None
        overlay.blit(self._layer, (0, 0))
        for rover in scene.rovers:
            if rover.trail:
                points = camera.to_screen_all((rover.trail[-1], *fresh.get(rover.id, ()), rover.point))
                _draw(overlay, camera, rover, look, (points, _NEWEST))

    def _fresh(self, scene: Scene) -> dict[RoverId, Path] | None:
        """Return what is to be added to each trail; None where the past is not what was painted."""
        fresh: dict[RoverId, Path] = {}
        for rover in scene.rovers:
            before = self._painted.get(rover.id, ())
            if rover.trail is before or rover.trail == before:
                continue
            count = len(before)
            if not 0 < count <= len(rover.trail) <= count + _FRESH or rover.trail[:count] != before:
                return None
            fresh[rover.id] = rover.trail[count - 1 :]
        return fresh

    def _paint(self, camera: Camera, scene: Scene, look: Look) -> None:
        self._camera = camera
        if self._layer is None or self._layer.get_size() != (camera.width, camera.height):
            self._layer = pygame.Surface((camera.width, camera.height), pygame.SRCALPHA)
            self._layer.set_alpha(None)  # So that it is copied, not blended.
        self._layer.fill((0, 0, 0, 0))
        detail = min(_PIECES, max(1, _DETAILED // max(1, len(scene.rovers))))
        for rover in scene.rovers:
            stride = -(-len(rover.trail) // (detail * _PIECE)) or 1
            points = camera.to_screen_all(rover.trail[::stride])
            if stride > 1:
                points.append(camera.to_screen(rover.trail[-1]))
            size = max(1, -(-(len(points) - 1) // detail))
            starts = range(0, len(points) - 1, size)
            for age, start in enumerate(starts, 1):
                alpha = _OLDEST + (_NEWEST - _OLDEST) * age / len(starts)
                _draw(self._layer, camera, rover, look, (points[start : start + size + 1], alpha))
        self._painted = {rover.id: rover.trail for rover in scene.rovers}


def _draw(
    surface: pygame.Surface, camera: Camera, rover: SceneRover, look: Look, piece: tuple[list[Point], float]
) -> None:
    points, alpha = piece
    ink = faded(mixed(rover.colour, WHITE, 0.25), alpha)
    width = (2.2 if rover.id == look.selected else 1.4) * look.density
    for run in in_view(points, pygame.Rect(-8, -8, camera.width + 16, camera.height + 16)):
        stroke(surface, ink, run, width)
