"""`pytest scenarios/`: the same cases and verdicts as `moonfleet test`, and quiet about everybody else's files."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from tests.suite.conftest import ROOT, SHORT, Outcome

# Named where this installation is older than the entry point.
_PLUGIN = () if any(point.name == "moonfleet" for point in entry_points(group="pytest11")) else (
    "-p", "sim.pytest_plugin.hooks",
)  # fmt: skip


def run_pytest(folder: Path, *words: str) -> Outcome:
    """Run pytest in a folder that has nothing to do with ours."""
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(folder), *_PLUGIN, *words],
        capture_output=True, text=True, cwd=folder, check=False,
        env={**os.environ, "PYTHONPATH": path, "PYTEST_ADDOPTS": ""},
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def collected(folder: Path) -> Outcome:
    """What came of the folder, but for what ends its process, which is pytest's own here."""
    words = ("all", "-q", "--junit-xml", "out/pytest.xml", "--ignore", "all/d-crash.yaml", "--strict-markers")
    return run_pytest(folder, *words)


def test_verdicts_are_those_of_the_runner(whole: Outcome, collected: Outcome, folder: Path) -> None:
    ends = {}
    for case in parse(folder / "out" / "pytest.xml").getroot().iter("testcase"):
        kinds = [end.tag for end in case if end.tag in ("failure", "error")]
        ends[(case.attrib["classname"], case.attrib["name"])] = kinds

    kind_of: dict[int, list[str]] = {0: [], 1: ["failure"], 2: ["error"], 3: ["error"]}
    assert ends == {
        (row["file"].replace("/", "."), row["case"] or "is read"): kind_of[row["exit_code"]]
        for row in whole.values["scenarios"]
        if "d-crash" not in row["file"]
    }
    assert collected.code == 1
    assert "3 passed" in collected.out


def test_a_failure_reads_as_in_the_runner(whole: Outcome, collected: Outcome) -> None:
    lines = [line for line in whole.err.splitlines() if "b-fails" in line]

    told = [line for line in lines if "FAIL" not in line]
    assert len(told) == 3
    assert all(line in collected.out for line in told)
    assert "Traceback" not in collected.out


def test_tags_are_markers_and_names_are_keywords(folder: Path) -> None:
    words = (
        "all/a-good.yaml",
        "--collect-only",
        "-q",
        "--strict-markers",
        "-m",
        "short and not bad",
        "-k",
        "smoke and near",
    )

    chosen = run_pytest(folder, *words)

    assert chosen.out.splitlines()[0] == "all/a-good.yaml::near-seed-8"
    assert "1/4 tests collected" in chosen.out


def test_a_tag_is_no_order_to_pytest(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{SHORT}\ntags: [skip, xfail, usefixtures, timeout]\n", encoding="utf-8")

    assert "1 passed" in run_pytest(tmp_path, "a.yaml", "-q", "--strict-markers").out


def test_it_costs_other_peoples_tests_nothing(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  moonfleet: 1\n", encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("a: [\n", encoding="utf-8")
    (tmp_path / "test_own.py").write_text(
        "import sys\n\n\ndef test_own():\n"
        "    assert 'sim.pytest_plugin.hooks' in sys.modules\n"
        "    assert {'numba', 'numpy', 'pydantic', 'yaml', 'fleet.core'}.isdisjoint(sys.modules)\n",
        encoding="utf-8",
    )

    outcome = run_pytest(tmp_path, "-q")

    assert (outcome.code, outcome.err) == (0, "")
    assert "1 passed" in outcome.out
