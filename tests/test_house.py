"""Rules of the house that no tool checks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(file for room in ("fleet", "sim") for file in (ROOT / room).rglob("*.py"))
_LONGEST = 400
_MOST_ARGUMENTS = 5

_COMMANDS = (
    "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/moonfleet demo",
    "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest -q",
)


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this is no checkout")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def _functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len([name for name in names if name not in ("self", "cls")])


def test_no_module_is_too_long() -> None:
    lengths = {_name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES}

    assert {name: length for name, length in lengths.items() if length > _LONGEST} == {}


def test_no_function_takes_too_many_arguments_by_place() -> None:
    counted = {
        f"{_name(file)}:{function.lineno} {function.name}": _positional(function)
        for file in MODULES
        if file.name != "kernels.py"
        for function in _functions(file)
    }

    assert {name: count for name, count in counted.items() if count > _MOST_ARGUMENTS} == {}


@pytest.mark.parametrize("file", [file for file in MODULES if file.name == "__init__.py"], ids=_name)
def test_packages_hold_imports_and_all_and_nothing_else(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))

    others = [
        node
        for node in tree.body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"])
    ]

    assert [ast.unparse(node) for node in others] == []


@pytest.mark.parametrize("file", [file for file in MODULES if file.name == "kernels.py"], ids=_name)
def test_compiled_code_that_decides_is_neither_loose_nor_parallel(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))

    keywords = [word.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords]

    assert {"fastmath", "parallel"}.isdisjoint(keywords)


@pytest.mark.parametrize(
    ("imported", "unwanted"),
    [
        ("fleet, sim", ("pygame", "zmq", "numba", "rasterio", "mcap")),
        ("sim.cli.app", ("pygame", "zmq", "numba", "rasterio", "mcap")),
        ("sim.pytest_plugin.hooks", ("numpy", "pydantic", "yaml", "numba", "fleet.core")),
        ("sim.cli", ("pygame", "zmq", "numba", "rasterio", "mcap")),
        ("fleet.sdk", ("pygame", "zmq", "mcap", "rasterio")),
        ("fleet.agents", ("pygame", "zmq", "mcap", "rasterio")),
        ("sim.scenario", ("pygame", "zmq", "mcap")),
        ("sim.record", ("pygame", "zmq")),
        ("sim.run", ("pygame",)),
    ],
)
def test_nobody_waits_for_what_is_not_used(imported: str, unwanted: tuple[str, ...]) -> None:
    program = f"import sys, {imported}; print(*[name for name in {unwanted!r} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_the_readme_begins_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    first_block = re.search(r"^```\w*\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)

    assert first_block is not None
    assert first_block[1].strip().splitlines()[0] == _COMMANDS[0]
    assert _COMMANDS[1] in readme


def test_the_second_command_is_what_ci_runs() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert _COMMANDS[1] in ci


def test_no_tracked_file_names_a_place_of_one_machine() -> None:
    # Written so that this line is not one of them.
    places = re.compile("/(" + "|".join(("work/main", "work/shared", "root/", r"home/\w", "tmp/brief")) + ")")

    found = []
    for file in _tracked():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{_name(file)}: {match[0]}" for match in places.finditer(text)]

    assert found == []


def test_nothing_that_is_made_is_tracked() -> None:
    made = (".mcap", ".pyc", ".nbi", ".nbc", ".so", ".whl")

    assert [_name(file) for file in _tracked() if file.suffix in made or "moonfleet-out" in file.parts] == []


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    headings = re.findall(r"^## \[?([^\]\s]+)", changelog, re.MULTILINE)

    assert headings[0] in ("Unreleased", version)
