"""Who is at work on what: from command to done, alone or with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import ChargeStopped, Event, Step, Task, TowBegan, TowEnded, Woke, WorkStopped
from fleet.vehicles import heat
from sim.scenario.scenario import RoverSpec
from sim.world import columns as at
from sim.world.engine import Engine
from sim.world.linking.network import Network
from sim.world.power.plug import Party, refuse_charge
from sim.world.towing import ARM, Tows, reach_of
from sim.world.works import Refusal, Worker, Works

_LIGHT_NEEDS = {"any": at.LIGHT_ANY, "lit": at.LIGHT_LIT, "dark": at.LIGHT_DARK}
_IN_TOUCH_OF_CABLE = (at.IDLE, at.CHARGING, at.ASLEEP, at.DOWN)


class Labour:
    """The work that goes on now.

    Parameters
    ----------
    rovers
        By id, as the engine numbers them.
    tell
        Takes what happened to a rover, by its number.

    Notes
    -----
    What work needs of others (`fleet.messages.Bond`) is looked at whenever something happened, and every minute.
    """

    def __init__(
        self,
        rovers: Sequence[RoverSpec],
        stock: Mapping[str, float],
        engine: Engine,
        network: Network,
        tell: Callable[[int, Event], None],
    ) -> None:
        self.works = Works(stock)
        self._specs = tuple(rovers)
        self._index = {spec.id: i for i, spec in enumerate(self._specs)}
        self._engine = engine
        self._network = network
        self._tell = tell
        self._working: dict[int, TaskId] = {}
        self._latest: dict[int, TaskId] = {}
        self.tows = Tows()
        self._plugged: dict[int, int] = {}  # Who is charged by whose work.

    @property
    def is_bound(self) -> bool:
        """Whether any work that goes on needs others."""
        return any(self.works.now(task).bond is not None for task in self._working.values())

    def task_of(self, i: int) -> TaskId | None:
        """Return what a rover has begun last, and not done."""
        latest = self._latest.get(i)
        return latest if latest in self.works.held_by(self._specs[i].id) else None

    def order(self, task: Task, tick: Tick) -> None:
        """Let a task come into being."""
        self.works.order(task, tick)
        self.expire(tick)

    def cancel(self, task: TaskId, tick: Tick) -> None:
        """Let nobody begin a task any more; who is at it may finish it, or leave it."""
        self.works.cancel(task, tick)

    def begin(self, i: int, task: TaskId, tick: Tick) -> None:
        """Let a rover that stands begin, or go on with, the next step of a task."""
        body, spec = self._engine.read(i), self._specs[i]
        worker = Worker(
            rover=spec.id,
            vehicle=spec.vehicle,
            point=(body.x, body.y),
            is_lit=body.light >= at.LIT_HALF,
            contacts=self._network.contacts(i),
        )
        refusal = self.works.refusal(worker, task, tick) or self._refusal_of_partner(i, self.works.now(task))
        if refusal is not None:
            self._tell_stopped(i, task, refusal)
            return
        step = self.works.begin(worker, task, tick)
        self._working[i] = self._latest[i] = task
        left = at.NEVER if _is_endless(step) else self.works.left(task)
        self._engine.work(i, left, _LIGHT_NEEDS[step.light])
        if step.bond is not None and step.bond.charge > 0.0 and step.bond.rover is not None:
            self._plug(i, self._index[step.bond.rover], step.bond.charge)
        elif step.bond is not None and step.bond.tow == "take" and step.bond.rover is not None:
            self._grip(i, self._index[step.bond.rover])

    def interrupt(self, i: int) -> None:
        """Take in that a rover is told to do something else; what is left of its work is kept for later."""
        if i in self._working:
            if self.tows.towed_by(i) is None:
                self.loosen(i)
            self.works.pause(self._working.pop(i), self._engine.read(i).work_left)
        for taker in [taker for taker, giver in self._plugged.items() if giver == i]:
            del self._plugged[taker]
            self._engine.stand(taker)
            self._tell(taker, ChargeStopped(reason="source"))
        self._unplug(i)

    def done(self, i: int, tick: Tick) -> None:
        """Count the step at which a rover works as done."""
        task = self._working.pop(i)
        bond = self.works.now(task).bond
        if bond is not None and bond.tow == "take":
            self._tell(i, self._began(i, self.tows.fasten(i)))
        elif bond is not None and bond.tow == "leave":
            self.loosen(i)
        self._tell(i, self.works.finish(task, tick))

    def charged(self, taker: int, tick: Tick, *, is_full: bool) -> None:
        """Take in that a rover is charged no more; whose work that was has done it, or not."""
        giver = self._plugged.pop(taker, None)
        if giver is not None and giver in self._working:
            self._engine.stand(giver)
            if is_full:
                self.done(giver, tick)
            else:
                self.stop(giver, "partner")

    def stop(self, i: int, reason: Refusal) -> None:
        """Stop the work of a rover."""
        if self.tows.towed_by(i) is None:
            self.loosen(i)
        task = self._working.pop(i)
        self.works.pause(task, self._engine.read(i).work_left)
        self._tell_stopped(i, task, reason)

    def lose(self, i: int, tick: Tick) -> None:
        """Take from a rover that is down or lost what it has begun."""
        self._working.pop(i, None)
        self._unplug(i)
        self.loosen(i)
        for task in self.works.held_by(self._specs[i].id):
            self.works.release(task, tick)

    def release(self, task: TaskId, tick: Tick) -> None:
        """Take a task from the rover that has begun it, so that another may."""
        for i, working in sorted(self._working.items()):
            if working == task:
                self.stop(i, "taken")
                self._engine.stand(i)
        self._loosen_for(task)
        self.works.release(task, tick)

    def put_down(self, i: int, tasks: Sequence[TaskId], tick: Tick) -> None:
        """Let a rover give up these tasks."""
        for task in self.works.held_by(self._specs[i].id):
            if task in tasks:
                self._loosen_for(task)
                self.works.release(task, tick)

    def look_at_contact(self) -> None:
        """Stop work that has lost the contact it needs."""
        for i, task in sorted(self._working.items()):
            if self.works.now(task).contact not in self._network.contacts(i):
                self.stop(i, "contact")
                self._engine.stand(i)

    def expire(self, tick: Tick) -> None:
        """Let fail what was not done in time."""
        late = self.works.expire(tick)
        for task in late:
            self._loosen_for(task)
        for i, task in sorted(self._working.items()):
            if task in late:
                self._engine.stand(i)
                del self._working[i]
                self._tell_stopped(i, task, "order")

    def look_at_bonds(self, tick: Tick) -> None:
        """End work that ends with others', stop what lost its partner, and let time count where all is well."""
        if not self._working:
            return
        is_settled = False
        while not is_settled:
            is_settled = True
            for i, task in sorted(self._working.items()):
                bond = self.works.now(task).bond
                if bond is None:
                    continue
                if bond.until is not None and self.works.is_over(bond.until, bond.until_step):
                    self._engine.stand(i)
                    self.done(i, tick)
                    is_settled = False  # Others may end with this.
                elif not self._has_in_view(i, bond.rover, bond.within):
                    self._engine.stand(i)
                    self.stop(i, "partner")
                    is_settled = False  # Others may wait for this.
        at_work = set(self._working.values())  # Asked for membership only.
        for i, task in sorted(self._working.items()):
            bond = self.works.now(task).bond
            if bond is not None:
                is_heard = bond.hears is None or self._network.hops(*bond.hears) is not None
                is_alone = any(other not in at_work and not self.works.is_over(other, 0) for other in bond.beside)
                self._engine.let_wait(i, waits=is_alone or not is_heard)

    def _refusal_of_partner(self, i: int, step: Step) -> Refusal | None:
        """Return why the one whom a step is about keeps it from beginning."""
        bond = step.bond
        if bond is None or bond.rover is None:
            return None
        j = self._index.get(bond.rover, i)
        if j == i or not self._has_in_view(i, bond.rover, bond.within):
            return "partner"
        if bond.tow:
            return None if self._can_tow(i, j, step) else "partner"
        if bond.charge <= 0.0:
            return None
        parties = [Party(reading=self._engine.read(k), vehicle=spec.vehicle) for k, spec in enumerate(self._specs)]
        taker = parties[j].reading
        is_cold = taker.activity == at.DOWN and taker.temperature < heat.DISCHARGE_FROM
        if taker.activity not in _IN_TOUCH_OF_CABLE or is_cold:
            return "partner"
        return None if refuse_charge(parties, j, i) in (None, "full") else "partner"

    def _can_tow(self, i: int, j: int, step: Step) -> bool:
        """Whether a rover has another fast, to set it down; or stands beside one that stands, is awake and free."""
        assert step.bond is not None
        if step.bond.tow == "leave":
            return self.tows.towed_by(i) == j
        radii = [self._specs[k].vehicle.radius for k in (i, j)]
        gap = reach_of(self._engine.places(), i, j, 0.0) - sum(radii)
        is_free = self._engine.read(j).activity in (at.IDLE, at.CHARGING, at.WORKING)
        return gap <= ARM and is_free and self.tows.tower_of(j) is None and self._specs[j].vehicle.can_drive

    def _grip(self, tower: int, towed: int) -> None:
        """Hold another, which stands still from now on."""
        self.interrupt(towed)
        self._engine.stand(towed)
        self.tows.grip(tower, towed)
        self._tell(towed, self._began(tower, towed))

    def _began(self, tower: int, towed: int) -> TowBegan:
        reach = reach_of(self._engine.places(), tower, towed, self._specs[towed].vehicle.radius)
        return TowBegan(tower=self._specs[tower].id, towed=self._specs[towed].id, reach=reach)

    def loosen(self, tower: int) -> None:
        """Let a rover let go of whom it has in tow, who stands where it is."""
        has_it_fast = self.tows.towed_by(tower) is not None
        towed = self.tows.loosen(tower)
        if towed is None:
            return
        if self._engine.read(towed).activity == at.DRIVING:
            self._engine.stand(towed)
        x, y = self._engine.places()[towed]
        word = TowEnded(tower=self._specs[tower].id, towed=self._specs[towed].id, place=(x, y))
        self._tell(towed, word)
        if has_it_fast:
            self._tell(tower, word)

    def _loosen_for(self, task: TaskId) -> None:
        """Let go of whom the rover that has begun a task has in tow for it."""
        for i, spec in enumerate(self._specs):
            if self.tows.gripped_by(i) is not None and task in self.works.held_by(spec.id):
                self._engine.stand(i)
                self.loosen(i)

    def _has_in_view(self, i: int, rover: RoverId | None, within: float) -> bool:
        """Whether another is near enough, with nothing between the two masts."""
        if rover is None or within <= 0.0:
            return True
        places = self._engine.places()
        (x, y), (other_x, other_y) = places[i], places[self._index.get(rover, i)]
        dx, dy = other_x - x, other_y - y
        return dx * dx + dy * dy <= within * within and rover in self._network.neighbours(i)

    def _plug(self, giver: int, taker: int, share: float) -> None:
        """Put one's cable into another, which is awake thereby."""
        before = self._engine.read(taker).activity
        self.interrupt(taker)
        self._engine.stand(taker)
        self._engine.charge(taker, giver, share)
        self._plugged[taker] = giver
        if before in (at.ASLEEP, at.DOWN):
            self._tell(taker, Woke(reason="charge"))

    def _unplug(self, taker: int) -> None:
        """Take in that a rover leaves the cable of another by itself."""
        giver = self._plugged.pop(taker, None)
        if giver is not None and giver in self._working:
            self._engine.stand(giver)
            self.stop(giver, "partner")

    def _tell_stopped(self, i: int, task: TaskId, reason: Refusal) -> None:
        self._tell(i, WorkStopped(task=task, reason=reason, step=self.works.step(task)))


def _is_endless(step: Step) -> bool:
    """Whether a step ends by what others do, not by its own time."""
    return step.bond is not None and (step.bond.until is not None or step.bond.charge > 0.0)
