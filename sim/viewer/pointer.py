"""What the pointer does: select, drag the view or the time, open menus, draw ground."""

from __future__ import annotations

from dataclasses import replace
from math import hypot
from typing import Final

from fleet.core import Path, Point, RoverId, TaskId
from sim.viewer import moves
from sim.viewer.furniture import scrub_track
from sim.viewer.markers import picked
from sim.viewer.menu import item_at
from sim.viewer.quiet import pygame
from sim.viewer.search import found_at
from sim.viewer.sketch import MOST_SKETCHED, boxed, ends_at
from sim.viewer.state import Stage, ViewState

_BADGE: Final = 12.0  # points around the middle of a task's badge
_CLICK: Final = 4  # points that a hand may shake between press and release


def button_down(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    """Take a button that goes down."""
    state = replace(state, pointer=event.pos)
    if event.button not in (pygame.BUTTON_LEFT, pygame.BUTTON_RIGHT):
        return state
    if state.menu is not None:
        return _menu_pressed(state, stage, event.pos)
    if state.search is not None:
        number = found_at(stage.scene, (state.search, state.found), state.parts.map, state.density, event.pos)
        return replace(state, search=None) if number is None else moves.taken(state, stage, number)
    parts = state.parts
    state = replace(state, pressed=event.pos)
    if event.button == pygame.BUTTON_RIGHT:
        return _right(state, stage) if parts.map.collidepoint(event.pos) else _row_menu(state, stage)
    if parts.scrub.collidepoint(event.pos) or parts.gantt.collidepoint(event.pos):
        if parts.gantt.collidepoint(event.pos) and event.pos[0] < scrub_track(parts.scrub, state.density).x:
            return _row_pressed(state, stage)
        return _scrubbed(replace(state, drag="time"), stage)
    if stage.minimap is not None and state.sketch is None and pygame.Rect(stage.minimap).collidepoint(event.pos):
        return moves.gone_to(state, stage)
    if parts.map.collidepoint(event.pos):
        return replace(state, drag="map" if state.sketch is None else "box")
    return _row_pressed(state, stage)


def _menu_pressed(state: ViewState, stage: Stage, pixel: Point) -> ViewState:
    assert state.menu is not None
    number = item_at(state.menu, state.parts.map, state.density, pixel)
    if number is None:
        return replace(state, menu=None)
    return state if number < 0 else moves.done(state, stage, state.menu.items[number].does)


def _row_pressed(state: ViewState, stage: Stage) -> ViewState:
    """Do what a row or a button is for, where the pointer is on one."""
    for spot in stage.rows:
        if spot.place.collidepoint(state.pointer) and not spot.scrolls:
            if spot.command:
                return moves.done(state, stage, spot.command)
            if spot.tick is not None:
                return replace(moves.at(state, stage, float(spot.tick)), paused=True)
            return moves.selected(state, spot.rover) if spot.task is None else moves.asked(state, spot.task)
    return state


def _row_menu(state: ViewState, stage: Stage) -> ViewState:
    """Open the menu of the rover or the task in whose row the pointer is."""
    row = next((spot for spot in stage.rows if spot.place.collidepoint(state.pointer)), None)
    if row is None or (row.rover is None and row.task is None):
        return state
    return moves.at_ground(state, stage, (row.rover, row.task))


def _right(state: ViewState, stage: Stage) -> ViewState:
    if state.sketch is not None:
        return moves.outlined(state, stage, state.sketch)
    return moves.at_ground(state, stage, _under(state, stage))


def _under(state: ViewState, stage: Stage) -> tuple[RoverId | None, TaskId | None]:
    """Return the rover or else the task that the pointer is on."""
    rover = picked(stage.scene, state.camera, state.pointer, 16.0 * state.density)
    return rover, None if rover is not None else _badge_at(state, stage)


def _badge_at(state: ViewState, stage: Stage) -> TaskId | None:
    px, py = state.pointer
    near = [(hypot(x - px, y - py), task) for task, (x, y) in stage.badges]
    best = min(near, default=None)
    return best[1] if best is not None and best[0] <= _BADGE * state.density else None


def _is_still(state: ViewState) -> bool:
    (x, y), (px, py) = state.pointer, state.pressed
    return max(abs(x - px), abs(y - py)) <= _CLICK * state.density


def button_up(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    """Take a button that comes up."""
    if event.button != pygame.BUTTON_LEFT:
        return state
    state = replace(state, pointer=event.pos)
    drag, state = state.drag, replace(state, drag="")
    if drag == "map" and _is_still(state):
        rover, task = _under(state, stage)
        if rover is None and task is None:
            return moves.asked_there(state, stage, event.pos)
        return moves.selected(state, rover) if task is None else moves.asked(state, task)
    return _cornered(state, stage) if drag == "box" and state.sketch is not None else state


def _cornered(state: ViewState, stage: Stage) -> ViewState:
    """Add a corner where there was a click, or take the box that was dragged."""
    sketch = state.sketch or ()
    if not _is_still(state):
        return moves.outlined(state, stage, dragged_box(state)) if not sketch else state
    if ends_at(sketch, state.camera, state.pointer, state.density):
        return moves.outlined(state, stage, sketch)
    here = state.camera.to_ground(state.pointer)
    return replace(state, sketch=(*sketch, here)) if len(sketch) < MOST_SKETCHED else state


def dragged_box(state: ViewState) -> Path:
    """Return the corners of the box from where the pointer was pressed to where it is."""
    return boxed(state.camera.to_ground(state.pressed), state.camera.to_ground(state.pointer))


def moved(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    """Take a pointer that moves."""
    before = state.pointer
    state = replace(state, pointer=event.pos)
    if state.menu is not None:
        number = item_at(state.menu, state.parts.map, state.density, event.pos)
        return state if number is None or number < 0 else replace(state, menu=replace(state.menu, chosen=number))
    if state.drag == "time":
        return _scrubbed(state, stage)
    if state.drag == "small":
        return moves.gone_to(state, stage)
    if state.drag == "map" and not _is_still(state):
        camera = state.camera.panned(before[0] - event.pos[0], before[1] - event.pos[1])
        return replace(state, camera=camera, following=False)
    return state


def _scrubbed(state: ViewState, stage: Stage) -> ViewState:
    track = scrub_track(state.parts.scrub, state.density)
    share = (state.pointer[0] - track.x) / track.width
    return moves.at(state, stage, share * stage.scene.end)
