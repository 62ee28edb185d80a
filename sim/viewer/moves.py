"""What a person can do to the window, whatever the key, the button or the menu by which it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from fleet.core import Path, Point, RoverId, TaskId
from sim.viewer.acting import fault_menu, ground_menu, halt, rover_menu, run_menu, suspend, task_menu, zone_menu
from sim.viewer.camera import Bounds
from sim.viewer.framing import framed, scene_points
from sim.viewer.look import LAYER_KEYS, LAYERS, Layer
from sim.viewer.menu import Item, Menu, Wish
from sim.viewer.panel import Spot
from sim.viewer.places import link_at
from sim.viewer.search import matches
from sim.viewer.sketch import is_whole
from sim.viewer.state import PACES, SCALES, Stage, ViewState

_PAN: Final = 60  # pixels
_CORNER: Final = (16.0, 120.0)  # points, where a menu opens that no pointer asked for

Change = Callable[[ViewState, Stage], ViewState]


def panned(right: int, down: int) -> Change:
    """Move the view."""

    def change(state: ViewState, _stage: Stage) -> ViewState:
        return replace(state, camera=state.camera.panned(right * _PAN, down * _PAN), following=False)

    return change


def paced(step: int) -> Change:
    """Go faster or slower."""

    def change(state: ViewState, _stage: Stage) -> ViewState:
        return replace(state, pace=min(max(state.pace + step, 0), len(PACES) - 1), paced=True)

    return change


def zoomed(factor: float) -> Change:
    """Come closer, to what is under the pointer."""

    def change(state: ViewState, _stage: Stage) -> ViewState:
        at = None if state.following or not state.parts.map.collidepoint(state.pointer) else state.pointer
        return replace(state, camera=state.camera.zoomed(factor, at))

    return change


def jumped(seconds: float) -> Change:
    """Go so far on in time."""

    def change(state: ViewState, stage: Stage) -> ViewState:
        return at(state, stage, state.playhead + seconds / stage.scene.time.dt)

    return change


def at(state: ViewState, stage: Stage, tick: float) -> ViewState:
    """Go to a tick."""
    first, last = stage.span
    playhead = min(max(tick, float(first)), float(last))
    if stage.live:
        return replace(state, playhead=playhead, behind=playhead < last)
    return replace(state, playhead=playhead, paused=state.paused or playhead >= last)


def stepped(seconds: float) -> Change:
    """Stop, so far on in time."""

    def change(state: ViewState, stage: Stage) -> ViewState:
        return replace(jumped(seconds)(state, stage), paused=True)

    return change


def marked(way: int) -> Change:
    """Go to the next mark of the bar of time."""

    def change(state: ViewState, stage: Stage) -> ViewState:
        ticks = [mark.tick for mark in stage.scene.marks]
        ahead = [tick for tick in ticks if (tick - state.playhead) * way >= 1.0]
        return at(state, stage, min(ahead) if way > 0 else max(ahead)) if ahead else state

    return change


def next_selected(step: int) -> Change:
    """Select the next rover."""

    def change(state: ViewState, stage: Stage) -> ViewState:
        ids = [rover.id for rover in stage.scene.rovers]
        if not ids:
            return state
        chosen = state.look.selected
        place = (ids.index(chosen) + step) % len(ids) if chosen in ids else (0 if step > 0 else len(ids) - 1)
        return selected(state, ids[place])

    return change


def selected(state: ViewState, rover: RoverId | None) -> ViewState:
    """Select a rover and follow it, or nobody."""
    lists = replace(state.scrolled, fleet=0)
    return replace(state, look=state.look.at(rover), following=rover is not None, story=True, scrolled=lists)


def turned_over(state: ViewState, spot: Spot, lines: int) -> ViewState:
    """Turn a list of the panel on by so many lines."""
    low, high = spot.reach
    at = min(max(getattr(state.scrolled, spot.scrolls) + lines, low), high)
    return replace(state, scrolled=replace(state.scrolled, **{spot.scrolls: at}))


def gone_to(state: ViewState, stage: Stage) -> ViewState:
    """Show the ground that the pointer is on in the small map."""
    if stage.minimap is None:
        return state
    (left, top, width, height), (west, south, east, north) = stage.minimap, stage.ground
    right = min(max((state.pointer[0] - left) / width, 0.0), 1.0)
    down = min(max((state.pointer[1] - top) / height, 0.0), 1.0)
    place = (west + (east - west) * right, north + (south - north) * down)
    return replace(state, camera=state.camera.centred(place), following=False, drag="small")


def taken(state: ViewState, stage: Stage, number: int) -> ViewState:
    """Select one of what was found, and search no more."""
    hits = matches(stage.scene, state.search or "")
    state = replace(state, search=None)
    for rover, task, _ in hits[number : number + 1]:
        if task is None:
            return selected(state, rover)
        places = next(other.places for other in stage.scene.tasks if other.id == task)
        return asked(state, task, places[0] if places else None)
    return state


def asked(state: ViewState, task: TaskId, place: Point | None = None) -> ViewState:
    """Ask about a task; with a place, go there."""
    camera = state.camera if place is None else state.camera.centred(place)
    return replace(state, look=state.look.at(task=task), camera=camera, following=False, story=True)


def asked_there(state: ViewState, stage: Stage, pixel: Point) -> ViewState:
    """Ask about the radio link or the ground at a pixel of the map; leave what was asked about before, if anything."""
    if state.look.is_asking:
        return selected(state, None)
    link = link_at(stage.scene, state.camera, pixel, state.density) if Layer.LINKS in state.look.layers else None
    spot = state.camera.to_ground(pixel) if link is None else None
    return replace(state, look=state.look.at(link=link, spot=spot), following=False, story=True)


def toggled(layer: Layer) -> Change:
    """Show a layer or not."""

    def change(state: ViewState, _stage: Stage) -> ViewState:
        return replace(state, look=state.look.toggled(layer))

    return change


def photographed(state: ViewState, _stage: Stage) -> ViewState:
    """Write a picture of the window."""
    return replace(state, pictures=state.pictures + 1)


def told(state: ViewState, _stage: Stage) -> ViewState:
    """Show or hide what is told of what is selected."""
    return replace(state, story=not state.story)


def sought(state: ViewState, _stage: Stage) -> ViewState:
    """Begin to search."""
    return replace(state, search="", found=0, menu=None)


def helped(state: ViewState, _stage: Stage) -> ViewState:
    """Show or hide the keys."""
    return replace(state, help=not state.help)


def ended(state: ViewState, _stage: Stage) -> ViewState:
    """Close the window."""
    return replace(state, done=True)


def paused(state: ViewState, stage: Stage) -> ViewState:
    """Pause or go on; from the end of a recording, begin again."""
    if state.paused and not stage.live and state.playhead >= stage.span[1]:
        return replace(state, paused=False, playhead=float(stage.span[0]))
    return replace(state, paused=not state.paused)


def fitted(state: ViewState, bounds: Bounds) -> ViewState:
    """Show so much of the ground."""
    return replace(state, camera=state.camera.fitted(bounds), following=False)


def whole_ground(state: ViewState, stage: Stage) -> ViewState:
    """Show all of the ground."""
    return fitted(state, stage.ground)


def whole_fleet(state: ViewState, stage: Stage) -> ViewState:
    """Show all of the fleet and its work."""
    view = framed(state.camera, scene_points(stage.scene), state.density)
    return replace(state, camera=view, following=False)


def left(state: ViewState, _stage: Stage) -> ViewState:
    """Leave what is open, else what is selected, else the window."""
    if state.menu is not None:
        return replace(state, menu=None)
    if state.sketch is not None:
        return replace(state, sketch=None)
    if state.help:
        return replace(state, help=False)
    if state.look.is_asking:
        return replace(state, look=state.look.at(), following=False)
    return replace(state, done=True)


def shown_gantt(state: ViewState, _stage: Stage) -> ViewState:
    """Show or hide what each rover did and when."""
    return resized(replace(state, gantt=not state.gantt))


def scaled(step: int) -> Change:
    """Draw letters and signs larger or smaller; 0: as at first."""

    def change(state: ViewState, _stage: Stage) -> ViewState:
        place = min(range(len(SCALES)), key=lambda number: abs(SCALES[number] - state.scale))
        scale = SCALES[min(max(place + step, 0), len(SCALES) - 1)] if step else 1.0
        state = replace(state, scale=scale, menu=None)
        return resized(replace(state, look=replace(state.look, density=state.density)))

    return change


def filled(state: ViewState, _stage: Stage) -> ViewState:
    """Fill the screen, or no more."""
    return replace(state, full=not state.full)


def resized(state: ViewState) -> ViewState:
    """Fit the view into the map's part of the window."""
    return replace(state, camera=state.camera.resized(*state.parts.map.size))


def _menu_of(state: ViewState, menu: Menu) -> ViewState:
    land = state.parts.map
    inside = land.collidepoint(state.pointer) and state.pointer != (0.0, 0.0)
    corner = (_CORNER[0] * state.density, _CORNER[1] * state.density)
    return replace(state, menu=menu.at(state.pointer if inside else corner), help=False)


def ordered(state: ViewState, stage: Stage) -> ViewState:
    """Open the menu of orders: of what is selected, else of the whole run."""
    if not stage.live:
        return state
    rover, task = stage.scene.rover(state.look.selected), stage.scene.task(state.look.task)
    if rover is not None:
        menu = rover_menu(rover, stage.scene)
    elif task is not None:
        menu = task_menu(task)
    else:
        return ordered_all(state, stage)
    return _menu_of(state, replace(menu, items=(*menu.items, Item(text="All orders", does="all orders"))))


def ordered_all(state: ViewState, stage: Stage) -> ViewState:
    """Open the menu of orders to the whole run."""
    if not stage.live:
        return state
    return _menu_of(state, run_menu(stage.scene, can_undo=state.undoable is not None))


def struck(state: ViewState, stage: Stage) -> ViewState:
    """Open the menu of what can go wrong, with the selected rover or at large."""
    if not stage.live:
        return state
    return _menu_of(state, fault_menu(stage.scene, stage.scene.rover(state.look.selected)))


def halted(*, go: bool) -> Change:
    """Have the selected rover or task stand or go on; when none is, ask about all of them."""

    def change(state: ViewState, stage: Stage) -> ViewState:
        rover, task = stage.scene.rover(state.look.selected), stage.scene.task(state.look.task)
        if not stage.live:
            return state
        if rover is None and task is not None:
            wish = suspend(task) if go == (task.state == "paused") else None
            return state if wish is None else wished(state, wish)
        return ordered_all(state, stage) if rover is None else wished(state, halt(rover, go=go))

    return change


def at_ground(state: ViewState, stage: Stage, what: tuple[RoverId | None, TaskId | None]) -> ViewState:
    """Open the menu of a rover, a task, or the ground that the pointer is on."""
    rover, task = stage.scene.rover(what[0]), stage.scene.task(what[1])
    if not stage.live:
        return state
    if rover is not None:
        return _menu_of(selected(state, rover.id), rover_menu(rover, stage.scene))
    if task is not None:
        return _menu_of(asked(state, task.id), task_menu(task))
    return _menu_of(state, ground_menu(stage.scene, state.camera.to_ground(state.pointer)))


def layered(state: ViewState, _stage: Stage) -> ViewState:
    """Open the menu of layers."""
    items = tuple(
        Item(
            text=f"{'hide' if layer in state.look.layers else 'show'} {layer.value}",
            does=f"layer {layer.name}",
            hint=key.upper(),
        )
        for key, layer in LAYER_KEYS.items()
    )
    return _menu_of(state, Menu(title="Layers", items=items))


def sketched(state: ViewState, stage: Stage) -> ViewState:
    """Begin to draw ground, or go on with it."""
    if not stage.live:
        return state
    return replace(state, sketch=state.sketch or (), menu=None, help=False, following=False)


def outlined(state: ViewState, stage: Stage, sketch: Path) -> ViewState:
    """Ask what is to become of ground that is drawn."""
    state = replace(state, sketch=sketch)
    return _menu_of(state, zone_menu(stage.scene, sketch, state.zones)) if is_whole(sketch) else state


def wished(state: ViewState, wish: Wish) -> ViewState:
    """Ask something of the run."""
    zones = state.zones + (state.sketch is not None)
    return replace(state, wishes=(*state.wishes, wish), menu=None, sketch=None, zones=zones)


def undone(state: ViewState, _stage: Stage) -> ViewState:
    """Take back the last order."""
    last = state.undoable
    if last is None:
        return state
    return wished(state, Wish(do=last.do, text=last.undo, told=f"taken back: {last.told}"))


COMMANDS: Final[dict[str, Change]] = {
    "pause": paused,
    "orders": ordered,
    "all orders": ordered_all,
    "gantt": shown_gantt,
    "layers": layered,
    "help": helped,
    "sketch": sketched,
    "undo": undone,
    "fault": struck,
    "ask": told,
    "leave": lambda state, _stage: replace(state, menu=None, sketch=None),
    **{f"layer {layer.name}": toggled(layer) for layer in LAYERS},
}


def done(state: ViewState, stage: Stage, does: Wish | str | Menu) -> ViewState:
    """Do what an item of a menu says."""
    if isinstance(does, Menu):
        place = state.menu.place if state.menu is not None else (0.0, 0.0)
        return replace(state, menu=does.at(place))
    if isinstance(does, Wish):
        return wished(state, does)
    return COMMANDS[does](replace(state, menu=None), stage)
