"""What mission control has in force, as one rover knows it, and how it is told on until everybody knows."""

from __future__ import annotations

from collections.abc import Iterable

from fleet.core import EVERYONE, RoverId, Tick
from fleet.messages import Body, Bulletin, BulletinHeeded

AGAIN = 5.0  #: Seconds after which a bulletin that nobody said to heed is told again; doubles each time,
AGAIN_LIMIT = 320.0  #: up to this.


class Bulletins:
    """The latest bulletin that a rover heard of, and who else is known to know it.

    Notes
    -----
    Told by whoever leads, and by those who do not reach a leader, to all in reach: at once, then again until they say
    that they know. Who comes into reach is told then. The latest version is all that counts, so words that are lost,
    late, doubled or of an earlier leader change nothing for long.

    Examples
    --------
    >>> a, b = RoverId("a"), RoverId("b")
    >>> bulletins = Bulletins(a, [b], 1.0)
    >>> bulletins.learn(Bulletin(version=3)), bulletins.learn(Bulletin(version=2)), bulletins.latest.version
    (True, False, 3)
    >>> bulletins.due(9, [b], tells=True), bulletins.due(10, [b], tells=True), bulletins.wake
    ([('b', Bulletin(version=3, halts=(), closed=(), withdrawn=(), suspended=()))], [], 14)
    >>> bulletins.heeded(b, BulletinHeeded(version=3)), bulletins.due(14, [b], tells=True), bulletins.wake
    (None, [], None)
    """

    def __init__(self, rover: RoverId, others: Iterable[RoverId], dt: float) -> None:
        self.latest = Bulletin(version=0)
        self.wake: Tick | None = None  #: When something is to be told again.
        self._rover = rover
        self._dt = dt
        self._known = dict.fromkeys(others, 0)  # Latest version that each other one is known to know.
        self._open: dict[RoverId, tuple[Tick, float]] = {}  # When to tell one in reach again, and how long after that.

    def learn(self, bulletin: Bulletin) -> bool:
        """Take in a bulletin; return whether it is news."""
        if bulletin.version <= self.latest.version:
            return False
        self.latest = bulletin
        self._open.clear()
        return True

    def heeded(self, sender: RoverId, word: Bulletin | BulletinHeeded) -> None:
        """Note which version another knows."""
        if sender in self._known:
            self._known[sender] = max(self._known[sender], word.version)

    def due(self, tick: Tick, reached: Iterable[RoverId], *, tells: bool) -> list[tuple[RoverId, Body]]:
        """Return what is to be told now, and to whom, of those who are in reach."""
        behind = [rover for rover in reached if tells and self._known.get(rover, 0) < self.latest.version]
        self._open = {rover: self._open.get(rover, (tick, AGAIN)) for rover in behind}
        due = [rover for rover, (again, _) in self._open.items() if again <= tick]
        for rover in due:
            wait = self._open[rover][1]
            self._open[rover] = (tick + max(1, round(wait / self._dt)), min(2.0 * wait, AGAIN_LIMIT))
        self.wake = min((again for again, _ in self._open.values()), default=None)
        if len(due) > 1 and len(due) == len(self._known):
            return [(EVERYONE, self.latest)]
        return [(rover, self.latest) for rover in due]
