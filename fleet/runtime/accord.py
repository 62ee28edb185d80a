"""What a node does where work is shared out by agreement: has its mind price it, talks, and takes what is its own."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Final

from fleet.core import EVERYONE, RoverId, TaskId, Tick
from fleet.messages import Announcement, Award, Bids, Briefing, Gossip, Message, Task, TaskReport
from fleet.runtime.turn import Turn
from fleet.tasks.agreement import Agreement, LeaseRules, Membership, Method, Plans

BEAT: Final = 3.0  #: Seconds between two words while there is something to say.
PRESENCE: Final = 1200.0  #: Seconds for which a rover says that it takes part; said again when half of that is over.
PRICED: Final = 1800.0  #: Seconds after which the mind is asked anew though nothing changed.
ASKED: Final = 600.0  #: Seconds for which a task is asked for,
KEPT: Final = 24 * 3600.0  #: and kept: who is not heard of for so long has lost it.
PRICED_AT_ONCE: Final = 24  #: Tasks, the most valuable first.

Ask = Callable[[Announcement, Turn], None]


class Accord:
    """A rover's part in an agreement, beat by beat.

    Parameters
    ----------
    ask
        Puts a question before the mind: an announcement by its own node; what it answers comes to `priced`.

    Notes
    -----
    The mind answers as it answers a coordinator, with the seconds until it would have each task done; it need not know
    how work is shared out.
    """

    def __init__(self, briefing: Briefing, rover: RoverId, method: Method, ask: Ask) -> None:
        self._rover = rover
        self._time = briefing.time
        self._fleet = Membership.of(briefing.roster, briefing.dt)
        rules = LeaseRules(asked=self._ticks(ASKED), kept=self._ticks(KEPT))
        self._agreement = Agreement(rover, fleet=self._fleet, plans=Plans(self._fleet), rules=rules, method=method)
        self._ask = ask
        self._beat = self._ticks(BEAT)
        self._due: Tick = 0
        self._round = 0
        self._question: tuple[tuple[TaskId, ...], tuple[TaskId, ...], bool] | None = None  # What prices depend on.
        self._asked: Tick = 0
        self._prices: dict[TaskId, Tick] = {}
        self._here_until: Tick = 0
        self._is_told = True  # Whether the others were told what the rover takes part for.
        self._speaks = False  # In this turn.

    def order(self, task: Task, tick: Tick) -> None:
        """Take in an order of mission control."""
        self._agreement.order(task)
        self._soon(tick)

    def hear(self, message: Message, tick: Tick) -> None:
        """Take in what another tells."""
        if isinstance(message.body, Gossip):
            self._agreement.hear(message.sender, message.body)
            self._soon(tick)

    def reported(self, report: TaskReport, tick: Tick) -> None:
        """Take in what this rover reports of a task of its own."""
        match report.state:
            case "done" | "failed":
                self._agreement.ended(report.task, report.state, tick)
            case "returned":
                self._agreement.give_back(report.task)
            case _:
                return
        self._soon(tick)

    def cancelled(self, task: TaskId, tick: Tick) -> None:
        """Take in that a task is cancelled, and tell it."""
        self._agreement.cancelled(task, tick)
        self._soon(tick)

    def priced(self, bids: Bids, tick: Tick) -> None:
        """Take in what the mind would do each task for."""
        if bids.round == self._round:
            self._prices = {bid.task: ceil(bid.cost / self._time.dt) for bid in bids.bids}
            self._is_told = False
            self._soon(tick)

    def leave(self, turn: Turn) -> None:
        """Say that this rover takes no part until it is back."""
        self._question = None
        self._is_told = True
        self._agreement.offer(turn.seen.pose.point, turn.tick, turn.tick)
        self._speaks = True

    def step(self, turn: Turn, *, has_mind: bool, leads: bool) -> tuple[tuple[Award, ...], tuple[TaskId, ...]]:
        """Do what is due before the mind is asked; return what tasks this rover takes now, and what it loses."""
        tick = turn.tick
        if tick < self._due:
            return (), ()
        settled = self._agreement.step(tick)
        awards = tuple(
            Award(round=self._round, task=task, rover=self._rover, cost=self._cost(task.id)) for task in settled.taken
        )
        if leads:
            self._agreement.refine(tick)
        self._consult(turn, has_mind=has_mind)
        self._speaks = True
        return awards, settled.lost

    def close(self, turn: Turn) -> None:
        """Say what is to be said, once the mind has spoken."""
        if not self._is_told:
            self._is_told = True
            self._here_until = turn.tick + self._ticks(PRESENCE)
            self._agreement.offer(turn.seen.pose.point, self._asked, self._here_until, self._prices)
        if self._speaks:
            self._speaks = False
            word = self._agreement.say(turn.seen.links)
            if word is not None:
                turn.say(EVERYONE, word)
            self._due = self._next(turn)
        turn.wake_at(self._due)

    def _consult(self, turn: Turn, *, has_mind: bool) -> None:
        """Have the mind price what is to be had, when that or what it has to do is not what it was."""
        inputs = self._agreement.inputs(turn.tick)
        member = self._fleet.members[self._rover]
        able = sorted((task for task in inputs.tasks if member.is_able(task)), key=lambda task: (-task.value, task.id))
        tasks = tuple(sorted(able[:PRICED_AT_ONCE], key=lambda task: task.id))
        question = (tuple(task.id for task in tasks), self._agreement.mine, has_mind)
        is_news = question != self._question
        if is_news or (tasks and turn.tick >= self._asked + self._ticks(PRICED)):
            self._question, self._asked = question, turn.tick
            self._round += 1
            self._prices = {}
            self._is_told = False
            if tasks and has_mind:
                body = Announcement(round=self._round, tasks=tasks, deadline=turn.tick + self._ticks(ASKED))
                self._ask(body, turn)
        elif inputs.tasks and turn.tick >= self._here_until - self._ticks(PRESENCE) // 2:
            self._is_told = False

    def _next(self, turn: Turn) -> Tick:
        """Return when there is something to do, if nothing happens meanwhile."""
        tick = turn.tick
        if not self._agreement.has_settled(tick) or self._agreement.owes(turn.seen.links):
            return self._beat_after(tick)
        ends = [self._agreement.wake(tick)]
        if self._agreement.inputs(tick).tasks:
            ends += [self._here_until - self._ticks(PRESENCE) // 2, self._asked + self._ticks(PRICED)]
        return max(self._beat_after(tick), min((end for end in ends if end is not None), default=tick + _FAR))

    def _soon(self, tick: Tick) -> None:
        self._due = min(self._due, self._beat_after(tick))

    def _beat_after(self, tick: Tick) -> Tick:
        """Return the next tick at which all speak."""
        return (tick // self._beat + 1) * self._beat

    def _cost(self, task: TaskId) -> float:
        return self._prices.get(task, 0) * self._time.dt

    def _ticks(self, seconds: float) -> Tick:
        return max(1, round(seconds / self._time.dt))


_FAR: Final = 10**9  # Ticks in which nothing is due.
