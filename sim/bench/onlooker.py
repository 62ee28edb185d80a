"""A window of its own that looks on, one run after another: ``python -m sim.bench.onlooker``, endpoints on stdin.

Each run is to begin paused: it is let go once the window shows it, and looked at until it is over.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from fleet.core import WallClock
from sim.run.watch import Watch
from sim.viewer import LAYERS, LiveRun, Look, Showing, show


class _Over(Exception):
    """There is nothing more to see."""


class _Attentive(WallClock):
    """A clock of the wall for a window on one run: lets the run go after the first picture, and ends with it."""

    def __init__(self, source: LiveRun) -> None:
        self._source = source
        self._has_begun = False

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass until the next picture."""
        if not self._has_begun:
            self._has_begun = True
            self._source.control("resume")
        if self._source.scene(self._source.span[1]).is_over:
            raise _Over
        super().sleep(seconds)


def _look_at(feed: str) -> None:
    watch = Watch(feed, clock=WallClock(), wait=60.0)
    try:
        source = LiveRun(watch, watch.opening, watch.ground)
        with suppress(_Over):
            show(source, Showing(look=Look(layers=frozenset(LAYERS))), _Attentive(source))
    finally:
        watch.close()


if __name__ == "__main__":
    for line in sys.stdin:
        _look_at(line.strip())
