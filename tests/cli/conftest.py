"""The command as a person has it: words in, exit code, stdout and stderr out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli.app import app, guarded
from sim.run import compile_kernels

SCENARIOS = Path(__file__).parents[2] / "scenarios"


class Outcome(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


Moonfleet = Callable[..., Outcome]


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, without a display or colours."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def moonfleet(capsys: pytest.CaptureFixture[str]) -> Moonfleet:
    """The command, in this process."""

    def call(*words: str | Path) -> Outcome:
        capsys.readouterr()
        arguments = [str(word) for word in words]
        code = guarded(lambda: app(arguments, prog_name="moonfleet", standalone_mode=False))
        return Outcome(code, *capsys.readouterr())

    return call


@pytest.fixture(scope="session")
def scenarios() -> Path:
    """The folder of scenarios."""
    return SCENARIOS


@pytest.fixture
def smoke() -> Path:
    """The shortest scenario."""
    return SCENARIOS / "smoke.yaml"


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of the shortest scenario."""
    file = tmp_path_factory.mktemp("recorded") / "smoke.mcap"
    words = ["run", str(SCENARIOS / "smoke.yaml"), "--headless", "--bus", "memory", "--record", str(file)]
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    return file
