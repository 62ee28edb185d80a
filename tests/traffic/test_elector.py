"""How members come to follow one leader, word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import EVERYONE, Disc, MissionTime, RoverId, stream
from fleet.messages import Body, Call, Election, Heartbeat, Holding, Leading, Message, Pledge
from fleet.traffic import Elector, Quorum, Situation, most_missing

A, B, C, D = (RoverId(name) for name in "abcd")
RULES = Election(heartbeat=600.0, heartbeat_driving=20.0, may_miss=1)
TIME = MissionTime(start=datetime(2029, 10, 20, tzinfo=UTC), dt=1.0)


def _pledge(epoch: int) -> Pledge:
    holding = Holding(plan=0, start=Disc(x=0.0, y=0.0, radius=1.0))
    return Pledge(epoch=epoch, holding=holding, claims=(), notes=())


class _Fleet:
    """Electors that hear each other a tick later, but for those that are silent."""

    def __init__(self, fitness: dict[RoverId, float], rules: Election | None = RULES) -> None:
        quorum = Quorum(members=frozenset(fitness), drivers=frozenset(fitness) - {A}, may_miss=1)
        self.electors = {
            rover: Elector(rover=rover, leader=A, quorum=quorum, rules=rules, time=TIME) for rover in sorted(fitness)
        }
        self.fitness = fitness
        self.silent: set[RoverId] = set()
        self.are_seen = False  # Whether those that are silent seem to be in reach.
        self.drives: set[RoverId] = set()
        self.hidden: set[RoverId] = set()  # From whom the leader is hidden where it stands.
        self.said: list[Message] = []
        self.all: list[Message] = []
        self.is_lost: Callable[[Message, RoverId], bool] = lambda _message, _to: False
        self.tick = 0

    def run(self, until: int) -> None:
        while self.tick < until:
            self.tick += 1
            heard, self.said = self.said, []
            for rover in sorted(self.electors.keys() - self.silent):
                for message in heard:
                    if message.sender == rover or self.is_lost(message, rover):
                        continue
                    if message.to in (rover, EVERYONE):
                        self._say(rover, self.electors[rover].hear(message, self.tick, _pledge))
                self._step(rover)

    def _step(self, rover: RoverId) -> None:
        links = tuple(other for other in sorted(self.electors) if other != rover and self._reaches(other))
        is_busy = bool(self.drives) if self.electors[rover].leads else rover in self.drives
        now = Situation(
            tick=self.tick, links=links, fitness=self.fitness[rover], is_busy=is_busy, is_hidden=rover in self.hidden
        )
        self._say(rover, self.electors[rover].step(now, _pledge))
        self._say(rover, self.electors[rover].heartbeat(now))

    def _reaches(self, rover: RoverId) -> bool:
        return self.are_seen or rover not in self.silent

    def _say(self, sender: RoverId, said: Iterable[tuple[RoverId, Body]]) -> None:
        said_now = [Message(tick=self.tick, sender=sender, seq=0, to=to, body=body) for to, body in said]
        self.said += said_now
        self.all += said_now

    def leaders(self) -> set[RoverId | None]:
        return {self.electors[rover].leader for rover in self.electors.keys() - self.silent}


def test_a_leader_that_is_heard_stays() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})

    fleet.run(5000)

    assert fleet.leaders() == {A}


def test_the_fittest_of_those_that_are_left_leads() -> None:
    fleet = _Fleet({A: 9.0, B: 1.0, C: 3.0, D: 2.0})

    fleet.silent = {A}
    fleet.run(700)

    assert fleet.leaders() == {C}
    mandate = fleet.electors[C].mandate
    assert mandate is not None
    assert mandate.keys() == {B, C, D}


def test_of_the_fittest_the_smallest_id_leads() -> None:
    fleet = _Fleet(dict.fromkeys((A, B, C, D), 0.0))

    fleet.silent = {A}
    fleet.run(700)

    assert fleet.leaders() == {B}


def test_another_leads_three_ticks_after_the_first_missed_heartbeat() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})
    fleet.drives = {B}
    fleet.run(60)  # The last heartbeat is said at 60 and would be said at 80 again; B, that drives, misses it at 81.

    fleet.silent = {A}
    fleet.run(84)

    assert fleet.leaders() == {D, None}
    assert fleet.electors[D].leader == D


def test_who_gets_no_answer_doubts_before_a_heartbeat_is_due() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})
    fleet.run(50)

    fleet.silent, fleet.are_seen = {A}, True
    fleet.electors[B].ask(50)
    fleet.run(70)

    assert fleet.leaders() == {D}


def test_who_has_a_plan_doubts_a_leader_that_is_out_of_reach_for_a_minute() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0}, Election(heartbeat=600.0, may_miss=1))
    fleet.drives = {B}
    fleet.run(50)

    fleet.silent = {A}
    fleet.run(120)

    assert fleet.leaders() == {D}


def test_who_cannot_hear_a_leader_that_stands_misses_it_after_hours() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})
    fleet.drives, fleet.hidden = {B, C, D}, {B, C, D}
    fleet.run(50)

    fleet.silent = {A}
    fleet.run(6 * 3600)

    assert fleet.leaders() == {A}
    fleet.run(6 * 3600 + 100)
    assert fleet.leaders() == {D}


def test_one_who_should_hear_the_leader_has_the_others_elect_as_well() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})
    fleet.drives, fleet.hidden = {B, C, D}, {B, C}
    fleet.run(50)

    fleet.silent = {A}
    fleet.run(120)

    assert fleet.leaders() == {D}


def test_too_few_elect_nobody() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})

    fleet.silent = {A, B}
    fleet.run(5000)

    assert fleet.leaders() == {A}


def test_a_leader_that_comes_back_follows_the_later_one() -> None:
    fleet = _Fleet({A: 9.0, B: 1.0, C: 2.0, D: 3.0})
    fleet.silent = {A}
    fleet.run(700)

    fleet.silent = set()
    fleet.run(1400)

    assert fleet.leaders() == {D}


def test_a_leader_that_is_well_answers_who_misses_it() -> None:
    leader = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0}).electors[A]
    call = Message(tick=5, sender=B, seq=1, to=EVERYONE, body=Call(epoch=1, fitness=9.0))

    assert leader.hear(call, 6, _pledge) == [(EVERYONE, Leading(epoch=0))]


def _kinds(fleet: _Fleet, kind: type[Body]) -> int:
    return sum(isinstance(message.body, kind) for message in fleet.all)


def test_a_lost_heartbeat_costs_a_call_and_an_answer() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})
    fleet.is_lost = lambda message, to: to == B and message.tick == 600 and isinstance(message.body, Heartbeat)

    fleet.run(1000)

    assert fleet.leaders() == {A}
    assert (_kinds(fleet, Call), _kinds(fleet, Leading), _kinds(fleet, Pledge)) == (1, 1, 0)


def test_two_answers_may_be_lost_with_the_heartbeat() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})
    fleet.is_lost = lambda message, to: to == B and 600 <= message.tick < 605 and message.sender == A

    fleet.run(1000)

    assert {elector.epoch for elector in fleet.electors.values()} == {0}
    assert _kinds(fleet, Pledge) == 0
    assert _kinds(fleet, Call) <= 3


def test_all_miss_a_lost_heartbeat_and_none_of_the_answers_starts_an_election() -> None:
    """Each calls, at once; and hears that the leader is there."""
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0})
    fleet.is_lost = lambda message, _to: message.tick == 600 and isinstance(message.body, Heartbeat)

    fleet.run(1000)

    assert fleet.leaders() == {A}
    assert (_kinds(fleet, Call), _kinds(fleet, Pledge)) == (3, 0)


@pytest.mark.parametrize("share", [0.2, 0.3])
def test_where_many_words_are_lost_a_leader_that_is_there_hardly_ever_has_to_be_elected_again(share: float) -> None:
    epochs, words = [], 0
    for seed in range(40):
        rng = stream(seed, "words")
        fleet = _Fleet(dict.fromkeys((A, B, C, D), 0.0), Election(heartbeat=60.0, may_miss=1))
        fleet.is_lost = partial(lambda chance, _message, _to: chance.random() < share, rng)
        fleet.run(1200)
        epochs.append(max(elector.epoch for elector in fleet.electors.values()))
        words += len(fleet.all)

    # Of the sixty heartbeats that are to be heard, a dozen are not, or more.
    assert sum(epoch > 0 for epoch in epochs) <= 4
    assert words < 40 * 100


@given(st.integers(0, 1000))
def test_whatever_is_lost_for_a_while_a_dead_leader_is_followed_by_one_whom_all_follow(seed: int) -> None:
    rng = stream(seed, "words")
    fleet = _Fleet({A: 9.0, B: 1.0, C: 2.0, D: 3.0}, Election(heartbeat=60.0, may_miss=1))
    fleet.is_lost = lambda message, _to: message.tick < 400 and rng.random() < 0.3
    fleet.silent = {A}

    fleet.run(1000)

    assert len(fleet.leaders()) == 1
    assert fleet.leaders() <= {B, C, D}


def test_a_dead_leader_that_seems_to_be_in_reach_is_followed_by_another_though_many_words_are_lost() -> None:
    ticks = []
    for seed in range(20):
        rng = stream(seed, "dead")
        fleet = _Fleet({A: 9.0, B: 1.0, C: 2.0, D: 3.0}, Election(heartbeat=60.0, may_miss=1))
        fleet.is_lost = partial(lambda chance, _message, _to: chance.random() < 0.2, rng)
        fleet.silent, fleet.are_seen = {A}, True
        while (fleet.leaders() - {A, None}) != fleet.leaders() or len(fleet.leaders()) > 1:
            fleet.run(fleet.tick + 5)
        ticks.append(fleet.tick)

    assert sorted(ticks)[len(ticks) // 2] <= 60 + 30
    assert max(ticks) <= 60 + 300


def test_who_is_asked_by_the_leader_it_follows_pledges_once_more() -> None:
    member = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0}).electors[B]
    leading = Leading(epoch=2)

    first = member.hear(Message(tick=5, sender=C, seq=1, to=EVERYONE, body=leading), 6, _pledge)
    told_all = member.hear(Message(tick=7, sender=C, seq=2, to=EVERYONE, body=leading), 8, _pledge)
    asked = member.hear(Message(tick=9, sender=C, seq=3, to=B, body=leading), 10, _pledge)

    assert (first, told_all, asked) == ([(C, _pledge(2))], [], [(C, _pledge(2))])


def test_no_word_of_an_earlier_epoch_wins_a_member_back() -> None:
    member = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0}).electors[B]
    member.hear(Message(tick=5, sender=C, seq=1, to=EVERYONE, body=Leading(epoch=2)), 6, _pledge)

    for body in (Leading(epoch=1), Heartbeat(epoch=0), Leading(epoch=2)):
        member.hear(Message(tick=7, sender=D, seq=1, to=EVERYONE, body=body), 8, _pledge)

    assert (member.leader, member.epoch) == (C, 2)


def test_without_rules_nobody_calls_and_nobody_is_followed_instead() -> None:
    fleet = _Fleet({A: 0.0, B: 1.0, C: 2.0, D: 3.0}, rules=None)
    fleet.silent = {A}

    fleet.run(5000)
    fleet.electors[B].hear(Message(tick=1, sender=C, seq=1, to=EVERYONE, body=Leading(epoch=9)), 6, _pledge)

    assert fleet.leaders() == {A}


_GROUPS: Callable[[int], st.SearchStrategy[set[int]]] = lambda count: st.sets(st.integers(0, count - 1))  # noqa: E731


@given(st.data())
def test_who_elects_meets_who_knows_and_who_elected_before(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 9))
    names = [RoverId(f"r{index}") for index in range(count)]
    drivers = frozenset(names[index] for index in data.draw(_GROUPS(count)))
    voters = frozenset(names) if data.draw(st.booleans()) else drivers or frozenset(names)
    may_miss = data.draw(st.integers(0, most_missing(len(voters))))
    quorum = Quorum(members=frozenset(names), drivers=drivers, may_miss=may_miss, voters=voters)
    first, second, know = (frozenset(names[index] for index in data.draw(_GROUPS(count))) for _ in range(3))

    if quorum.is_enough(first) and quorum.is_enough(second) and drivers:
        assert first & second
    if quorum.is_enough(first) and quorum.missing(know) == 0:
        assert first & know or drivers <= first


def test_half_of_a_fleet_cannot_be_missing() -> None:
    with pytest.raises(ValueError, match="fewer than half"):
        Quorum(members=frozenset((A, B, C, D)), drivers=frozenset((B,)), may_miss=2)
