"""Whatever is lost, late, doubled or given up: nobody is ever on ground of another, and waiting ends.

Rovers with holders of different sizes drive crossing paths on an open plane; mail between them and the ledger is
delivered in any order, dropped and doubled. Bodies move by any share of what they were given. Hypothesis looks for the
shortest story that goes wrong; long stories of busy traffic are drawn from named streams.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fleet.core import Disc, Path, Point, Pose, Rng, RoverId, distance, stream
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
        self.has_halted = False  # As told; its holder does not know yet.

    @property
    def pose(self) -> Pose:
        return Pose(x=self.place[0], y=self.place[1], heading=0.0)

    def obey(self, effects: Effects) -> tuple[Body, ...]:
        if effects.drive is not None:
            self.drive, self.next = effects.drive, 0
            if self.holder.phase is Phase.RETREATING:
                self.goal = None  # Out of touch; a mind would want anew from where it comes to stand.
        if effects.halt:
            self.drive, self.has_halted = None, True
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
                (x, y), (to_x, to_y) = self.place, target
                self.place = (x + (to_x - x) * share, y + (to_y - y) * share)
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
            Rover(f"r{index}", place, radius) for index, (place, radius) in enumerate(zip(places, _RADII, strict=False))
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
        """Tell a holder that told its body to stop that it stands."""
        if rover.has_halted:
            rover.has_halted = False
            self._say(rover, rover.obey(rover.holder.on_halted(rover.pose, self.tick)))

    def _pick(self, which: int) -> Rover:
        return self.rovers[which % len(self.rovers)]

    @rule(which=st.integers(0, 5), goals=st.lists(_PLACE, min_size=1, max_size=3))
    def want(self, which: int, goals: list[Point]) -> None:
        rover = self._pick(which)
        path: Path = (rover.place, *goals)
        self._say(rover, rover.obey(rover.holder.want(path, self.tick)))
        rover.goal = goals[-1] if rover.holder.phase is not Phase.RETREATING else None
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
        self._say(rover, rover.obey(rover.holder.retreat()))

    @rule(which=st.integers(0, 5), reachable=st.booleans(), lasting=st.booleans())
    def link(self, which: int, reachable: bool, lasting: bool) -> None:
        rover = self._pick(which)
        self._say(rover, rover.obey(rover.holder.on_links(reachable, self.tick, lasting=lasting)))
        self._stand_still(rover)

    @rule(which=st.integers(0, 5))
    def wake(self, which: int) -> None:
        rover = self._pick(which)
        self.tick = max(self.tick, rover.holder.wake or 0)
        self._say(rover, rover.obey(rover.holder.on_wake(self.tick)))

    def bustle(self, rng: Rng, moves: int) -> None:
        """Let all be on their way at once."""
        for _ in range(moves):
            which, act = rng.randrange(len(self.rovers)), rng.random()
            if act < 0.45:
                self.move(which, rng.random())
            elif act < 0.75:
                self._post(rng)
            elif act < 0.9:
                if self._pick(which).holder.phase is Phase.STANDING or rng.random() < 0.1:
                    goals = [(rng.uniform(0.0, 80.0), rng.uniform(0.0, 80.0)) for _ in range(rng.randint(1, 3))]
                    self.want(which, goals)
            elif act < 0.94:
                self.wake(which)
            elif act < 0.97:
                self.link(which, rng.random() < 0.6, rng.random() < 0.6)
            else:
                rng.choice((self.stop, self.block, self.retreat))(which)
            self.all_is_well()

    def _post(self, rng: Rng) -> None:
        """Deliver most of the mail in order, some late, twice or never."""
        if not self.mail:
            return
        fate, index = rng.random(), rng.randrange(len(self.mail))
        if fate < 0.05:
            del self.mail[index]
        else:
            self._deliver(index if fate < 0.2 else 0, keep=fate > 0.95)

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
    def all_is_well(self) -> None:
        for rover in self.rovers:
            own = room(self.ledger.ground(rover.id), rover.place)
            assert own >= rover.radius + CONTROL_MARGIN - 1e-6, f"{rover.id} has left its ground"
        if not self.rovers:
            return
        grounds = [self.ledger.ground(rover.id) for rover in self.rovers]
        ground = np.concatenate(grounds)
        holder = np.repeat(np.arange(len(grounds)), [len(pieces) for pieces in grounds])
        shared = crossings(ground, ground) & (holder[:, None] != holder[None, :])
        assert not shared.any(), "two rovers hold the same ground"
        rests = self.ledger.rests()
        order = list(self.ledger.plans())
        for place, name in enumerate(order):
            settled = [disc for other, disc in rests.items() if other not in order[place:]]
            for_ever = crossings(self.ledger.ahead(name), disc_pieces(settled))
            assert not for_ever.any(), f"{name} waits for one who rests"
        assert nx.is_directed_acyclic_graph(self.ledger.dependencies())

    def teardown(self) -> None:
        """When messages get through in the end and nobody gives up, all come to rest."""
        for rover in self.rovers:
            self._say(rover, rover.obey(rover.holder.on_links(True, self.tick)))
            self._stand_still(rover)
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
        self.all_is_well()
        return any(rover.holder.phase is not Phase.STANDING or rover.holder.wake is not None for rover in self.rovers)


@pytest.mark.parametrize("seed", range(20))
def test_busy_traffic_is_safe_and_comes_to_rest(seed: int) -> None:
    rng = stream(seed, "traffic")
    traffic = Traffic()
    traffic.begin(places=rng.sample([(15.0 * cell, 15.0 * row) for cell in range(5) for row in range(5)], 2 + seed % 5))

    traffic.bustle(rng, moves=150)

    traffic.teardown()


TestTraffic = Traffic.TestCase
TestTraffic.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
