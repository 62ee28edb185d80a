"""A small ground and a small fleet to draw."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import pi, radians
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from fleet.core import AgencyId, MissionTime, RoverId, TaskId
from fleet.messages import Activity
from fleet.terrain import GroundMap, MapZone
from sim.record import Diary
from sim.viewer import Scene, SceneEvent, SceneRover, SceneTask, Story
from sim.viewer.scene import Subject

ORANGE = (213, 94, 0)
BLUE = (86, 180, 233)


def _rover(name: str, x: float, y: float, colour: tuple[int, int, int], vehicle: str) -> SceneRover:
    return SceneRover(
        id=RoverId(name),
        agency=AgencyId("A"),
        colour=colour,
        vehicle=vehicle,
        can_drive=vehicle != "change8-lander",
        radius=0.5,
        x=x,
        y=y,
        heading=pi / 3,
        battery=0.8,
        light=1.0,
    )


@pytest.fixture
def ground() -> GroundMap:
    """A hill in the middle of 400 m by 300 m, and a pad in the east where nobody may go."""
    y, x = np.mgrid[-150:151:5, -200:201:5].astype(np.float64)
    heights = 25.0 * np.exp(-(x * x + y * y) / 2500.0)
    return GroundMap(
        heights=heights.astype("<f4").tobytes(),
        rows=x.shape[0],
        columns=x.shape[1],
        pixel=5.0,
        latitude=radians(-84.6),
        longitude=radians(31.0),
        north=radians(59.0),
        crs="",
        origin=(0.0, 0.0),
        rocks=(),
        zones=(MapZone(id="pad", kind="keep-out", outline=((150, 50), (190, 50), (190, 90), (150, 90))),),
    )


@pytest.fixture
def scene() -> Scene:
    """A lander and two rovers, one of which drives and one of which waits."""
    driver = replace(
        _rover("cnsa", -100.0, 60.0, ORANGE, "cnsa-rover"),
        activity="driving",
        trail=((-20.0, 0.0), (-60.0, 40.0)),
        path=((-150.0, 60.0),),
        corridor=((-100.0, 60.0), (-150.0, 60.0)),
        corridor_radius=4.0,
    )
    waiter = replace(_rover("micro", 90.0, -80.0, BLUE, "metu-micro"), waits_for=(RoverId("cnsa"),), battery=0.1)
    return Scene(
        title="Two rovers and a hill",
        time=MissionTime(start=datetime(2029, 11, 1, tzinfo=UTC), dt=1.0),
        tick=5400.0,
        end=86400,
        sun=(0.0, radians(4.0)),
        rovers=(driver, _rover("lander", 0.0, 0.0, ORANGE, "change8-lander"), waiter),
        tasks=(
            SceneTask(
                id=TaskId("pan"), kind="image", title="Panorama", colour=BLUE, places=((120.0, 100.0),), state="open"
            ),
        ),
        links=((RoverId("cnsa"), RoverId("lander")),),
        agencies=((AgencyId("CNSA"), ORANGE), (AgencyId("INFN"), BLUE), (AgencyId("NSSA"), BLUE)),
        events=(SceneEvent(tick=60, text="cnsa: arrived"),),
    )


@dataclass
class ScriptedRun:
    """A source of scenes that are all alike but for their tick."""

    ground: GroundMap
    first: Scene
    live: bool = False
    span: tuple[int, int] = (0, 86400)
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    refusal: str = ""

    def poll(self) -> bool:
        return False

    def scene(self, tick: float) -> Scene:
        return replace(self.first, tick=tick)

    def story(self, subject: Subject, tick: float) -> Story | None:
        return Story(title=f"{subject[0] or subject[1]} at {tick:.0f}", why=("because",))

    def diary(self, rover: RoverId) -> Diary:
        diary = Diary()
        for tick, doing in ((0, "idle"), (20000, "driving"), (40000, "working"), (86400, "working")):
            diary.put(tick, cast(Activity, doing), TaskId("pan") if tick == 40000 else None, (1.0 - tick / 1e5, 1.0))
        return diary

    def control(self, do: str, **values: object) -> str:
        self.asked.append((do, values))
        return self.refusal


@pytest.fixture
def run(ground: GroundMap, scene: Scene) -> ScriptedRun:
    return ScriptedRun(ground, scene)


@pytest.fixture(autouse=True)
def settings_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where windows of a test are remembered: nowhere else."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("MOONFLEET_CONFIG", str(folder))
    return folder


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A screen of its own in memory."""
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        pytest.skip("Xvfb or xdotool is not installed")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        number = server.stdout.readline().strip()
        monkeypatch.setenv("DISPLAY", f":{number}")
        monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
        monkeypatch.setenv("SDL_VIDEO_WINDOW_POS", "0,0")
        try:
            yield f":{number}"
        finally:
            server.terminate()
