"""What the results of a campaign belong to: a scenario as it was written, and the code that ran it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import msgspec

import fleet
import sim
from sim.scenario import merged_text

_DECIDING: Final = (".py", ".toml", ".yaml", ".json")  # Code, and the figures of the vehicles.


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Results with the same identity may stand in one table."""

    scenario: str  #: Name of the file.
    scenario_sha256: str  #: With all that it extends and includes.
    version: str  #: Of Moonfleet, and the hash of its code.


def identity_of(file: Path) -> Identity:
    """Return what results of this scenario, made by this code, belong to.

    Raises
    ------
    ConfigError
        When the file is wrong.
    """
    text = merged_text(file).encode()
    return Identity(scenario=file.name, scenario_sha256=sha256(text).hexdigest(), version=version_here())


@cache
def version_here() -> str:
    """Return the version of the code in this process: its number, and the hash of all that decides."""
    try:
        number = version("moonfleet")
    except PackageNotFoundError:
        number = "unknown"
    code = sha256()
    for name, data in _sources():
        code.update(f"{name} {len(data)}\n".encode() + data)
    return f"{number} ({code.hexdigest()[:16]})"


def _sources() -> Iterator[tuple[str, bytes]]:
    for package in (fleet, sim):
        (root,) = package.__path__
        for file in sorted(Path(root).rglob("*")):
            if file.suffix in _DECIDING:
                yield file.relative_to(Path(root).parent).as_posix(), file.read_bytes()
