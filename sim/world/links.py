"""Who reaches whom by radio, over any number of hops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush


class Links:
    """The present radio links between rovers 0 to N - 1.

    Examples
    --------
    >>> hears = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    >>> links = Links([[bool(link) for link in row] for row in hears])
    >>> links.hops(0, 2), links.hops(0, 3), links.reachable(2)
    (2, None, (0, 1))
    """

    def __init__(self, linked: Sequence[Sequence[bool]]) -> None:
        self._neighbours = tuple(tuple(j for j, link in enumerate(row) if link) for row in linked)
        self._pairs = tuple((i, j) for i, heard in enumerate(self._neighbours) for j in heard if i < j)
        self._hops: dict[int, dict[int, int]] = {}
        self._groups: dict[int, tuple[int, ...]] = {}
        for i in range(len(linked)):
            if i not in self._groups:
                group = tuple(sorted(self._hops_from(i)))
                self._groups |= dict.fromkeys(group, group)

    def _hops_from(self, source: int) -> dict[int, int]:
        if source not in self._hops:
            hops = {source: 0}
            for i in (ahead := [source]):
                for j in self._neighbours[i]:
                    if j not in hops:
                        hops[j] = hops[i] + 1
                        ahead.append(j)
            self._hops[source] = hops
        return self._hops[source]

    def hops(self, a: int, b: int) -> int | None:
        """Return the number of hops from one rover to another, None when there is no way."""
        return self._hops_from(a).get(b)

    def quickest(self, source: int, seconds: Callable[[int, int], float]) -> dict[int, float]:
        """Return the time of the quickest way from one rover to each that it reaches, itself included.

        Parameters
        ----------
        seconds
            Of the link between two that hear each other directly.
        """
        found: dict[int, float] = {}
        waiting = [(0.0, source)]
        while waiting:
            time, i = heappop(waiting)
            if i not in found:
                found[i] = time
                for j in self._neighbours[i]:
                    if j not in found:
                        heappush(waiting, (time + seconds(i, j), j))
        return found

    def reachable(self, rover: int) -> tuple[int, ...]:
        """Return the others that can be reached, ascending."""
        group = self._groups[rover]
        at = group.index(rover)
        return group[:at] + group[at + 1 :]

    def neighbours(self, rover: int) -> tuple[int, ...]:
        """Return the others that are heard directly, ascending."""
        return self._neighbours[rover]

    def is_same_for(self, other: Links, rover: int) -> bool:
        """Return whether a rover hears and reaches the same others."""
        return self._groups[rover] == other._groups[rover] and self._neighbours[rover] == other._neighbours[rover]

    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Return the pairs that hear each other directly, ascending."""
        return self._pairs
