"""Campaigns as people make them: the command in a process of its own, on variants of the shortest scenario."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sim.campaign import Row, identity_of, open_results
from sim.run import compile_kernels

ROOT = Path(__file__).parents[2]
_FROM_HERE = "SLURM_ARRAY", "JOB_COMPLETION"

# A shell may have let what it runs in the background ignore Ctrl-C.
_PROGRAM = """
import signal
from sim.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The shortest scenario, made shorter: two minutes."""
    text = (ROOT / "scenarios" / "smoke.yaml").read_text(encoding="utf-8")
    text = text.replace("duration: 10m", "duration: 2m").replace("tasks_done: all", "tasks_done: 0")
    file = tmp_path / "short.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """How to start `moonfleet sweep` in a process of its own, with minds of the tests in its path."""

    def begin(*words: str | Path, **environment: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_FROM_HERE)}
        return subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, "sweep", *(str(word) for word in words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]), **environment},
        )

    return begin


@pytest.fixture
def moonfleet_sweep(start: Start) -> Callable[..., tuple[int, dict[str, Any], str]]:
    """How to sweep to the end: exit code, the JSON object, what was said."""

    def call(*words: str | Path, **environment: str) -> tuple[int, dict[str, Any], str]:
        process = start(*words, "--json", **environment)
        out, err = process.communicate()
        return process.returncode, msgspec.json.decode(out) if out else {}, err

    return call


def rows_in(folder: Path, scenario: Path) -> list[Row]:
    """Return all rows of a folder."""
    with open_results(folder, identity_of(scenario)) as results:
        return list(results.rows())
