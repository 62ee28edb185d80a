"""What people are told of scenario files that are written in an older format."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from sim.cli.progress import announce
from sim.suite.recognise import format_said


def tell_older(files: Iterable[Path]) -> None:
    """Say which files are of an older format, and which command rewrites them; ours are no matter of theirs."""
    from sim.scenario import NEWEST, is_shipped  # noqa: PLC0415 - loads numba

    older = [str(file) for file in files if (format_said(file) or NEWEST) < NEWEST and not is_shipped(file)]
    if not older:
        return
    what = f"{older[0]} is" if len(older) == 1 else f"{len(older)} files are"
    words = shlex.join(["moonfleet", "scenario", "migrate", *older[:3]])
    more = " ..." if len(older) > 3 else ""
    announce(f"{what} written in an older format, which is read as well; to rewrite: {words}{more}")
