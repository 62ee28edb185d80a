"""A process of ours and the one that started it: it finds the same modules, and does not outlive its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


def environment_of_child() -> dict[str, str]:
    """Return the environment in which another Python finds the same modules, and so the same plugins, as this one.

    To be started with ``-P``: its working directory must not come first when it did not here.
    """
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    return {**os.environ, "PYTHONPATH": path}


def name_process(name: str) -> None:
    """Have ``ps`` and ``top`` call this process so, where that can be: the first 15 bytes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())


def is_orphan(parent: int) -> bool:
    """Whether the process that started this one is gone."""
    return os.getppid() != parent


def live_and_die_with(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end when it ends, even in the midst of compiled code.

    Parameters
    ----------
    parent
        Its process id, as it told it: one that is gone already is noticed.
    """
    # Ctrl-C reaches every process of the terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # Even an agent that hangs in compiled code, where no check of ours runs, must not outlive the parent.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if is_orphan(parent):
        sys.exit(f"process {parent} that started this one is gone")
