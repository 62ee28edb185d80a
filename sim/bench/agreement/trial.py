"""One fleet that shares out its work over bad radio, round by round: until all agree, and until all is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fleet.core import AgencyId, Point, Rng, RoverId, TaskId, stream
from fleet.messages import Bond, Gossip, Step, Task
from fleet.tasks.agreement import Agreement, LeaseRules, Member, Membership, Method, Plans
from sim.bench.agreement.graphs import Graphs

ROVERS: Final = 8
TASKS: Final = 12
COPIES: Final = 2  #: So often each word is said in its round.
_LATEST: Final = 600  # Round in which a trial is given up.
_RULES: Final = LeaseRules(asked=200, kept=10 * _LATEST)
_ITERATIONS: Final = 100  # Of the solver: how good a plan is matters to nothing that is measured here.
_CAPABILITIES: Final = ("dig", "haul", "image")
_PAIR: Final = (1, 2)  # Tasks that go together.
_AGENCY: Final = AgencyId("A")
_SIZE: Final = 20.0  # Metres, of which a rover drives one a round.


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of one fleet."""

    diameter: int
    agreed: int | None  #: Round after which all had the same plan, computed from all that there was to know.
    plans: int  #: Different plans that there were in the end, one a rover.
    begun_twice: int  #: Tasks that more than one rover began,
    begun_alone: int  #: and that one began while what goes with it was nobody's.
    done: int
    rounds: int  #: Until all was done, and all knew that.
    words: int  #: Said until all agreed, each copy counted.

    @property
    def holds(self) -> bool:
        """Whether all agreed, all was done, and nothing twice."""
        return self.agreed is not None and self.plans == 1 and not self.faults and self.done == TASKS

    @property
    def faults(self) -> int:
        """Tasks that were begun by two, or without those that go with them."""
        return self.begun_twice + self.begun_alone


@dataclass(slots=True, kw_only=True)
class _Body:
    """Where a rover is, and what it is at."""

    place: Point
    task: Task | None = None
    left: int = 0  # Rounds until it is done.
    due: int = 0  # Round in which its mind has something to do, if it hears nothing before.


class _Fleet:
    """Rovers that work as soon as a task is theirs."""

    def __init__(self, graphs: Graphs, method: Method, loss: float, copies: int) -> None:
        self.graphs = graphs
        self.rng = stream(graphs.seed, f"agreement/{graphs.shape}/{loss}")
        draw = stream(graphs.seed, "agreement/fleet")
        self.loss, self.copies = loss, copies
        self.names = [RoverId(f"rover-{number}") for number in range(graphs.size)]
        self.fleet = Membership(_members(self.names, draw))
        self.tasks = _tasks(draw)
        plans = Plans(self.fleet, iterations=_ITERATIONS)
        self.bodies = {name: _Body(place=_place(draw)) for name in self.names}
        self.minds = {
            name: Agreement(name, fleet=self.fleet, plans=plans, rules=_RULES, method=method) for name in self.names
        }
        for task in self.tasks:
            self.minds[self.names[draw.randrange(len(self.names))]].order(task)
        for name, mind in self.minds.items():
            mind.offer(self.bodies[name].place, 0, _RULES.kept)
        self.words = 0
        self.begun: dict[TaskId, set[RoverId]] = {task.id: set() for task in self.tasks}
        self.alone: set[TaskId] = set()

    def talk_of_plans(self, round_: int) -> bool:
        """Let a round pass in which nobody begins anything; return whether all agree, and nobody has more to say."""
        self.talk(round_)
        before = [mind.knowledge for mind in self.minds.values()]
        for mind in self.minds.values():
            mind.bid(0)
        after = [mind.knowledge for mind in self.minds.values()]
        return before == after and len(set(after)) == 1

    def live(self, round_: int) -> bool:
        """Let a round pass; return whether all is done, and all know that."""
        self.talk(round_)
        self.work(round_)
        return all(mind.done == {task.id for task in self.tasks} for mind in self.minds.values())

    def done(self) -> frozenset[TaskId]:
        """Return what all know to be done."""
        return frozenset.intersection(*(mind.done for mind in self.minds.values()))

    def talk(self, round_: int) -> None:
        """Let everyone say what it has to say, each word `copies` times, each copy lost by itself."""
        links = self.graphs.at(round_)
        heard: list[tuple[RoverId, RoverId, Gossip]] = []
        for number, name in enumerate(self.names):
            near = [self.names[other] for other in links[number]]
            word = self.minds[name].say(near)
            if word is None:
                continue
            self.words += self.copies
            heard += [(other, name, word) for other in near if self._is_heard()]
        self.rng.shuffle(heard)  # In any order.
        for other, name, word in heard:
            if self.minds[other].hear(name, word):
                self.bodies[other].due = round_

    def _is_heard(self) -> bool:
        return max(self.rng.random() for _ in range(self.copies)) >= self.loss

    def work(self, round_: int) -> None:
        """Let everyone go on with what is its own."""
        for name in self.names:
            mind, body = self.minds[name], self.bodies[name]
            if body.task is not None:
                body.left -= self._is_together(body.task)
                if body.left <= 0:
                    body.place = body.task.steps[-1].place
                    mind.ended(body.task.id, "done", round_)
                    body.task = None
                    self._offer(name, round_)
            if round_ >= body.due:
                taken = mind.step(round_).taken
                self.alone |= {task.id for task in taken if not self._are_held(task.partners)}
                if taken:
                    self._offer(name, round_)
                wake = mind.wake(round_) if mind.has_settled(round_) else round_ + 1
                body.due = _LATEST if wake is None else wake
            if body.task is None and mind.mine:
                self._begin(name, round_)

    def _is_together(self, task: Task) -> bool:
        """Whether all that goes with a task is worked on, or over."""
        there = {body.task.id for body in self.bodies.values() if body.task is not None}
        return all(one in there or any(one in mind.done for mind in self.minds.values()) for one in task.partners)

    def _are_held(self, tasks: frozenset[TaskId]) -> bool:
        return all(any(one in mind.held | mind.done for mind in self.minds.values()) for one in tasks)

    def _begin(self, name: RoverId, round_: int) -> None:
        body = self.bodies[name]
        body.task = next(task for task in self.tasks if task.id == self.minds[name].mine[0])
        body.left = body.task.steps[0].work
        self.begun[body.task.id].add(name)
        self._offer(name, round_)

    def _offer(self, name: RoverId, round_: int) -> None:
        """Say where the rover will be free, and when."""
        mind, body = self.minds[name], self.bodies[name]
        ahead = [task for task in self.tasks if task.id in mind.mine]
        ready = round_ + sum(task.steps[0].work for task in ahead)
        last = next((task for task in ahead if task.id == mind.mine[-1]), None)
        mind.offer(last.steps[0].place if last else body.place, ready, _RULES.kept)
        body.due = round_


def attempt(graphs: Graphs, method: Method, loss: float, *, copies: int = COPIES) -> Trial:
    """Return what became of a fleet: of one that only talks until all agree, and of the same at work.

    Parameters
    ----------
    method
        Share out by records that all know, or by private bids.
    loss
        Share of copies that is lost, each for each who could hear it.
    copies
        So often a word is said in its round.
    """
    talking, fleet = (_Fleet(graphs, method, loss, copies) for _ in range(2))
    agreed = next((round_ + 1 for round_ in range(_LATEST) if talking.talk_of_plans(round_)), None)
    plans = {mind.plan(0).hash for mind in talking.minds.values()}
    rounds = next((round_ + 1 for round_ in range(_LATEST) if fleet.live(round_)), _LATEST)
    return Trial(
        diameter=graphs.diameter(),
        agreed=agreed,
        plans=len(plans),
        begun_twice=sum(len(rovers) > 1 for rovers in fleet.begun.values()),
        begun_alone=len(fleet.alone),
        done=len(fleet.done()),
        rounds=rounds,
        words=talking.words,
    )


def _place(draw: Rng) -> Point:
    return draw.random() * _SIZE, draw.random() * _SIZE


def _members(names: Sequence[RoverId], draw: Rng) -> list[Member]:
    """Return rovers that can do two of three things each, and two that can do all, as a task for two asks for two."""
    able = [draw.sample(_CAPABILITIES, 2) for _ in names]
    able[0] = able[1] = list(_CAPABILITIES)
    return [
        Member(rover=name, capabilities=frozenset(can), payload=0.0, speed=1.0)
        for name, can in zip(names, able, strict=True)
    ]


def _tasks(draw: Rng) -> tuple[Task, ...]:
    """Return tasks here and there, two of them for two rovers at once, the last two to be done after others."""
    tasks = []
    for number in range(TASKS):
        place, work, capability = _place(draw), draw.randrange(5, 20), draw.choice(_CAPABILITIES)
        other = sum(_PAIR) - number
        bond = Bond(beside=(_name(other),)) if number in _PAIR else None
        step = Step(place=place, radius=1.0, work=work, capability=capability, bond=bond)
        after = (_name(number - 5),) if number >= TASKS - 2 else ()
        tasks.append(Task(id=_name(number), kind="image", title="", agency=_AGENCY, steps=(step,), after=after))
    return tuple(tasks)


def _name(number: int) -> TaskId:
    return TaskId(f"task-{number:02}")
