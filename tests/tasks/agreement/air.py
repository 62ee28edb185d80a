"""Fleets and tasks for agreements, and air that loses, doubles, delays and mixes up words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fleet.core import AgencyId, Rng, RoverId, TaskId, stream
from fleet.messages import Bond, Gossip, Step, Task
from fleet.tasks.agreement import Agreement, LeaseRules, Member, Membership, Method, Plans

RULES = LeaseRules(asked=60, kept=300)
CAPABILITIES = ("dig", "haul")


def task(
    name: str, capability: str = "dig", *, x: float = 0.0, after: tuple[str, ...] = (), beside: tuple[str, ...] = ()
) -> Task:
    """Return a task of five ticks."""
    bond = Bond(beside=tuple(TaskId(one) for one in beside)) if beside else None
    step = Step(place=(x, 0.0), radius=1.0, work=5, capability=capability, bond=bond)
    before = tuple(TaskId(one) for one in after)
    return Task(id=TaskId(name), kind="image", title="", agency=AgencyId("A"), steps=(step,), after=before)


def fleet(able: Iterable[Sequence[str]]) -> Membership:
    """Return rovers `r0`, `r1` and so on with these capabilities."""
    return Membership(
        Member(rover=RoverId(f"r{number}"), capabilities=frozenset(can), payload=0.0, speed=1.0)
        for number, can in enumerate(able)
    )


@dataclass
class Air:
    """Rovers that agree over the worst radio there is; every word may be lost, late, doubled and overtaken."""

    members: Membership
    seed: int
    loss: float
    method: Method = "agreement"
    groups: tuple[frozenset[RoverId], ...] = ()  #: That do not hear each other.
    tick: int = 0
    begun: dict[TaskId, list[RoverId]] = field(default_factory=dict)
    clashes: list[RoverId] = field(default_factory=list)  #: Who was at what another began, or had done it.
    finished: dict[TaskId, list[RoverId]] = field(default_factory=dict)
    alone: list[TaskId] = field(default_factory=list)  #: Begun though one that goes with it was nobody's.

    def __post_init__(self) -> None:
        self.rng: Rng = stream(self.seed, "air")
        plans = Plans(self.members, iterations=50)
        self.minds = {
            name: Agreement(name, fleet=self.members, plans=plans, rules=RULES, method=self.method)
            for name in self.members.members
        }
        self.flying: list[tuple[int, RoverId, RoverId, Gossip]] = []
        self.at_work: dict[RoverId, tuple[TaskId, int]] = {}  # And for how many ticks more.
        self.tasks: dict[TaskId, Task] = {}  # That somebody took.

    def are_parted(self, a: RoverId, b: RoverId) -> bool:
        return any((a in group) != (b in group) for group in self.groups)

    def offer(self, name: RoverId, *, for_: int = 100_000) -> None:
        """Let a rover take part, wherever it happens to be."""
        place = (self.rng.random() * 20.0, 0.0)
        self.minds[name].offer(place, self.tick, self.tick + for_)

    def run(self, ticks: int, *, deaf: frozenset[RoverId] = frozenset(), until: int = 1000) -> None:
        """Let time pass, or until so many tasks are done; who is deaf does and says nothing."""
        for _ in range(ticks):
            if len(self.finished) >= until:
                return
            self.tick += 1
            due = [item for item in self.flying if item[0] <= self.tick]
            self.flying = [item for item in self.flying if item[0] > self.tick]
            self.rng.shuffle(due)
            for _, sender, name, word in due:
                if name not in deaf and not self.are_parted(sender, name):
                    self.minds[name].hear(sender, word)
            for name, mind in self.minds.items():
                if name not in deaf:
                    self._live(name, mind)

    def _live(self, name: RoverId, mind: Agreement) -> None:
        settled = mind.step(self.tick)
        self.tasks |= {task.id: task for task in settled.taken}
        for taken in settled.taken:
            held = {task for other in self.minds.values() for task in other.held}
            self.alone += [taken.id for one in taken.partners if one not in held and one not in self.finished]
        work = self.at_work.get(name)
        if work is not None and work[0] in settled.lost:
            del self.at_work[name]
            work = None
        if work is None and mind.mine:
            work = self.at_work[name] = mind.mine[0], self.rng.randrange(3, 30)
            self.clashes += [other for other, (at, _) in self.at_work.items() if other != name and at == work[0]]
            self.clashes += self.finished.get(work[0], [])
            self.begun.setdefault(work[0], []).append(name)
            self.offer(name)
        if work is not None:
            there = {at for at, _ in self.at_work.values()} | self.finished.keys()
            left = work[1] - (self.tasks[work[0]].partners <= there)
            self.at_work[name] = work[0], left
            if left <= 0:
                del self.at_work[name]
                self.finished.setdefault(work[0], []).append(name)
                mind.ended(work[0], "done", self.tick)
                self.offer(name)
        others = [other for other in self.minds if other != name]
        word = mind.say(others)
        for other in others if word is not None else []:
            for _ in range(self.rng.choice((1, 1, 2))):
                if self.rng.random() >= self.loss:
                    self.flying.append((self.tick + self.rng.choice((1, 1, 2, 7)), name, other, word or Gossip()))
