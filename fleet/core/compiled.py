"""The decorator of every kernel: compiled once a machine, and anew when anything that it is made of changes.

Not imported by `fleet.core`, because numba takes long to load and few need it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, overload

import numba

from fleet.core.kept_code import KeptCode
from fleet.core.store import store_folder

F = TypeVar("F", bound=Callable[..., Any])


@overload
def compiled(function: F, /) -> F: ...


@overload
def compiled(*, inline: str = "never", nogil: bool = False, error_model: str = "python") -> Callable[[F], F]: ...


def compiled(function: Any = None, /, **options: Any) -> Any:
    """Compile a function when it is first called, or take the code that an earlier process compiled.

    Parameters
    ----------
    function
        Of a module named ``kernels``; its imports stand at the top of the module.
    options
        For `numba.njit`.

    Notes
    -----
    Numba itself looks at the function's own module only: when a kernel that it calls or a constant that it uses changes
    in another module, it goes on with the old ones, and results would depend on what this machine once compiled. Here
    the code is kept in a folder named by the contents of all modules it is made of, in a file for each combination of
    argument types.

    Examples
    --------
    >>> @compiled
    ... def twice(x):
    ...     return 2 * x
    >>> twice(21)
    42
    """
    if function is None:
        return lambda decorated: compiled(decorated, **options)
    dispatcher: Any = numba.njit(**options)(function)
    if _is_in_file(function):
        kept = KeptCode(compiled_folder(function.__module__), function)
        dispatcher._cache = kept
        dispatcher.compile = _in_turn(dispatcher, kept)
    return dispatcher


def _in_turn(dispatcher: Any, kept: KeptCode) -> Callable[[Any], Any]:
    """Return how the dispatcher compiles, with an end to its turn however that ends: numba tries types that fail."""
    compile_now = dispatcher.compile

    def compile_in_turn(sig: Any) -> Any:
        try:
            return compile_now(sig)
        finally:
            kept.end_turn(sig, dispatcher.targetctx)

    return compile_in_turn


@lru_cache(maxsize=256)
def compiled_folder(module: str) -> Path:
    """Return where the compiled code of a kernels module that was imported is kept."""
    digest = sha256()
    for file in _made_of(module):
        digest.update(_read(file))
    return store_folder() / "compiled" / f"{module}-{digest.hexdigest()[:20]}"


def _is_in_file(function: Callable[..., Any]) -> bool:
    return isinstance(function, FunctionType) and Path(function.__code__.co_filename).is_file()


def _made_of(module: str) -> list[str]:
    """Return the files of a kernels module, of those it imports, and of what these import, in a fixed order."""
    found: dict[str, str] = {}
    ahead = [module]
    while ahead:
        name = ahead.pop()
        file = getattr(sys.modules.get(name), "__file__", None)
        if name in found or file is None:
            continue
        found[name] = file
        if name == module or name.rpartition(".")[2] == "kernels":
            ahead += _imports(_read(file))
    own = {module.partition(".")[0], __name__.partition(".")[0]}
    return [found[name] for name in sorted(found) if name.partition(".")[0] in own]


def _imports(source: bytes) -> list[str]:
    """Return the modules that the top of a module names in ``from ... import``.

    >>> _imports(b"from os import path, sep")
    ['os.path', 'os.sep', 'os']
    """
    top = source.partition(b"\n@")[0].partition(b"\ndef ")[0]
    names: list[str] = []
    for statement in ast.parse(top).body:
        if isinstance(statement, ast.ImportFrom) and statement.module:
            names += [f"{statement.module}.{alias.name}" for alias in statement.names]
            names.append(statement.module)
    return names


@lru_cache(maxsize=256)
def _read(file: str) -> bytes:
    return Path(file).read_bytes()
