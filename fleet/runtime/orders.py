"""Orders to stand: what they do to a rover's drive, and how they are said until they are heeded."""

from __future__ import annotations

from collections.abc import Iterable

from fleet.core import EVERYONE, Path, RoverId, Tick
from fleet.messages import Command, FollowPath, Stop, StopHeeded, StopOrder
from fleet.messages import Turn as TurnBody
from fleet.runtime.rights import Rights
from fleet.runtime.turn import Turn
from fleet.traffic import Drive

AGAIN = 5.0  #: Seconds after which an order that nobody said to heed is said again; doubles each time,
AGAIN_LIMIT = 320.0  #: up to this.


class Brake:
    """Stands between what a rover may drive and what its body drives: while anybody has it stand, it stands.

    The plan and all ground that is held stay; what was being driven goes on from where the body stands.

    Examples
    --------
    >>> brake, boss = Brake(), RoverId("boss")
    >>> brake.take(Drive(path=((5.0, 0.0), (9.0, 0.0)), report=(0,))) is not None
    True
    >>> brake.heed(boss, StopOrder(number=1)), brake.passed(0), brake.is_on
    (True, 0, True)
    >>> brake.heed(boss, StopOrder(number=2, stand=False)), brake.rest()
    (True, Drive(path=((9.0, 0.0),), report=()))
    """

    def __init__(self) -> None:
        self._latest: dict[RoverId, int] = {}
        self._held_by: set[RoverId] = set()
        self._held_for: frozenset[str] = frozenset()  # By mission control and agencies, or closed ground.
        self._drive: Drive | None = None
        self._first = 0  # Waypoint of the drive with which the path that the body drives begins.
        self._next = 0  # Of the drive.

    @property
    def is_on(self) -> bool:
        """Whether the rover is to stand."""
        return bool(self._held_by or self._held_for)

    @property
    def is_driving(self) -> bool:
        """Whether there is a drive that is not at its end."""
        return self._drive is not None

    def heed(self, sender: RoverId, order: StopOrder) -> bool:
        """Take in an order; return whether the rover is to stand now and was not, or the other way round."""
        if order.number <= self._latest.get(sender, 0):
            return False
        before = self.is_on
        self._latest[sender] = order.number
        if order.stand:
            self._held_by.add(sender)
        else:
            self._held_by.discard(sender)
        return before != self.is_on

    def hold(self, reasons: frozenset[str]) -> bool:
        """Stand for these reasons, and none of those before; return whether that changes whether the rover stands."""
        before, self._held_for = self.is_on, reasons
        return before != self.is_on

    def take(self, drive: Drive) -> Drive | None:
        """Take in what the body may drive from now on; return what it drives: nothing while it is to stand."""
        self._drive, self._first, self._next = drive, 0, 0
        return None if self.is_on else drive

    def passed(self, waypoint: int) -> int:
        """Return which waypoint of the drive lies behind, given which of the path that the body drives does."""
        self._next = self._first + waypoint + 1
        return self._next - 1

    def ended(self) -> None:
        """Take in that the body does not drive any more."""
        self._drive = None

    @property
    def ahead(self) -> Path:
        """Where it may still drive."""
        return self._drive.path[self._next :] if self._drive is not None else ()

    def rest(self) -> Drive | None:
        """Return what is left of the drive, for the body to go on with."""
        if self._drive is None:
            return None
        self._first = self._next
        report = tuple(index - self._first for index in self._drive.report if index >= self._first)
        return Drive(path=self._drive.path[self._first :], report=report)


class Signals:
    """Orders to stand that this rover gave, said again to each until it heeds them."""

    def __init__(self, dt: float) -> None:
        self._dt = dt
        self._given = 0
        self._open: dict[RoverId, tuple[StopOrder, Tick, float]] = {}  # When to say it again, and how long after that.

    def give(self, to: Iterable[RoverId], order: StopOrder, tick: Tick) -> StopOrder:
        """Take in an order of the mind; return it with its number, to be said now."""
        self._given += 1
        numbered = StopOrder(number=self._given, stand=order.stand, reason=order.reason)
        for rover in to:
            self._open[rover] = (numbered, tick + self._ticks(AGAIN), 2.0 * AGAIN)
        return numbered

    def heeded(self, sender: RoverId, word: StopHeeded) -> None:
        """Take in that a rover heeds an order."""
        if sender in self._open and self._open[sender][0].number <= word.number:
            del self._open[sender]

    def due(self, tick: Tick) -> list[tuple[RoverId, StopOrder]]:
        """Return what to say again now, and to whom."""
        said = [(rover, order) for rover, (order, again, _) in self._open.items() if again <= tick]
        for rover, order in said:
            wait = self._open[rover][2]
            self._open[rover] = (order, tick + self._ticks(wait), min(2.0 * wait, AGAIN_LIMIT))
        return said

    @property
    def wake(self) -> Tick | None:
        """When something is to be said again."""
        return min((again for _, again, _ in self._open.values()), default=None)

    def _ticks(self, seconds: float) -> Tick:
        return max(1, round(seconds / self._dt))


class Orders:
    """What one rover does about orders to stand, given and heard.

    Parameters
    ----------
    rights
        Who may have it stand.
    """

    def __init__(self, rover: RoverId, others: Iterable[RoverId], dt: float, rights: Rights) -> None:
        self._rover = rover
        self._others = tuple(others)
        self._brake = Brake()
        self._signals = Signals(dt)
        self._rights = rights

    @property
    def is_on(self) -> bool:
        """Whether the rover is to stand."""
        return self._brake.is_on

    @property
    def ahead(self) -> Path:
        """Where the body may still drive, once it may."""
        return self._brake.ahead

    def hold(self, reasons: frozenset[str], turn: Turn) -> None:
        """Stand for these reasons from now on, beside what others order; go on when there is none."""
        if self._brake.hold(reasons):
            self._turned(turn)

    def give(self, to: RoverId, order: StopOrder, turn: Turn) -> None:
        """Say an order until all whom it is for heed it; one for everyone is for oneself as well."""
        for_all = to == EVERYONE
        numbered = self._signals.give(self._others if for_all else (to,), order, turn.tick)
        turn.say(to, numbered)
        if for_all:
            self._heed(self._rover, numbered, turn)

    def hear(self, sender: RoverId, body: StopOrder | StopHeeded, turn: Turn, leader: RoverId | None) -> None:
        """Heed what another says, if it may, and tell it; whoever let it stand may always let it go."""
        if isinstance(body, StopHeeded):
            self._signals.heeded(sender, body)
            return
        refused = self._rights.against(sender, leader, turn) if body.stand else ""
        if not refused:
            self._heed(sender, body, turn)
        turn.say(sender, StopHeeded(number=body.number, refused=refused))

    def _heed(self, sender: RoverId, order: StopOrder, turn: Turn) -> None:
        if self._brake.heed(sender, order):
            self._turned(turn)

    def _turned(self, turn: Turn) -> None:
        if self._brake.is_on and self._brake.is_driving:
            turn.command = Stop()
        elif not self._brake.is_on:
            self._command(self._brake.rest(), turn)

    def allows(self, command: Command) -> bool:
        """Whether the body may do this now: who is to stand does not turn."""
        return not (self._brake.is_on and isinstance(command, TurnBody))

    def drive(self, drive: Drive, turn: Turn) -> None:
        """Let the body drive, unless it is to stand; then as soon as it may."""
        self._command(self._brake.take(drive), turn)

    def passed(self, waypoint: int) -> int:
        """Return which waypoint of the last drive lies behind, given which of the body's path does."""
        return self._brake.passed(waypoint)

    def ended(self) -> None:
        """Take in that the body does not drive any more."""
        self._brake.ended()

    def close(self, turn: Turn) -> None:
        """Say what is due again."""
        for to, order in self._signals.due(turn.tick):
            turn.say(to, order)
        turn.wake_at(self._signals.wake)

    @staticmethod
    def _command(drive: Drive | None, turn: Turn) -> None:
        if drive is not None:
            turn.command = FollowPath(path=drive.path, report=drive.report)
