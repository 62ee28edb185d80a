"""Shapely shapes as hatched ground."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from fleet.core import Point
from fleet.terrain import MapZone
from sim.viewer.camera import Camera
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour

_SPACING: Final = 9  # points between two lines of the hatching


def zone_shape(zone: MapZone) -> Polygon:
    """Return the ground of a zone."""
    return Polygon(zone.outline)


def eased(shape: BaseGeometry, cell: float) -> BaseGeometry:
    """Return a shape of cells with its corners cut, at most half a cell, so that stairs become slopes.

    >>> eased(shapely.box(0.0, 0.0, 4.0, 1.0), 1.0).area
    3.5
    """
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
    cut = [Polygon(_cut(part.exterior, cell), [_cut(hole, cell) for hole in part.interiors]) for part in parts]
    whole = shapely.get_parts(shapely.get_parts(shapely.make_valid(cut)))
    return MultiPolygon([part for part in whole if isinstance(part, Polygon)])


def _cut(ring: LinearRing, cell: float) -> NDArray[np.float64]:
    """Return a ring with two corners in place of each."""
    corners = shapely.get_coordinates(ring)[:-1]
    ahead = np.roll(corners, -1, axis=0) - corners
    length = np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    step = ahead / np.maximum(length, 1e-9) * np.minimum(length / 2, cell / 2)
    both = np.stack((corners - np.roll(step, 1, axis=0), corners + step), axis=1)
    return both.reshape(-1, 2)


def is_of_cells(zone: MapZone) -> bool:
    """Whether a zone is made of cells of a map: all its sides lie along the axes."""
    sides = np.diff(np.array((*zone.outline, zone.outline[0])), axis=0)
    return len(sides) > 4 and bool((np.abs(sides).min(axis=1) < 1e-6).all())


def pixels(ring: LinearRing, camera: Camera) -> list[Point]:
    """Return a ring on the screen."""
    return camera.to_screen_all(list(ring.coords))


def polygons_in(shape: BaseGeometry, camera: Camera) -> list[Polygon]:
    """Return the polygons of a shape that are in view, cut to it, larger ones first."""
    left, low, right, high = camera.bounds
    edge = 4 * camera.scale
    seen = shapely.clip_by_rect(shape, left - edge, low - edge, right + edge, high + edge)
    parts = [part for part in shapely.get_parts(seen) if isinstance(part, Polygon) and not part.is_empty]
    return sorted(parts, key=lambda part: -part.area)


def fill(surface: pygame.Surface, shape: BaseGeometry, camera: Camera, colour: tuple[int, int, int, int]) -> None:
    """Fill a shape on a surface with alpha; its holes stay empty."""
    for polygon in polygons_in(shape, camera):
        pygame.draw.polygon(surface, colour, pixels(polygon.exterior, camera))
        for hole in polygon.interiors:
            pygame.draw.polygon(surface, (0, 0, 0, 0), pixels(hole, camera))


def hatch(
    surface: pygame.Surface,
    shape: BaseGeometry,
    camera: Camera,
    colour: Colour,
    density: int,
    *,
    strength: float,
    crossed: bool = False,
) -> None:
    """Hatch a shape with slanting lines, or with lines both ways, and draw its outline.

    Notes
    -----
    The lines hang on the ground, not on the picture: they stay where they are when the camera moves.
    """
    polygons = polygons_in(shape, camera)
    if not polygons:
        return
    size = (camera.width, camera.height)
    mask = pygame.Surface(size, pygame.SRCALPHA)
    fill(mask, shape, camera, (255, 255, 255, 255))
    lines = pygame.Surface(size, pygame.SRCALPHA)
    lines.fill((*colour, round(30 * strength)))
    spacing = (2 if crossed else 1) * _SPACING * density
    ink = (*colour, round(255 * strength))
    across, up = camera.x / camera.scale, camera.y / camera.scale
    for slant in (1, -1) if crossed else (1,):
        foot = camera.height if slant > 0 else 0
        phase = round(up * slant - across + (camera.width - camera.height) / 2) % spacing
        for start in range(phase - spacing * (camera.height // spacing + 1), camera.width + spacing, spacing):
            pygame.draw.line(lines, ink, (start, foot), (start + camera.height, camera.height - foot), density)
    lines.blit(mask, (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
    for polygon in polygons:
        for ring in (polygon.exterior, *polygon.interiors):
            points = pixels(ring, camera)
            if len(points) > 2:
                pygame.draw.lines(
                    lines, (*colour, round(200 * strength)), True, points, (2 if crossed else 1) * density
                )
    surface.blit(lines, (0, 0))
