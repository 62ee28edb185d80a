"""The window: a loop around a pure state and a pure picture."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from fleet.core import Clock, ConfigError, RoverId, TaskId, WallClock
from sim.viewer.camera import Camera
from sim.viewer.keys import handle
from sim.viewer.layout import layout
from sim.viewer.look import Look
from sim.viewer.panel import Rows, Status
from sim.viewer.picture import Extras, Picture, scene_bounds
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene, Story
from sim.viewer.source import SceneSource, ground_picture
from sim.viewer.state import PACES, Stage, ViewState, advanced, pace_text, requests

_FRAME: Final = 1.0 / 60.0
_HIDDEN: Final = 0.1  # seconds between two looks at a window that nobody can see
_SETTLING: Final = 0.15  # seconds after zooming until the ground is drawn in full
_RECORDED: Final = 300.0  # mission seconds a second
_LIVE: Final = 2400.0
_TOLD: Final = 0.5  # seconds between two tellings of a story while time goes on
_NOTE: Final = 2.5  # seconds that a note stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a window opens."""

    size: tuple[int, int] = (1280, 800)
    at: float | None = None  #: Tick; None for the start of a recording.
    select: RoverId | None = None
    look: Look = field(default_factory=Look)
    pace: float | None = None  #: Mission seconds a second; None: a usual one. A live run is taken to go at it already.
    pictures: Path = Path("moonfleet-out")  #: Where pictures of the window go.


def show(source: SceneSource, showing: Showing | None = None, clock: Clock | None = None) -> None:
    """Show a source in a window until it is closed.

    Raises
    ------
    ConfigError
        When there is no display.
    """
    showing = showing or Showing()
    screen = _open(showing.size, source.scene(source.span[0]).title)
    try:
        _Window(source, showing, clock or WallClock(), screen).run()
    finally:
        pygame.display.quit()


def rehearse(
    source: SceneSource, showing: Showing, clock: Clock, ticks: Sequence[float], *, visible: bool = True
) -> list[float]:
    """Show ticks of a recording in a window without a screen, as fast as it goes; return the seconds that each took.

    The first picture, which shades the ground, comes before and is not counted.
    """
    with _without_screen():
        screen = _open(showing.size, "")
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


def _open(size: tuple[int, int], title: str) -> pygame.Surface:
    try:
        pygame.display.init()
        screen = pygame.display.set_mode(size, pygame.RESIZABLE)
    except pygame.error as error:
        remedy = "To draw a recording without a display: moonfleet render RECORDING -o picture.png"
        raise ConfigError("display", f"no window can be opened here: {error}.", remedy) from None
    pygame.display.set_caption(f"{title} - Moonfleet" if title else "Moonfleet")
    pygame.key.set_repeat(280, 33)
    return screen


def _place_of(pace: float) -> int:
    """Return the place in `PACES` that comes nearest."""
    return min(range(len(PACES)), key=lambda place: abs(PACES[place] - pace))


class _Window:
    def __init__(self, source: SceneSource, showing: Showing, clock: Clock, screen: pygame.Surface) -> None:
        self._source = source
        self._clock = clock
        self._folder = showing.pictures
        self._picture = Picture(ground_picture(source))
        first, last = source.span
        at = float(first) if showing.at is None else min(max(showing.at, float(first)), float(last))
        scene = source.scene(at)
        width, height = layout(screen.get_size(), scrub=True).map.size
        camera = Camera(x=0.0, y=0.0, scale=1.0, width=width, height=height).fitted(scene_bounds(scene), 0.1)
        self._state = ViewState(
            size=screen.get_size(),
            camera=camera,
            playhead=at,
            look=showing.look if showing.select is None else replace(showing.look, selected=showing.select),
            following=showing.select is not None,
            pace=_place_of(showing.pace or (_LIVE if source.live else _RECORDED)),
        )
        self._rows: Rows = ()
        self._zoomed = -_SETTLING
        self._note = ("", 0.0)
        nobody: tuple[RoverId | None, TaskId | None] = (None, None)
        self._told: tuple[tuple[tuple[RoverId | None, TaskId | None], float], Story | None, float]
        self._told = ((nobody, -1.0), None, -_TOLD)
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
            asked = self._state.pictures
            self._state = handle(self._state, event, stage)
            if self._state.pictures != asked:
                self._save()
        self._state = advanced(self._state, seconds, stage)
        if self._state.camera.scale != old.camera.scale:
            self._zoomed = self._clock.now()
        if self._source.live:
            for do, values in requests(old, self._state):
                self._source.control(do, **values)

    def _stage(self, scene: Scene) -> Stage:
        return Stage(
            scene=scene,
            span=self._source.span,
            ground=self._picture.ground.bounds,
            live=self._source.live,
            rows=self._rows,
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
        status = Status(pace=pace_text(state, live=self._source.live), paused=state.paused)
        scene = self._source.scene(state.playhead)
        land = layout(state.size, scrub=True).map
        extras = Extras(
            status=status,
            help=state.help,
            scrub=True,
            settled=settled,
            story=self._story(),
            pointer=state.pointer if land.collidepoint(state.pointer) and state.pointer != (0.0, 0.0) else None,
            search=state.search,
            note=note,
        )
        self._rows = self._picture.draw(screen, state.camera, scene, state.look, extras)
        pygame.display.flip()

    def _story(self) -> Story | None:
        """Return what is told of whom somebody asks about, at most so often while time goes on."""
        state, now = self._state, self._clock.now()
        subject = (state.look.selected, state.look.task)
        if not state.story or subject == (None, None):
            return None
        key = (subject, state.playhead)
        kept_key, kept, since = self._told
        if key != kept_key and (subject != kept_key[0] or state.paused or now - since >= _TOLD):
            kept_key, kept, since = key, self._source.story(subject, state.playhead), now
            self._told = (kept_key, kept, since)
        return kept

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
        self._note = (text, self._clock.now() + _NOTE)
