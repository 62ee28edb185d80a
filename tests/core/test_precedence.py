"""A process that gives way is a batch process, unless somebody chose otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has batch processes")
GIVE_WAY = "import os; {first}; from fleet.core import give_way; give_way(); print(os.sched_getscheduler(0))"


@pytest.mark.parametrize(
    ("first", "after"),
    [("pass", "SCHED_BATCH"), ("os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))", "SCHED_IDLE")],
)
def test_a_process_gives_way(first: str, after: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GIVE_WAY.format(first=first)], capture_output=True, text=True, check=True, timeout=60.0
    )
    assert int(done.stdout) == getattr(os, after)
