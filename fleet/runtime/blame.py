"""Where in a plugin's own code something happened, so that its author need not guess."""

from __future__ import annotations

from pathlib import PurePath
from traceback import walk_tb
from types import FrameType
from typing import Final

_OURS: Final = frozenset({"fleet", "sim", "importlib"})  # Packages whose lines are no matter to who writes a plugin.
_VALUES: Final = ("fleet.messages", "fleet.core", "fleet.sdk")  # Where values check themselves when they are made.


def said_of(error: BaseException) -> str:
    """Return the kind of an exception, its text, and the plugin's line that it came through.

    >>> try:
    ...     exec(compile("lost = {}['map']", "moon/patrol.py", "exec"), {"__name__": "patrol"})
    ... except KeyError as error:
    ...     said_of(error)
    "KeyError: 'map', in patrol.py line 1"
    """
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"{text}{place_of(error)}"


def place_of(error: BaseException) -> str:
    """Return the innermost line of a plugin's own package that an exception came through, as the end of a sentence.

    Notes
    -----
    Not a line of a library that it called. Of the file only the name, so that it reads the same on every machine; empty
    where no code of a plugin was run.
    """
    frames = [(frame, line, _module_of(frame).partition(".")[0]) for frame, line in walk_tb(error.__traceback__)]
    own = next((package for _, _, package in frames if package not in _OURS), None)
    lines = [f", in {PurePath(f.f_code.co_filename).name} line {line}" for f, line, package in frames if package == own]
    return lines[-1] if lines else ""


def is_of_a_value(error: BaseException) -> bool:
    """Whether a value of ours refused to be made so, as one that holds no finite number does."""
    names = [_module_of(frame) for frame, _ in walk_tb(error.__traceback__)]
    return bool(names) and names[-1].startswith(_VALUES)


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
