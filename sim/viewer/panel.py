"""The side panel: clock, rovers, tasks, and what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from math import degrees
from typing import Final, NamedTuple

from fleet.core import RoverId, TaskId, Tick, format_elapsed
from sim.viewer.lettering import Lettering
from sim.viewer.look import Look
from sim.viewer.palette import (
    EDGE,
    FAINT,
    GREEN,
    MUTED,
    ORANGE,
    PANEL,
    RAISED,
    SUNLIGHT,
    TASK_STATES,
    TEXT,
    VERMILLION,
    WHITE,
    battery_colour,
    mixed,
)
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour, Scene, SceneRover, SceneTask
from sim.viewer.shapes import outlines
from sim.viewer.sprites import Sprites

_ZERO_CELSIUS: Final = 273.15
_ROVER_ROW: Final = 38
_TASK_ROW: Final = 20
_HEADING: Final = 26
_BUTTON: Final = 23
_PAD: Final = 16
_STATE_ORDER: Final = ("running", "paused", "awarded", "open", "failed", "planned", "done", "cancelled")


class Spot(NamedTuple):
    """A part of the window that can be clicked, and what for: a rover, a task, a moment, or a command."""

    place: pygame.Rect
    rover: RoverId | None = None
    task: TaskId | None = None
    tick: Tick | None = None
    command: str = ""
    scrolls: str = ""  #: Which list the wheel turns over this part of the panel; it is then nothing to click,
    reach: tuple[int, int] = (0, 0)  #: and how far, in lines up and down.


@dataclass(frozen=True, slots=True)
class Scrolled:
    """How far each list of the panel was turned on, in lines."""

    fleet: int = 0
    tasks: int = 0
    news: int = 0


UNTURNED: Final = Scrolled()
Rows = tuple[Spot, ...]
_EARTH = {"relay": "via satellite", "direct": "to Earth"}  # How it reaches the Earth, where it does by itself.


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the picture moves, in words: ``60x``, ``paused``, ``live``; empty for a still."""

    pace: str = ""
    paused: bool = False
    buttons: tuple[tuple[str, str], ...] = ()  #: What stands on each, and the command that it is for.
    scrolled: Scrolled = UNTURNED


def buttons(*, paused: bool, live: bool) -> tuple[tuple[str, str], ...]:
    """Return what a window offers to who has only a pointer."""
    acting = (("Orders", "all orders"),) if live else ()
    return (("Go on" if paused else "Pause", "pause"), *acting, ("Gantt", "gantt"), ("Layers", "layers"), ("?", "help"))


class Panel:
    """Draws the panel.

    Parameters
    ----------
    density
        Pixels for each point of the design.
    """

    def __init__(self, lettering: Lettering, density: int = 1) -> None:
        self._letters = lettering
        self._sprites = Sprites(density)
        self._unit = density

    def draw(self, target: pygame.Surface, place: pygame.Rect, scene: Scene, look: Look, status: Status) -> Rows:
        """Draw the panel; return what can be clicked."""
        if place.width == 0:
            return ()
        unit = self._unit
        pygame.draw.rect(target, PANEL, place)
        pygame.draw.line(target, EDGE, place.topleft, place.bottomleft, unit)
        box = place.inflate(-2 * _PAD * unit, -2 * 14 * unit)
        y = self._draw_clock(target, box, scene, status)
        y, buttons = self._draw_buttons(target, pygame.Rect(box.x, y, box.width, 0), status)
        free = box.bottom - y - 3 * _HEADING * unit
        room = (_ROVER_ROW * unit, _TASK_ROW * unit)
        tasks_least = min(len(scene.tasks), 4) * room[1]
        rover_rows = max(1, min(len(scene.rovers), (free - tasks_least - 70 * unit) // room[0]))
        lists = status.scrolled if status.buttons else None  # Who looks at a still has no wheel.
        fleet = pygame.Rect(box.x, y, box.width, rover_rows * room[0])
        y, rows = self._draw_rovers(target, fleet, scene, look, None if lists is None else lists.fleet)
        left = box.bottom - y - 2 * _HEADING * unit
        task_rows = max(0, min(len(scene.tasks), (left - 96 * unit) // room[1]))
        work = pygame.Rect(box.x, y, box.width, task_rows * room[1])
        y, tasks = self._draw_tasks(target, work, scene, look, None if lists is None else lists.tasks)
        events = self._draw_events(
            target, pygame.Rect(box.x, y, box.width, box.bottom - y), scene, None if lists is None else lists.news
        )
        return (*buttons, *rows, *tasks, *events)

    def _heading(self, target: pygame.Surface, box: pygame.Rect, text: str, note: str = "") -> int:
        unit = self._unit
        pygame.draw.line(target, EDGE, (box.x, box.y), (box.right, box.y), unit)
        target.blit(self._letters.text(text, 12, MUTED), (box.x, box.y + 8 * unit))
        if note:
            right = self._letters.text(note, 12, MUTED)
            target.blit(right, (box.right - right.width, box.y + 8 * unit))
        return box.y + _HEADING * unit

    def _draw_clock(self, target: pygame.Surface, box: pygame.Rect, scene: Scene, status: Status) -> int:
        unit, letters = self._unit, self._letters
        tick = int(scene.tick)
        utc = scene.time.utc(tick)
        y = box.y
        lines = letters.lines(scene.title, box.width, 14)
        for line in [lines[0], " ".join(lines[1:])] if len(lines) > 1 else [scene.title]:
            target.blit(letters.fitted(line, box.width, 14, TEXT), (box.x, y))
            y += 19 * unit
        y += 5 * unit
        target.blit(letters.text(utc.strftime("%H:%M:%S"), 26, WHITE), (box.x, y))
        date = letters.text(utc.strftime("%d %b %Y UTC"), 12, MUTED)
        target.blit(date, (box.right - date.width, y + unit))
        if status.pace:
            pace = letters.text(status.pace, 13, ORANGE if status.paused else GREEN)
            target.blit(pace, (box.right - pace.width, y + 15 * unit))
        y += 34 * unit
        elapsed = f"{format_elapsed(scene.time.seconds(tick))} of {format_elapsed(scene.time.seconds(scene.end))}"
        target.blit(letters.text(elapsed, 12, MUTED), (box.x, y))
        elevation = degrees(scene.sun[1])
        sun = letters.text(f"Sun {elevation:+.1f}°", 12, SUNLIGHT if elevation > 0.0 else MUTED)
        target.blit(sun, (box.right - sun.width, y))
        y += 19 * unit
        if scene.stock:
            stock = "In stock: " + ", ".join(f"{name} {amount:g}" for name, amount in scene.stock)
            target.blit(letters.fitted(stock, box.width, 12, MUTED), (box.x, y))
            y += 19 * unit
        return y + 5 * unit

    def _draw_buttons(self, target: pygame.Surface, box: pygame.Rect, status: Status) -> tuple[int, Rows]:
        """Draw a row of buttons, for who has no keys at hand."""
        if not status.buttons:
            return box.y, ()
        unit, letters = self._unit, self._letters
        gap = 5 * unit
        texts = [letters.text(text, 12, TEXT) for text, _ in status.buttons]
        spare = box.width - gap * (len(texts) - 1) - sum(text.width for text in texts)
        x, rows = box.x, []
        for text, (_, command) in zip(texts, status.buttons, strict=True):
            place = pygame.Rect(x, box.y, text.width + spare // len(texts), _BUTTON * unit)
            pygame.draw.rect(target, RAISED, place, border_radius=5 * unit)
            pygame.draw.rect(target, EDGE, place, unit, border_radius=5 * unit)
            target.blit(text, text.get_rect(center=place.center))
            rows.append(Spot(place, command=command))
            x = place.right + gap
        return box.y + (_BUTTON + 8) * unit, tuple(rows)

    def _list(
        self, target: pygame.Surface | None, part: pygame.Rect, scrolls: str, span: tuple[int, int, int], usual: int = 0
    ) -> Spot:
        """Draw which part of a list is seen, beside it where there is a wheel; return where that turns it.

        Parameters
        ----------
        span
            Its first line that is seen, how many are, and how many there are.
        usual
            The first line while nobody has turned it.
        """
        first, seen, count = span
        if target is not None and seen < count:
            unit = self._unit
            bar = pygame.Rect(part.right + 7 * unit, part.y, 3 * unit, part.height)
            pygame.draw.rect(target, RAISED, bar, border_radius=unit)
            tall = max(10 * unit, bar.height * seen // count)
            top = bar.y + (bar.height - tall) * first // max(1, count - seen)
            pygame.draw.rect(target, FAINT, (bar.x, top, bar.width, tall), border_radius=unit)
        return Spot(part.inflate(24 * self._unit, 0), scrolls=scrolls, reach=(-usual, max(0, count - seen) - usual))

    def _draw_rovers(
        self, target: pygame.Surface, box: pygame.Rect, scene: Scene, look: Look, turned: int | None
    ) -> tuple[int, Rows]:
        unit = self._unit
        count = box.height // (_ROVER_ROW * unit)
        chosen = next((place for place, rover in enumerate(scene.rovers) if rover.id == look.selected), 0)
        most = max(0, len(scene.rovers) - count)
        usual = min(max(0, chosen - count // 2), most)
        first = min(max(0, usual + (turned or 0)), most)
        shown = scene.rovers[first : first + count]
        note = f"{first + 1}-{first + len(shown)} of {len(scene.rovers)}" if len(shown) < len(scene.rovers) else ""
        y = self._heading(target, box, "Fleet", note or f"{len(scene.rovers)}")
        shapes = outlines(tuple(rover.vehicle for rover in scene.rovers))
        rows: list[Spot] = []
        for rover in shown:
            row = pygame.Rect(box.x - 6 * unit, y, box.width + 12 * unit, _ROVER_ROW * unit)
            if rover.id == look.selected:
                pygame.draw.rect(target, RAISED, row, border_radius=6 * unit)
            marker = self._sprites.rover(shapes[rover.vehicle], rover.colour, 0.0, 7.5)
            target.blit(marker, (box.x + 8 * unit - marker.width // 2, row.centery - marker.height // 2))
            self._draw_rover(target, row.inflate(-12 * unit, 0), rover)
            rows.append(Spot(row, rover=rover.id))
            y = row.bottom
        part = pygame.Rect(box.x, y - len(shown) * _ROVER_ROW * unit, box.width, len(shown) * _ROVER_ROW * unit)
        rows.append(
            self._list(None if turned is None else target, part, "fleet", (first, len(shown), len(scene.rovers)), usual)
        )
        return y + 6 * unit, tuple(rows)

    def _draw_rover(self, target: pygame.Surface, row: pygame.Rect, rover: SceneRover) -> None:
        unit, letters = self._unit, self._letters
        left = row.x + 25 * unit
        words, ink = rover_status(rover)
        name = letters.fitted(str(rover.id), 130 * unit, 13, TEXT)
        leads = letters.text(rover.leads, 11, GREEN if rover.leads == "leads" else ORANGE)
        note = letters.text(_EARTH.get(rover.earth, ""), 11, MUTED)
        gap = 6 * unit if rover.leads else 0
        taken = name.width + leads.width + gap + note.width
        status = letters.fitted(words, row.right - left - taken - 16 * unit, 12, ink)
        top = row.y + 4 * unit
        target.blit(name, (left, top))
        target.blit(leads, (left + name.width + 6 * unit, top + 2 * unit))
        target.blit(note, (left + name.width + leads.width + gap + 6 * unit, top + 2 * unit))
        target.blit(status, (row.right - status.width, top))
        bar = pygame.Rect(left, row.y + 25 * unit, 102 * unit, 5 * unit)
        pygame.draw.rect(target, RAISED if row.y else EDGE, bar, border_radius=2 * unit)
        pygame.draw.rect(target, EDGE, bar, unit, border_radius=2 * unit)
        full = pygame.Rect(bar.x, bar.y, round(bar.width * rover.battery), bar.height)
        pygame.draw.rect(target, battery_colour(rover.battery), full, border_radius=2 * unit)
        charge = letters.text(f"{rover.battery * 100:.0f} %", 11, MUTED)
        target.blit(charge, (bar.right + 8 * unit, bar.centery - charge.height // 2))
        watts = f"{rover.power:+.0f}" if abs(rover.power) >= 10.0 else f"{rover.power:+.1f}"
        power = letters.text(f"{watts} W", 11, MUTED if rover.power < 0.0 else TEXT)
        target.blit(power, (row.right - power.width - 22 * unit, bar.centery - power.height // 2))
        celsius = rover.temperature - _ZERO_CELSIUS
        heat = letters.text(f"{celsius:+.0f} °C", 11, VERMILLION if celsius < 0.0 else MUTED)
        target.blit(heat, (row.right - heat.width - 73 * unit, bar.centery - heat.height // 2))
        spot = (row.right - 7 * unit, bar.centery)
        pygame.draw.aacircle(target, mixed(RAISED, SUNLIGHT, rover.light), spot, 4.5 * unit)
        pygame.draw.aacircle(target, SUNLIGHT if rover.light > 0.0 else FAINT, spot, 5.5 * unit, unit)

    def _draw_tasks(
        self, target: pygame.Surface, box: pygame.Rect, scene: Scene, look: Look, turned: int | None
    ) -> tuple[int, Rows]:
        unit, letters = self._unit, self._letters
        done = sum(task.state == "done" for task in scene.tasks)
        y = self._heading(target, box, "Tasks", f"{done} of {len(scene.tasks)} done")
        colours = {rover.id: rover.colour for rover in scene.rovers}
        count = box.height // (_TASK_ROW * unit)
        rows: list[Spot] = []
        first = min(max(0, turned or 0), max(0, len(scene.tasks) - count))
        part = pygame.Rect(box.x, y, box.width, count * _TASK_ROW * unit)
        for task in sorted_tasks(scene.tasks)[first : first + count]:
            row = pygame.Rect(box.x - 6 * unit, y, box.width + 12 * unit, _TASK_ROW * unit)
            rows.append(Spot(row, task=task.id))
            if task.id == look.task:
                pygame.draw.rect(target, RAISED, row, border_radius=6 * unit)
            badge = self._sprites.task(task.kind, task.state, task.colour)
            small = pygame.transform.smoothscale(badge, (20 * unit, 20 * unit))
            target.blit(small, (box.x - 2 * unit, y))
            holder = task.holder if task.state in ("awarded", "running") else None
            note = holder or task.state
            ink = colours.get(holder, TEXT) if holder else TASK_STATES.get(task.state, MUTED)
            right = letters.fitted(note, 110 * unit, 11, mixed(ink, WHITE, 0.2))
            ended = task.state in ("planned", "done", "cancelled")
            title = letters.fitted(task.title, box.width - right.width - 34 * unit, 12, MUTED if ended else TEXT)
            target.blit(title, (box.x + 24 * unit, y + 3 * unit))
            target.blit(right, (box.right - right.width, y + 4 * unit))
            y += _TASK_ROW * unit
        rows.append(self._list(None if turned is None else target, part, "tasks", (first, count, len(scene.tasks))))
        return y + 6 * unit, tuple(rows)

    def _draw_events(self, target: pygame.Surface, box: pygame.Rect, scene: Scene, turned: int | None) -> Rows:
        unit, letters = self._unit, self._letters
        if box.height < (_HEADING + 16) * unit:
            return ()
        rows: list[Spot] = []
        y = self._heading(target, box, "What happened")
        part = pygame.Rect(box.x, y, box.width, box.bottom - y)
        first = min(max(0, turned or 0), max(0, len(scene.events) - 1))
        seen = 0
        for age, event in enumerate(scene.events[::-1][first:]):
            elapsed = letters.text(format_elapsed(scene.time.seconds(event.tick))[:-3], 11, FAINT)
            ink = VERMILLION if event.grave else mixed(TEXT, MUTED, min((age + first) / 4, 1.0))
            lines = letters.lines(event.text, box.width - 66 * unit, 12)
            if seen and y + 16 * unit * len(lines) > box.bottom:
                break
            seen += 1
            for line in lines:
                rows.append(Spot(pygame.Rect(box.x, y, box.width, 16 * unit), tick=event.tick))
                if elapsed is not None:
                    target.blit(elapsed, (box.x, y + unit))
                elapsed = letters.text("", 11, FAINT)
                target.blit(letters.text(line, 12, ink), (box.x + 66 * unit, y))
                y += 16 * unit
            y += 2 * unit
        rows.append(self._list(None if turned is None else target, part, "news", (first, seen, len(scene.events))))
        return tuple(rows)


def rover_status(rover: SceneRover) -> tuple[str, Colour]:
    """Return what a rover is doing in a few words, and in which colour that is said."""
    if rover.activity in ("lost", "down"):
        return rover.activity, VERMILLION
    doing = rover.activity if rover.tower is None else f"in tow of {rover.tower}"
    if rover.faults:
        return f"{doing}, {', '.join(rover.faults)}", ORANGE
    if rover.stands_for:
        return "stopped", ORANGE
    if rover.waits_for:
        return f"waits for {', '.join(rover.waits_for)}", ORANGE
    if rover.tower is not None:
        return doing, TEXT
    if rover.task is not None:
        return f"{rover.activity}, {rover.task}", TEXT
    return rover.activity, MUTED if rover.activity in ("idle", "asleep") else TEXT


def sorted_tasks(tasks: tuple[SceneTask, ...]) -> list[SceneTask]:
    """Return tasks with the running ones first and the ended ones last, else in their order."""
    ranks = {state: rank for rank, state in enumerate(_STATE_ORDER)}
    return sorted(tasks, key=lambda task: ranks.get(task.state, len(ranks)))
