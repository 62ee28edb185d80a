"""All of the ground, small, with the part that is in view."""

from __future__ import annotations

from typing import Final

from sim.viewer.camera import Camera
from sim.viewer.ground import GroundPicture
from sim.viewer.look import Look
from sim.viewer.palette import BLACK, EDGE, SUNLIGHT
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene

_SIDE: Final = 132  # points
_PAD: Final = 14
_WHOLE: Final = 0.98  # share of the ground in view, from which no small map is needed
_LEAST: Final = 420  # points of map, below which there is no room


def minimap_place(camera: Camera, ground: GroundPicture, density: int) -> pygame.Rect | None:
    """Return where the small map is drawn: in the lower right corner, unless the view shows all that it would."""
    left, low, right, high = ground.bounds
    seen = camera.bounds
    across = (min(seen[2], right) - max(seen[0], left)) / (right - left)
    up = (min(seen[3], high) - max(seen[1], low)) / (high - low)
    if min(across, up) >= _WHOLE or min(camera.width, camera.height) < _LEAST * density:
        return None
    scale = _SIDE * density / max(right - left, high - low)
    place = pygame.Rect(0, 0, round((right - left) * scale), round((high - low) * scale))
    place.bottomright = (camera.width - _PAD * density, camera.height - _PAD * density)
    return place


class Minimap:
    """Draws the small map; keeps its ground until the Sun has moved on."""

    def __init__(self, density: int) -> None:
        self._density = density
        self._camera = Camera(x=0.0, y=0.0, scale=1.0, width=1, height=1)
        self._ground: pygame.Surface | None = None
        self._key: object = None

    def draw(self, target: pygame.Surface, ground: GroundPicture, camera: Camera, scene: Scene) -> pygame.Rect | None:
        """Draw it onto the map, where it is of use; return its place."""
        place = minimap_place(camera, ground, self._density)
        if place is None:
            return None
        key = (place.size, round(scene.sun[0], 1))
        if key != self._key or self._ground is None:
            self._camera = Camera(x=0.0, y=0.0, scale=1.0, width=place.width, height=place.height).fitted(
                ground.bounds, 0.0
            )
            self._ground = ground.small(self._camera, scene, Look(layers=frozenset()))
            self._key = key
        unit = self._density
        pygame.draw.rect(target, BLACK, place.inflate(4 * unit, 4 * unit), border_radius=3 * unit)
        target.blit(self._ground, place)
        corner = target.subsurface(place)
        for rover in scene.rovers:
            spot = self._camera.to_screen(rover.point)
            pygame.draw.circle(corner, BLACK, spot, 2.4 * unit)
            pygame.draw.circle(corner, rover.colour, spot, 1.6 * unit)
        left, low, right, high = camera.bounds
        a, b = self._camera.to_screen((left, high)), self._camera.to_screen((right, low))
        view = pygame.Rect(round(a[0]), round(a[1]), max(4, round(b[0] - a[0])), max(4, round(b[1] - a[1])))
        pygame.draw.rect(corner, BLACK, view.inflate(2 * unit, 2 * unit), 3 * unit)
        pygame.draw.rect(corner, SUNLIGHT, view, unit)
        pygame.draw.rect(target, EDGE, place.inflate(2 * unit, 2 * unit), unit)
        return place
