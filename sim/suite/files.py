"""Which scenario files somebody means."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fleet.core import ConfigError
from sim.suite.recognise import is_scenario


def scenario_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that are named, and all scenarios in the folders that are named, each once.

    Raises
    ------
    ConfigError
        When a path does not exist, or a folder holds no scenario.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise ConfigError(str(path), "there is no such file or folder")
        inside = sorted(file for file in path.rglob("*.y*ml") if is_scenario(file)) if path.is_dir() else [path]
        if not inside:
            raise ConfigError(
                str(path), "holds no scenario", "a scenario is a .yaml file that begins with moonfleet: and a number"
            )
        found.update(dict.fromkeys(inside))
    return list(found)
