"""What a person has a live run do, by keys and pointer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from fleet.core import RoverId, TaskId
from fleet.terrain import CLOSED, MapZone
from sim.hub.telling import opening_of
from sim.record import Timeline
from sim.scenario import LiveFaults, LiveOrders, Scenario, load_scenario
from sim.scenario.fault_schema import FaultItem
from sim.viewer import Camera, Scene
from sim.viewer.acting import (
    AIR_FAULTS,
    ROVER_FAULTS,
    fault_menu,
    ground_menu,
    rover_menu,
    run_menu,
    task_menu,
    zone_menu,
)
from sim.viewer.keys import handle
from sim.viewer.layout import layout
from sim.viewer.menu import Menu, Wish, menu_rows
from sim.viewer.panel import Spot
from sim.viewer.quiet import pygame
from sim.viewer.state import Stage, ViewState, requests
from sim.viewer.timelines import Narrator

SMOKE = Path(__file__).parents[2] / "scenarios" / "smoke.yaml"
BOX = "[[-50.0, -10.0], [-10.0, -10.0], [-10.0, 20.0], [-50.0, 20.0]]"
Key = tuple[int, str]
ENTER, DOWN, TAB, UNDO = (pygame.K_RETURN, "\r"), (pygame.K_DOWN, ""), (pygame.K_TAB, "\t"), (pygame.K_u, "u")


@pytest.fixture
def stage(scene: Scene) -> Stage:
    return Stage(scene=scene, span=(0, 86400), ground=(-200.0, -150.0, 200.0, 150.0), live=True)


@pytest.fixture
def state() -> ViewState:
    width, height = layout((1280, 800), scrub=True).map.size
    camera = Camera(x=0.0, y=0.0, scale=0.5, width=width, height=height)
    return ViewState(size=(1280, 800), camera=camera, playhead=5400.0)


def press(state: ViewState, stage: Stage, *keys: Key, mod: int = 0) -> ViewState:
    for key, text in keys:
        state = handle(state, pygame.event.Event(pygame.KEYDOWN, key=key, unicode=text, mod=mod), stage)
    return state


def click(
    state: ViewState, stage: Stage, ground: tuple[float, float], *, button: int = pygame.BUTTON_LEFT
) -> ViewState:
    return drag(state, stage, (ground, ground), button=button)


def drag(
    state: ViewState,
    stage: Stage,
    way: tuple[tuple[float, float], tuple[float, float]],
    *,
    button: int = pygame.BUTTON_LEFT,
) -> ViewState:
    (ax, ay), (bx, by) = (state.camera.to_screen(end) for end in way)
    kinds = ((pygame.MOUSEMOTION, ax, ay), (pygame.MOUSEBUTTONDOWN, ax, ay), (pygame.MOUSEMOTION, bx, by))
    for kind, x, y in (*kinds, (pygame.MOUSEBUTTONUP, bx, by)):
        state = handle(state, pygame.event.Event(kind, pos=(round(x), round(y)), button=button), stage)
    return state


def texts(before: ViewState, after: ViewState) -> list[tuple[str, str]]:
    return [(asked.do, asked.values[asked.do]) for asked in requests(before, after)]


def wishes(menu: Menu) -> Iterator[Wish]:
    for item in menu.items:
        if isinstance(item.does, Menu):
            yield from wishes(item.does)
        elif isinstance(item.does, Wish):
            yield item.does


@pytest.fixture(scope="module")
def smoke() -> Scenario:
    return load_scenario(SMOKE)


@pytest.fixture(scope="module")
def smoke_scene(smoke: Scenario) -> Scene:
    return Narrator(Timeline(opening_of(smoke))).scene(0.0)


def test_every_kind_of_fault_is_on_offer() -> None:
    kinds = {get_args(item.model_fields["fault"].annotation)[0] for item in get_args(FaultItem)}

    assert {*ROVER_FAULTS, *AIR_FAULTS, "partition", "radio_jam", "obstacle"} == kinds


def test_whatever_a_menu_asks_for_is_understood_by_the_run(smoke: Scenario, smoke_scene: Scene) -> None:
    orders, faults = LiveOrders(smoke), LiveFaults(smoke)
    corners = ((20.0, 20.0), (40.0, 20.0), (40.0, 45.0))
    menus = [zone_menu(smoke_scene, corners, 0), run_menu(smoke_scene, can_undo=True), fault_menu(smoke_scene, None)]
    menus += [ground_menu(smoke_scene, (12.34, -5.0))]
    menus += [rover_menu(rover, smoke_scene) for rover in smoke_scene.rovers]
    menus += [task_menu(replace(task, state=state)) for task in smoke_scene.tasks for state in ("open", "paused")]

    asked = [wish for menu in menus for wish in wishes(menu)]

    for wish in asked:
        for text in filter(None, (wish.text, wish.undo)):
            assert (orders if wish.do == "order" else faults).read(text), text
    assert len(asked) > 100


def test_h_has_the_selected_rover_stand_and_u_takes_that_back(state: ViewState, stage: Stage) -> None:
    chosen = press(state, stage, TAB)
    stopped = press(chosen, stage, (pygame.K_h, "h"))
    back = press(stopped, stage, UNDO)

    assert texts(chosen, stopped) == [("order", "{order: stop, rover: cnsa}")]
    assert texts(stopped, back) == [("order", "{order: go, rover: cnsa}")]
    assert press(back, stage, UNDO) == back


def test_shift_h_lets_it_go(state: ViewState, stage: Stage) -> None:
    chosen = press(state, stage, TAB)

    freed = press(chosen, stage, (pygame.K_h, "H"), mod=pygame.KMOD_LSHIFT)

    assert texts(chosen, freed) == [("order", "{order: go, rover: cnsa}")]


def test_stopping_all_is_asked_twice(state: ViewState, stage: Stage) -> None:
    asked = press(state, stage, (pygame.K_o, "o"), ENTER)

    assert asked.wishes == ()
    assert asked.menu is not None
    assert "Stop all" in asked.menu.title
    assert texts(asked, press(asked, stage, ENTER)) == [("order", "{order: stop, rovers: all}")]
    assert press(asked, stage, DOWN, ENTER).wishes == ()


def test_x_has_the_selected_rover_suffer_for_as_long_as_is_chosen(state: ViewState, stage: Stage) -> None:
    chosen = press(state, stage, TAB)

    struck = press(chosen, stage, (pygame.K_x, "x"), ENTER, ENTER)
    for_good = press(chosen, stage, (pygame.K_x, "x"), DOWN, ENTER, (0, "4"))

    assert texts(chosen, struck) == [("fault", "{fault: silent, rover: cnsa, for: 10m}")]
    assert texts(chosen, for_good) == [("fault", "{fault: agent_crash, rover: cnsa}")]


def test_ground_is_drawn_corner_by_corner_and_closed(state: ViewState, stage: Stage) -> None:
    drawing = press(state, stage, (pygame.K_z, "z"))
    for corner in ((-50.0, -10.0), (-10.0, -10.0), (99.0, 99.0)):
        drawing = click(drawing, stage, corner)
    drawing = press(drawing, stage, (pygame.K_BACKSPACE, "\b"))
    for corner in ((-10.0, 20.0), (-50.0, 20.0)):
        drawing = click(drawing, stage, corner)

    closed = press(click(drawing, stage, (-50.0, -10.0)), stage, ENTER)

    assert texts(state, closed) == [("order", f"{{order: close, zone: closed-1, polygon_m: {BOX}}}")]
    assert (closed.sketch, closed.menu) == (None, None)
    assert texts(closed, press(closed, stage, UNDO)) == [("order", "{order: open, zone: closed-1}")]


def test_ground_is_drawn_as_a_box_and_the_view_stays(state: ViewState, stage: Stage) -> None:
    drawn = drag(press(state, stage, (pygame.K_z, "z")), stage, ((-50.0, 20.0), (-10.0, -10.0)))

    stands = press(drawn, stage, DOWN, ENTER)

    assert drawn.camera == state.camera
    assert texts(state, stands) == [("order", f"{{order: close, zone: closed-1, inside: stop, polygon_m: {BOX}}}")]


def test_two_corners_are_no_ground_and_escape_leaves_it(state: ViewState, stage: Stage) -> None:
    drawing = press(state, stage, (pygame.K_z, "z"))
    for corner in ((-50.0, -10.0), (-10.0, -10.0)):
        drawing = click(drawing, stage, corner)

    assert press(drawing, stage, ENTER).menu is None
    assert press(drawing, stage, (pygame.K_ESCAPE, "")).sketch is None


def test_a_name_that_closed_ground_has_is_not_given_again(state: ViewState, stage: Stage) -> None:
    zone = MapZone(id="closed-1", kind=CLOSED, outline=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))
    there = replace(stage, scene=replace(stage.scene, closed=(zone,)))

    closed = press(drag(press(state, there, (pygame.K_z, "z")), there, ((0.0, 0.0), (30.0, 30.0))), there, ENTER)

    assert "zone: closed-2," in closed.wishes[0].text


@pytest.mark.parametrize(
    ("ground", "title"), [((-100.0, 60.0), "cnsa"), ((30.0, -60.0), "x 30  y -60 m")], ids=["rover", "ground"]
)
def test_the_right_button_opens_a_menu_of_what_is_there(
    state: ViewState, stage: Stage, ground: tuple[float, float], title: str
) -> None:
    opened = click(state, stage, ground, button=pygame.BUTTON_RIGHT)

    assert opened.menu is not None
    assert opened.menu.title == title


def test_the_right_button_on_a_task_opens_its_menu(state: ViewState, stage: Stage) -> None:
    badged = replace(stage, badges=((TaskId("pan"), state.camera.to_screen((30.0, -60.0))),))

    opened = click(state, badged, (30.0, -60.0), button=pygame.BUTTON_RIGHT)

    assert opened.menu is not None
    assert opened.menu.title == "Panorama"


def test_items_are_chosen_with_the_pointer_and_a_click_beside_closes(state: ViewState, stage: Stage) -> None:
    opened = click(state, stage, (-100.0, 60.0), button=pygame.BUTTON_RIGHT)
    assert opened.menu is not None
    _, rows = menu_rows(opened.menu, opened.parts.map, 1)

    pressed = handle(opened, pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=rows[0].center, button=1), stage)
    beside = handle(opened, pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(900, 700), button=1), stage)

    assert texts(opened, pressed) == [("order", "{order: stop, rover: cnsa}")]
    assert (beside.menu, beside.wishes, beside.drag) == (None, (), "")


def test_nothing_can_be_done_to_a_recording(state: ViewState, stage: Stage) -> None:
    recorded = replace(stage, live=False)
    chosen = replace(state, look=replace(state.look, selected=RoverId("micro")))

    for key in (pygame.K_o, pygame.K_h, pygame.K_x, pygame.K_z, pygame.K_u):
        assert press(chosen, recorded, (key, "")) == chosen
    assert click(state, recorded, (30.0, -60.0), button=pygame.BUTTON_RIGHT).menu is None


def test_the_menu_of_a_task_pauses_it_and_cancels_it_when_asked_twice(state: ViewState, stage: Stage) -> None:
    stage = replace(stage, badges=((TaskId("pan"), state.camera.to_screen((120.0, 110.0))),))
    opened = click(state, stage, (120.0, 110.0), button=pygame.BUTTON_RIGHT)
    paused = press(opened, stage, DOWN, ENTER)
    asked_once = press(opened, stage, DOWN, DOWN, DOWN, ENTER)
    cancelled = press(asked_once, stage, ENTER)

    assert texts(opened, paused) == [("order", "{order: pause, task: pan}")]
    assert texts(paused, press(paused, stage, UNDO)) == [("order", "{order: resume, task: pan}")]
    assert texts(opened, asked_once) == []
    assert asked_once.menu is not None
    assert asked_once.menu.title == "Nobody works at pan any more?"
    assert texts(asked_once, cancelled) == [("order", "{order: cancel, task: pan}")]


def test_h_pauses_the_task_that_is_asked_about_and_shift_h_lets_it_go_on(state: ViewState, stage: Stage) -> None:
    asked = replace(state, look=replace(state.look, task=TaskId("pan")))
    waiting = replace(stage, scene=replace(stage.scene, tasks=(replace(stage.scene.tasks[0], state="paused"),)))
    key = (pygame.K_h, "h")

    assert texts(asked, press(asked, stage, key)) == [("order", "{order: pause, task: pan}")]
    assert texts(asked, press(asked, waiting, key)) == []
    assert texts(asked, press(asked, waiting, key, mod=pygame.KMOD_SHIFT)) == [("order", "{order: resume, task: pan}")]


@pytest.mark.parametrize("over", ["done", "failed", "cancelled"])
def test_what_is_over_can_only_be_asked_about(scene: Scene, over: str) -> None:
    assert [item.does for item in task_menu(replace(scene.tasks[0], state=over)).items] == ["ask"]


def test_a_right_click_on_a_row_of_the_panel_opens_its_menu(state: ViewState, stage: Stage) -> None:
    stage = replace(stage, rows=(Spot(pygame.Rect(1000, 300, 200, 20), task=TaskId("pan")),))

    opened = handle(state, pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(1050, 310), button=3), stage)

    assert opened.menu is not None
    assert opened.menu.title == "Panorama"


def test_an_agency_leaves_only_when_asked_twice(state: ViewState, stage: Stage) -> None:
    leaving = [wish.text for wish in wishes(run_menu(stage.scene, can_undo=False)) if "withdraw" in wish.text]
    at_once = [item.does for item in run_menu(stage.scene, can_undo=False).items if isinstance(item.does, Wish)]

    assert leaving == ["{order: withdraw, agency: A}"]
    assert not any("withdraw" in wish.text for wish in at_once)
