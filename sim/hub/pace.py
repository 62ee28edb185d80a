"""Holds mission time to wall time, for those who look on. Nothing that is decided depends on it."""

from __future__ import annotations

from math import inf, isfinite

from fleet.core import Clock, Tick

_LATE = 1.0  # Seconds behind, after which the lost time is not caught up.


class Pace:
    """Says how long a tick is to be waited for.

    Parameters
    ----------
    clock
        Of the wall.
    dt
        Seconds a tick.
    factor
        Mission seconds in a second of the wall; None: as fast as it goes.
    catch_up
        Tick until which it goes as fast as it can, whatever the factor.

    Examples
    --------
    >>> from fleet.core import ManualClock
    >>> pace = Pace(ManualClock(), dt=1.0, factor=10.0)
    >>> pace.left(60)
    6.0
    """

    def __init__(self, clock: Clock, *, dt: float, factor: float | None = None, catch_up: Tick = 0) -> None:
        self._clock = clock
        self._dt = dt
        self._factor: float | None = None
        self._catch_up = catch_up
        self._paused = False
        self._wall = clock.now()
        self._position = 0.0  # Mission seconds at `_wall`.
        self.set_factor(factor)

    @property
    def is_paused(self) -> bool:
        """Whether mission time stands still."""
        return self._paused

    def set_factor(self, factor: float | None) -> None:
        """Go on at another pace."""
        if factor is not None and not (isfinite(factor) and factor > 0.0):
            raise ValueError(f"factor must be finite and > 0, got {factor!r}")
        self._anchor()
        self._factor = factor

    def pause(self) -> None:
        """Let mission time stand still."""
        self._anchor()
        self._paused = True

    def resume(self) -> None:
        """Let mission time go on."""
        self._anchor()
        self._paused = False

    def skip(self, tick: Tick) -> None:
        """Take it that `tick` is due now."""
        self._reach(tick)

    def left(self, tick: Tick) -> float:
        """Return the seconds to wait until `tick` is due; infinite while paused."""
        if self._paused:
            return inf
        if self._factor is None or tick <= self._catch_up:
            self._reach(tick)
            return 0.0
        left = self._wall + (tick * self._dt - self._position) / self._factor - self._clock.now()
        if left < -_LATE:
            self._reach(tick)
        return max(0.0, left)

    def _reach(self, tick: Tick) -> None:
        self._wall = self._clock.now()
        self._position = tick * self._dt

    def _anchor(self) -> None:
        now = self._clock.now()
        if not self._paused and self._factor is not None:
            self._position += (now - self._wall) * self._factor
        self._wall = now
