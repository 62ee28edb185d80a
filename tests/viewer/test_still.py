"""Pictures without a display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fleet.core import ConfigError
from sim.viewer import Still, render
from sim.viewer.quiet import pygame


def test_a_picture_has_the_size_that_was_asked_for(run: Any, tmp_path: Path) -> None:
    render(run, tmp_path / "new folder" / "picture.png", Still(size=(640, 400)))

    assert pygame.image.load(tmp_path / "new folder" / "picture.png").get_size() == (640, 400)


def test_letters_twice_as_large_leave_the_size_and_half_the_room(run: Any, tmp_path: Path) -> None:
    still = Still(size=(1500, 900), scale=2.0)
    render(run, tmp_path / "large.png", still)
    render(run, tmp_path / "small.png", Still(size=(750, 450)))

    large, small = (pygame.image.load(tmp_path / f"{name}.png") for name in ("large", "small"))
    shrunk = pygame.surfarray.array3d(pygame.transform.smoothscale(large, (750, 450))).astype(int)
    assert (large.get_size(), still.points) == ((1500, 900), (750, 450))
    assert abs(shrunk - pygame.surfarray.array3d(small).astype(int)).mean() < 4.0


def test_drawing_opens_no_display_and_leaves_the_environment_alone(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    before = dict(os.environ)

    render(run, tmp_path / "picture.png", Still(size=(300, 200), supersample=1))

    assert dict(os.environ) == before
    assert not pygame.display.get_init()


def test_other_formats_are_refused(run: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"picture\.mp4: cannot draw a picture as \.mp4"):
        render(run, tmp_path / "picture.mp4")


def test_a_file_that_cannot_be_written_is_named(run: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ConfigError, match="cannot be written"):
        render(run, tmp_path / "file" / "picture.png", Still(size=(100, 80), supersample=1))


def test_sizes_without_bounds_are_refused() -> None:
    with pytest.raises(ConfigError, match="--size"):
        Still(size=(0, 100))
    with pytest.raises(ConfigError, match="--ui-scale"):
        Still(scale=float("nan"))


def test_a_time_outside_the_recording_shows_its_nearest_end(run: Any, tmp_path: Path) -> None:
    for name, at in (("end", None), ("late", 1e9)):
        render(run, tmp_path / f"{name}.png", Still(size=(300, 200), supersample=1, at=at))

    assert (tmp_path / "late.png").read_bytes() == (tmp_path / "end.png").read_bytes()


def test_importing_the_viewer_says_nothing_on_standard_output() -> None:
    said = subprocess.run([sys.executable, "-c", "import sim.viewer"], capture_output=True, check=True, timeout=60)

    assert said.stdout == b""


def test_a_run_without_pictures_never_loads_pygame() -> None:
    code = "import sys, sim.record, sim.scenario; sys.exit('pygame' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
