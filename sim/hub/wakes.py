"""Who wants to be asked when."""

from __future__ import annotations

from heapq import heappop, heappush

from fleet.core import RoverId, Tick


class Wakes:
    """One wake a rover; a new one replaces the one before.

    Examples
    --------
    >>> wakes = Wakes()
    >>> wakes.set(RoverId("a"), 5), wakes.set(RoverId("a"), 9)
    (None, None)
    >>> wakes.next(), wakes.take(8), wakes.take(9), wakes.next()
    (9, [], ['a'], None)
    """

    def __init__(self) -> None:
        self._wake: dict[RoverId, Tick] = {}
        self._queue: list[tuple[Tick, RoverId]] = []  # May hold entries that were replaced since.

    def set(self, rover: RoverId, tick: Tick | None) -> None:
        """Have a rover asked at `tick`; None: not before something happens."""
        if tick is None:
            self._wake.pop(rover, None)
        elif self._wake.get(rover) != tick:
            self._wake[rover] = tick
            heappush(self._queue, (tick, rover))

    def next(self) -> Tick | None:
        """Return the first tick at which somebody wants to be asked."""
        while self._queue and self._wake.get(self._queue[0][1]) != self._queue[0][0]:
            heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def take(self, tick: Tick) -> list[RoverId]:
        """Return who wants to be asked by `tick`, and forget those wakes."""
        due = []
        first = self.next()
        while first is not None and first <= tick:
            rover = heappop(self._queue)[1]
            del self._wake[rover]
            due.append(rover)
            first = self.next()
        return due
