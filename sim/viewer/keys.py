"""How keys and pointer change the window's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from fleet.core import RoverId
from sim.viewer.camera import Bounds
from sim.viewer.furniture import scrub_track
from sim.viewer.layout import Layout, layout
from sim.viewer.look import LAYERS, Layer
from sim.viewer.markers import picked
from sim.viewer.picture import scene_bounds
from sim.viewer.quiet import pygame
from sim.viewer.state import PACES, Stage, ViewState

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
    def change(state: ViewState, stage: Stage) -> ViewState:
        at = None if state.following or not _parts(state, stage).map.collidepoint(state.pointer) else state.pointer
        return replace(state, camera=state.camera.zoomed(factor, at))

    return change


def _jumped(seconds: float) -> Change:
    def change(state: ViewState, stage: Stage) -> ViewState:
        return _at(state, stage, state.playhead + seconds / stage.scene.time.dt)

    return change


def _at(state: ViewState, stage: Stage, tick: float) -> ViewState:
    if stage.live:
        return state
    first, last = stage.span
    playhead = min(max(tick, float(first)), float(last))
    return replace(state, playhead=playhead, paused=state.paused or playhead >= last)


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
    return replace(state, look=replace(state.look, selected=rover), following=rover is not None)


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
    return replace(state, help=False) if state.help else replace(state, done=True)


def _parts(state: ViewState, stage: Stage) -> Layout:
    return layout(state.size, scrub=not stage.live)


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
    }
    | {str(number): _toggled(layer) for number, layer in enumerate(LAYERS, 1)}
)


def _key_down(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
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
    parts = _parts(state, stage)
    state = replace(state, pointer=event.pos, pressed=event.pos)
    if parts.scrub.collidepoint(event.pos):
        return _scrubbed(replace(state, drag="time"), stage)
    if parts.map.collidepoint(event.pos):
        return replace(state, drag="map")
    rover = next((rover for row, rover in stage.rows if row.collidepoint(event.pos)), None)
    return state if rover is None else _select(state, rover)


def _button_up(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    if event.button != pygame.BUTTON_LEFT:
        return state
    still = max(abs(event.pos[0] - state.pressed[0]), abs(event.pos[1] - state.pressed[1])) <= _CLICK
    if state.drag == "map" and still:
        state = _select(state, picked(stage.scene, state.camera, event.pos))
    return replace(state, drag="")


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
    track = scrub_track(_parts(state, stage).scrub)
    share = (state.pointer[0] - track.x) / track.width
    return _at(state, stage, share * stage.scene.end)


def _resized(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    state = replace(state, size=(event.x, event.y))
    return replace(state, camera=state.camera.resized(*_parts(state, stage).map.size))


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
