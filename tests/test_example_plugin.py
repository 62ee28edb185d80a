"""Somebody else's package, installed as they would: found, listed, and in charge of a rover."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tests" / "example_plugin"
_SEAT = "vehicle: metu-micro, agent: micro, place: {at_m: [-12, 8]}"


def _wheel(folder: Path) -> Path:
    """Return the package as a wheel, made here so that no build tool and no network is needed."""
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    file, notes = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    points = [
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    with ZipFile(file, "w") as wheel:
        for module in sorted((PACKAGE / "src").rglob("*.py")):
            wheel.write(module, module.relative_to(PACKAGE / "src"))
        wheel.writestr(f"{notes}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(
            f"{notes}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{notes}/entry_points.txt", "\n".join(points))
        wheel.writestr(f"{notes}/RECORD", "")
    return file


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the package is installed."""
    target = tmp_path_factory.mktemp("installed")
    wheel = _wheel(tmp_path_factory.mktemp("built"))
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(target), str(ROOT)])}


def _moonfleet(environment: dict[str, str], folder: Path, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "sim.cli", *words, "--json"]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_installed_plugin_is_listed(environment: dict[str, str], tmp_path: Path) -> None:
    plugins = _moonfleet(environment, tmp_path, "agent", "list")["plugins"]

    (homebody,) = [plugin for plugin in plugins if plugin["name"] == "homebody"]
    assert homebody == {
        "group": "fleet.agents",
        "name": "homebody",
        "value": "homebody:HomebodyAgent",
        "package": "homebody",
        "version": "1.0.0",
        "refused": "",
    }


def test_an_installed_plugin_drives_out_and_comes_home(environment: dict[str, str], tmp_path: Path) -> None:
    text = (ROOT / "scenarios" / "smoke.yaml").read_text(encoding="utf-8")
    assert _SEAT in text
    text = text.replace(_SEAT, _SEAT.replace("agent: micro", "agent: homebody")).replace(
        "duration: 10m", "duration: 1h"
    )
    (tmp_path / "home.yaml").write_text(text, encoding="utf-8")

    words = ("run", "home.yaml", "--headless", "--bus", "ipc", "--hosts", "2", "--record", "home.mcap")
    result = _moonfleet(environment, tmp_path, *words)

    from sim.record import Frame, Recording

    frames = [entry for entry in Recording(tmp_path / "home.mcap").entries() if isinstance(entry, Frame)]
    from_home = [
        ((body.x + 12.0) ** 2 + (body.y - 8.0) ** 2) ** 0.5
        for frame in frames
        for body in frame.rovers
        if body.rover == "micro-1"
    ]
    assert (result["verdict"], result["errors"], result["tasks"]["done"]) == ("pass", [], 3)
    assert max(from_home) > 15.0
    assert min(from_home[from_home.index(max(from_home)) :]) < 1.0
    assert all(task["rover"] != "micro-1" for task in result["task_states"].values())


def test_the_plugin_needs_the_sdk_and_nothing_else_of_ours() -> None:
    tree = ast.parse((PACKAGE / "src" / "homebody" / "__init__.py").read_text(encoding="utf-8"))

    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}

    ours = {module for module in imported if module and module.split(".")[0] in ("fleet", "sim")}
    assert {module.split(".")[:2] == ["fleet", "sdk"] for module in ours} == {True}
