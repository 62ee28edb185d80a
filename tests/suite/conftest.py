"""A folder of scenarios that come to every kind of end, run once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sim.cli.app import app, guarded
from sim.run import compile_kernels

ROOT = Path(__file__).parents[2]
_WHOLE = (ROOT / "scenarios" / "smoke.yaml").read_text(encoding="utf-8")
SMOKE = _WHOLE.partition("\nvariants:")[0].replace("duration: 10m", "duration: 2m").replace("size_m: 300", "size_m: 90")
SHORT = SMOKE.replace("tasks_done: all", "tasks_done: 0")


class Outcome(NamedTuple):
    """What a call left."""

    code: int
    out: str
    err: str

    @property
    def values(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Test = Callable[..., Outcome]


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


def run_tests(folder: Path, *words: str) -> Outcome:
    """Run `moonfleet test` in a folder, with the minds of these tests in its path."""
    path, out, err = list(sys.path), StringIO(), StringIO()
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        with chdir(folder), redirect_stdout(out), redirect_stderr(err):
            code = guarded(lambda: app(["test", *words], prog_name="moonfleet", standalone_mode=False))
    finally:
        sys.path[:] = path
    return Outcome(code, out.getvalue(), err.getvalue())


@pytest.fixture
def moonfleet_test(tmp_path: Path) -> Test:
    """How to run `moonfleet test` in an empty folder."""
    return lambda *words: run_tests(tmp_path, *words)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scenarios that pass, fail, break, crash and cannot be read, and a file of somebody else."""
    folder = tmp_path_factory.mktemp("suite")
    inner = folder / "all"
    inner.mkdir()
    variants = (
        "\ntags: [short]\nseeds: [8, 9]\nvariants:\n"
        "  - id: far\n    set: {expect: [{distance_m: {at_least: 99999}}]}\n"
        "    must_fail: [distance_m]\n    seeds: 8\n    tags: [bad]\n"
        "  - {id: near, set: {expect: [{distance_m: {at_least: 1}}]}, must_fail: [distance_m], seeds: 8}\n"
    )
    micro = "agent: micro, place: {at_m: [-12, 8]}"
    files = {
        "a-good": SHORT + variants,
        "b-fails": SHORT.replace("min_separation_m: 0.2", "min_separation_m: 99"),
        "c-invalid": SHORT.replace("agent: micro,", "agnet: micro,"),
        "d-crash": SHORT.replace(micro, micro.replace("micro,", '"rough_minds:Ends",')),
        "e-breaks": SHORT.replace(micro, micro.replace("micro,", '"rough_minds:Raises",')),
    }
    for name, text in files.items():
        (inner / f"{name}.yaml").write_text(text, encoding="utf-8")
    (inner / "somebody-elses.yaml").write_text("services:\n  moonfleet: 1\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def whole(folder: Path) -> Outcome:
    """What came of all of them, by a command of its own."""
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    words = ["test", "all", "-j", "2", "--junit", "out/junit.xml", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *words],
        capture_output=True, text=True, cwd=folder, check=False, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)
