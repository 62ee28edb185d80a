"""Runs as people make them: the shortest scenario, variants of it, and compiled code ready before anybody is timed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.run import compile_kernels
from sim.scenario import Scenario, load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


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


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nobody had a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port
