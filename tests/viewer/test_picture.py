"""What is seen in a picture."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import atan, cos, degrees, exp, radians, sin
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import RoverId, TaskId
from fleet.terrain import CLOSED, GroundMap, MapZone
from sim.viewer import Camera, Layer, Look, Scene, SceneTask
from sim.viewer.ground import GroundPicture
from sim.viewer.labels import Label, place_labels
from sim.viewer.layout import layout
from sim.viewer.lettering import Lettering
from sim.viewer.panel import Panel, Status
from sim.viewer.picture import Extras, Picture
from sim.viewer.quiet import pygame
from sim.viewer.reading import on_sphere
from sim.viewer.spread import spread
from sim.viewer.strokes import dashes

SIZE = (900, 600)
CAMERA = Camera(x=0.0, y=0.0, scale=0.7, width=layout(SIZE).map.width, height=SIZE[1])


def _draw(
    ground: GroundPicture, scene: Scene, look: Look | None = None, camera: Camera = CAMERA, *, scrub: bool = False
) -> pygame.Surface:
    surface = pygame.Surface(SIZE)
    Picture(ground).draw(surface, camera, scene, look or Look(), Extras(scrub=scrub))
    return surface


def _colours(surface: pygame.Surface, spot: tuple[float, float], radius: int) -> np.ndarray:
    x, y = round(spot[0]), round(spot[1])
    return pygame.surfarray.array3d(surface)[x - radius : x + radius, y - radius : y + radius].reshape(-1, 3)


def _bytes(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def test_a_rover_has_the_colour_of_its_agency(ground: GroundMap, scene: Scene) -> None:
    picture = _draw(GroundPicture(ground), scene)

    for rover in scene.rovers:
        near = _colours(picture, CAMERA.to_screen(rover.point), 12)
        assert (np.abs(near - rover.colour).max(axis=1) < 12).sum() > 20, rover.id


def test_the_same_scene_gives_the_same_picture(ground: GroundMap, scene: Scene) -> None:
    assert _bytes(_draw(GroundPicture(ground), scene)) == _bytes(_draw(GroundPicture(ground), scene))


def test_a_picture_drawn_again_after_moving_about_is_the_same(ground: GroundMap, scene: Scene) -> None:
    picture, surface = Picture(GroundPicture(ground)), pygame.Surface(SIZE)
    picture.draw(surface, CAMERA, scene, Look(), Extras())
    first = _bytes(surface)

    picture.draw(surface, CAMERA.zoomed(3.0), replace(scene, sun=(2.0, 0.05)), Look(), Extras())
    picture.draw(surface, CAMERA, scene, Look(), Extras())

    assert _bytes(surface) == first


def test_ground_in_a_cast_shadow_is_darker(ground: GroundMap, scene: Scene) -> None:
    light = np.ones((ground.rows, ground.columns), np.float32)
    light[:, :20] = 0.0
    bare = replace(scene, rovers=(), tasks=(), links=())
    dark, lit = CAMERA.to_screen((-170.0, -60.0)), CAMERA.to_screen((60.0, -120.0))

    picture = _draw(GroundPicture(ground, lambda _: light), bare)

    assert _colours(picture, dark, 4).mean() < 0.6 * _colours(picture, lit, 4).mean()


def test_the_ground_is_shaded_once_while_the_sun_stands_and_only_time_goes_on(ground: GroundMap, scene: Scene) -> None:
    asked: list[int] = []

    def light(tick: int) -> np.ndarray:
        asked.append(tick)
        return np.ones((ground.rows, ground.columns), np.float32)

    picture, surface = Picture(GroundPicture(ground, light)), pygame.Surface(SIZE)
    for tick in range(5):
        picture.draw(surface, CAMERA.panned(tick, 0), replace(scene, tick=tick), Look(), Extras())

    assert asked == [0]


class AllDark:
    """Surveys of ground that the Sun and the radio never reach."""

    def __init__(self, ground: GroundMap) -> None:
        self._shape = (ground.rows, ground.columns)

    def permanent_shadow(self) -> np.ndarray:
        return np.ones(self._shape, np.bool_)

    def heard(self, place: tuple[float, float]) -> np.ndarray:
        return np.zeros(self._shape)


@pytest.mark.parametrize("layer", list(Layer), ids=[layer.name.lower() for layer in Layer])
def test_every_layer_can_be_seen(ground: GroundMap, scene: Scene, layer: Layer) -> None:
    light = np.zeros((ground.rows, ground.columns), np.float32)
    picture = GroundPicture(ground, lambda _: light, None, AllDark(ground))

    camera = CAMERA.zoomed(3.0) if layer is Layer.MINIMAP else CAMERA  # Of use where not all is in view.
    with_it = _draw(picture, scene, Look(layers=frozenset({layer})), camera, scrub=True)
    without = _draw(picture, scene, Look(layers=frozenset()), camera, scrub=True)

    assert _bytes(with_it) != _bytes(without)


def test_a_keep_out_zone_is_hatched_and_the_ground_around_it_is_not(ground: GroundMap, scene: Scene) -> None:
    picture = GroundPicture(ground)
    bare = replace(scene, rovers=(), tasks=(), links=())
    layers = frozenset({Layer.ZONES})

    changed = np.abs(
        pygame.surfarray.array3d(_draw(picture, bare, Look(layers=layers))).astype(int)
        - pygame.surfarray.array3d(_draw(picture, bare, Look(layers=frozenset())))
    ).any(axis=2)

    left, top = (round(value) for value in CAMERA.to_screen((150.0, 90.0)))
    right, bottom = (round(value) for value in CAMERA.to_screen((190.0, 50.0)))
    assert changed[left:right, top:bottom].mean() > 0.15
    changed[left - 2 : right + 3, top - 2 : bottom + 3] = False
    assert not changed[: CAMERA.width].any()


def test_closed_ground_is_hatched_both_ways_and_a_rover_that_stands_bears_a_sign(
    ground: GroundMap, scene: Scene
) -> None:
    picture = Picture(GroundPicture(ground))
    zone = MapZone(id="pit", kind=CLOSED, outline=((-30.0, -30.0), (30.0, -30.0), (30.0, 30.0), (-30.0, 30.0)))
    stopped = replace(scene.rovers[0], stands_for=("mission control",))
    unheard = replace(scene.rovers[0], unheard=("mission control",))

    drawn = []
    for shown in (
        scene,
        replace(scene, closed=(zone,)),
        replace(scene, rovers=(stopped, *scene.rovers[1:])),
        replace(scene, rovers=(unheard, *scene.rovers[1:])),
        scene,
    ):
        surface = pygame.Surface(SIZE)
        picture.draw(surface, CAMERA, shown, Look(layers=frozenset({Layer.ZONES})), Extras())
        drawn.append(surface)

    bare, closed, sign, empty_sign, again = (_bytes(surface) for surface in drawn)
    assert bare == again
    assert len({bare, closed, sign, empty_sign}) == 4
    changed = (pygame.surfarray.array3d(drawn[0]) != pygame.surfarray.array3d(drawn[1])).any(axis=2)
    left, top = CAMERA.to_screen((-30.0, 30.0))
    right, bottom = CAMERA.to_screen((30.0, -30.0))
    inside = changed[round(left) : round(right), round(top) : round(bottom)]
    assert inside.mean() > 0.1
    assert changed.sum() - inside.sum() < 0.05 * inside.sum()


def test_open_running_and_done_tasks_look_different(ground: GroundMap, scene: Scene) -> None:
    pictures = {
        _bytes(_draw(GroundPicture(ground), replace(scene, tasks=(replace(scene.tasks[0], state=state),))))
        for state in ("planned", "open", "running", "done", "failed")
    }

    assert len(pictures) == 5


def test_a_link_is_the_paler_the_slower_it_is(ground: GroundMap, scene: Scene) -> None:
    wide = replace(CAMERA, scale=1.6)

    def ink(far: float) -> float:
        a, b = (replace(scene.rovers[2], id=RoverId(str(side)), x=side * far / 2, y=0.0) for side in (-1, 1))
        pair = replace(scene, rovers=(a, b), links=((a.id, b.id),), tasks=())
        linked, bare = (
            pygame.surfarray.array3d(
                _draw(GroundPicture(ground), pair, Look(layers=frozenset(layers)), wide).subsurface((0, 100, 580, 400))
            ).astype(int)
            for layers in ({Layer.LINKS}, set[Layer]())
        )
        return float(np.abs(linked - bare).sum()) / far

    fast, slow = ink(330.0), ink(690.0)

    assert fast > 1.3 * slow > 0.0


def test_a_paused_clock_is_told(scene: Scene) -> None:
    panel, place = Panel(Lettering()), pygame.Rect(0, 0, 318, 600)
    running, paused = pygame.Surface(place.size), pygame.Surface(place.size)

    panel.draw(running, place, scene, Look(), Status(pace="60x"))
    panel.draw(paused, place, scene, Look(), Status(pace="paused", paused=True))

    assert _bytes(running) != _bytes(paused)


def test_the_panel_tells_where_each_rover_is_to_be_clicked(scene: Scene) -> None:
    surface = pygame.Surface((318, 600))

    rows = Panel(Lettering()).draw(surface, surface.get_rect(), scene, Look(), Status())

    assert [row.rover for row in rows if row.rover] == ["cnsa", "lander", "micro"]
    assert {row.task for row in rows if row.task} == {"pan"}
    assert [row.tick for row in rows if row.tick is not None] == [60]
    clickable = [row for row in rows if not row.scrolls]
    assert all(not a.place.colliderect(b.place) for a, b in combinations(clickable, 2))
    assert [row.scrolls for row in rows if row.scrolls] == ["fleet", "tasks", "news"]


def test_the_panel_of_a_large_fleet_shows_the_selected_rover(scene: Scene) -> None:
    fleet = tuple(replace(scene.rovers[0], id=RoverId(f"r{number:03d}")) for number in range(200))
    surface = pygame.Surface((318, 800))

    rows = Panel(Lettering()).draw(
        surface, surface.get_rect(), replace(scene, rovers=fleet), Look(selected=RoverId("r150")), Status()
    )

    shown = [row.rover for row in rows if row.rover]
    assert 3 < len(shown) < 30
    assert "r150" in shown


@pytest.mark.parametrize("size", [(1, 1), (40, 30), (719, 300), (721, 90), (2500, 1600)])
def test_a_window_of_any_size_can_be_drawn(ground: GroundMap, scene: Scene, size: tuple[int, int]) -> None:
    surface = pygame.Surface(size)

    Picture(GroundPicture(ground)).draw(surface, CAMERA, scene, Look(), Extras(scrub=True, help=True, note="saved"))

    assert surface.get_size() == size


def test_names_that_nobody_foresaw_are_drawn(ground: GroundMap, scene: Scene) -> None:
    odd = replace(
        scene,
        title="标题 ☃ " * 40,
        rovers=tuple(
            replace(rover, id=RoverId("x" * 60), vehicle="raumfahrzeug", waits_for=(RoverId("nobody"),))
            for rover in scene.rovers
        ),
        tasks=(
            SceneTask(id=TaskId("t"), kind="dance", title="", colour=(0, 0, 0), places=(), state="unheard-of"),
            SceneTask(id=TaskId("u"), kind="dance", title="", colour=(0, 0, 0), places=((0.0, 0.0),), state="?"),
        ),
    )

    assert _bytes(_draw(GroundPicture(ground), odd))


def test_zooming_roughly_shows_the_last_view_until_the_hand_rests(ground: GroundMap, scene: Scene) -> None:
    picture, rough, exact = GroundPicture(ground), pygame.Surface(SIZE), pygame.Surface(SIZE)
    wide = replace(CAMERA, width=SIZE[0])
    picture.draw(rough, wide, scene, Look())

    picture.draw(rough, wide.zoomed(1.4), scene, Look(), exact=False)
    picture.draw(exact, wide.zoomed(1.4), scene, Look())

    difference = pygame.surfarray.array3d(rough).astype(int) - pygame.surfarray.array3d(exact)
    assert 0 < np.abs(difference).mean() < 12.0


anchors = st.tuples(st.floats(-20, 320), st.floats(-20, 220))
labels = st.lists(
    st.builds(
        Label,
        anchor=anchors,
        clearance=st.floats(0, 15),
        size=st.tuples(st.integers(1, 90), st.integers(1, 20)),
    ),
    max_size=15,
)


@given(labels)
def test_no_name_hides_another_or_leaves_the_picture(wanted: list[Label]) -> None:
    frame = pygame.Rect(0, 0, 300, 200)

    places = [place for place in place_labels(wanted, [pygame.Rect(10, 10, 60, 40)], frame) if place is not None]

    assert all(frame.contains(place) for place in places)
    assert not any(a.colliderect(b) for a, b in combinations([*places, pygame.Rect(10, 10, 60, 40)], 2))


@given(st.lists(anchors, max_size=12))
def test_markers_that_are_moved_apart_keep_their_number_and_stay_near(points: list[tuple[float, float]]) -> None:
    places = spread(points, 20.0)

    assert len(places) == len(points)
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) < 40.0 * len(points) for a, b in zip(points, places, strict=True))


@given(st.lists(anchors, max_size=8), st.floats(1.0, 9.0), st.floats(1.0, 9.0))
def test_no_dash_is_longer_than_asked_for(points: list[tuple[float, float]], on: float, off: float) -> None:
    for (ax, ay), (bx, by) in dashes(points, on, off):
        assert np.hypot(bx - ax, by - ay) <= on + 1e-6


def test_the_ground_under_the_pointer_is_told(ground: GroundMap, scene: Scene) -> None:
    light = np.full((ground.rows, ground.columns), 0.5, np.float32)
    picture = GroundPicture(ground, lambda _: light)

    top, flank = picture.reading((0.0, 0.0), scene), picture.reading((35.0, 0.0), scene)

    assert top is not None
    assert flank is not None
    assert top.height == pytest.approx(25.0, abs=0.1)
    assert degrees(top.latitude) == pytest.approx(-84.6)
    assert flank.slope == pytest.approx(atan(25.0 * exp(-(35.0**2) / 2500.0) * 2.0 * 35.0 / 2500.0), abs=0.02)
    assert flank.light == pytest.approx(0.5)
    assert picture.reading((900.0, 0.0), scene) is None


@given(st.floats(-900.0, 900.0), st.floats(-900.0, 900.0))
def test_a_place_on_the_sphere_is_as_far_away_as_on_the_map(x: float, y: float) -> None:
    ground = cast(GroundMap, SimpleNamespace(latitude=radians(-84.6), longitude=radians(31.0), north=radians(59.0)))

    latitude, longitude = on_sphere(ground, (x, y))

    a, b = _unit(latitude, longitude), _unit(ground.latitude, ground.longitude)
    far = 1737400.0 * 2.0 * np.arcsin(np.linalg.norm(a - b) / 2.0)
    assert far == pytest.approx(np.hypot(x, y), abs=1e-3)


def _unit(latitude: float, longitude: float) -> np.ndarray:
    return np.array([cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)])
