"""The same exchange in mosaik: the world is a simulator in its process, agents are remote ones."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from fleet.core import WallClock
from sim.bench.lockstep.course import Course, read_traffic
from sim.bench.lockstep.federates import free_port
from sim.bench.lockstep.laps import Laps

_AGENTS: Final = Path(__file__).with_name("mosaik_agents.py")
_FOR_EVER: Final = 10**9


class _Over(Exception):
    """No more laps are wanted."""


class _Steps:
    """Counts steps into laps; mosaik itself decides when the world steps."""

    def __init__(self, laps: Laps) -> None:
        self._laps = laps
        self._wanted: Iterator[int] = iter(laps)
        self._clock = WallClock()
        self._left: int | None = None
        self._begun = 0.0

    def next(self) -> None:
        """Begin a step."""
        if self._left == 0:
            self._laps.took(self._clock.now() - self._begun)
        if not self._left:
            self._left = next(self._wanted, None)
            if self._left is None:
                raise _Over  # It has no other way to end a run from inside of it.
            self._begun = self._clock.now()
        self._left -= 1


def _world(steps: _Steps, sizes: list[list[int]]) -> Any:
    api: Any = import_module("mosaik_api_v3")

    class World(api.Simulator):  # type: ignore[misc] # It is there only where mosaik is installed.
        """Asks every agent in every step, and hears what they answered in the step before."""

        def __init__(self) -> None:
            models = {"Slot": {"public": True, "params": [], "attrs": ["ask", "answer"]}}
            super().__init__({"api_version": "3.0", "type": "time-based", "models": models})
            self._data: dict[str, dict[str, str]] = {}

        def create(self, num: int, model: str, **_: Any) -> list[dict[str, str]]:
            return [{"eid": f"slot{index}", "type": model} for index in range(num)]

        def step(self, time: int, inputs: Any, max_advance: int) -> int:  # noqa: ARG002 - as mosaik has it
            steps.next()
            self._data = {f"slot{index}": {"ask": "x" * row[time % len(row)]} for index, row in enumerate(sizes)}
            return time + 1

        def get_data(self, outputs: Any) -> Any:  # noqa: ARG002 - as mosaik has it
            return self._data

    return World


def drive(laps: Laps, course: Course, data: bytes) -> None:
    """Exchange strings with remote simulators, one a process."""
    mosaik = import_module("mosaik")
    import_module("loguru").logger.remove()
    traffic = read_traffic(data)
    agents = range(course.agents)
    with tempfile.TemporaryDirectory(prefix="moonfleet-") as folder:
        file = Path(folder) / "sizes.json"
        file.write_text(json.dumps([traffic.answer_sizes(agent) for agent in agents]), encoding="utf-8")
        sys.modules[__name__].World = _world(_Steps(laps), [traffic.ask_sizes(agent) for agent in agents])  # type: ignore[attr-defined]
        program = f"{sys.executable} -P {_AGENTS} %(addr)s {file}"
        simulators = {f"Agents{share[0]}": {"cmd": f"{program} {share[0]}"} for share in course.shares}
        address = ("127.0.0.1", free_port())
        world = mosaik.World(
            {"World": {"python": f"{__name__}:World"}, **simulators},
            mosaik_config={"addr": address, "start_timeout": 60, "stop_timeout": 10},
            skip_greetings=True,
            configure_logging=False,
        )
        slots = world.start("World").Slot.create(course.agents)
        for share in course.shares:
            rovers = world.start(f"Agents{share[0]}").Rover.create(len(share))
            for agent, rover in zip(share, rovers, strict=True):
                world.connect(slots[agent], rover, "ask")
                world.connect(rover, slots[agent], "answer", time_shifted=True, initial_data={"answer": ""})
        with suppress(_Over):
            world.run(until=_FOR_EVER, print_progress=False)
        world.shutdown()
