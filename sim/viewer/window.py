"""The window: a loop around a pure state and a pure picture."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path as File
from typing import Final

from fleet.core import Clock, ConfigError, Path, Point, RoverId, WallClock
from sim.viewer.camera import Camera
from sim.viewer.framing import framed, scene_points
from sim.viewer.keys import handle
from sim.viewer.look import LAYERS, Look
from sim.viewer.moves import resized
from sim.viewer.panel import Rows, Status, buttons
from sim.viewer.picture import Extras, Picture
from sim.viewer.places import ground_story
from sim.viewer.pointer import dragged_box
from sim.viewer.quiet import pygame
from sim.viewer.remembered import Remembered, recalled, remember
from sim.viewer.scene import Scene, Story, Subject
from sim.viewer.source import SceneSource, ground_picture
from sim.viewer.state import PACES, Stage, ViewState, advanced, pace_text, requests

_FRAME: Final = 1.0 / 60.0
_HIDDEN: Final = 0.1  # seconds between two looks at a window that nobody can see
_SETTLING: Final = 0.15  # seconds after zooming until the ground is drawn in full
_RECORDED: Final = 300.0  # mission seconds a second
_LIVE: Final = 2400.0
_TOLD: Final = 0.5  # seconds between two tellings of a story while time goes on
_FINE: Final = 2000  # pixels of height, from which a screen is taken for one with small pixels
_NOTE: Final = 4.0  # seconds that a note stays,
_REFUSAL: Final = 9.0  # and one that says why something was not done
_POINTED: Final = (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a window opens."""

    size: tuple[int, int] = (1280, 800)
    at: float | None = None  #: Tick; None for the start of a recording.
    select: RoverId | None = None
    look: Look = field(default_factory=Look)
    pace: float | None = None  #: Mission seconds a second; None: a usual one. A live run is taken to go at it already.
    scale: float | None = None  #: How large letters and signs are; None: as remembered, or as the screen asks for.
    full: bool = False  #: Whether it fills the screen.
    gantt: bool = False  #: Whether what each rover did is shown below the map.
    pictures: File = File("moonfleet-out")  #: Where pictures of the window go.
    memory: File | None = None  #: Where it is kept how a window was left; None: nothing is, and nothing is recalled.


def show(source: SceneSource, showing: Showing | None = None, clock: Clock | None = None) -> None:
    """Show a source in a window until it is closed.

    Raises
    ------
    ConfigError
        When there is no display.
    """
    showing = _as_left(showing or Showing())
    screen = _open(showing, source.scene(source.span[0]).title)
    try:
        window = _Window(source, showing, clock or WallClock(), screen)
        window.run()
        if showing.memory is not None:
            remember(showing.memory, window.left())
    finally:
        pygame.display.quit()


def _as_left(showing: Showing) -> Showing:
    """Return how to open, as the last window was left."""
    before = None if showing.memory is None else recalled(showing.memory)
    if before is None:
        return showing
    look = replace(showing.look, layers=before.shown)
    return replace(showing, size=before.size, scale=showing.scale or before.scale, gantt=before.gantt, look=look)


def rehearse(
    source: SceneSource, showing: Showing, clock: Clock, ticks: Sequence[float], *, visible: bool = True
) -> list[float]:
    """Show ticks of a recording in a window without a screen, as fast as it goes; return the seconds that each took.

    The first picture, which shades the ground, comes before and is not counted.
    """
    with _without_screen():
        screen = _open(showing, "")
        try:
            window = _Window(source, showing, clock, screen)
            window.step(0.0, visible=True)
            seconds = []
            for tick in ticks:
                begun = clock.now()
                window.jump(tick)
                window.step(0.0, visible=visible)
                seconds.append(clock.now() - begun)
        finally:
            pygame.display.quit()
    return seconds


@contextmanager
def _without_screen() -> Iterator[None]:
    """Let SDL draw for nobody."""
    name = "SDL_VIDEODRIVER"
    before = os.environ.get(name)
    os.environ[name] = "dummy"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _open(showing: Showing, title: str) -> pygame.Surface:
    try:
        pygame.display.init()
        size = showing.size if showing.memory is None else _on_screen(showing.size)
        screen = _opened((0, 0) if showing.full else size, full=showing.full)
    except pygame.error as error:
        remedy = "To draw a recording without a display: moonfleet render RECORDING -o picture.png"
        raise ConfigError("display", f"no window can be opened here: {error}.", remedy) from None
    pygame.display.set_caption(f"{title} - Moonfleet" if title else "Moonfleet")
    pygame.key.set_repeat(280, 33)
    return screen


def _opened(size: tuple[int, int], *, full: bool) -> pygame.Surface:
    """Return the window's surface; a size of 0 x 0 is that of the desktop."""
    return pygame.display.set_mode(size, pygame.FULLSCREEN if full else pygame.RESIZABLE)


def _on_screen(size: tuple[int, int]) -> tuple[int, int]:
    """Return a size that is no larger than the screen: the last window may have been on another."""
    wide, tall = pygame.display.get_desktop_sizes()[0]
    return (min(size[0], wide), min(size[1], tall))


def _usual_scale() -> float:
    """Return how large letters must be on this screen, to be read from where one sits."""
    tall = max((height for _, height in pygame.display.get_desktop_sizes()), default=0)
    return 2.0 if tall >= _FINE else 1.0


def _place_of(pace: float) -> int:
    """Return the place in `PACES` that comes nearest."""
    return min(range(len(PACES)), key=lambda place: abs(PACES[place] - pace))


class _Window:
    def __init__(self, source: SceneSource, showing: Showing, clock: Clock, screen: pygame.Surface) -> None:
        self._source = source
        self._clock = clock
        self._folder = showing.pictures
        self._ground = ground_picture(source)
        scale = showing.scale or _usual_scale()
        self._picture = Picture(self._ground, ceil(scale))
        first, last = source.span
        at = float(first) if showing.at is None else min(max(showing.at, float(first)), float(last))
        scene = source.scene(at)
        state = ViewState(
            size=screen.get_size(),
            camera=Camera(x=0.0, y=0.0, scale=1.0, width=1, height=1),
            scale=scale,
            full=showing.full,
            gantt=showing.gantt,
            playhead=at,
            look=replace(showing.look, selected=showing.select or showing.look.selected, density=ceil(scale)),
            following=showing.select is not None,
            pace=_place_of(showing.pace or (_LIVE if source.live else _RECORDED)),
        )
        width, height = state.parts.map.size
        view = state.camera.resized(width, height)
        self._state = replace(state, camera=framed(view, scene_points(scene), state.density))
        self._canvas: pygame.Surface | None = None  # Where the picture is drawn that is shrunk for the screen.
        self._windowed = showing.size  # When it does not fill the screen.
        self._rows: Rows = ()
        self._zoomed = -_SETTLING
        self._note = ("", 0.0)
        self._told: tuple[tuple[tuple[Subject, Point | None], float], Story | None, float]
        self._told = (((Subject(), None), -1.0), None, -_TOLD)
        self._shown: object = None  # By the last picture.

    def run(self) -> None:
        """Go on until the person has seen enough."""
        before = self._clock.now()
        while not self._state.done:
            now = self._clock.now()
            visible = pygame.display.get_active()
            self.step(now - before, visible=visible)
            before = now
            self._clock.sleep((_FRAME if visible else _HIDDEN) - (self._clock.now() - now))

    def left(self) -> Remembered:
        """Return how the window is, for the next one."""
        state = self._state
        size = self._windowed if state.full else state.size
        layers = tuple(layer.name for layer in LAYERS if layer in state.look.layers)
        return Remembered(size=size, scale=state.scale, gantt=state.gantt, layers=layers)

    def step(self, seconds: float, *, visible: bool) -> None:
        """Take what is new, let so many seconds pass, and draw what has changed where anybody can see it."""
        now = self._clock.now()
        fresh = self._source.poll()
        self._turn(self._source.scene(self._state.playhead), seconds)
        settled = now - self._zoomed >= _SETTLING
        wanted = (self._state, settled, self._note_text(now))
        if visible and (fresh or wanted != self._shown):
            self._draw(settled, self._note_text(now))
            self._shown = wanted

    def jump(self, tick: float) -> None:
        """Go to a tick of a recording."""
        self._state = replace(self._state, playhead=tick)

    def _turn(self, scene: Scene, seconds: float) -> None:
        """Let events and time change the state, and tell the run what it must know."""
        old = self._state
        stage = self._stage(scene)
        for event in pygame.event.get():
            before = self._state
            self._state = handle(before, _in_picture(event, before.ratio), stage)
            if self._state.pictures != before.pictures:
                self._save()
            self._reshape(before)
        self._state = advanced(self._state, seconds, stage)
        if self._state.camera.scale != old.camera.scale:
            self._zoomed = self._clock.now()
        if self._source.live:
            for asked in requests(old, self._state):
                fact = self._source.control(asked.do, **asked.values)
                if asked.told:
                    self._say(f"Refused: {fact}" if fact else asked.told, _REFUSAL if fact else _NOTE)

    def _reshape(self, old: ViewState) -> None:
        """Follow a change of what the window is like."""
        state = self._state
        if state.full != old.full:
            screen = _opened(self._windowed if not state.full else (0, 0), full=state.full)
            if state.full:
                self._windowed = old.size
            self._state = resized(replace(state, size=screen.get_size(), menu=None))
        if state.density != old.density:
            self._picture = Picture(self._ground, state.density)
            self._rows = ()

    def _stage(self, scene: Scene) -> Stage:
        return Stage(
            scene=scene,
            span=self._source.span,
            ground=self._picture.ground.bounds,
            live=self._source.live,
            rows=self._rows,
            minimap=self._picture.minimap,
            badges=tuple(self._picture.badges),
        )

    def _note_text(self, now: float) -> str:
        text, until = self._note
        return text if now < until else ""

    def _draw(self, settled: bool, note: str) -> None:
        screen = pygame.display.get_surface()
        if screen is None:
            return
        state = self._state
        scene = self._source.scene(state.playhead)
        status = Status(
            pace=pace_text(state, live=self._source.live, is_over=scene.is_over),
            paused=state.paused or scene.is_over,
            buttons=buttons(paused=state.paused, live=self._source.live and not scene.is_over),
            scrolled=state.scrolled,
        )
        land = state.parts.map
        extras = Extras(
            status=status,
            help=state.help,
            scrub=True,
            settled=settled,
            story=self._story(),
            pointer=state.pointer if land.collidepoint(state.pointer) and state.pointer != (0.0, 0.0) else None,
            search=None if state.search is None else (state.search, state.found),
            known=float(self._source.span[1]),
            note=note,
            menu=state.menu,
            sketch=_sketch(state),
            diaries={rover.id: self._source.diary(rover.id) for rover in scene.rovers} if state.gantt else None,
        )
        target = self._target(screen)
        self._rows = self._picture.draw(target, state.camera, scene, state.look, extras)
        if target is not screen:
            pygame.transform.smoothscale(target, screen.get_size(), screen)
        pygame.display.flip()

    def _target(self, screen: pygame.Surface) -> pygame.Surface:
        """Return what to draw on: the screen, or a larger picture to be shrunk."""
        size = self._state.canvas
        if size == screen.get_size():
            return screen
        if self._canvas is None or self._canvas.get_size() != size:
            self._canvas = pygame.Surface(size).convert(screen)
        return self._canvas

    def _story(self) -> Story | None:
        """Return what is told of whom somebody asks about, at most so often while time goes on."""
        state, now = self._state, self._clock.now()
        if not state.story or not state.look.is_asking:
            return None
        subject = (Subject(state.look.selected, state.look.task, state.look.link), state.look.spot)
        key = (subject, state.playhead)
        kept_key, kept, since = self._told
        if key != kept_key and (subject != kept_key[0] or state.paused or now - since >= _TOLD):
            asked, spot = subject
            told = self._source.story(asked, state.playhead) if spot is None else self._of_ground(spot)
            kept_key, kept, since = key, told, now
            self._told = (kept_key, kept, since)
        return kept

    def _of_ground(self, spot: Point) -> Story | None:
        return ground_story(self._ground, self._source.scene(self._state.playhead), spot)

    def _save(self) -> None:
        """Write what the window shows to a file."""
        self._draw(True, "")
        screen = pygame.display.get_surface()
        file = self._folder / f"moonfleet-{round(self._state.playhead):08d}.png"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if screen is not None:
                pygame.image.save(screen, file)
            text = f"saved {file}"
        except (OSError, pygame.error) as error:
            text = f"cannot save {file}: {error}"
        self._say(text, _NOTE)

    def _say(self, text: str, seconds: float) -> None:
        self._note = (text, self._clock.now() + seconds)


def _sketch(state: ViewState) -> tuple[Path, Path] | None:
    """Return the corners of what is being drawn, and those that follow the pointer."""
    if state.sketch is None:
        return None
    if state.menu is not None:
        return state.sketch, ()
    if state.drag == "box" and not state.sketch:
        return (), dragged_box(state)
    return state.sketch, (state.camera.to_ground(state.pointer),) if state.sketch else ()


def _in_picture(event: pygame.event.Event, ratio: float) -> pygame.event.Event:
    """Return an event with its place in the picture, which may have more pixels than the window."""
    if ratio == 1.0 or event.type not in _POINTED:
        return event
    place = (round(event.pos[0] * ratio), round(event.pos[1] * ratio))
    return pygame.event.Event(event.type, {**event.dict, "pos": place})
