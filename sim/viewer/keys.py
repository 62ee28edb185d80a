"""How keys and pointer change the window's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import hypot
from types import MappingProxyType
from typing import Final

from fleet.core import Point, RoverId, TaskId
from sim.viewer.camera import Bounds
from sim.viewer.furniture import scrub_track
from sim.viewer.layout import Layout, layout
from sim.viewer.look import LAYERS, Layer
from sim.viewer.markers import picked
from sim.viewer.picture import scene_bounds
from sim.viewer.quiet import pygame
from sim.viewer.search import matches
from sim.viewer.state import PACES, Stage, ViewState

_STEP: Final = 60.0  # seconds
_BADGE: Final = 12.0  # pixels around the middle of a task's badge
_JUMP: Final = 600.0  # seconds
_PAN: Final = 60  # pixels
_ZOOM: Final = 1.25
_FAULT: Final = "10m"  # that a fault lasts
_CLICK: Final = 4  # pixels that a hand may shake between press and release

Change = Callable[[ViewState, Stage], ViewState]


def handle(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    """Return the state after one event; events that mean nothing change nothing."""
    change = _EVENTS.get(event.type)
    return state if change is None else change(state, event, stage)


def _panned(right: int, down: int) -> Change:
    def change(state: ViewState, _stage: Stage) -> ViewState:
        return replace(state, camera=state.camera.panned(right * _PAN, down * _PAN), following=False)

    return change


def _paced(step: int) -> Change:
    def change(state: ViewState, _stage: Stage) -> ViewState:
        return replace(state, pace=min(max(state.pace + step, 0), len(PACES) - 1), paced=True)

    return change


def _zoomed(factor: float) -> Change:
    def change(state: ViewState, _stage: Stage) -> ViewState:
        at = None if state.following or not _parts(state).map.collidepoint(state.pointer) else state.pointer
        return replace(state, camera=state.camera.zoomed(factor, at))

    return change


def _jumped(seconds: float) -> Change:
    def change(state: ViewState, stage: Stage) -> ViewState:
        return _at(state, stage, state.playhead + seconds / stage.scene.time.dt)

    return change


def _at(state: ViewState, stage: Stage, tick: float) -> ViewState:
    first, last = stage.span
    playhead = min(max(tick, float(first)), float(last))
    if stage.live:
        return replace(state, playhead=playhead, behind=playhead < last)
    return replace(state, playhead=playhead, paused=state.paused or playhead >= last)


def _stepped(seconds: float) -> Change:
    def change(state: ViewState, stage: Stage) -> ViewState:
        return replace(_jumped(seconds)(state, stage), paused=True)

    return change


def _marked(way: int) -> Change:
    def change(state: ViewState, stage: Stage) -> ViewState:
        ticks = [mark.tick for mark in stage.scene.marks]
        ahead = [tick for tick in ticks if (tick - state.playhead) * way >= 1.0]
        return _at(state, stage, min(ahead) if way > 0 else max(ahead)) if ahead else state

    return change


def _selected(step: int) -> Change:
    def change(state: ViewState, stage: Stage) -> ViewState:
        ids = [rover.id for rover in stage.scene.rovers]
        if not ids:
            return state
        chosen = state.look.selected
        place = (ids.index(chosen) + step) % len(ids) if chosen in ids else (0 if step > 0 else len(ids) - 1)
        return _select(state, ids[place])

    return change


def _select(state: ViewState, rover: RoverId | None) -> ViewState:
    look = replace(state.look, selected=rover, task=None)
    return replace(state, look=look, following=rover is not None, story=True)


def _ask(state: ViewState, task: TaskId, place: Point | None = None) -> ViewState:
    camera = state.camera if place is None else state.camera.centred(place)
    look = replace(state.look, selected=None, task=task)
    return replace(state, look=look, camera=camera, following=False, story=True)


def _toggled(layer: Layer) -> Change:
    def change(state: ViewState, _stage: Stage) -> ViewState:
        return replace(state, look=state.look.toggled(layer))

    return change


def _photographed(state: ViewState, _stage: Stage) -> ViewState:
    return replace(state, pictures=state.pictures + 1)


def _struck(kind: str) -> Change:
    def change(state: ViewState, stage: Stage) -> ViewState:
        if not stage.live or state.look.selected is None:
            return state
        fault = f"{{fault: {kind}, rover: {state.look.selected}, for: {_FAULT}}}"
        return replace(state, faults=(*state.faults, fault))

    return change


def _told(state: ViewState, _stage: Stage) -> ViewState:
    return replace(state, story=not state.story)


def _sought(state: ViewState, _stage: Stage) -> ViewState:
    return replace(state, search="")


def _typed(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    """Take a key while somebody searches."""
    text = state.search or ""
    if event.key == pygame.K_ESCAPE:
        return replace(state, search=None)
    if event.key == pygame.K_BACKSPACE:
        return replace(state, search=text[:-1])
    if event.key not in (pygame.K_RETURN, pygame.K_KP_ENTER):
        typed = getattr(event, "unicode", "")
        return replace(state, search=text + typed) if typed.isprintable() else state
    state = replace(state, search=None)
    for rover, task, _ in matches(stage.scene, text)[:1]:
        if task is None:
            return _select(state, rover)
        places = next(other.places for other in stage.scene.tasks if other.id == task)
        return _ask(state, task, places[0] if places else None)
    return state


def _helped(state: ViewState, _stage: Stage) -> ViewState:
    return replace(state, help=not state.help)


def _ended(state: ViewState, _stage: Stage) -> ViewState:
    return replace(state, done=True)


def _paused(state: ViewState, stage: Stage) -> ViewState:
    if state.paused and not stage.live and state.playhead >= stage.span[1]:
        return replace(state, paused=False, playhead=float(stage.span[0]))
    return replace(state, paused=not state.paused)


def _fitted(state: ViewState, bounds: Bounds) -> ViewState:
    return replace(state, camera=state.camera.fitted(bounds), following=False)


def _left(state: ViewState, _stage: Stage) -> ViewState:
    if state.help:
        return replace(state, help=False)
    if state.look.selected is not None or state.look.task is not None:
        return replace(state, look=replace(state.look, selected=None, task=None), following=False)
    return replace(state, done=True)


def _parts(state: ViewState) -> Layout:
    return layout(state.size, scrub=True)


_KEYS: Final[Mapping[int, Change]] = MappingProxyType(
    {
        pygame.K_SPACE: _paused,
        pygame.K_LEFT: _panned(-1, 0),
        pygame.K_RIGHT: _panned(1, 0),
        pygame.K_UP: _panned(0, -1),
        pygame.K_DOWN: _panned(0, 1),
        pygame.K_a: _panned(-1, 0),
        pygame.K_d: _panned(1, 0),
        pygame.K_w: _panned(0, -1),
        pygame.K_s: _panned(0, 1),
        pygame.K_PAGEUP: _zoomed(_ZOOM),
        pygame.K_PAGEDOWN: _zoomed(1 / _ZOOM),
        pygame.K_f: lambda state, stage: _fitted(state, stage.ground),
        pygame.K_TAB: _selected(1),
        pygame.K_HOME: lambda state, stage: _at(state, stage, stage.span[0]),
        pygame.K_END: lambda state, stage: _at(state, stage, stage.span[1]),
        pygame.K_x: _struck("silent"),
        pygame.K_p: _photographed,
        pygame.K_e: _marked(1),
        pygame.K_i: _told,
        pygame.K_F12: _photographed,
        pygame.K_F1: _helped,
        pygame.K_ESCAPE: _left,
        pygame.K_q: _ended,
    }
)
_SHIFTED: Final[Mapping[int, Change]] = MappingProxyType(
    {
        pygame.K_LEFT: _jumped(-_JUMP),
        pygame.K_RIGHT: _jumped(_JUMP),
        pygame.K_f: lambda state, stage: _fitted(state, scene_bounds(stage.scene)),
        pygame.K_TAB: _selected(-1),
        pygame.K_x: _struck("agent_crash"),
        pygame.K_e: _marked(-1),
    }
)
# By the character, since keyboards of the world have these in different places.
_CHARACTERS: Final[Mapping[str, Change]] = MappingProxyType(
    {
        "+": _paced(1),
        "=": _paced(1),
        "]": _paced(1),
        "-": _paced(-1),
        "[": _paced(-1),
        "?": _helped,
        "/": _sought,
        ",": _stepped(-_STEP),
        ".": _stepped(_STEP),
    }
    | {str(number): _toggled(layer) for number, layer in enumerate(LAYERS, 1)}
)


def _key_down(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    if state.search is not None:
        return _typed(state, event, stage)
    change = _CHARACTERS.get(getattr(event, "unicode", ""))
    if change is None and event.mod & pygame.KMOD_SHIFT:
        change = _SHIFTED.get(event.key)
    change = change or _KEYS.get(event.key)
    return state if change is None else change(state, stage)


def _wheel(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    return _zoomed(_ZOOM**event.y)(state, stage)


def _button_down(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    if event.button != pygame.BUTTON_LEFT:
        return state
    parts = _parts(state)
    state = replace(state, pointer=event.pos, pressed=event.pos)
    if parts.scrub.collidepoint(event.pos):
        return _scrubbed(replace(state, drag="time"), stage)
    if parts.map.collidepoint(event.pos):
        return replace(state, drag="map")
    for spot in stage.rows:
        if spot.place.collidepoint(event.pos):
            if spot.tick is not None:
                return replace(_at(state, stage, float(spot.tick)), paused=True)
            return _select(state, spot.rover) if spot.task is None else _ask(state, spot.task)
    return state


def _button_up(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    if event.button != pygame.BUTTON_LEFT:
        return state
    still = max(abs(event.pos[0] - state.pressed[0]), abs(event.pos[1] - state.pressed[1])) <= _CLICK
    if state.drag == "map" and still:
        rover = picked(stage.scene, state.camera, event.pos)
        task = None if rover is not None else _badge_at(stage, event.pos)
        state = _select(state, rover) if task is None else _ask(state, task)
    return replace(state, drag="")


def _badge_at(stage: Stage, pixel: Point) -> TaskId | None:
    near = [(hypot(x - pixel[0], y - pixel[1]), task) for task, (x, y) in stage.badges]
    best = min(near, default=None)
    return best[1] if best is not None and best[0] <= _BADGE else None


def _moved(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    before = state.pointer
    state = replace(state, pointer=event.pos)
    if state.drag == "time":
        return _scrubbed(state, stage)
    far = max(abs(event.pos[0] - state.pressed[0]), abs(event.pos[1] - state.pressed[1])) > _CLICK
    if state.drag == "map" and far:
        camera = state.camera.panned(before[0] - event.pos[0], before[1] - event.pos[1])
        return replace(state, camera=camera, following=False)
    return state


def _scrubbed(state: ViewState, stage: Stage) -> ViewState:
    track = scrub_track(_parts(state).scrub)
    share = (state.pointer[0] - track.x) / track.width
    return _at(state, stage, share * stage.scene.end)


def _resized(state: ViewState, event: pygame.event.Event, _stage: Stage) -> ViewState:
    state = replace(state, size=(event.x, event.y))
    return replace(state, camera=state.camera.resized(*_parts(state).map.size))


def _quit(state: ViewState, _event: pygame.event.Event, _stage: Stage) -> ViewState:
    return replace(state, done=True)


_EVENTS: Final[Mapping[int, Callable[[ViewState, pygame.event.Event, Stage], ViewState]]] = MappingProxyType(
    {
        pygame.KEYDOWN: _key_down,
        pygame.MOUSEWHEEL: _wheel,
        pygame.MOUSEBUTTONDOWN: _button_down,
        pygame.MOUSEBUTTONUP: _button_up,
        pygame.MOUSEMOTION: _moved,
        pygame.WINDOWRESIZED: _resized,
        pygame.QUIT: _quit,
    }
)
