"""The ground as a surface: shaded once for a view and a Sun, then only copied until one of them has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import atan, cos, degrees, hypot, pi, radians, sin, tan
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from fleet.core import Point
from fleet.terrain import GroundMap, MapZone
from sim.viewer.camera import Bounds, Camera
from sim.viewer.hatching import eased, hatch, is_of_cells, pixels, polygons_in, zone_shape
from sim.viewer.look import Layer, Look
from sim.viewer.palette import ORANGE, SPACE, VERMILLION, mixed
from sim.viewer.quiet import pygame
from sim.viewer.reading import Reading, on_sphere
from sim.viewer.relief import (
    Grid,
    Places,
    Shading,
    contour_interval,
    painted,
    resampled,
    shadow_edge,
    slopes,
    softened,
    spline,
)
from sim.viewer.scene import Colour, Scene
from sim.viewer.veils import VEILS, Classes, Surveys, cell_classes, eased_over, slope_classes, spread_over, veil

LightMap: TypeAlias = Callable[[int], Grid]  #: Share of the Sun's disc at each height of the map, at a tick.

_MARGIN: Final = 0.12  # of the picture, drawn beyond each edge, so that small moves need no new shading
_SUN_STEP: Final = (0.5, 0.1)  # degrees of heading and elevation after which the ground is shaded anew
_GROUND_LAYERS: Final = (Layer.SHADOWS, Layer.CONTOURS, Layer.ZONES, *VEILS)
_OUTLINE: Final[Colour] = (150, 158, 170)
_ROCK_LIT: Final[Colour] = (176, 172, 162)
_ROCK_DARK: Final[Colour] = (24, 25, 29)
_ROCK_DIM: Final[Colour] = (52, 56, 64)
_SMALLEST: Final = 0.45  # pixels of radius
_CELLS_FROM: Final = 24.0  # points that a cell of the map is large, from which it is drawn as the square that it is


@dataclass(frozen=True, slots=True)
class _View:
    """The relief under one camera; colours follow from it and the Sun."""

    camera: Camera
    heights: Grid
    right: Grid
    up: Grid
    rows: Places
    columns: Places


class GroundPicture:
    """Draws one ground map; keeps the last view and the last shading.

    Parameters
    ----------
    ground
        The map.
    light
        For cast shadows; None where there are none to be had.
    no_go
        Ground that the fleet's vehicles cannot drive, in the site frame.
    surveys
        For permanent shadow and radio; None where they are not to be had.
    """

    def __init__(
        self,
        ground: GroundMap,
        light: LightMap | None = None,
        no_go: BaseGeometry | None = None,
        surveys: Surveys | None = None,
    ) -> None:
        heights = np.frombuffer(ground.heights, "<f4").reshape(ground.rows, ground.columns)
        self._spline = spline(np.ascontiguousarray(heights, np.float32))
        self._map = ground
        self._pixel = ground.pixel
        self._west = -(ground.columns - 1) / 2 * ground.pixel
        self._south = -(ground.rows - 1) / 2 * ground.pixel
        self._span = (float(np.percentile(heights, 2.0)), float(np.percentile(heights, 98.0)))
        self._rocks = ground.rocks
        self._zones = tuple((zone, zone_shape(zone)) for zone in ground.zones)
        self._no_go = no_go
        self._eased_zones = tuple(
            (zone, eased(shape, ground.pixel) if is_of_cells(zone) else shape) for zone, shape in self._zones
        )
        self._eased_no_go = None if no_go is None else eased(no_go, ground.pixel)
        self._light = light
        self._surveys = surveys
        self._cells: dict[Layer, tuple[Point, Classes]] = {}  # Of layers, for where the base was.
        self._veils: dict[Layer, tuple[object, pygame.Surface]] = {}  # For a view.
        self._shadows: tuple[object, Grid] | None = None
        self._view: _View | None = None
        self._key: object = None
        self._surface: pygame.Surface | None = None
        self._hatched: tuple[object, pygame.Surface] | None = None  # Zones, for a camera.
        self.north = ground.north
        self.zones = ground.zones

    @property
    def bounds(self) -> Bounds:
        """The ground that the map covers."""
        half = self._pixel / 2
        return (self._west - half, self._south - half, -self._west + half, -self._south + half)

    def draw(self, target: pygame.Surface, camera: Camera, scene: Scene, look: Look, *, exact: bool = True) -> None:
        """Draw the ground in view onto `target`, which has the camera's size.

        Parameters
        ----------
        exact
            False lets a changed scale be shown by stretching the last view, while a person is still zooming.
        """
        view = self._view
        if view is None or camera.within(view.camera) is None:
            if view is not None and not exact and self._surface is not None:
                target.fill(SPACE)
                _stretch(target, camera, self._surface, view.camera)
                return
            self._view = view = self._look_at(camera)
            self._key = None
        key = (
            _sun_key(scene),
            *(layer in look.layers for layer in _GROUND_LAYERS),
            look.density,
            scene.hazards,
            scene.closed,
            scene.base if Layer.RADIO in look.layers else None,
        )
        if key != self._key or self._surface is None:
            self._surface = self._shaded(view, scene, look)
            self._key = key
        left, top = camera.within(view.camera) or (0, 0)
        target.blit(self._surface, (0, 0), (left, top, camera.width, camera.height))

    def small(self, camera: Camera, scene: Scene, look: Look) -> pygame.Surface:
        """Return a picture of its own of the ground; nothing is kept for it."""
        return self._shaded(self._look_at(camera, 0.0), scene, look)

    def reading(self, point: Point, scene: Scene) -> Reading | None:
        """Return what the ground is at a point now; None off the map."""
        row, column = (point[1] - self._south) / self._pixel, (point[0] - self._west) / self._pixel
        rows, columns = self._spline.shape
        if not (0.0 <= row <= rows - 1 and 0.0 <= column <= columns - 1):
            return None
        near = np.array([-0.5, 0.0, 0.5])
        patch = resampled(self._spline, row + near, column + near)
        right = float(patch[1, 2] - patch[1, 0]) / self._pixel
        up = float(patch[2, 1] - patch[0, 1]) / self._pixel
        shadows = self._shadow_map(scene)
        latitude, longitude = on_sphere(self._map, point)
        return Reading(
            point=point,
            latitude=latitude,
            longitude=longitude,
            height=float(patch[1, 1]),
            slope=atan(hypot(right, up)),
            light=None if shadows is None else float(shadows[round(row), round(column)]),
        )

    def is_no_go(self, point: Point) -> bool:
        """Whether the most cautious vehicle cannot be there."""
        return self._no_go is not None and bool(shapely.contains_xy(self._no_go, *point))

    def _look_at(self, camera: Camera, margin: float = _MARGIN) -> _View:
        wide = camera.widened(margin)
        left, _, _, top = wide.bounds
        columns = (left + (np.arange(wide.width, dtype=np.float64) + 0.5) * wide.scale - self._west) / self._pixel
        rows = (top - (np.arange(wide.height, dtype=np.float64) + 0.5) * wide.scale - self._south) / self._pixel
        heights = resampled(self._spline, rows, columns)
        return _View(wide, heights, *slopes(heights, wide.scale), rows, columns)

    def _shadow_map(self, scene: Scene) -> Grid | None:
        if self._light is None:
            return None
        key = _sun_key(scene)
        if self._shadows is None or self._shadows[0] != key:
            self._shadows = (key, softened(self._light(round(scene.tick))))
        return self._shadows[1]

    def _shaded(self, view: _View, scene: Scene, look: Look) -> pygame.Surface:
        shadows = self._shadow_map(scene) if Layer.SHADOWS in look.layers else None
        light = None if shadows is None else shadow_edge(resampled(shadows, view.rows, view.columns))
        contours = 0.0
        if Layer.CONTOURS in look.layers:
            contours = contour_interval((float(view.heights.min()), float(view.heights.max())))
        shading = Shading(sun=scene.sun, span=self._span, light=light, contours=contours, width=look.density)
        image = painted(view.heights, view.right, view.up, shading)
        image[self._is_outside(view)] = SPACE
        surface = pygame.image.frombuffer(image.data, (view.camera.width, view.camera.height), "RGB").convert(32)
        for layer in VEILS:
            if layer in look.layers and (over := self._veil(view, layer, scene.base, look.density)) is not None:
                surface.blit(over, (0, 0))
        self._draw_rocks(surface, view.camera, scene, light)
        if Layer.ZONES in look.layers:
            if self._hatched is None or self._hatched[0] != (view.camera, look.density):
                over = pygame.Surface(surface.get_size(), pygame.SRCALPHA)
                self._draw_zones(over, view.camera, look.density)
                self._hatched = ((view.camera, look.density), over)
            surface.blit(self._hatched[1], (0, 0))
            for zone, shape in self._shapes(view.camera, look.density)[1]:
                if zone.kind != "keep-out":
                    for part in polygons_in(shape, view.camera):
                        pygame.draw.aalines(surface, _OUTLINE, True, pixels(part.exterior, view.camera))
            for zone in scene.closed:
                hatch(surface, zone_shape(zone), view.camera, VERMILLION, look.density, strength=1.0, crossed=True)
        return surface

    def _is_outside(self, view: _View) -> NDArray[np.bool_]:
        """Return which pixels of a view are off the map, (H, W)."""
        rows, columns = self._spline.shape
        above, beside = (
            (places < -0.5) | (places > count - 0.5) for places, count in ((view.rows, rows), (view.columns, columns))
        )
        return np.asarray(above[:, None] | beside, np.bool_)

    def _veil(self, view: _View, layer: Layer, base: Point, density: int) -> pygame.Surface | None:
        """Return what a layer lays over a view, whatever the Sun; None where that is not known."""
        key = (view.camera, base, density)
        if layer not in self._veils or self._veils[layer][0] != key:
            classes = self._classes(view, layer, base, density)
            if classes is None:
                return None
            self._veils[layer] = (key, veil(classes, layer, self._is_outside(view)))
        return self._veils[layer][1]

    def _classes(self, view: _View, layer: Layer, base: Point, density: int) -> Classes | None:
        if layer is Layer.SLOPE:
            return slope_classes(view.right, view.up)
        if self._surveys is None:
            return None
        if layer not in self._cells or self._cells[layer][0] != base:
            self._cells[layer] = (base, cell_classes(layer, self._surveys, base))
        are_far = layer is Layer.DARK and min(self._spline.shape) > 1 and not self._shows_cells(view.camera, density)
        spread = eased_over if are_far else spread_over
        return spread(self._cells[layer][1], view.rows, view.columns)

    def _draw_rocks(self, surface: pygame.Surface, camera: Camera, scene: Scene, light: Grid | None) -> None:
        found = [hazard.disc for hazard, _ in scene.hazards if hazard.kind == "rock"]
        for rock in (*self._rocks, *found):
            radius = rock.radius / camera.scale
            x, y = camera.to_screen((rock.x, rock.y))
            if radius >= _SMALLEST and 0 <= x < camera.width and 0 <= y < camera.height:
                lit = 1.0 if light is None else float(light[int(y), int(x)])
                _draw_rock(surface, (x, y), radius, scene.sun, lit)

    def _draw_zones(self, surface: pygame.Surface, camera: Camera, density: int) -> None:
        no_go, zones = self._shapes(camera, density)
        if no_go is not None:
            hatch(surface, no_go, camera, ORANGE, density, strength=0.34)
        for zone, shape in zones:
            if zone.kind == "keep-out":
                hatch(surface, shape, camera, VERMILLION, density, strength=0.75)

    def _shows_cells(self, camera: Camera, density: int) -> bool:
        """Whether the view is so close that cells of the map are drawn as the squares that they are."""
        return self._pixel / camera.scale >= _CELLS_FROM * density

    def _shapes(
        self, camera: Camera, density: int
    ) -> tuple[BaseGeometry | None, tuple[tuple[MapZone, BaseGeometry], ...]]:
        """Return the ground that cannot be driven, and zones: true to the cell close up, without stairs from afar."""
        if self._shows_cells(camera, density):
            return self._no_go, self._zones
        return self._eased_no_go, self._eased_zones


def _sun_key(scene: Scene) -> tuple[int, int]:
    heading, elevation = scene.sun
    return (round(degrees(heading) / _SUN_STEP[0]), round(degrees(elevation) / _SUN_STEP[1]))


def _stretch(target: pygame.Surface, camera: Camera, source: pygame.Surface, seen: Camera) -> None:
    """Draw the part of an old view that the new one shows, larger or smaller than it was."""
    left, top = seen.to_screen(camera.to_ground((0.0, 0.0)))
    ratio = camera.scale / seen.scale
    wanted = pygame.Rect(round(left), round(top), round(camera.width * ratio), round(camera.height * ratio))
    part = wanted.clip(source.get_rect())
    if part.width < 1 or part.height < 1:
        return
    size = (max(1, round(part.width / ratio)), max(1, round(part.height / ratio)))
    place = (round((part.x - left) / ratio), round((part.y - top) / ratio))
    target.blit(pygame.transform.scale(source.subsurface(part), size), place)


def _draw_rock(surface: pygame.Surface, spot: Point, radius: float, sun: tuple[float, float], lit: float) -> None:
    """Draw a boulder: a long shadow while the Sun reaches it, a dark side and a bright one."""
    heading, elevation = sun
    right, down = cos(heading), -sin(heading)
    length = min(radius / tan(max(elevation, radians(0.5))), radius * 4.5)
    if length > 2.0 and lit > 0.5:
        angles = [pi * step / 10 for step in range(11)]
        shadow = [
            (
                spot[0] - right * length * sin(angle) - down * radius * cos(angle) * 0.95,
                spot[1] - down * length * sin(angle) + right * radius * cos(angle) * 0.95,
            )
            for angle in angles
        ]
        pygame.draw.polygon(surface, _ROCK_DARK, shadow)
    pygame.draw.aacircle(surface, _ROCK_DARK, spot, max(radius, 1.0))
    if radius >= 1.5:
        bright = (spot[0] + right * radius * 0.28, spot[1] + down * radius * 0.28)
        pygame.draw.aacircle(surface, mixed(_ROCK_DIM, _ROCK_LIT, lit), bright, radius * 0.72)
