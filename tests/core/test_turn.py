"""One process makes a file for all, and nobody waits for ever."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fleet.core import ManualClock
from fleet.core.turn import Turn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no locks of files there")


def test_nobody_waits_for_a_turn_that_is_free(tmp_path: Path) -> None:
    clock = ManualClock()

    has_waited = Turn(tmp_path / "new" / "code", 10.0, clock).take()

    assert (has_waited, clock.now()) == (False, 0.0)


def test_a_turn_is_one_holders_until_it_ends(tmp_path: Path) -> None:
    holder = Turn(tmp_path / "code", 10.0)
    holder.take()

    class Ending(ManualClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if self.now() > 3.0:
                holder.end()

    clock = Ending()
    has_waited = Turn(tmp_path / "code", 10.0, clock).take()

    assert has_waited
    assert 3.0 < clock.now() < 3.1


def test_patience_ends(tmp_path: Path) -> None:
    Turn(tmp_path / "code", 10.0).take()
    clock = ManualClock()

    has_waited = Turn(tmp_path / "code", 10.0, clock).take()

    assert has_waited
    assert 10.0 <= clock.now() < 10.1


def test_a_turn_leaves_nothing_behind(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "code", 10.0)
    turn.take()

    turn.end()

    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_locked_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert not Turn(tmp_path / "file" / "code", 10.0, ManualClock()).take()
