"""A mind of one's own: a package to start from, tried without installing it, seen driving."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

ROOT = Path(__file__).parents[2]
MIND = "dusty_rover:DustyRoverAgent"
_BLUE = (0x00, 0x72, 0xB2)  # The agency of the new rover.
_FIVE_MINUTES = 300.0

Moonfleet = Callable[..., tuple[int, str, str]]


@pytest.fixture
def package(moonfleet: Moonfleet, tmp_path: Path) -> Path:
    """A package as it is written."""
    code, _, error = moonfleet("agent", "new", "dusty-rover")
    assert code == 0, error
    return tmp_path / "dusty-rover"


def _run(words: list[str], folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_package_passes_its_own_tests_and_its_rover_is_seen_at_work(package: Path) -> None:
    import pygame

    python = [sys.executable, "-m"]
    _run([*python, "pytest", "-q", "-p", "no:cacheprovider"], package)
    output = _run(
        [*python, "sim.cli", "run", "scenarios/first_drive.yaml", "--headless", "--bus", "memory", "--json"], package
    )
    _run([*python, "sim.cli", "render", "moonfleet-out/first-drive.mcap", "-o", "first.png", "--at", "8m"], package)

    rover = json.loads(output)["rovers"]["mine"]
    picture = pygame.image.load(package / "first.png")
    map_part = pygame.transform.threshold(
        None, picture.subsurface((0, 0, 960, 800)), _BLUE, (24, 24, 24), set_behavior=0
    )
    assert rover["distance_m"] > 10.0
    assert map_part > 30


def test_a_mind_of_the_working_directory_is_tried_without_installing(
    package: Path, smoke: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [sys.executable, "-m", "sim.cli", "run", str(smoke), "--headless", "--no-record", "--json"]

    output = _run([*words, "--hosts", "1", "--agent", f"micro-1={MIND}"], package)

    result = json.loads(output)
    assert (result["verdict"], result["errors"]) == ("pass", [])
    assert "micro-1" in {task["rover"] for task in result["task_states"].values()}


@pytest.mark.parametrize(
    ("agent", "code", "fact"),
    [
        ("micro-1=no_such:Mind", 3, "there is no module 'no_such'"),
        ("micro-1=mirco", 2, "did you mean 'micro'?"),
        ("mirco-1=micro", 2, "did you mean 'micro-1'?"),
        ("micro-1", 2, "is not ROVER=MODULE:CLASS"),
    ],
    ids=["no-module", "no-agent", "no-rover", "no-mind"],
)
def test_a_slip_of_the_pen_is_told_before_the_mission(
    moonfleet: Moonfleet, smoke: Path, agent: str, code: int, fact: str
) -> None:
    outcome = moonfleet("run", smoke, "--headless", "--bus", "memory", "--no-record", "--agent", agent)

    assert outcome[0] == code
    assert fact in outcome[2]


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("../escape", "is no name for a package"),
        ("class", "is no name for a package"),
        ("lander", "there is an agent of this name"),
        ("random", "there is a module random already"),
    ],
)
def test_a_name_that_cannot_be_is_refused(moonfleet: Moonfleet, tmp_path: Path, name: str, fact: str) -> None:
    code, _, error = moonfleet("agent", "new", name)

    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert fact in error


def test_nothing_is_written_over(moonfleet: Moonfleet, package: Path) -> None:
    (package / "pyproject.toml").write_text("mine", encoding="utf-8")

    code, _, error = moonfleet("agent", "new", "dusty-rover")

    assert code == 2
    assert "there is one already" in error
    assert (package / "pyproject.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
@pytest.mark.timeout(2.0 * _FIVE_MINUTES)
def test_from_an_empty_directory_to_a_rover_of_ones_own_in_five_minutes(tmp_path: Path) -> None:
    """With the installation of Moonfleet and all that it needs, so with a network."""
    from fleet.core import WallClock

    steps = (
        "python3 -m venv .venv",
        f".venv/bin/pip install -q '{ROOT}'",
        ".venv/bin/moonfleet agent new dusty-rover",
        ".venv/bin/pip install -q './dusty-rover[dev]'",
        "cd dusty-rover && ../.venv/bin/pytest -q",
        "cd dusty-rover && ../.venv/bin/mypy",
        "cd dusty-rover && ../.venv/bin/moonfleet agent check dusty-rover",
        "cd dusty-rover && ../.venv/bin/moonfleet run scenarios/first_drive.yaml --headless",
        "cd dusty-rover && ../.venv/bin/moonfleet render moonfleet-out/first-drive.mcap -o first.png --at 8m",
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    clock = WallClock()
    began = clock.now()

    for step in steps:
        done = subprocess.run(
            ["sh", "-c", step], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
        print(f"{clock.now() - began:5.0f} s  {step}")  # noqa: T201 - shown by pytest -s

    assert (tmp_path / "dusty-rover" / "first.png").stat().st_size > 10_000
    assert clock.now() - began < _FIVE_MINUTES
