"""A member's part in the choice of a leader: whom it follows, when it doubts him, and how another is elected.

An epoch is the time of one leader. Whoever misses the leader calls for the next epoch, and all who hear that and do not
hear the leader call too. As soon as everyone in reach has called, or enough after some time, each pledges itself to the
best of those who called; who gets the pledges of enough members leads. A pledge names what its giver holds, and from
then on no word of an earlier epoch's leader counts for the giver. So two things stay true, whatever is lost or late:

I.  In one epoch at most one member leads: two majorities have a member in common, who pledges once an epoch.
II. What a leader gives after a member has pledged to another does not bind, nor move, that member.

A call is the question whether the leader is there. One that is, answers; so nobody who seems to have it in reach calls
before an answer could have come, nor pledges itself before three could have, and whoever heard it a moment ago does not
join. Calls and pledges are said again until something comes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from fleet.core import EVERYONE, MissionTime, RoverId, Tick
from fleet.messages import Body, Call, Election, Heartbeat, Leading, Message, Pledge
from fleet.traffic.ballot import Ballot
from fleet.traffic.quorum import Quorum

WINDOW: Final = 2.0  #: Seconds until a call or pledge is said again; at least the two ticks that word and answer take.
ANSWER: Final = 10.0  #: Seconds that a question to the leader may stay without an answer.
PATIENCE: Final = 10.0  #: Seconds from pledges to a leader, which slow links may take; then the attempt has failed.
SIGHT: Final = 60.0  #: Seconds for which who has a plan may not reach the leader,
HIDDEN: Final = 6 * 3600.0  #: and anybody a leader that stands where it cannot be heard from here.
_SLACK: Final = 1  # Ticks that a heartbeat takes to be heard.
_ANSWERS: Final = 3  # Windows in which a leader in reach answers, before others do without it,
_MOST_ANSWERS: Final = 12  # where many words are lost more of them,
_DOUBT: Final = 0.001  # until so rarely all answers are lost.
_REST: Final = 30.0  # Seconds between an attempt that failed and the next one.

To = tuple[RoverId, Body]
Stake = Callable[[int], Pledge]  #: Makes the pledge of this member, of an epoch.


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a member sees of itself at a tick."""

    tick: Tick
    links: tuple[RoverId, ...]  #: Whom it reaches.
    fitness: float  #: Its own, by the rule of the scenario.
    is_busy: bool  #: It has a plan, or leads somebody who has.
    is_hidden: bool = False  #: The leader stands, and where it stands it is not to be heard from here.


class Elector:
    """Follows the leader, and takes part in electing another.

    Parameters
    ----------
    leader
        Who leads at the start, in epoch 0.
    rules
        None: that one leads for ever.
    """

    def __init__(
        self, *, rover: RoverId, leader: RoverId, quorum: Quorum, rules: Election | None, time: MissionTime
    ) -> None:
        self.epoch = 0  #: No word of an earlier epoch's leader counts.
        self.leader: RoverId | None = leader  #: Who leads in this epoch, None while that is not known.
        self.mandate: Mapping[RoverId, Pledge] | None = None  #: The pledges that made this member leader, until taken.
        self.wake: Tick | None = None  #: When to call `step`, at the latest.
        self._rover = rover
        self._quorum = quorum
        self._rules = rules or Election()
        self._is_fixed = rules is None
        self._window = max(2, time.tick(WINDOW))
        self._answer = max(3, time.tick(ANSWER))
        self._patience = max(4, time.tick(PATIENCE))
        self._rest = max(4, time.tick(_REST))
        self._idle_period = max(1, time.tick(self._rules.heartbeat))
        driving = self._rules.heartbeat_driving
        self._busy_period = self._idle_period if driving is None else max(1, time.tick(driving))
        self._heard: Tick = 0  # The leader's last word, or when it came into reach again.
        self._asked: Tick | None = None  # First question since then.
        self._busy_since: Tick | None = None
        self._sight = max(3, time.tick(SIGHT))
        self._hidden = max(3, time.tick(HIDDEN))
        self._lost_since: Tick = 0  # When the leader was last in reach,
        self._in_touch = False  # and whether it is.
        self._beaten: Tick = 0  # Last word of its own to all.
        self._ballot: Ballot | None = None
        self._rested: Tick = 0  # No new attempt before this tick.
        self._failures = 0
        self._answered: Tick = -1  # When it last told callers that it is there.
        self._reached: frozenset[RoverId] = frozenset()

    @property
    def leads(self) -> bool:
        """Whether this member is the leader."""
        return self.leader == self._rover

    def ask(self, tick: Tick) -> None:
        """Note that the leader was asked something."""
        if self._asked is None:
            self._asked = tick

    def woke(self, tick: Tick) -> None:
        """Note that the leader could not be heard until now."""
        self._heard = max(self._heard, tick)
        self._asked = None

    def beat(self, tick: Tick) -> None:
        """Note that something was said to all."""
        self._beaten = tick

    def hear(self, message: Message, tick: Tick, stake: Stake) -> list[To]:
        """Take in a message; return what to say."""
        if message.sender == self.leader:
            self._heard = max(self._heard, message.tick)
            self._asked = None
            if self._ballot is not None and self._ballot.since <= message.tick:
                self._take_back(self._ballot)
        if self._is_fixed:
            return []
        match message.body:
            case Leading() | Heartbeat():
                return self._hear_leader(message, message.body, tick, stake)
            case Call():
                return self._hear_call(message, message.body, tick)
            case Pledge() if self._ballot is not None and message.body.epoch == self._ballot.epoch:
                self._ballot.pledges[message.sender] = message.body
            case _:
                pass
        return []

    def _take_back(self, ballot: Ballot) -> None:
        """Call no more for the epoch after this one; who has pledged itself to it stands by that."""
        if ballot.choice is None and ballot.epoch == self.epoch + 1:
            self._ballot = None

    def _hear_leader(self, message: Message, body: Leading | Heartbeat, tick: Tick, stake: Stake) -> list[To]:
        sender = message.sender
        is_of_now = body.epoch == self.epoch and sender == self.leader
        if is_of_now and message.to == self._rover:
            # It asks: the pledge was lost, or is on its way.
            return [(sender, stake(body.epoch))]
        if is_of_now or body.epoch < self.epoch or (body.epoch == self.epoch and self.leader is not None):
            return [(sender, Leading(epoch=self.epoch))] if self.leads and body.epoch < self.epoch else []
        pledged = self._ballot is not None and self._ballot.choice == sender and self._ballot.epoch == body.epoch
        self._follow(sender, body.epoch, tick)
        return [] if pledged else [(sender, stake(body.epoch))]

    def _hear_call(self, message: Message, body: Call, tick: Tick) -> list[To]:
        if self.leads and body.epoch <= self.epoch + 1:
            is_told, self._answered = self._answered == tick, tick
            return [] if is_told else [(EVERYONE, Leading(epoch=self.epoch))]
        if body.epoch <= self.epoch or (body.epoch == self.epoch + 1 and self._heard_by(message.tick)):
            return []
        if self._ballot is None or body.epoch > self._ballot.epoch:
            self._ballot = Ballot(epoch=body.epoch, since=message.tick)
        if body.epoch == self._ballot.epoch:
            self._ballot.hear(message.sender, body.fitness, message.tick)
        return []

    def _heard_by(self, tick: Tick) -> bool:
        """Whether the leader, which is in reach, was there when somebody called at `tick`, or a moment before."""
        return self.leader is not None and self._in_touch and self._heard >= tick - self._window

    def step(self, now: Situation, stake: Stake) -> list[To]:
        """Return what to say; a member that came to lead finds its `mandate`."""
        if self._is_fixed:
            return []
        self._look(now)
        said: list[To] = []
        if self._ballot is None and self._misses_leader(now) and self._may_elect(now):
            self._ballot = Ballot(epoch=self.epoch + 1, since=now.tick)
        if self._ballot is not None:
            said += self._vote(self._ballot, now, stake)
        self.wake = self._next(now)
        return said

    def heartbeat(self, now: Situation) -> list[To]:
        """Return the leader's sign of life, when it is due; to be called when all else is said."""
        if self._is_fixed or not self.leads or now.tick < self._beaten + self._period(now):
            return []
        self._beaten = now.tick
        self.wake = self._next(now)
        return [(EVERYONE, Heartbeat(epoch=self.epoch))] if now.links else []

    def _look(self, now: Situation) -> None:
        is_in_touch = self.leader in now.links
        if is_in_touch and not self._in_touch:
            self._heard = max(self._heard, now.tick)
        if is_in_touch:
            self._lost_since = now.tick
        else:
            self._asked = None
        self._in_touch = is_in_touch
        if not self._reached.issuperset(now.links):
            self._failures, self._rested = 0, min(self._rested, now.tick)
        self._reached = frozenset(now.links)
        if not now.is_busy:
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now.tick

    def _vote(self, ballot: Ballot, now: Situation, stake: Stake) -> list[To]:
        if ballot.choice is None:
            said = self._call(ballot, now)
            if not self._is_over(ballot, now):
                return said
            if not self._quorum.is_enough(ballot.fitness.keys()):
                self._give_up(now.tick)
                return said
            said += self._choose(ballot, now.tick, stake)
        else:
            said = self._pledge_again(ballot, now.tick, stake)
        if ballot.choice == self._rover and self._is_elected(ballot, now.tick):
            self.mandate = dict(ballot.pledges)
            self._follow(self._rover, ballot.epoch, now.tick)
            self._beaten = now.tick
            return [*said, (EVERYONE, Leading(epoch=self.epoch))]
        if now.tick >= ballot.chosen_at + self._patience:
            self._give_up(now.tick)
        return said

    def _may_answer(self, ballot: Ballot, now: Situation) -> bool:
        """Whether the leader that is missed seems to be in reach, so that an answer may come, or may have been lost."""
        return self.leader in now.links and self.leader not in ballot.fitness

    def _call(self, ballot: Ballot, now: Situation) -> list[To]:
        """Call, first or once more, when it is time."""
        if ballot.called_at is None:
            is_first = now.tick == ballot.since
            is_due = is_first or not self._may_answer(ballot, now) or now.tick >= ballot.since + self._window
        else:
            is_due = now.tick >= ballot.called_at + self._window
        if not is_due:
            return []
        ballot.called_at = now.tick
        ballot.fitness[self._rover] = now.fitness
        return [(EVERYONE, Call(epoch=ballot.epoch, fitness=now.fitness))]

    def _is_over(self, ballot: Ballot, now: Situation) -> bool:
        """Whether no more calls are waited for."""
        age = (now.tick - ballot.since) // self._window
        if self._may_answer(ballot, now):
            return age > self._answers(ballot, now.tick)
        is_enough = self._quorum.is_enough(ballot.fitness.keys())
        return ballot.has_all((self._rover, *now.links)) or age >= (2 if is_enough else 3)

    def _answers(self, ballot: Ballot, tick: Tick) -> int:
        """Return for how many windows a leader in reach may be silent: so many that loss alone hardly explains it.

        Source
        ------
        A detector that suspects by what the network does at present, after Hayashibara et al., "The phi accrual
        failure detector", SRDS 2004; here what is lost is known from the calls of others, which are due once a window.
        """
        # Of later calls some may be on their way, and some are not said any more, by those who have pledged themselves.
        lost = ballot.lost(self._window, min(tick - 2, ballot.since + _ANSWERS * self._window))
        silent = lost * (2.0 - lost)  # The question or its answer.
        windows, doubt = _ANSWERS, silent * silent * silent
        while doubt > _DOUBT and windows < _MOST_ANSWERS:
            windows, doubt = windows + 1, doubt * silent
        return windows

    def _choose(self, ballot: Ballot, tick: Tick, stake: Stake) -> list[To]:
        ballot.choice, ballot.chosen_at, ballot.pledged_at = ballot.best(), tick, tick
        pledge = stake(ballot.epoch)
        self.epoch, self.leader = ballot.epoch, None
        if ballot.choice != self._rover:
            return [(ballot.choice, pledge)]
        ballot.pledges[self._rover] = pledge
        return []

    def _pledge_again(self, ballot: Ballot, tick: Tick, stake: Stake) -> list[To]:
        if ballot.choice in (None, self._rover) or tick < ballot.pledged_at + self._window:
            return []
        ballot.pledged_at = tick
        return [(ballot.choice, stake(ballot.epoch))]

    def _is_elected(self, ballot: Ballot, tick: Tick) -> bool:
        # Those who called come in a tick later; whoever is later still is taken in afterwards.
        all_in = ballot.pledges.keys() >= ballot.fitness.keys()
        is_late = tick >= ballot.chosen_at + self._window
        return self._quorum.is_enough(ballot.pledges.keys()) and (all_in or is_late)

    def _follow(self, leader: RoverId, epoch: int, tick: Tick) -> None:
        self.epoch, self.leader = epoch, leader
        self._ballot = None
        self._heard, self._asked = tick, None
        self._failures, self._rested = 0, tick
        self._in_touch = True

    def _give_up(self, tick: Tick) -> None:
        self._ballot = None
        self._rested = tick + min(self._rest * 2**self._failures, max(self._rest, self._idle_period))
        self._failures = min(self._failures + 1, 16)

    def _misses_leader(self, now: Situation) -> bool:
        return not self.leads and now.tick >= max(self._due(now), self._rested)

    def _may_elect(self, now: Situation) -> bool:
        present: Set[RoverId] = {self._rover, *now.links} - {self.leader}
        return self._quorum.is_enough(present)

    def _due(self, now: Situation) -> Tick:
        """Return when the leader is missed."""
        if self.leader is None:
            return self._rested
        if now.is_hidden and not self._in_touch:
            # It stands where it stood, and so does the way back to where it was heard: that it is silent says nothing.
            return max(self._heard, self._lost_since) + self._hidden
        due = self._heard + self._idle_period + _SLACK
        if self._busy_since is not None:
            due = min(due, max(self._heard, self._busy_since) + self._busy_period + _SLACK)
            if not self._in_touch:
                due = min(due, max(self._lost_since, self._busy_since) + self._sight)
        return due if self._asked is None else min(due, self._asked + self._answer)

    def _period(self, now: Situation) -> Tick:
        return self._busy_period if now.is_busy else self._idle_period

    def _next(self, now: Situation) -> Tick | None:
        if self._ballot is not None:
            return now.tick + 1
        if self.leads:
            return self._beaten + self._period(now)
        return max(self._due(now), self._rested) if self._may_elect(now) else None
