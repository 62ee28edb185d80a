"""Where the scenarios lie that come with Moonfleet."""

from __future__ import annotations

import sys
from pathlib import Path

from fleet.core import ConfigError


def shipped_scenario(name: str) -> Path:
    """Return the file of a scenario that comes with Moonfleet, in a checkout or in an installation.

    Raises
    ------
    ConfigError
        When it is not there.

    >>> shipped_scenario("smoke").name
    'smoke.yaml'
    """
    for folder in _places():
        file = folder / f"{name}.yaml"
        if file.is_file():
            return file
    raise ConfigError(name, "this scenario is not in the installation", "install Moonfleet again, or use a checkout")


def is_shipped(file: Path) -> bool:
    """Whether a scenario is one of those that come with Moonfleet."""
    return file.resolve().parent in [folder.resolve() for folder in _places()]


def _places() -> tuple[Path, ...]:
    return Path(__file__).parents[2] / "scenarios", Path(sys.prefix) / "share" / "moonfleet" / "scenarios"
