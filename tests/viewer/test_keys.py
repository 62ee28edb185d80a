"""What keys and pointer do, without a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fleet.core import RoverId, TaskId
from sim.viewer import Camera, Layer, Scene, SceneMark
from sim.viewer.keys import handle
from sim.viewer.layout import layout
from sim.viewer.look import LAYER_KEYS
from sim.viewer.panel import Spot
from sim.viewer.quiet import pygame
from sim.viewer.state import PACES, SCALES, Stage, ViewState, advanced, pace_text, requests

Press = Callable[..., ViewState]


@pytest.fixture
def stage(scene: Scene) -> Stage:
    row = pygame.Rect(1000, 200, 200, 30)
    return Stage(
        scene=scene, span=(0, 86400), ground=(-200.0, -150.0, 200.0, 150.0), rows=(Spot(row, rover=RoverId("micro")),)
    )


@pytest.fixture
def state() -> ViewState:
    width, height = layout((1280, 800), scrub=True).map.size
    camera = Camera(x=0.0, y=0.0, scale=0.5, width=width, height=height)
    return ViewState(size=(1280, 800), camera=camera, playhead=5400.0)


@pytest.fixture
def press(stage: Stage) -> Press:
    def pressed(state: ViewState, key: int, text: str = "", *, shift: bool = False) -> ViewState:
        mod = pygame.KMOD_LSHIFT if shift else 0
        return handle(state, pygame.event.Event(pygame.KEYDOWN, key=key, unicode=text, mod=mod), stage)

    return pressed


def _pointer(state: ViewState, stage: Stage, *moves: tuple[int, tuple[int, int]]) -> ViewState:
    for kind, place in moves:
        state = handle(state, pygame.event.Event(kind, pos=place, button=pygame.BUTTON_LEFT), stage)
    return state


def test_space_stops_time_and_lets_it_go_on(state: ViewState, press: Press) -> None:
    stopped = press(state, pygame.K_SPACE, " ")

    assert stopped.paused
    assert not press(stopped, pygame.K_SPACE, " ").paused


@pytest.mark.parametrize(("text", "step"), [("+", 1), ("]", 1), ("=", 1), ("-", -1), ("[", -1)])
def test_pace_changes_by_one_step(state: ViewState, press: Press, text: str, step: int) -> None:
    assert press(state, 0, text).pace == state.pace + step


def test_pace_ends_at_the_slowest_and_the_fastest(state: ViewState, press: Press) -> None:
    slow, fast = state, state
    for _ in range(30):
        slow, fast = press(slow, 0, "-"), press(fast, 0, "+")

    assert (PACES[slow.pace], PACES[fast.pace]) == (PACES[0], PACES[-1])


@pytest.mark.parametrize(
    ("key", "right", "up"),
    [(pygame.K_LEFT, -1, 0), (pygame.K_d, 1, 0), (pygame.K_w, 0, 1), (pygame.K_DOWN, 0, -1)],
    ids=["left", "d", "w", "down"],
)
def test_arrows_and_letters_move_the_view(state: ViewState, press: Press, key: int, right: int, up: int) -> None:
    camera = press(state, key).camera

    assert (camera.x > 0) - (camera.x < 0) == right
    assert (camera.y > 0) - (camera.y < 0) == up


@pytest.mark.parametrize(("key", "layer"), LAYER_KEYS.items(), ids=LAYER_KEYS)
def test_numbers_switch_layers(state: ViewState, press: Press, key: str, layer: Layer) -> None:
    switched = press(state, 0, key)

    assert (layer in switched.look.layers) != (layer in state.look.layers)


def test_tab_goes_through_all_rovers_and_follows(state: ViewState, press: Press) -> None:
    seen = []
    for _ in range(4):
        state = press(state, pygame.K_TAB, "\t")
        seen.append(state.look.selected)

    assert seen == ["cnsa", "lander", "micro", "cnsa"]
    assert state.following


def test_shift_tab_goes_back(state: ViewState, press: Press) -> None:
    assert press(state, pygame.K_TAB, "\t", shift=True).look.selected == "micro"


def test_a_click_on_a_rover_selects_it(state: ViewState, stage: Stage) -> None:
    x, y = state.camera.to_screen((-100.0, 60.0))
    place = (round(x), round(y))

    clicked = _pointer(state, stage, (pygame.MOUSEBUTTONDOWN, place), (pygame.MOUSEBUTTONUP, place))

    assert clicked.look.selected == "cnsa"


def test_a_click_on_a_row_of_the_panel_selects_its_rover(state: ViewState, stage: Stage) -> None:
    assert _pointer(state, stage, (pygame.MOUSEBUTTONDOWN, (1010, 210))).look.selected == "micro"


def test_a_click_on_bare_ground_selects_nobody(state: ViewState, stage: Stage, press: Press) -> None:
    chosen = press(state, pygame.K_TAB, "\t")

    clicked = _pointer(chosen, stage, (pygame.MOUSEBUTTONDOWN, (30, 600)), (pygame.MOUSEBUTTONUP, (31, 600)))

    assert clicked.look.selected is None


def test_dragging_takes_the_ground_along(state: ViewState, stage: Stage) -> None:
    held = state.camera.to_ground((300, 300))

    dragged = _pointer(
        state,
        stage,
        (pygame.MOUSEMOTION, (300, 300)),
        (pygame.MOUSEBUTTONDOWN, (300, 300)),
        (pygame.MOUSEMOTION, (360, 250)),
        (pygame.MOUSEBUTTONUP, (360, 250)),
    )

    assert dragged.camera.to_ground((360, 250)) == pytest.approx(held)
    assert dragged.drag == ""


def test_the_wheel_zooms_at_the_pointer(state: ViewState, stage: Stage) -> None:
    state = _pointer(state, stage, (pygame.MOUSEMOTION, (100, 700)))
    held = state.camera.to_ground((100, 700))

    zoomed = handle(state, pygame.event.Event(pygame.MOUSEWHEEL, y=2, x=0), stage)

    assert zoomed.camera.scale < state.camera.scale
    assert zoomed.camera.to_ground((100, 700)) == pytest.approx(held)


def test_the_wheel_turns_the_list_that_the_pointer_is_on_as_far_as_it_goes(state: ViewState, stage: Stage) -> None:
    tasks = Spot(pygame.Rect(1000, 300, 200, 200), scrolls="tasks", reach=(0, 3))
    stage = replace(stage, rows=(*stage.rows, tasks))
    over, wheel = replace(state, pointer=(1100.0, 400.0)), pygame.event.Event(pygame.MOUSEWHEEL, y=-2)

    once = handle(over, wheel, stage)
    thrice = handle(handle(once, wheel, stage), wheel, stage)
    back = handle(once, pygame.event.Event(pygame.MOUSEWHEEL, y=5), stage)

    assert [each.scrolled.tasks for each in (once, thrice, back)] == [2, 3, 0]
    assert once.camera == state.camera


def test_a_press_on_the_small_map_shows_that_ground_and_dragging_goes_on_there(state: ViewState, stage: Stage) -> None:
    stage = replace(stage, minimap=(800, 600, 100, 75))

    there = _pointer(state, stage, (pygame.MOUSEBUTTONDOWN, (825, 600)))
    dragged = _pointer(there, stage, (pygame.MOUSEMOTION, (900, 999)), (pygame.MOUSEBUTTONUP, (900, 999)))

    assert (there.camera.x, there.camera.y, there.camera.scale) == (-100.0, 150.0, state.camera.scale)
    assert (dragged.camera.x, dragged.camera.y, dragged.look.is_asking) == (200.0, -150.0, False)


def test_f_fits_the_whole_ground(state: ViewState, stage: Stage, press: Press) -> None:
    left, low, right, high = press(state, pygame.K_f, "f").camera.bounds

    assert max(left - stage.ground[0], low - stage.ground[1]) <= 0.0
    assert min(right - stage.ground[2], high - stage.ground[3]) >= 0.0


def test_home_and_end_go_to_the_ends_of_a_recording(state: ViewState, press: Press) -> None:
    assert press(state, pygame.K_HOME).playhead == 0.0
    assert press(state, pygame.K_END).playhead == 86400.0


def test_shift_and_arrows_jump_in_time(state: ViewState, press: Press) -> None:
    assert press(state, pygame.K_RIGHT, shift=True).playhead == 6000.0
    assert press(state, pygame.K_LEFT, shift=True).playhead == 4800.0


def test_space_at_the_end_starts_again(state: ViewState, press: Press) -> None:
    ended = press(state, pygame.K_END)

    assert press(ended, pygame.K_SPACE, " ").playhead == 0.0


def test_a_click_on_the_bar_goes_to_that_time(state: ViewState, stage: Stage) -> None:
    bar = layout(state.size, scrub=True).scrub

    clicked = _pointer(state, stage, (pygame.MOUSEBUTTONDOWN, bar.center))

    assert clicked.playhead == pytest.approx(43200.0, rel=0.01)


def test_a_live_run_can_be_seen_as_it_was_and_catches_up(state: ViewState, stage: Stage) -> None:
    live = replace(stage, live=True)

    back = handle(state, pygame.event.Event(pygame.KEYDOWN, key=pygame.K_HOME, unicode="", mod=0), live)
    later = advanced(back, 1.0, live)
    caught = advanced(
        handle(back, pygame.event.Event(pygame.KEYDOWN, key=pygame.K_END, unicode="", mod=0), live), 1.0, live
    )

    assert (back.playhead, back.behind) == (0.0, True)
    assert later.playhead == PACES[back.pace]
    assert (caught.playhead, caught.behind) == (86400.0, False)
    assert requests(state, back) == []


def test_comma_and_stop_go_a_minute_back_and_on_and_stay_there(state: ViewState, press: Press) -> None:
    back, on = press(state, pygame.K_COMMA, ","), press(state, pygame.K_PERIOD, ".")

    assert (back.playhead, on.playhead) == (5340.0, 5460.0)
    assert back.paused
    assert on.paused


def test_e_goes_from_mark_to_mark_of_the_time_line(state: ViewState, stage: Stage) -> None:
    marks = tuple(SceneMark(tick=tick, kind="done") for tick in (100, 5400, 6000, 9000))
    marked = replace(stage, scene=replace(stage.scene, marks=marks))

    def pressed(shift: int) -> float:
        event = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_e, unicode="", mod=shift)
        return handle(state, event, marked).playhead

    assert pressed(0) == 6000.0
    assert pressed(pygame.KMOD_LSHIFT) == 100.0


def test_a_click_on_what_happened_goes_there_and_stops(state: ViewState, stage: Stage) -> None:
    told = replace(stage, rows=(Spot(pygame.Rect(1000, 700, 200, 16), tick=60),))

    clicked = _pointer(state, told, (pygame.MOUSEBUTTONDOWN, (1010, 705)))

    assert (clicked.playhead, clicked.paused) == (60.0, True)


def test_a_click_on_a_task_asks_about_it_and_escape_lets_go(state: ViewState, stage: Stage, press: Press) -> None:
    badged = replace(stage, badges=((TaskId("pan"), (300.0, 200.0)),))

    asked = _pointer(state, badged, (pygame.MOUSEBUTTONDOWN, (304, 203)), (pygame.MOUSEBUTTONUP, (304, 203)))

    assert asked.look.task == "pan"
    left = press(asked, pygame.K_ESCAPE)
    assert left.look.task is None
    assert not left.done


@pytest.mark.parametrize(
    ("typed", "rover", "task"), [("mic", "micro", None), ("pano", None, "pan"), ("zz", None, None)]
)
def test_a_name_that_is_typed_finds_rover_or_task(
    state: ViewState, press: Press, typed: str, rover: str | None, task: str | None
) -> None:
    state = press(state, pygame.K_SLASH, "/")
    for letter in typed:
        state = press(state, ord(letter), letter)
    found = press(state, pygame.K_RETURN, "\r")

    assert (found.look.selected, found.look.task, found.search) == (rover, task, None)


@pytest.mark.parametrize("key", [pygame.K_q, pygame.K_ESCAPE], ids=["q", "escape"])
def test_q_and_escape_close_the_window(state: ViewState, press: Press, key: int) -> None:
    assert press(state, key).done


def test_what_no_single_key_says_is_searched_for_once(state: ViewState, stage: Stage, press: Press) -> None:
    typed = press(press(state, 0, "/"), 0, "ü")
    for text in ("/", "ü", "月"):  # As they come after the keys.
        typed = handle(typed, pygame.event.Event(pygame.TEXTINPUT, text=text), stage)

    assert typed.search == "ü月"


def test_arrows_and_clicks_choose_among_what_was_found(state: ViewState, stage: Stage, press: Press) -> None:
    searching = press(press(state, 0, "/"), 0, "c")  # cnsa, and micro.
    land = state.parts.map

    lower = press(press(searching, pygame.K_DOWN), pygame.K_DOWN)
    typed = press(lower, 0, "n")
    clicked = _pointer(searching, stage, (pygame.MOUSEBUTTONDOWN, (land.width // 2, 20 + 10 + 2 * 20 + 5)))
    beside = _pointer(searching, stage, (pygame.MOUSEBUTTONDOWN, (5, 700)))

    assert press(lower, pygame.K_RETURN).look.selected == clicked.look.selected == "micro"
    assert press(typed, pygame.K_RETURN).look.selected == "cnsa"
    assert (beside.search, beside.look.is_asking) == (None, False)


def test_escape_closes_help_first(state: ViewState, press: Press) -> None:
    helped = press(state, pygame.K_SLASH, "?", shift=True)

    closed = press(helped, pygame.K_ESCAPE)

    assert helped.help
    assert not closed.help
    assert not closed.done


def test_resizing_keeps_what_is_in_the_middle(state: ViewState, stage: Stage) -> None:
    resized = handle(state, pygame.event.Event(pygame.WINDOWRESIZED, x=900, y=700), stage)

    assert resized.size == (900, 700)
    assert (resized.camera.x, resized.camera.y) == (state.camera.x, state.camera.y)
    assert resized.camera.width < 900


def test_unknown_events_change_nothing(state: ViewState, stage: Stage) -> None:
    assert handle(state, pygame.event.Event(pygame.USEREVENT), stage) is state


def test_time_goes_on_at_the_chosen_pace(state: ViewState, stage: Stage) -> None:
    assert advanced(state, 2.0, stage).playhead == 5400.0 + 2.0 * PACES[state.pace]


def test_time_stands_still_while_paused(state: ViewState, stage: Stage) -> None:
    assert advanced(replace(state, paused=True), 2.0, stage).playhead == 5400.0


def test_a_recording_pauses_at_its_end(state: ViewState, stage: Stage) -> None:
    ended = advanced(state, 1e9, stage)

    assert (ended.playhead, ended.paused) == (86400.0, True)


def test_a_live_run_shows_its_newest_moment(state: ViewState, stage: Stage) -> None:
    assert advanced(state, 0.0, replace(stage, live=True, span=(0, 7777))).playhead == 7777.0


def test_the_camera_goes_with_who_is_followed(state: ViewState, stage: Stage, press: Press) -> None:
    followed = advanced(press(state, pygame.K_TAB, "\t"), 0.0, stage)

    assert (followed.camera.x, followed.camera.y) == (-100.0, 60.0)


def test_a_live_run_is_told_of_pause_and_pace(state: ViewState, press: Press) -> None:
    changed = press(press(state, pygame.K_SPACE, " "), 0, "+")

    assert [(asked.do, asked.values) for asked in requests(state, changed)] == [
        ("pause", {}),
        ("rate", {"factor": float(PACES[state.pace + 1])}),
    ]


def test_a_live_run_goes_at_its_own_pace_until_one_is_chosen(state: ViewState, press: Press) -> None:
    assert pace_text(state, live=True) == "live"
    assert pace_text(press(state, 0, "+"), live=True) == "600x"
    assert pace_text(press(state, pygame.K_SPACE, " "), live=True) == "paused"
    assert pace_text(state, live=False) == "300x"
    assert pace_text(state, live=True, is_over=True) == "over"


def test_larger_letters_leave_less_room_for_the_map_and_the_same_ground_in_the_middle(
    state: ViewState, stage: Stage
) -> None:
    def pressed(state: ViewState, key: int) -> ViewState:
        return handle(state, pygame.event.Event(pygame.KEYDOWN, key=key, unicode="", mod=pygame.KMOD_LCTRL), stage)

    larger = pressed(pressed(state, pygame.K_PLUS), pygame.K_PLUS)

    assert (larger.scale, larger.density) == (1.5, 2)
    assert larger.ratio == pytest.approx(4 / 3)
    assert larger.parts.map.width / larger.ratio < state.parts.map.width
    assert (larger.camera.x, larger.camera.y) == (state.camera.x, state.camera.y)
    assert pressed(larger, pygame.K_0).camera == state.camera
    assert pressed(replace(state, scale=SCALES[0]), pygame.K_MINUS).scale == SCALES[0]


def test_the_gantt_rows_take_from_the_map_and_a_click_in_them_jumps_in_time(
    state: ViewState, stage: Stage, press: Press
) -> None:
    shown = press(state, pygame.K_g, "g")

    clicked = _pointer(shown, stage, (pygame.MOUSEBUTTONDOWN, (shown.parts.scrub.centerx, shown.parts.gantt.centery)))
    named = _pointer(shown, stage, (pygame.MOUSEBUTTONDOWN, (20, shown.parts.gantt.centery)))

    assert shown.parts.map.height + shown.parts.gantt.height == state.parts.map.height
    assert clicked.playhead == pytest.approx(43200.0, rel=0.01)
    assert named.playhead == shown.playhead
    assert press(shown, pygame.K_g, "g") == state


def test_a_button_of_the_panel_does_what_its_key_does(state: ViewState, stage: Stage) -> None:
    button = replace(stage, rows=(Spot(pygame.Rect(1000, 120, 60, 23), command="pause"),))

    assert _pointer(state, button, (pygame.MOUSEBUTTONDOWN, (1010, 130))).paused


def test_a_click_on_ground_asks_of_it_on_a_line_of_radio_of_that_and_the_next_of_nothing(
    state: ViewState, stage: Stage
) -> None:
    def clicked(before: ViewState, ground: tuple[float, float]) -> ViewState:
        x, y = before.camera.to_screen(ground)
        place = (round(x), round(y))
        return _pointer(before, stage, (pygame.MOUSEBUTTONDOWN, place), (pygame.MOUSEBUTTONUP, place))

    on_ground, on_link = clicked(state, (60.0, 60.0)), clicked(state, (-50.0, 30.0))

    assert on_ground.look.spot == pytest.approx((60.0, 60.0), abs=0.3)
    assert (on_link.look.link, on_link.look.spot) == (("cnsa", "lander"), None)
    assert not clicked(on_ground, (-50.0, 30.0)).look.is_asking
    assert clicked(on_ground, (-100.0, 60.0)).look.selected == RoverId("cnsa")
