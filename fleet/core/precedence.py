"""Which process goes first where there are more than cores."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def give_way() -> None:
    """Interrupt nobody from now on when there is something to do for this process: it begins once a core is free.

    Notes
    -----
    SCHED_BATCH of Linux (sched(7)); elsewhere, and where that is forbidden, nothing. Whoever chose another precedence
    keeps it.
    """
    if sys.platform == "linux" and os.sched_getscheduler(0) == os.SCHED_OTHER:
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
