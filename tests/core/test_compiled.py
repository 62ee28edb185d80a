"""Compiled code is kept between processes, and never outlives what it was made of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fleet.core.turn import Turn

_KERNELS = """
from fleet.core.compiled import compiled
from moonplugin.called.kernels import doubled
from moonplugin.figures import OFFSET


@compiled
def answer(x):
    return doubled(x) + OFFSET
"""
_CALLED = """
from fleet.core.compiled import compiled


@compiled
def doubled(x):
    return 2 * x
"""
_ASK = "from moonplugin.kernels import answer; print(answer(20), sum(answer.stats.cache_hits.values()))"


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    package = tmp_path / "moonplugin"
    (package / "called").mkdir(parents=True)
    for folder in (package, package / "called"):
        (folder / "__init__.py").touch()
    (package / "kernels.py").write_text(_KERNELS, encoding="utf-8")
    (package / "called" / "kernels.py").write_text(_CALLED, encoding="utf-8")
    (package / "figures.py").write_text("OFFSET = 2\n", encoding="utf-8")
    return package


def _ask(package: Path, question: str = _ASK) -> tuple[int, int]:
    """Return the answer of a new process, and how often it found compiled code."""
    process = _start(package, question)
    said, _ = process.communicate()
    assert process.returncode == 0
    value, hits = said.split()
    return int(value), int(hits)


def _start(package: Path, question: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(package.parent), str(root)])
    environment = {
        **os.environ,
        "PYTHONPATH": paths,
        "PYTHONDONTWRITEBYTECODE": "1",
        "MOONFLEET_CACHE": str(package.parent / "cache"),
    }
    return subprocess.Popen([sys.executable, "-c", question], env=environment, stdout=subprocess.PIPE, text=True)


def test_another_process_finds_the_compiled_code(plugin: Path) -> None:
    first = _ask(plugin)

    second = _ask(plugin)

    assert (first, second) == ((42, 0), (42, 1))


def test_a_change_in_a_called_kernel_is_noticed(plugin: Path) -> None:
    _ask(plugin)

    (plugin / "called" / "kernels.py").write_text(_CALLED.replace("2 * x", "3 * x"), encoding="utf-8")

    assert _ask(plugin) == (62, 0)


def test_a_change_of_an_imported_figure_is_noticed(plugin: Path) -> None:
    _ask(plugin)

    (plugin / "figures.py").write_text("OFFSET = 5\n", encoding="utf-8")

    assert _ask(plugin) == (45, 0)


def test_a_change_back_finds_the_old_code(plugin: Path) -> None:
    _ask(plugin)
    (plugin / "figures.py").write_text("OFFSET = 5\n", encoding="utf-8")
    _ask(plugin)

    (plugin / "figures.py").write_text("OFFSET = 2\n", encoding="utf-8")

    assert _ask(plugin) == (42, 1)


def test_each_combination_of_types_has_a_file_of_its_own(plugin: Path) -> None:
    _ask(plugin)
    _ask(plugin, "from moonplugin.kernels import answer; print(int(2 * answer(1.25)), 0)")

    both = _ask(plugin, "from moonplugin.kernels import answer; print(answer(20), int(2 * answer(1.25)))")

    assert both == (42, 9)
    assert len(list((plugin.parent / "cache").rglob("answer-*.code"))) == 2


@pytest.mark.parametrize("damage", [b"", b"moon", b"\0" * 5000], ids=["empty", "short", "zeros"])
def test_a_damaged_file_is_compiled_anew(plugin: Path, damage: bytes) -> None:
    _ask(plugin)
    for file in (plugin.parent / "cache").rglob("*.code"):
        file.write_bytes(damage)

    assert (_ask(plugin), _ask(plugin)) == ((42, 0), (42, 1))


def test_a_folder_that_cannot_be_written_costs_only_time(plugin: Path) -> None:
    (plugin.parent / "cache").write_text("no folder", encoding="utf-8")

    assert (_ask(plugin), _ask(plugin)) == ((42, 0), (42, 0))


def test_what_another_process_compiles_is_waited_for(plugin: Path) -> None:
    """The test has the turn of the function, so that the process must wait, and then makes what it waits for."""
    _ask(plugin)
    (file,) = (plugin.parent / "cache").rglob("answer-*.code")
    code = file.read_bytes()
    file.unlink()
    turn = Turn(file, 10.0)
    turn.take()

    process = _start(plugin, _ASK)
    with pytest.raises(subprocess.TimeoutExpired):
        process.communicate(timeout=3.0)
    file.write_bytes(code)
    turn.end()

    assert process.communicate()[0].split() == ["42", "1"]


def test_a_combination_of_types_that_cannot_be_compiled_ends_its_turn(plugin: Path) -> None:
    question = """
from numba.core.errors import TypingError
from moonplugin.kernels import answer
try:
    answer(None)
except TypingError:
    print(1, 0)
"""

    _ask(plugin, question)

    assert not list((plugin.parent / "cache").rglob("*.lock"))
