"""Compiled code on disk: one file for each function and combination of argument types, named by all that decides it.

Numba's own cache numbers the files of a function and says in an index which is whose. Two processes that compile the
function at once for different types both take the next number, and the code of one then lies under the name of the
other: arrays are read as what they are not. Here no file ever has two meanings.
"""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numba
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps, loads

from fleet.core.store import write_whole
from fleet.core.turn import Turn
from fleet.core.warmth import forget_warm

_log = logging.getLogger(__name__)
_KEPT: Final = 128  # Folders of compiled code, one for each kernels module and what it was made of; the oldest go.
_CHECKSUM: Final = sha256().digest_size
_PATIENCE: Final = 120.0  # Seconds: far more than any function takes to compile.


class KeptCode(_Cache):
    """Where a numba dispatcher finds code that an earlier process compiled.

    Parameters
    ----------
    folder
        For the code of one state of the sources.
    function
        That is compiled.

    Notes
    -----
    A folder that cannot be written, and a file that is damaged, cost the time to compile and nothing else. Processes
    that want the same at once compile it once: the others wait for the first. Nobody waits in a circle, since a
    function is compiled after those that it calls.
    """

    def __init__(self, folder: Path, function: Callable[..., Any]) -> None:
        self._folder = folder
        self._name = f"{function.__qualname__}-{function.__code__.co_firstlineno}".replace("<", "").replace(">", "")
        self._enabled = True
        self._turns: dict[Path, Turn] = {}

    @property
    def cache_path(self) -> str:
        """The folder, for numba's statistics."""
        return str(self._folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled function for these argument types; None when it is not kept and ours to compile."""
        if not self._enabled:
            return None
        # Numba's own cache refreshes all of the context here, which loads a third of numba and, with it, scipy. What
        # was compiled needs none of that but the runtime for arrays; whatever is to be compiled refreshes by itself.
        rtsys.initialize(target_context)
        file = self._file(sig, target_context.codegen())
        code = _read(file)
        if code is None:
            turn = self._turns.setdefault(file, Turn(file, _PATIENCE))
            if turn.take():
                code = _read(file)
        if code is None:
            return None
        return CompileResult._rebuild(target_context, *loads(code))  # type: ignore[no-untyped-call]

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the compiled function for these argument types."""
        if not self._enabled or data.lifted or data.library.has_dynamic_globals:
            return
        file = self._file(sig, data.codegen)
        code: bytes = dumps(data._reduce())  # type: ignore[no-untyped-call]
        _keep_few(self._folder)
        try:
            write_whole(file, lambda stream: stream.write(sha256(code).digest() + code))
        except OSError as error:
            _log.info("compiled code is not kept for the next time: %s", error)

    def enable(self) -> None:
        """Look for code on disk, and keep it there."""
        self._enabled = True

    def disable(self) -> None:
        """Compile for this process alone."""
        self._enabled = False

    def flush(self) -> None:
        """Forget what is kept of this function."""
        for file in self._folder.glob(f"{self._name}.*.code"):
            file.unlink(missing_ok=True)

    def end_turn(self, sig: Any, target_context: Any) -> None:
        """Let others compile the function for these argument types, now that it is kept or cannot be compiled."""
        if self._turns and (turn := self._turns.pop(self._file(sig, target_context.codegen()), None)):
            turn.end()

    def _file(self, sig: Any, codegen: Any) -> Path:
        # Named tuples of the same name and types differ in their class, which is in their key.
        types = [(repr(each), repr(each.key)) for each in getattr(sig, "args", sig)]
        made_for = (numba.__version__, sys.version, codegen.magic_tuple(), types, getattr(sig, "return_type", None))
        return self._folder / f"{self._name}.{sha256(repr(made_for).encode()).hexdigest()[:24]}.code"


def _keep_few(newest: Path) -> None:
    """Remove the folders that were made longest ago, when there are too many and `newest` is not among them yet."""
    with suppress(OSError):
        if newest.exists():
            return
        kept = sorted(newest.parent.iterdir(), key=lambda item: item.stat().st_mtime)
        if len(kept) >= _KEPT:
            forget_warm()
        for old in kept[: max(0, len(kept) - _KEPT + 1)]:
            shutil.rmtree(old, ignore_errors=True)


def _read(file: Path) -> bytes | None:
    """Return the code that a file holds, None when there is no such file or it is damaged."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    code = data[_CHECKSUM:]
    return code if sha256(code).digest() == data[:_CHECKSUM] else None
