"""The whole picture: a function of ground, scene, camera and what a person chose to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shapely import Polygon

from fleet.core import Path, Point, RoverId, TaskId
from fleet.terrain import CLOSED, MapZone
from sim.record import Diary
from sim.viewer.agency_key import draw_agency_key
from sim.viewer.camera import Bounds, Camera
from sim.viewer.furniture import draw_compass, draw_help, draw_note, draw_scale, draw_scrub, scrub_track
from sim.viewer.gantt import Gantt
from sim.viewer.ground import GroundPicture
from sim.viewer.inspector import draw_story
from sim.viewer.labels import Label
from sim.viewer.layout import layout
from sim.viewer.lettering import Lettering
from sim.viewer.look import Layer, Look
from sim.viewer.markers import Markers, Named
from sim.viewer.menu import Menu, draw_menu
from sim.viewer.minimap import Minimap
from sim.viewer.palette import ORANGE, SPACE
from sim.viewer.panel import Panel, Rows, Status
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene, Story
from sim.viewer.search import Search, draw_search
from sim.viewer.sketch import draw_sketch
from sim.viewer.veils import draw_veil_key
from sim.viewer.ways import Ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """Parts that only a window has."""

    status: Status = field(default_factory=Status)
    help: bool = False
    scrub: bool = False
    settled: bool = True  #: False while a person is still zooming: the ground may be drawn roughly.
    story: Story | None = None  #: Of the rover or task that is asked about.
    pointer: Point | None = None  #: Pixel of the map under the pointer, whose ground is told.
    search: Search | None = None  #: What is being typed to find something.
    known: float | None = None  #: Tick until which there is something to see; None: to the end.
    note: str = ""  #: Said at the foot of the map for a moment.
    menu: Menu | None = None
    sketch: tuple[Path, Path] | None = None  #: Corners of ground being drawn that stand, and that follow the pointer.
    diaries: Mapping[RoverId, Diary] | None = None  #: What the rovers did, where that is to be shown.


class Picture:
    """Draws scenes on one ground; keeps what does not change between them.

    Parameters
    ----------
    density
        Pixels for each point of the design.
    """

    def __init__(self, ground: GroundPicture, density: int = 1) -> None:
        self.ground = ground
        self._density = density
        self._letters = Lettering(density)
        self._ways = Ways()
        self._markers = Markers(self._letters, density)
        self._panel = Panel(self._letters, density)
        self._minimap = Minimap(density)
        self._gantt = Gantt(self._letters, density)
        self._zones = tuple(map(outlined, ground.zones))
        self.minimap: tuple[int, int, int, int] | None = None  #: Where it is on the last map: left, top, width, height.

    @property
    def badges(self) -> list[tuple[TaskId, Point]]:
        """Tasks on the last map, and the middles of their badges in its pixels."""
        return self._markers.badges

    def draw(self, target: pygame.Surface, camera: Camera, scene: Scene, look: Look, extras: Extras) -> Rows:
        """Draw everything onto `target`; return what of the panel can be clicked."""
        parts = layout(target.get_size(), self._density, scrub=extras.scrub, gantt=extras.diaries is not None)
        target.fill(SPACE)
        land = target.subsurface(parts.map)
        camera = camera.resized(*parts.map.size)
        self.ground.draw(land, camera, scene, look, exact=extras.settled)
        self._ways.draw(land, camera, scene, look)
        names = self._markers.draw(land, camera, scene, look)
        scale = draw_scale(land, camera, self._letters, self._density)
        occupied = [
            scale,
            draw_compass(land, self.ground.north, scene, self._letters, self._density),
            *draw_veil_key(land, look, self._letters, self._density),
        ]
        self.minimap = None
        foot, between = land.height, (scale.right, land.width)
        if extras.scrub and extras.diaries is None and Layer.MINIMAP in look.layers:
            small = self._minimap.draw(land, self.ground, camera, scene)
            if small is not None:
                occupied.append(small)
                self.minimap = (small.x, small.y, small.width, small.height)
                between = (scale.right, small.left)
        if Layer.LABELS in look.layers:
            key = draw_agency_key(land, scene, between, self._letters, self._density)
            foot = min((row.top for row in key), default=foot)
            said = {name.text for name in names}
            zones = [
                name
                for name in zone_names((*map(outlined, scene.closed), *self._zones), camera)
                if name.text not in said
            ]
            self._markers.draw_names(land, names + zones, occupied + key)
        if extras.pointer is not None:
            self._draw_reading(land, camera, scene, extras.pointer, (between[1], foot))
        if extras.story is not None:
            draw_story(land, extras.story, scene.time, self._letters, self._density)
        if extras.search is not None:
            draw_search(land, scene, extras.search, self._letters, self._density)
        if extras.sketch is not None:
            draw_sketch(land, camera, extras.sketch, self._letters, self._density)
        if extras.note:
            draw_note(land, extras.note, self._letters, self._density)
        if extras.help:
            draw_help(land, look, self._letters, self._density)
        if parts.scrub.width:
            known = float(scene.end) if extras.known is None else extras.known
            draw_scrub(target, parts.scrub, (scene, known), self._letters, self._density)
        rows = self._panel.draw(target, parts.panel, scene, look, extras.status)
        if extras.diaries is not None:
            track = scrub_track(parts.scrub, self._density)
            rows += self._gantt.draw(target, (parts.gantt, track), scene, look, extras.diaries)
        if extras.menu is not None:
            draw_menu(target, extras.menu, parts.map, self._letters, self._density)
        return rows

    def _draw_reading(self, land: pygame.Surface, camera: Camera, scene: Scene, pointer: Point, foot: Point) -> None:
        reading = self.ground.reading(camera.to_ground(pointer), scene)
        if reading is not None:
            unit, (right, y) = self._density, foot
            for line in reversed(self._letters.lines(reading.text(), round(right) - 32 * unit, 11)):
                text = self._letters.text(line, 11, halo=True)
                place = text.get_rect(midbottom=(right // 2, y - 6 * unit))
                land.blit(text, place)
                y -= 16 * unit


class Framed(NamedTuple):
    """A zone with its bounds and its middle."""

    zone: MapZone
    bounds: Bounds
    middle: Point


def outlined(zone: MapZone) -> Framed:
    """Return a zone with what its name needs."""
    shape = Polygon(zone.outline)
    left, low, right, high = shape.bounds
    return Framed(zone, (left, low, right, high), (shape.centroid.x, shape.centroid.y))


def zone_names(zones: tuple[Framed, ...], camera: Camera) -> list[Named]:
    """Return the names of zones that are large enough in view to bear one."""
    names = []
    for zone, (left, low, right, high), point in zones:
        middle = camera.to_screen(point)
        if max(right - left, high - low) / camera.scale > 24 and 0 <= middle[0] < camera.width:
            anchor = Label(anchor=middle, clearance=0.0, size=(0, 0))
            is_closed = zone.kind == CLOSED
            text, colour = (f"closed: {zone.id}", ORANGE) if is_closed else (zone.id, (196, 202, 210))
            names.append(Named(anchor, text, colour, 13 if is_closed else 11))
    return names
