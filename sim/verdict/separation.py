"""How near two bodies ever came."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fleet.core import RoverId, Tick
from sim.record.entries import Frame


class Separation:
    """Least distance between the edges of two bodies, over the frames it was shown.

    Parameters
    ----------
    radii
        Of each body's disc, metres.
    """

    def __init__(self, radii: Mapping[RoverId, float]) -> None:
        self._names = sorted(radii)
        self._a, self._b = np.triu_indices(len(self._names), 1)
        radius = np.array([radii[name] for name in self._names], dtype=np.float64)
        self._touching = radius[self._a] + radius[self._b]
        self._places: dict[RoverId, tuple[float, float]] = {}
        self.least: tuple[float, RoverId, RoverId] | None = None  #: Metres, and whose they were,
        self.least_at: Tick | None = None  #: and when.

    def look(self, frame: Frame) -> None:
        """Take in a frame; frames without one of the bodies are passed over."""
        places = {rover.rover: (rover.x, rover.y) for rover in frame.rovers}
        if places == self._places or len(self._a) == 0 or any(name not in places for name in self._names):
            return
        self._places = places
        points = np.array([places[name] for name in self._names], dtype=np.float64)
        gaps = np.hypot(*(points[self._a] - points[self._b]).T) - self._touching
        nearest = int(np.argmin(gaps))
        if self.least is None or gaps[nearest] < self.least[0]:
            self.least = (float(gaps[nearest]), self._names[self._a[nearest]], self._names[self._b[nearest]])
            self.least_at = frame.tick
