"""A process of agents for mosaik: ``python mosaik_agents.py ADDRESS FILE FIRST LAST``; it needs nothing of ours.

The file holds, as JSON, the sizes of what each agent answers, tick by tick.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def _simulator(sizes: list[list[int]], first: int) -> Any:
    api: Any = import_module("mosaik_api_v3")

    class Agents(api.Simulator):  # type: ignore[misc] # It is there only where mosaik is installed.
        """Answers what the world says in the same step."""

        def __init__(self) -> None:
            models = {"Rover": {"public": True, "params": [], "attrs": ["ask", "answer"]}}
            super().__init__({"api_version": "3.0", "type": "time-based", "models": models})
            self._data: dict[str, dict[str, str]] = {}
            self._sizes: dict[str, list[int]] = {}

        def create(self, num: int, model: str, **_: Any) -> list[dict[str, str]]:
            made = [f"agent{first + len(self._sizes) + index}" for index in range(num)]
            for entity in made:
                self._sizes[entity] = sizes[int(entity.removeprefix("agent"))]
                self._data[entity] = {"answer": ""}
            return [{"eid": entity, "type": model} for entity in made]

        def step(self, time: int, inputs: dict[str, Any], max_advance: int) -> int:  # noqa: ARG002 - as mosaik has it
            for entity, heard in inputs.items():
                if heard["ask"]:
                    row = self._sizes[entity]
                    self._data[entity] = {"answer": "x" * row[time % len(row)]}
            return time + 1

        def get_data(self, outputs: Any) -> Any:  # noqa: ARG002 - as mosaik has it
            return self._data

    return Agents()


def main() -> int:
    """Serve one process of agents."""
    _, address, file, first = sys.argv
    sizes = json.loads(Path(file).read_text(encoding="utf-8"))
    sys.argv = [sys.argv[0], address]  # The rest is for its own command line.
    code: int = import_module("mosaik_api_v3").start_simulation(_simulator(sizes, int(first)), configure_logging=False)
    return code


if __name__ == "__main__":
    sys.exit(main())
