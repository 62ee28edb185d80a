"""Campaigns as people make them: the command, its workers in processes of their own, on the shortest scenario."""

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
from sim.cli.app import app, guarded
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
Sweep = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The shortest scenario, made shorter: one minute."""
    text = (ROOT / "scenarios" / "smoke.yaml").read_text(encoding="utf-8")
    text = text.replace("duration: 10m", "duration: 1m").replace("tasks_done: all", "tasks_done: 0")
    text = text.replace("size_m: 300", "size_m: 90")  # Most of the time goes into what can be driven over.
    file = tmp_path / "short.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, with minds of the tests in the path of all processes, on no cluster."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.syspath_prepend(Path(__file__).parent)
    for name in os.environ:
        if name.startswith(_FROM_HERE):
            monkeypatch.delenv(name)


@pytest.fixture
def start() -> Start:
    """How to start `moonfleet sweep` in a process of its own, which may be killed."""

    def begin(*words: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, "sweep", *(str(word) for word in words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


@pytest.fixture
def moonfleet_sweep(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Sweep:
    """How to sweep to the end: exit code, the JSON object, what was said."""

    def call(*words: str | Path, **environment: str) -> tuple[int, dict[str, Any], str]:
        arguments = ["sweep", *(str(word) for word in words), "--json"]
        capsys.readouterr()
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            code = guarded(lambda: app(arguments, prog_name="moonfleet", standalone_mode=False))
        out, err = capsys.readouterr()
        return code, msgspec.json.decode(out) if out else {}, err

    return call


def rows_in(folder: Path, scenario: Path) -> list[Row]:
    """Return all rows of a folder."""
    with open_results(folder, identity_of(scenario)) as results:
        return list(results.rows())
