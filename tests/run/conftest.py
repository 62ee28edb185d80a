"""Runs as people make them: the shortest scenario, variants of it, and compiled code ready before anybody is timed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.core import Clock
from sim.run import compile_kernels
from sim.scenario import Scenario, load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


class _Hasty:
    """A clock by which half a second passes whenever it is read: a recording is brought up to date at each stop."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Return the time."""
        self._now += 0.25
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds


@pytest.fixture(scope="session")
def hasty() -> Callable[[], Clock]:
    """How to make a clock by which half a second passes whenever it is read."""
    return _Hasty


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


@pytest.fixture(scope="session")
def troubled(scenarios: Path, tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Ten minutes beside the lander, in which a radio dies, a mind crashes, a computer goes off, and words are lost."""
    file = tmp_path_factory.mktemp("troubled") / "troubled.yaml"
    faults = (
        "{fault: message_loss, share: 0.3}",
        "{fault: silent, rover: micro-1, at: 1m, for: 2m}",
        "{fault: agent_crash, rover: hk-robot, at: 90s, for: 1m}",
        "{fault: host_loss, rover: micro-1, at: 4m, for: 1m}",
    )
    text = (scenarios / "smoke.yaml").read_text(encoding="utf-8")
    rovers = text[text.index("rovers:") :]
    known = [each for each in faults if "rover: " not in each or each.split("rover: ")[1].split(",")[0] in rovers]
    order = "orders:\n  - {order: stop, rover: micro-1, at: 2m, for: 1m}\n"
    assert len(known) >= 3
    file.write_text(f"{text}\nfaults:\n" + "".join(f"  - {each}\n" for each in known) + order, encoding="utf-8")
    return load_scenario(file)


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


def _children(parent: int) -> list[int]:
    """Return the processes that this one has started and that are still there."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == str(parent) and fields[0] != "Z":
            found.append(int(process.name))
    return found


@pytest.fixture(scope="session")
def children_of() -> Callable[[int], list[int]]:
    """How to find the processes that one has started: hosts are children of a child of the run's."""
    return _children


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nobody had a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port
