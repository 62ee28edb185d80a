"""Whether the hot loops are compiled on this machine, as far as it can be known without loading them."""

from __future__ import annotations

import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import fleet
import sim
from fleet.core import store_folder


def is_warm() -> bool:
    """Whether a process compiled everything that this code is made of before; then nobody need wait for another."""
    return _stamp().is_file()


def note_warm() -> None:
    """Tell later processes that everything is compiled."""
    stamp = _stamp()
    with suppress(OSError):  # Then they wait for each other once more.
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()


def _stamp() -> Path:
    made_of = sha256(f"{sys.version} {version('numba')} {version('numpy')}".encode())
    for package in (fleet, sim):
        for file in sorted(Path(package.__path__[0]).rglob("kernels.py")):
            made_of.update(file.read_bytes())
    return store_folder() / "warm" / made_of.hexdigest()[:40]
