"""Arrays that are dear to compute, kept on disk by the hash of what they were computed from.

A store that cannot be written or read costs time and nothing else: the array is computed again. So does a file that was
cut or damaged: each ends with a checksum, and one that is wrong is written anew.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from numpy.typing import NDArray  # numpy is loaded by those only who keep arrays: it takes a tenth of a second

_log = logging.getLogger(__name__)
_KEPT: Final = 32  # Files of a kind; the oldest go.
_KEPT_BYTES: Final = 2_000_000_000  # Of a kind.


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
    >>> import numpy as np
    >>> stored("doctest", b"3", lambda: np.arange(3)).tolist()
    [0, 1, 2]
    """
    import numpy as np  # noqa: PLC0415 - see above

    file = store_folder() / f"{kind}-{sha256(made_from).hexdigest()[:40]}.npy"
    with suppress(OSError, ValueError, EOFError), file.open("rb") as stream:
        kept: NDArray[Any] = np.load(stream, allow_pickle=False)
        if stream.read() == _checksum(kept):
            return kept
    array = compute()
    try:
        _keep(file, array)
    except OSError as error:
        _log.info("not kept for the next time: %s", error)
    return array


def write_whole(file: Path, write: Callable[[BinaryIO], object]) -> None:
    """Have a file written beside its place and moved there, so that nobody ever reads half of it.

    Raises
    ------
    OSError
        When that cannot be done; what was there before stays.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            write(stream)
        Path(name).replace(file)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _keep(file: Path, array: NDArray[Any]) -> None:
    """Write an array, and remove the oldest of its kind when there are too many."""
    import numpy as np  # noqa: PLC0415 - see above

    def write(stream: BinaryIO) -> None:
        np.save(stream, array, allow_pickle=False)
        stream.write(_checksum(array))

    write_whole(file, write)
    kind = file.name.partition("-")[0]
    newest_first = sorted(((kept.stat(), kept) for kept in file.parent.glob(f"{kind}-*.npy")), key=_age)
    total = 0
    for place, (status, kept) in enumerate(newest_first):
        total += status.st_size
        if place >= _KEPT or (place > 0 and total > _KEPT_BYTES):
            kept.unlink(missing_ok=True)


def _age(kept: tuple[os.stat_result, Path]) -> float:
    return -kept[0].st_mtime


def _checksum(array: NDArray[Any]) -> bytes:
    """Return what ends a file, so that one that was cut or damaged is noticed."""
    import numpy as np  # noqa: PLC0415 - see above

    return zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data).to_bytes(4, "little")
