"""Rovers, tasks, docks and names on the map."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Final, TypeAlias

from fleet.core import Path, Point, RoverId, TaskId
from sim.viewer.camera import Camera
from sim.viewer.labels import Label, place_labels
from sim.viewer.lettering import Lettering
from sim.viewer.look import Layer, Look
from sim.viewer.palette import BLACK, MUTED, ORANGE, SKY, TEXT, VERMILLION, WHITE, mixed
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene, SceneRover, SceneTask
from sim.viewer.shapes import outlines
from sim.viewer.signs import draw_bar, draw_end, draw_fault, draw_halt, draw_sleep, draw_soft, draw_spot, draw_steep
from sim.viewer.spread import spread
from sim.viewer.sprites import Sprites

_SILENT: Final = ("asleep", "down", "lost")
_ENDED: Final = ("down", "lost")
_DONE: Final = ("done", "cancelled")
_UNDER_WAY: Final = ("awarded", "running", "paused")
_OPEN: Final = mixed(TEXT, MUTED, 0.7)
_SIZE: Final = 7.5  # points from a marker's middle to its nose, at least
_STEM: Final = 19.0  # points from a place of work up to its badge
_BADGE: Final = 10.0
_RIDE: Final = 8  # frames until names look for better places
_SCATTER: Final = 3.0  # pixels
_NAMED_FROM: Final = 14.0  # points of a hazard's radius on the map, from which it is named
_HAZARDS: Final = {"rock": "rock", "soft": "soft ground", "steep": "steep ground"}
_DIAGONAL: Final = 0.7071  # of a square's side
_DOCKS_FROM: Final = 0.6  # metres a point, below which docks are drawn
_DONE_FROM: Final = 0.3  # metres a point, below which work that is over is named,
_FEW: Final = 12  # unless there is so little work that it is named anyway.
_CROWD: Final = 60  # rovers, among which no badge is lifted above one that stands before it
_LIFT: Final = 36.0  # points from a place of work up to its badge where a rover stands there


Sprite: TypeAlias = tuple[pygame.Surface, tuple[int, int]]  #: With its upper left corner.


@dataclass(frozen=True, slots=True)
class Named:
    """A name for the map: what it says, at what, in which colour."""

    label: Label
    text: str
    colour: tuple[int, int, int]
    size: int = 12


class Markers:
    """Draws what stands on the ground.

    Parameters
    ----------
    density
        Pixels for each point of the design.
    """

    def __init__(self, lettering: Lettering, density: int = 1) -> None:
        self._lettering = lettering
        self._sprites = Sprites(density)
        self._density = density
        self.badges: list[tuple[TaskId, Point]] = []  #: Of the last picture: tasks and the middles of their badges.
        self._named: list[tuple[str, float]] = []  # What the offsets belong to.
        self._offsets: list[Point | None] = []  # Of each name from what it names.
        self._age = 0  # Frames.
        self._anchors: list[Point] = []  # When the offsets were found.

    def draw(self, target: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> list[Named]:
        """Draw docks, hazards, tasks and rovers; return the names they want, the most important first."""
        hazards = self._draw_hazards(target, camera, scene)
        self._draw_docks(target, camera, scene)
        self.badges = []
        tasks = self._draw_tasks(target, camera, scene, look) if Layer.SITES in look.layers else []
        rovers = self._draw_rovers(target, camera, scene, look)
        if look.spot is not None:
            draw_spot(target, camera.to_screen(look.spot), self._density)
        return rovers + tasks + hazards

    def draw_names(self, target: pygame.Surface, names: list[Named], obstacles: list[pygame.Rect]) -> None:
        """Draw names where they hide neither each other, nor what they name, nor the obstacles."""
        surfaces = [self._lettering.text(name.text, name.size, name.colour, halo=True) for name in names]
        labels = [
            Label(anchor=name.label.anchor, clearance=name.label.clearance, size=surface.get_size())
            for name, surface in zip(names, surfaces, strict=True)
        ]
        for label, place, surface in zip(labels, self._placed(names, labels, target, obstacles), surfaces, strict=True):
            if place is None:
                continue
            near = (
                min(max(label.anchor[0], place.left), place.right),
                min(max(label.anchor[1], place.top), place.bottom),
            )
            if hypot(near[0] - label.anchor[0], near[1] - label.anchor[1]) > label.clearance + 8 * self._density:
                pygame.draw.aaline(target, MUTED, label.anchor, near)
            target.blit(surface, place)

    def _placed(
        self, names: list[Named], labels: list[Label], target: pygame.Surface, obstacles: list[pygame.Rect]
    ) -> list[pygame.Rect | None]:
        """Return where each name goes: while names are the same they ride with what they name for a few frames."""
        key = [(name.text, name.label.clearance) for name in names]
        if key != self._named or self._age >= _RIDE or _scattered(self._anchors, labels):
            bodies = [_around(label.anchor, label.clearance * 0.8) for label in labels if label.clearance > 0.0]
            bodies += [_around(head, _BADGE * 0.7 * self._density) for _, head in self.badges]
            places = place_labels(labels, [*obstacles, *bodies], target.get_rect(), self._density)
            self._offsets = [
                None if place is None else (place.x - label.anchor[0], place.y - label.anchor[1])
                for label, place in zip(labels, places, strict=True)
            ]
            self._named, self._age = key, 0
            self._anchors = [label.anchor for label in labels]
        self._age += 1
        return [
            None
            if offset is None
            else pygame.Rect((round(label.anchor[0] + offset[0]), round(label.anchor[1] + offset[1])), label.size)
            for label, offset in zip(labels, self._offsets, strict=True)
        ]

    def _draw_hazards(self, target: pygame.Surface, camera: Camera, scene: Scene) -> list[Named]:
        """Draw rocks, soft and steep ground that were found; close up they are named after who found them."""
        unit, names = self._density, []
        for hazard, rover in scene.hazards:
            disc = hazard.disc
            x, y = camera.to_screen((disc.x, disc.y))
            radius = disc.radius / camera.scale
            if not (-radius <= x < camera.width + radius and -radius <= y < camera.height + radius):
                continue
            if hazard.kind != "rock":
                draw = draw_soft if hazard.kind == "soft" else draw_steep
                draw(target, (x, y), max(radius, 4.0 * unit), unit)
            if radius >= _NAMED_FROM * unit:
                text = f"{_HAZARDS[hazard.kind]}, found by {rover}"
                names.append(Named(Label(anchor=(x, y), clearance=radius, size=(0, 0)), text, ORANGE, 10))
            if hazard.kind != "rock":
                continue
            size = max(radius + 2 * unit, 4.0 * unit)
            corners = ((x, y - size * 1.2), (x + size * 1.1, y + size * 0.8), (x - size * 1.1, y + size * 0.8))
            pygame.draw.aalines(target, VERMILLION, True, corners)
        return names

    def _draw_docks(self, target: pygame.Surface, camera: Camera, scene: Scene) -> None:
        if camera.scale * self._density > _DOCKS_FROM:
            return
        for dock in scene.docks:
            x, y = camera.to_screen(dock)
            size = 4.0 * self._density
            pygame.draw.aacircle(target, mixed(SKY, BLACK, 0.2), (x, y), size, self._density)
            pygame.draw.aaline(target, SKY, (x - size * 0.5, y), (x + size * 0.5, y))
            pygame.draw.aaline(target, SKY, (x, y - size * 0.5), (x, y + size * 0.5))

    def _draw_tasks(self, target: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> list[Named]:
        unit = self._density
        sites = [(task, camera.to_screen(task_site(task, scene.base))) for task in scene.tasks if task.places]
        margin = pygame.Rect(0, 0, camera.width, camera.height).inflate(60 * unit, 60 * unit)
        sites = [(task, place) for task, place in sites if margin.collidepoint(place)]
        crowd = len(scene.rovers) > _CROWD
        rovers = [] if crowd else [camera.to_screen(rover.point) for rover in scene.rovers]
        stems = [(x, y - (_LIFT if _is_covered((x, y), rovers, unit) else _STEM) * unit) for _, (x, y) in sites]
        heads = spread(stems, 2.15 * _BADGE * unit)
        are_named = len(scene.tasks) <= _FEW or camera.scale * unit < _DONE_FROM
        names = []
        for (task, place), head in sorted(zip(sites, heads, strict=True), key=lambda one: one[0][0].state not in _DONE):
            self._draw_stations(target, camera, task)
            is_over, is_asked = task.state in _DONE, task.id == look.task
            pygame.draw.aaline(target, MUTED if is_over else WHITE, place, head)
            pygame.draw.aacircle(target, BLACK, place, 3.0 * unit)
            pygame.draw.aacircle(target, mixed(task.colour, WHITE, 0.2), place, 2.0 * unit)
            strong = not is_over and (task.state != "planned" or task.holder == look.selected)
            self.badges.append((task.id, head))
            is_ill = task.instrument in {"asleep", "dead"}
            state = "failed" if task.instrument == "dead" else task.state
            badge = self._sprites.task(task.kind, state, task.colour, strong=strong, small=is_over)
            target.blit(*_centred(badge, head))
            if is_asked:
                pygame.draw.aacircle(target, WHITE, head, 13.0 * unit, max(1, round(1.5 * unit)))
            if not is_over or are_named or is_asked or is_ill:
                anchor = Label(anchor=head, clearance=_BADGE * unit, size=(0, 0))
                ink = TEXT if task.state in _UNDER_WAY or is_asked else _OPEN if strong else MUTED
                ink = VERMILLION if task.instrument == "dead" else ink
                name = f"{task.id}: {task.instrument}" if is_ill else task.id
                names.append(Named(anchor, name, ink, 10))
        return names[::-1]

    def _draw_stations(self, target: pygame.Surface, camera: Camera, task: SceneTask) -> None:
        if task.kind != "survey" or task.state in ("done", "cancelled"):
            return
        for step, place in enumerate(task.places):
            spot = camera.to_screen(place)
            if step < task.step:
                pygame.draw.aacircle(target, task.colour, spot, 2.4 * self._density)
            else:
                pygame.draw.aacircle(target, mixed(task.colour, WHITE, 0.3), spot, 2.4 * self._density, self._density)

    def _draw_rovers(self, target: pygame.Surface, camera: Camera, scene: Scene, look: Look) -> list[Named]:
        unit = self._density
        shapes = outlines(tuple(rover.vehicle for rover in scene.rovers))
        order = sorted(scene.rovers, key=lambda rover: (rover.id == look.selected, rover.can_drive, rover.id))
        frame = pygame.Rect(0, 0, camera.width, camera.height).inflate(80 * unit, 80 * unit)
        seen = [(rover, camera.to_screen(rover.point)) for rover in order]
        seen = [(rover, place) for rover, place in seen if frame.collidepoint(place)]
        heads = spread([place for _, place in seen], 4.0 * _SIZE * unit)
        names: list[Named] = []
        rings, bodies = [], []
        places: dict[RoverId, Point] = {}
        for (rover, place), head in zip(seen, heads, strict=True):
            size = max(_SIZE * (1.25 if not rover.can_drive else 1.0), rover.radius / camera.scale / unit)
            if hypot(head[0] - place[0], head[1] - place[1]) > 3.0 * unit:
                pygame.draw.aaline(target, WHITE, place, head)
                pygame.draw.aacircle(target, rover.colour, place, 2.0 * unit)
            rings.append(self._ring(rover, head, size))
            bodies.append(self._body(rover, head, size, shapes[rover.vehicle]))
            places[rover.id] = head
            anchor = Label(anchor=head, clearance=(1.3 * size + 8.0) * unit, size=(0, 0))
            is_held_up = bool(rover.waits_for or rover.faults or rover.stands_for) and rover.tower is None
            ink = VERMILLION if rover.activity in _ENDED else ORANGE if is_held_up else WHITE
            names.append(Named(anchor, rover_name(rover), ink))
        target.fblits(rings)
        for rover, _ in seen:
            if rover.tower is not None and rover.tower in places:
                draw_bar(target, places[rover.tower], places[rover.id], unit)
        target.fblits(bodies)
        for (rover, _), head, name in zip(seen, heads, names, strict=True):
            self._draw_marks(target, rover, head, name.label.clearance - 3.0 * unit)
            if rover.id == look.selected:
                pygame.draw.aacircle(target, WHITE, head, name.label.clearance + 0.5 * unit, max(1, round(1.5 * unit)))
        return names[::-1]

    def _ring(self, rover: SceneRover, head: Point, size: float) -> Sprite:
        return _centred(self._sprites.battery(rover.battery, 1.3 * size + 5.0), head)

    def _body(self, rover: SceneRover, head: Point, size: float, outline: Path) -> Sprite:
        colour = mixed(rover.colour, BLACK, 0.55) if rover.activity in _SILENT else rover.colour
        return _centred(self._sprites.rover(outline, colour, rover.heading, size), head)

    def _draw_marks(self, target: pygame.Surface, rover: SceneRover, head: Point, rim: float) -> None:
        """Draw what is wrong with a rover, and whether it is to stand, on the rim of its ring."""
        away = rim * _DIAGONAL
        if rover.activity == "asleep":
            draw_sleep(target, (head[0] + away, head[1] - away), self._density)
        if rover.activity in _ENDED:
            draw_end(target, (head[0] + away, head[1] - away), self._density)
        elif rover.faults:
            draw_fault(target, (head[0] + away, head[1] - away), self._density)
        if rover.stands_for or rover.unheard:
            draw_halt(target, (head[0] - away, head[1] - away), self._density, heeded=bool(rover.stands_for))


def rover_name(rover: SceneRover) -> str:
    """Return what the map says beside a rover."""
    if rover.tower is not None:
        return f"{rover.id} in tow"
    if rover.faults:
        return f"{rover.id}: {', '.join(rover.faults)}"
    if rover.stands_for:
        return f"{rover.id} stopped by {', '.join(rover.stands_for)}"
    if rover.waits_for:
        return f"{rover.id} waits for {', '.join(rover.waits_for)}"
    return f"{rover.id} {rover.activity}" if rover.activity in _SILENT else str(rover.id)


def task_site(task: SceneTask, base: Point) -> Point:
    """Return the place that stands for a task: for a survey its next station, else the step farthest from the base."""
    if task.kind == "survey":
        return task.places[min(task.step, len(task.places) - 1)]
    return max(task.places, key=lambda place: hypot(place[0] - base[0], place[1] - base[1]))


def picked(scene: Scene, camera: Camera, pixel: Point, reach: float = 16.0) -> RoverId | None:
    """Return the rover under the pointer, or None."""
    near = [
        (hypot(x - pixel[0], y - pixel[1]), rover.id)
        for rover in scene.rovers
        for x, y in [camera.to_screen(rover.point)]
    ]
    best = min(near, default=None)
    return best[1] if best is not None and best[0] <= reach else None


def _centred(sprite: pygame.Surface, middle: Point) -> Sprite:
    return sprite, (round(middle[0] - sprite.width / 2), round(middle[1] - sprite.height / 2))


def _around(point: Point, radius: float) -> pygame.Rect:
    return pygame.Rect(round(point[0] - radius), round(point[1] - radius), round(2 * radius), round(2 * radius))


def _scattered(before: list[Point], labels: list[Label]) -> bool:
    """Whether anchors have moved among each other so far that their names would meet."""
    if not before or len(before) != len(labels):
        return True
    moves = [(label.anchor[0] - x, label.anchor[1] - y) for label, (x, y) in zip(labels, before, strict=True)]
    return any(max(side) - min(side) > _SCATTER for side in zip(*moves, strict=True))


def _is_covered(place: Point, rovers: list[Point], unit: int) -> bool:
    """Whether a rover stands where the badge of this place would be."""
    return any(abs(x - place[0]) < 24.0 * unit and -12.0 * unit < place[1] - y < 34.0 * unit for x, y in rovers)
