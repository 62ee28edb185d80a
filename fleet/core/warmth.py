"""Whether the hot loops are compiled on this machine, as far as it can be known without loading them."""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fleet.core.store import store_folder

_OURS: Final = ("fleet", "sim")
_FOLDER: Final = "warm"


def is_warm() -> bool:
    """Whether everything that this code is made of was compiled here before; then nobody need wait for it."""
    return _stamp().is_file()


def note_warm() -> None:
    """Tell later processes that everything is compiled."""
    stamp = _stamp()
    with suppress(OSError):  # Then they look for themselves once more.
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()


def forget_warm() -> None:
    """Tell later processes to look for themselves, since compiled code was removed."""
    for stamp in (store_folder() / _FOLDER).glob("*"):
        with suppress(OSError):
            stamp.unlink(missing_ok=True)


def _stamp() -> Path:
    made_of = sha256(f"{sys.version} {version('numba')} {version('numpy')} {_machine()}".encode())
    for package in _OURS:
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            for file in sorted(Path(folder).rglob("kernels.py")):
                made_of.update(file.read_bytes())
    return store_folder() / _FOLDER / made_of.hexdigest()[:40]


def _machine() -> str:
    """Return what compiled code is made for, and how it is asked to be."""
    asked = sorted((name, text) for name, text in os.environ.items() if name.startswith("NUMBA_"))
    features = ""
    with suppress(OSError, StopIteration), Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        features = next(line for line in lines if line.startswith(("flags", "Features")))
    return f"{platform.machine()} {features} {asked}"
