"""The owner of truth: bodies, light, power, radio links and work, from one event to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx as nx

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import (
    Charge,
    ChargeStopped,
    Command,
    Event,
    FollowPath,
    Froze,
    Observation,
    PutDown,
    Sleep,
    Slept,
    StepDone,
    Stop,
    Task,
    Turn,
    WentDown,
    Work,
)
from fleet.moon import Almanac
from sim.scenario.fault import Fault
from sim.scenario.scenario import Scenario
from sim.world import columns as at
from sim.world.arrays import sky_of
from sim.world.course import Site
from sim.world.damage import Damage, believed_pose
from sim.world.engine import CompiledEngine, Engine, Record, rhythm
from sim.world.happenings import PLAIN_EVENTS
from sim.world.helm import Helm
from sim.world.instruments import Instruments
from sim.world.keeping import WorldKeeper
from sim.world.labour import Labour
from sim.world.linking.network import Network
from sim.world.power.plug import Party, refuse_charge
from sim.world.reading import activity_of, state_of
from sim.world.reference import ReferenceEngine
from sim.world.values import BodyState, EnergyLedger, WorldCollision, WorldInstrument, WorldTask

_ENDS_TOW_DRIVE = (at.BODY_AHEAD, at.BATTERY_EMPTY, at.TOO_COLD, at.FROZEN)


class World:
    """The true state of a scenario, advanced from one event to the next.

    Parameters
    ----------
    reference
        Run tick by tick in plain Python instead of compiled; the same bits, much slower.

    Notes
    -----
    In a tick, in this order and rovers by id: bodies move, light is sampled, energy flows, batteries are checked,
    work goes on, links are looked at (once a minute, and whenever something happened); then tasks fail whose time is
    over. A command works from the next tick on. One that is refused becomes an event, and the world then stops at the
    next tick for it to be told. A rover that sleeps, is down or lost obeys nothing.
    """

    def __init__(self, scenario: Scenario, *, reference: bool = False) -> None:
        self.tick: Tick = 0
        self._dt = scenario.time.dt
        self._specs = tuple(sorted(scenario.rovers, key=lambda spec: spec.id))
        self._ids = tuple(spec.id for spec in self._specs)
        self._index = {rover: i for i, rover in enumerate(self._ids)}
        site = Site(scenario.ground)
        ground = scenario.ground.map
        almanac = Almanac.over(ground, scenario.time, scenario.end, site.map_heights)
        sky = sky_of(site.map_heights, almanac.field(), almanac.far_field())
        engine = ReferenceEngine if reference else CompiledEngine
        self._engine: Engine = engine(self._specs, sky, self._dt)
        self._law = scenario.law
        self._drowsy: list[int] = []  # Told to sleep, and not yet deaf.
        self._events: list[tuple[int, Event]] = []
        self._collisions: list[WorldCollision] = []
        self.collisions = 0  #: Contacts so far.
        self._network = Network(self._specs, scenario.coordinator, self._engine)
        self._labour = Labour(self._specs, scenario.stock, self._engine, self._network, self._note)
        self._instruments = Instruments(scenario.instruments, sky, self._dt, scenario.end, reference=reference)
        self._minute = rhythm(self._dt)[2]
        self._damage = Damage(self._ids, self._engine)
        self._helm = Helm(
            self._specs,
            site,
            self._dt,
            engine=self._engine,
            tows=self._labour.tows,
            damage=self._damage,
            note=self._note,
        )
        fixed = {"site": site, "sky": sky, "drivers": self._helm.drivers, "specs": self._specs}
        self._keeper = WorldKeeper(scenario, fixed)
        self._count_contacts(
            [(i, j) for i, row in enumerate(self._engine.touching()) for j, touch in enumerate(row) if touch and i < j]
        )

    # Time

    def advance(self, until: Tick) -> Tick:
        """Run to the first later tick at which anything happened, at most `until`, and return it.

        Notes
        -----
        What was not yet taken when this is called, such as the refusal of a command, happens at the next tick.
        """
        if self._has_news():
            until = min(until, self.tick + 1)
        while self.tick < until:
            deadline = self._labour.works.deadline
            bound = until if deadline is None else min(until, max(deadline, self.tick + 1))
            if self._labour.is_bound:
                bound = min(bound, self.tick - self.tick % self._minute + self._minute)
            bound = min(bound, self._instruments.next_stop)
            self.tick, records = self._engine.advance(self.tick, bound)
            self._instruments.advance(self.tick)
            self._tell(records)
            self._let_sleep()
            self._labour.expire(self.tick)
            if records or self.tick % self._minute == 0:
                self._labour.look_at_bonds(self.tick)
            if self._has_news():
                break
        return self.tick

    def _has_news(self) -> bool:
        has_changes = self._labour.works.has_changes or self._instruments.has_changes
        return has_changes or bool(self._events or self._collisions or self._drowsy)

    def _tell(self, records: Sequence[Record]) -> None:
        """Turn what an engine recorded in one tick into events and changes."""
        contacts: list[tuple[int, int]] = []
        for code, i, first, second in records:
            if code in PLAIN_EVENTS:
                if code in _ENDS_TOW_DRIVE and self._helm.stop_tow(i):
                    continue
                self._note(i, PLAIN_EVENTS[code])
                if isinstance(PLAIN_EVENTS[code], WentDown | Froze):
                    self._labour.lose(i, self.tick)
                elif isinstance(PLAIN_EVENTS[code], ChargeStopped):
                    self._labour.charged(i, self.tick, is_full=code == at.CHARGE_FULL)
            elif code == at.MARKS:
                self._helm.pass_marks(i, first, second)
            elif code == at.WORK_DONE:
                self._labour.done(i, self.tick)
            elif code == at.WORK_WRONG_LIGHT:
                self._labour.stop(i, "light")
            elif code == at.CONTACT:
                contacts.append((i, first))
            else:
                self._look_at_links()
        if contacts:
            self._count_contacts(sorted(contacts))

    def _count_contacts(self, pairs: Sequence[tuple[int, int]]) -> None:
        self.collisions += len(pairs)
        self._collisions += [WorldCollision(a=self._ids[i], b=self._ids[j], tick=self.tick) for i, j in pairs]

    def _let_sleep(self) -> None:
        """Let those be deaf from now on who were told to sleep; what they said before is on the air."""
        if self._drowsy:
            self._events += [(i, Slept()) for i in self._drowsy if self._engine.read(i).activity == at.ASLEEP]
            self._drowsy = []
            self._engine.look_at_links(self.tick)
            self._look_at_links()

    def _look_at_links(self) -> None:
        self._events += [told for told in self._network.look() if self._engine.read(told[0]).activity < at.LOST]
        self._labour.look_at_contact()

    # What happened

    def _note(self, i: int, event: Event) -> None:
        self._events.append((i, event))
        if isinstance(event, StepDone) and event.final:
            self._instruments.set_up(event.task, self.tick)

    def take_events(self) -> tuple[tuple[RoverId, Event], ...]:
        """Return what happened to rovers since the last call, by rover and then in order."""
        events, self._events = sorted(self._events, key=lambda item: item[0]), []
        return tuple((self._ids[i], event) for i, event in events)

    def take_changes(self) -> tuple[WorldTask | WorldInstrument | WorldCollision, ...]:
        """Return what changed of tasks and instruments and which bodies touched since the last call, each in order."""
        collisions, self._collisions = self._collisions, []
        return (*self._labour.works.take_changes(), *self._instruments.take_changes(), *collisions)

    # Commands

    def order(self, task: Task) -> None:
        """Let a task come into being."""
        self._labour.order(task, self.tick)

    def cancel(self, task: TaskId) -> None:
        """Let nobody begin a task any more; who is at it may finish it, or leave it."""
        self._labour.cancel(task, self.tick)

    def release(self, task: TaskId) -> None:
        """Take a task from the rover that has begun it, so that another may; who is lost loses its tasks by itself."""
        self._labour.release(task, self.tick)
        self._labour.look_at_bonds(self.tick)

    def apply(self, rover: RoverId, command: Command) -> None:
        """Let a rover's body do something else from now on."""
        i = self._index[rover]
        body = self._engine.read(i)
        if body.activity >= at.LOST:
            if isinstance(command, PutDown):
                self._labour.put_down(i, command.tasks, self.tick)
            return
        if self._labour.tows.tower_of(i) is not None:
            if isinstance(command, PutDown):
                self._labour.put_down(i, command.tasks, self.tick)
            return
        self._labour.interrupt(i)
        self._helm.stand_in_tow(i)
        match command:
            case FollowPath() | Turn():
                self._helm.steer(i, command, self.tick)
            case Stop():
                self._engine.stand(i)
            case PutDown():
                self._engine.stand(i)
                self._labour.put_down(i, command.tasks, self.tick)
            case Work(task=task):
                self._engine.stand(i)
                self._labour.begin(i, task, self.tick)
            case Sleep():
                self._engine.sleep(i, command.until, light=command.on_light, charge=command.at_charge)
                self._drowsy.append(i)
            case Charge(source=source):
                self._engine.stand(i)
                self._charge(i, source)
        self._labour.look_at_bonds(self.tick)

    def suffer(self, faults: Sequence[Fault]) -> None:
        """Let bodies and radio suffer from these faults from now on, and from no others."""
        for i in self._damage.suffer(faults, self.tick):
            if self._engine.read(i).activity == at.DRIVING and self._labour.tows.tower_of(i) is None:
                self._helm.stall(i)
        for tower, towed in self._labour.tows.fast.items():
            self._engine.hold(towed, is_held=tower in self._damage.held)
        self._helm.suffer(faults, self.tick)
        self._look_at_links()

    def _charge(self, i: int, source: RoverId) -> None:
        j = self._index.get(source, i)
        parties = [Party(reading=self._engine.read(k), vehicle=spec.vehicle) for k, spec in enumerate(self._specs)]
        is_granted = self._law.may_draw(self._ids[i], self._ids[j])
        refusal = refuse_charge(parties, i, j, is_granted=is_granted)
        if refusal is not None:
            self._events.append((i, ChargeStopped(reason=refusal)))
        else:
            self._engine.charge(i, j, 1.0)

    def snapshot(self) -> bytes:
        """Return all that is true now."""
        return self._keeper.freeze(self)

    def restore(self, data: bytes) -> None:
        """Let that be true from now on which was in an equal world when a snapshot was taken; see `WorldKeeper`."""
        self._keeper.thaw(self, data)
        self._helm.lay_obstacles()

    # Truth

    def observe(self, rover: RoverId, events: tuple[Event, ...]) -> Observation:
        """Return what a rover senses now, with the events it is to be told."""
        i = self._index[rover]
        body, error = self._engine.read(i), self._damage.error(i)
        return Observation(
            tick=self.tick,
            pose=believed_pose(body.pose, error),
            battery=body.battery / self._specs[i].vehicle.battery,
            light=body.light,
            power=body.power,
            activity=activity_of(body),
            payload=self._labour.works.payload(rover),
            links=self.reachable(rover),
            neighbours=self._network.neighbours(i),
            events=self._damage.as_seen(i, events),
            temperature=body.temperature,
            earth=self._network.earth(i),
        )

    def state(self, rover: RoverId) -> BodyState:
        """Return the truth of a rover."""
        i = self._index[rover]
        return state_of(
            self._engine.read(i),
            self._specs[i].vehicle,
            task=self._labour.task_of(i),
            payload=self._labour.works.payload(rover),
            earth=self._network.earth(i),
        )

    def ledger(self, rover: RoverId) -> EnergyLedger:
        """Return where a rover's energy came from and went."""
        return self._engine.ledger(self._index[rover])

    def tasks(self) -> tuple[WorldTask, ...]:
        """Return all tasks that have come into being, by id."""
        return self._labour.works.tasks()

    def instruments(self) -> tuple[WorldInstrument, ...]:
        """Return all instruments that stand, by id."""
        return self._instruments.present(self.tick)

    @property
    def stock(self) -> dict[str, float]:
        """What lies at the base."""
        return dict(self._labour.works.stock)

    # Radio

    def hops(self, a: RoverId, b: RoverId) -> int | None:
        """Return over how many hops one rover hears another now, None when it does not."""
        return self._network.hops(a, b)

    def reachable(self, rover: RoverId) -> tuple[RoverId, ...]:
        """Return whom a rover reaches over any number of hops, sorted."""
        return self._network.reachable(self._index[rover])

    def link_pairs(self) -> tuple[tuple[RoverId, RoverId], ...]:
        """Return the pairs that hear each other directly, sorted."""
        return self._network.pairs()

    def link_graph(self) -> nx.Graph[RoverId]:
        """Return the present radio links as a graph of rover ids, with `rate`, bits a second, and `length`, metres."""
        return self._network.graph()

    def travel_times(self, sender: RoverId, size: int) -> Mapping[RoverId, float]:
        """Return the seconds that so many bytes need to each rover that is reached now, along the quickest way."""
        return self._network.travel_times(sender, size)
