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
    places = (Path(__file__).parents[2] / "scenarios", Path(sys.prefix) / "share" / "moonfleet" / "scenarios")
    for folder in places:
        file = folder / f"{name}.yaml"
        if file.is_file():
            return file
    raise ConfigError(name, "this scenario is not in the installation", "install Moonfleet again, or use a checkout")
