"""The window's layers, compared with pictures that somebody has looked at.

``python -m pytest tests/viewer/test_golden.py --draw-golden`` draws them anew, into `golden/`; look at each before it
is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from fleet.core import MissionTime, RoverId
from fleet.moon import Almanac
from fleet.terrain import CLOSED, MapZone
from sim.viewer import LAYERS, Camera, Layer, Look, Scene
from sim.viewer.acting import rover_menu
from sim.viewer.layout import layout
from sim.viewer.panel import Status, buttons
from sim.viewer.picture import Extras, Picture
from sim.viewer.quiet import pygame
from sim.viewer.source import ground_picture

GOLDEN = Path(__file__).parent / "golden"
SIZE = (480, 340)
_PLAIN = frozenset({Layer.SHADOWS})
_MEAN, _OFF, _SHARE = 0.8, 40, 0.004  # levels of 255 on average; a pixel is off by so many; so many may be

Draw = Callable[..., pygame.Surface]


@pytest.fixture
def hills(run: Any) -> Any:
    """A small fleet around a hill and a crater so deep that its floor is never lit, on a day in sunlight."""
    y, x = np.mgrid[-150:151:5, -200:201:5].astype(np.float64)
    far = np.hypot(x - 95.0, y - 35.0) / 48.0
    heights = 25.0 * np.exp(-(x * x + y * y) / 2500.0) + 22.0 * np.minimum(far * far - 1.0, 0.0)
    time = MissionTime(start=datetime(2029, 10, 24, tzinfo=UTC), dt=1.0)
    run.ground = msgspec.structs.replace(run.ground, heights=heights.astype("<f4").tobytes())
    sun = Almanac.over(run.ground, time, run.first.end).sun(round(run.first.tick))
    run.first = replace(run.first, time=time, sun=(sun.heading, sun.elevation))
    return run


@pytest.fixture
def draw(hills: Any, monkeypatch: pytest.MonkeyPatch) -> Draw:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    zone = MapZone(id="pit", kind=CLOSED, outline=((-60.0, -90.0), (-10.0, -90.0), (-10.0, -50.0), (-60.0, -50.0)))
    shown = replace(hills.first, closed=(zone,))

    def drawn(look: Look, extras: Extras | None = None, *, size: tuple[int, int] = SIZE) -> pygame.Surface:
        parts = layout(size, scrub=True, gantt=extras is not None and extras.diaries is not None)
        close = Layer.MINIMAP in look.layers and extras is None
        camera = Camera(x=0.0, y=0.0, scale=0.35 if close else 0.9, width=parts.map.width, height=parts.map.height)
        surface = pygame.Surface(size)
        Picture(ground_picture(hills)).draw(surface, camera, shown, look, extras or Extras(scrub=True))
        return surface

    return drawn


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> Callable[[str, pygame.Surface], None]:
    """How a picture is compared with the golden one of its name, or becomes it."""

    def judge(name: str, picture: pygame.Surface) -> None:
        file = GOLDEN / f"{name}.png"
        if request.config.getoption("--draw-golden"):
            GOLDEN.mkdir(exist_ok=True)
            pygame.image.save(picture, file)
        golden = pygame.surfarray.array3d(pygame.image.load(file)).astype(int)
        off = np.abs(pygame.surfarray.array3d(picture).astype(int) - golden)
        share = float((off.max(axis=2) > _OFF).mean())
        assert off.mean() < _MEAN, f"{name} is off by {off.mean():.2f} on average"
        assert share < _SHARE, f"{share:.2%} of {name} are off by more than {_OFF}"

    return judge


@pytest.mark.parametrize("layer", LAYERS, ids=[layer.name.lower() for layer in LAYERS])
def test_a_layer_looks_as_it_did_when_somebody_looked_at_it(
    draw: Draw, judged: Callable[[str, pygame.Surface], None], layer: Layer
) -> None:
    size = (640, 480) if layer is Layer.MINIMAP else SIZE

    judged(layer.name.lower(), draw(Look(layers=_PLAIN | {layer}), size=size))


def test_bare_ground_looks_as_it_did(draw: Draw, judged: Callable[[str, pygame.Surface], None]) -> None:
    judged("bare", draw(Look(layers=frozenset())))


def test_the_whole_window_looks_as_it_did(
    draw: Draw, judged: Callable[[str, pygame.Surface], None], hills: Any
) -> None:
    scene: Scene = hills.first
    menu = rover_menu(scene.rovers[0], scene).at((60.0, 60.0))
    diaries = {rover.id: hills.diary(rover.id) for rover in scene.rovers}
    status = Status(pace="live", buttons=buttons(paused=False, live=True))

    judged(
        "window",
        draw(
            Look(selected=RoverId("cnsa")),
            Extras(scrub=True, menu=menu, diaries=diaries, status=status, note="cnsa: stand   (U takes it back)"),
            size=(1000, 640),
        ),
    )


def test_a_picture_that_is_another_is_told_apart(
    draw: Draw, judged: Callable[[str, pygame.Surface], None], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--draw-golden"):
        pytest.skip("golden pictures are being drawn")

    with pytest.raises(AssertionError, match="slope"):
        judged("slope", draw(Look(layers=_PLAIN | {Layer.DARK})))
