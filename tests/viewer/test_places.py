"""What is told of ground and of radio links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fleet.core import Disc, RoverId
from fleet.terrain import CLOSED, Hazard, MapZone
from sim.viewer import Camera, Scene, Story
from sim.viewer.ground import GroundPicture
from sim.viewer.places import ground_story, link_at
from sim.viewer.source import ground_picture

FREE = "free ground: nobody holds it, and all who know the way may drive here"
BOX = ((-60.0, -90.0), (-10.0, -90.0), (-10.0, -50.0), (-60.0, -50.0))


@pytest.fixture
def picture(run: Any) -> GroundPicture:
    return ground_picture(run)


def story(picture: GroundPicture, scene: Scene, point: tuple[float, float]) -> Story:
    told = ground_story(picture, scene, point)
    assert told is not None
    return told


def test_ground_has_a_place_a_height_a_slope_and_light(picture: GroundPicture, scene: Scene) -> None:
    figures = dict(story(picture, scene, (0.0, 0.0)).figures)

    assert figures["height"] == "25.0 m"
    assert figures["lat, lon"] == "-84.6000°, 31.0000°"
    assert list(figures) == ["place", "lat, lon", "height", "slope", "light"]


@pytest.mark.parametrize(
    ("point", "fact"),
    [
        pytest.param((-120.0, 61.0), "cnsa has authority for it, and nobody else", id="held"),
        pytest.param((170.0, 70.0), "in pad: nobody enters it", id="keep-out"),
        pytest.param((-30.0, -70.0), "closed by mission control: pit", id="closed"),
        pytest.param((20.5, -120.0), "soft of 2.0 m, found by micro", id="found"),
        pytest.param((120.0, 101.0), "place of work: Panorama, open", id="work"),
        pytest.param((35.0, 0.0), "too steep for metu-micro, which climbs 15°", id="steep"),
        pytest.param(
            (-150.0, -120.0), "free ground: nobody holds it, and all who know the way may drive here", id="free"
        ),
    ],
)
def test_why_nobody_or_somebody_may_be_there_is_told(
    picture: GroundPicture, scene: Scene, point: tuple[float, float], fact: str
) -> None:
    soft = Hazard(kind="soft", disc=Disc(x=20.0, y=-120.0, radius=1.0))
    zone = MapZone(id="pit", kind=CLOSED, outline=BOX)
    shown = replace(scene, closed=(zone,), hazards=((soft, RoverId("micro")),))

    assert fact in story(picture, shown, point).why


def test_off_the_map_there_is_nothing_to_tell(picture: GroundPicture, scene: Scene) -> None:
    assert ground_story(picture, scene, (5000.0, 0.0)) is None


def test_a_link_is_found_under_its_line_and_nowhere_else(scene: Scene) -> None:
    camera = Camera(x=0.0, y=0.0, scale=1.0, width=400, height=300)

    assert link_at(scene, camera, camera.to_screen((-50.0, 32.0)), 1) == ("cnsa", "lander")
    assert link_at(scene, camera, camera.to_screen((-50.0, 60.0)), 1) is None
    assert link_at(scene, camera, camera.to_screen((45.0, -40.0)), 1) is None
