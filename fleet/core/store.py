"""Arrays that are dear to compute, kept on disk by the hash of what they were computed from.

A store that cannot be written or read costs time and nothing else: the array is computed again.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_log = logging.getLogger(__name__)
_KEPT: Final = 32  # Files of a kind; the oldest go.


def store_folder() -> Path:
    """Return where arrays are kept: ``MOONFLEET_CACHE``, or the user's folder for caches."""
    if chosen := os.environ.get("MOONFLEET_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "moonfleet"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "moonfleet"


def stored(kind: str, made_from: bytes, compute: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    """Return the array that `compute` gives, from disk when it was computed before.

    Parameters
    ----------
    kind
        Begins the file's name.
    made_from
        All that decides the array, the version of the code included.

    Examples
    --------
    >>> stored("doctest", b"3", lambda: np.arange(3)).tolist()
    [0, 1, 2]
    """
    file = store_folder() / f"{kind}-{sha256(made_from).hexdigest()[:40]}.npy"
    with suppress(OSError, ValueError, EOFError):
        kept: NDArray[Any] = np.load(file, allow_pickle=False)
        return kept
    array = compute()
    try:
        _write(file, array)
    except OSError as error:
        _log.info("not kept for the next time: %s", error)
    return array


def _write(file: Path, array: NDArray[Any]) -> None:
    """Write beside the place and move, so that nobody ever reads half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            np.save(stream, array, allow_pickle=False)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    kind = file.name.partition("-")[0]
    aged = sorted(file.parent.glob(f"{kind}-*.npy"), key=lambda kept: kept.stat().st_mtime)
    for old in aged[:-_KEPT]:
        old.unlink(missing_ok=True)
