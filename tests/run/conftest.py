"""Runs as people make them: the shortest scenario, variants of it, and compiled code ready before anybody is timed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.core import Tick
from sim.record import Closing, Entry, Frame
from sim.run import compile_kernels
from sim.scenario import Scenario, load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


class Tape:
    """A sink that keeps all it is told."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def write(self, entry: Entry) -> None:
        """Keep an entry."""
        self.entries.append(entry)

    def close(self) -> None:
        """Nothing is held open."""

    @property
    def frames(self) -> list[Frame]:
        """The frames, in order."""
        return [entry for entry in self.entries if isinstance(entry, Frame)]

    @property
    def last_tick(self) -> Tick:
        """Tick of the last frame; -1 before the first."""
        return self.frames[-1].tick if self.frames else -1

    @property
    def is_closed(self) -> bool:
        """Whether the run has ended."""
        return any(isinstance(entry, Closing) for entry in self.entries)


@pytest.fixture
def tape() -> Tape:
    """An empty tape."""
    return Tape()


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


@pytest.fixture(scope="session")
def scenarios() -> Path:
    """The folder of scenarios."""
    return SCENARIOS


@pytest.fixture(scope="session")
def smoke() -> Scenario:
    """Ten minutes beside the lander."""
    return load_scenario(SCENARIOS / "smoke.yaml")


@pytest.fixture
def variant(tmp_path: Path) -> Callable[..., Scenario]:
    """How to make a scenario from the text of the smoke scenario, with pieces of it replaced."""

    def make(*replacements: tuple[str, str]) -> Scenario:
        text = (SCENARIOS / "smoke.yaml").read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new)
        file = tmp_path / "variant.yaml"
        file.write_text(text, encoding="utf-8")
        return load_scenario(file)

    return make
