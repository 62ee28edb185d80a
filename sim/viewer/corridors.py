"""Ground that rovers have authority for, as bands: each drawn once for a scale, then only copied."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from typing import Final

from shapely import LineString

from fleet.core import Path, Point
from sim.viewer.camera import Bounds, Camera
from sim.viewer.hatching import pixels, polygons_in
from sim.viewer.palette import WHITE, faded, mixed
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour, SceneRover

_KEPT: Final = 1000
_MARGIN: Final = 0.25  # of the picture, drawn beyond each edge where a band is longer than that
_EDGE: Final = 3  # pixels around a band


@dataclass(frozen=True, slots=True)
class _Band:
    """A picture of a band, or of the part of it that its camera sees."""

    surface: pygame.Surface | None  #: None where nothing of it is in view.
    corner: Point  #: On the ground, under the upper left of the picture.
    seen: Bounds | None  #: Ground for which it holds; None where the whole band is on it.


class Corridors:
    """Draws bands on an overlay that is blended premultiplied."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, float, Colour, float], _Band] = OrderedDict()

    def draw(self, overlay: pygame.Surface, camera: Camera, rover: SceneRover) -> None:
        """Draw what a rover holds beside the ground it stands on."""
        if len(rover.corridor) < 2 or rover.corridor_radius <= 0.0:
            return
        key = (rover.corridor, rover.corridor_radius, rover.colour, camera.scale)
        band = self._kept.get(key)
        if band is None or not _holds(band, camera):
            band = self._kept[key] = _drawn(rover, camera)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        if band.surface is not None:
            left, top = camera.to_screen(band.corner)
            overlay.blit(band.surface, (round(left), round(top)), special_flags=pygame.BLEND_PREMULTIPLIED)


def _holds(band: _Band, camera: Camera) -> bool:
    return band.seen is None or _cut(band.seen, camera.bounds) == camera.bounds


def _cut(a: Bounds, b: Bounds) -> Bounds:
    return (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))


def _drawn(rover: SceneRover, camera: Camera) -> _Band:
    edge = rover.corridor_radius + _EDGE * camera.scale
    across, up = [x for x, _ in rover.corridor], [y for _, y in rover.corridor]
    whole = (min(across) - edge, min(up) - edge, max(across) + edge, max(up) + edge)
    seen = camera.widened(_MARGIN).bounds
    left, low, right, high = part = _cut(whole, seen)
    scope = None if part == whole else seen
    if left >= right or low >= high:
        return _Band(None, (0.0, 0.0), scope)
    size = (ceil((right - left) / camera.scale), ceil((high - low) / camera.scale))
    own = Camera(
        x=left + size[0] * camera.scale / 2,
        y=high - size[1] * camera.scale / 2,
        scale=camera.scale,
        width=size[0],
        height=size[1],
    )
    surface = pygame.Surface(size, pygame.SRCALPHA)
    shape = LineString(rover.corridor).buffer(rover.corridor_radius, quad_segs=6)
    for polygon in polygons_in(shape, own):
        ring = pixels(polygon.exterior, own)
        pygame.draw.polygon(surface, faded(mixed(rover.colour, WHITE, 0.2), 0.30), ring)
        pygame.draw.aalines(surface, faded(mixed(rover.colour, WHITE, 0.4), 0.75), True, ring)
    return _Band(surface, (left, high), scope)
