"""Whatever is lost, late, doubled or given up: nobody is ever on ground of another, and waiting ends.

Rovers with holders of different sizes drive crossing paths on an open plane; mail between them and the ledger is
delivered in any order, dropped and doubled. Bodies move by any share of what they were given.
"""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fleet.core import Disc, Path, Point, Pose, RoverId, distance
from fleet.messages import AuthorityRequest, AuthorityReturn, Body
from fleet.traffic import CONTROL_MARGIN, Drive, Effects, Holder, Ledger, Phase, crossings, disc_pieces, room

_RADII = (0.25, 0.9, 2.4, 0.55, 0.25, 0.8)
_STEP = 20.0
_SETTLING = 400  # Rounds in which everything must come to rest.
_PLACE = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda cell: (cell[0] * 15.0, cell[1] * 15.0 + 3.0))


class Rover:
    """A body that moves when told, and its holder."""

    def __init__(self, name: str, place: Point, radius: float) -> None:
        self.id = RoverId(name)
        self.place = place
        self.radius = radius
        self.holder = Holder(rover=self.id, radius=radius, pose=self.pose, dt=1.0)
        self.drive: Drive | None = None
        self.next = 0
        self.goal: Point | None = None

    @property
    def pose(self) -> Pose:
        return Pose(x=self.place[0], y=self.place[1], heading=0.0)

    def obey(self, effects: Effects) -> tuple[Body, ...]:
        if effects.drive is not None:
            self.drive, self.next = effects.drive, 0
        if effects.halt:
            self.drive = None
        if effects.finished:
            assert self.goal is None or distance(self.place, self.goal) < 0.02
        return effects.send

    def move(self, metres: float, tick: int) -> tuple[Body, ...]:
        """Drive on; return what that makes the rover say."""
        said: list[Body] = []
        while self.drive is not None:
            target = self.drive.path[self.next]
            gap = distance(self.place, target)
            if gap > metres:
                share = metres / gap
                self.place = tuple(a + (b - a) * share for a, b in zip(self.place, target, strict=True))
                break
            metres -= gap
            self.place = target
            said += self._reach(tick)
        return tuple(said)

    def _reach(self, tick: int) -> tuple[Body, ...]:
        assert self.drive is not None
        waypoint, self.next = self.next, self.next + 1
        if self.next < len(self.drive.path):
            return self.obey(self.holder.on_passed(waypoint)) if waypoint in self.drive.report else ()
        self.drive = None
        return self.obey(self.holder.on_arrived(self.pose, tick))


class Traffic(RuleBasedStateMachine):
    """Rovers, the leader's ledger, and mail that goes astray."""

    def __init__(self) -> None:
        super().__init__()
        self.rovers: list[Rover] = []
        self.mail: list[tuple[bool, RoverId, Body]] = []  # To the leader or from it, which rover, what.
        self.tick = 0

    @initialize(places=st.lists(_PLACE, min_size=2, max_size=6, unique=True))
    def begin(self, places: list[Point]) -> None:
        self.rovers = [
            Rover(f"r{index}", place, radius)
            for index, (place, radius) in enumerate(zip(places, _RADII, strict=False))
        ]
        self.by_id = {rover.id: rover for rover in self.rovers}
        self.ledger = Ledger(
            {rover.id: Disc(x=rover.place[0], y=rover.place[1], radius=rover.radius + 0.5) for rover in self.rovers}
        )

    def _say(self, rover: Rover, bodies: tuple[Body, ...]) -> None:
        self.mail += [(True, rover.id, body) for body in bodies]

    def _deliver(self, index: int, *, keep: bool = False) -> None:
        to_leader, name, body = self.mail[index]
        if not keep:
            del self.mail[index]
        if not to_leader:
            rover = self.by_id[name]
            self._say(rover, rover.obey(rover.holder.on_message(body, self.tick)))
            self._stand_still(rover)
        elif isinstance(body, AuthorityRequest):
            self.mail += [(False, to, reply) for to, reply in self.ledger.request(name, body)]
        else:
            assert isinstance(body, AuthorityReturn)
            self.mail += [(False, to, reply) for to, reply in self.ledger.returned(name, body)]

    def _stand_still(self, rover: Rover) -> None:
        """Tell a holder that waits for its body to stop that it stands."""
        if rover.holder.phase is Phase.HALTING and rover.drive is None:
            self._say(rover, rover.obey(rover.holder.on_halted(rover.pose, self.tick)))

    def _pick(self, which: int) -> Rover:
        return self.rovers[which % len(self.rovers)]

    @rule(which=st.integers(0, 5), goals=st.lists(_PLACE, min_size=1, max_size=3))
    def want(self, which: int, goals: list[Point]) -> None:
        rover = self._pick(which)
        path: Path = (rover.place, *goals)
        rover.goal = goals[-1]
        self._say(rover, rover.obey(rover.holder.want(path, self.tick)))
        self._stand_still(rover)

    @rule(which=st.integers(0, 5), share=st.floats(0.0, 1.0))
    def move(self, which: int, share: float) -> None:
        rover = self._pick(which)
        self.tick += 7
        self._say(rover, rover.move(share * 3.0 * _STEP, self.tick))

    @rule(which=st.integers(0, 5))
    def stop(self, which: int) -> None:
        rover = self._pick(which)
        rover.goal = None
        self._say(rover, rover.obey(rover.holder.stop(rover.pose, self.tick)))
        self._stand_still(rover)

    @rule(which=st.integers(0, 5))
    def block(self, which: int) -> None:
        rover = self._pick(which)
        if rover.drive is not None:
            rover.drive = rover.goal = None
            self._say(rover, rover.obey(rover.holder.on_halted(rover.pose, self.tick)))

    @rule(which=st.integers(0, 5))
    def retreat(self, which: int) -> None:
        rover = self._pick(which)
        effects = rover.holder.retreat()
        if effects.drive is not None:
            rover.goal = None
        self._say(rover, rover.obey(effects))

    @rule(which=st.integers(0, 5), reachable=st.booleans())
    def link(self, which: int, reachable: bool) -> None:
        rover = self._pick(which)
        self._say(rover, rover.obey(rover.holder.on_links(reachable, self.tick)))

    @rule(which=st.integers(0, 5))
    def wake(self, which: int) -> None:
        rover = self._pick(which)
        self.tick = max(self.tick, rover.holder.wake or 0)
        self._say(rover, rover.obey(rover.holder.on_wake(self.tick)))

    @precondition(lambda self: self.mail)
    @rule(indices=st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
    def deliver(self, indices: list[int]) -> None:
        for index in indices:
            if self.mail:
                self._deliver(index % len(self.mail))

    @precondition(lambda self: self.mail)
    @rule(index=st.integers(0, 10_000))
    def double(self, index: int) -> None:
        self._deliver(index % len(self.mail), keep=True)

    @precondition(lambda self: self.mail)
    @rule(index=st.integers(0, 10_000))
    def lose(self, index: int) -> None:
        del self.mail[index % len(self.mail)]

    @rule()
    def deliver_all(self) -> None:
        for _ in range(len(self.mail)):
            self._deliver(0)

    @invariant()
    def every_body_is_on_its_own_ground(self) -> None:
        for rover in self.rovers:
            assert room(self.ledger.ground(rover.id), rover.place) >= rover.radius + CONTROL_MARGIN - 1e-6

    @invariant()
    def ground_of_different_rovers_is_disjoint(self) -> None:
        for a, b in combinations(self.rovers, 2):
            assert not crossings(self.ledger.ground(a.id), self.ledger.ground(b.id)).any()

    @invariant()
    def nobody_waits_for_one_who_rests(self) -> None:
        rests = {rover.id: self.ledger.rests()[rover.id] for rover in self.rovers}
        order = list(self.ledger.plans())
        for place, name in enumerate(order):
            settled = [disc for other, disc in rests.items() if other not in order[place:]]
            assert not crossings(self.ledger.ahead(name), disc_pieces(settled)).any()

    @invariant()
    def waits_have_no_cycle(self) -> None:
        if self.rovers:
            assert nx.is_directed_acyclic_graph(self.ledger.dependencies())

    def teardown(self) -> None:
        """When messages get through in the end and nobody gives up, all come to rest."""
        for rover in self.rovers:
            self._say(rover, rover.obey(rover.holder.on_links(True, self.tick)))
        for _ in range(_SETTLING):
            if not self._settle_step():
                break
        for rover in self.rovers:
            assert rover.holder.phase is Phase.STANDING
            assert rover.holder.wake is None
            is_there = rover.goal is None or distance(rover.place, rover.goal) < 0.02
            assert is_there or rover.holder.travel().refused
        assert self.ledger.plans() == {}
        assert np.array_equal(
            np.round([self.ledger.ground(rover.id)[0, :2] for rover in self.rovers], 6),
            np.round([rover.place for rover in self.rovers], 6),
        )

    def _settle_step(self) -> bool:
        self.tick += 600
        for rover in self.rovers:
            self._stand_still(rover)
            self._say(rover, rover.move(_STEP, self.tick))
            self._say(rover, rover.obey(rover.holder.on_wake(self.tick)))
        while self.mail:
            self._deliver(0)
        self.every_body_is_on_its_own_ground()
        self.ground_of_different_rovers_is_disjoint()
        self.nobody_waits_for_one_who_rests()
        self.waits_have_no_cycle()
        return any(rover.holder.phase is not Phase.STANDING or rover.holder.wake is not None for rover in self.rovers)


TestTraffic = Traffic.TestCase
TestTraffic.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
