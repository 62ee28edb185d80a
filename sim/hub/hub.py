"""The lockstep between the world and the minds: one stop after another, nobody polled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

from fleet.core import MessageError, RoverId, Tick, WallClock, searching_rarely
from fleet.messages import Command, Event, Plight, PutDown, SealedRoverAnswer, SealedRoverAsk, Stop
from sim.hub.commissions import Commissions
from sim.hub.continuation import Continuation
from sim.hub.failure import Failure
from sim.hub.faults import Faults
from sim.hub.interrupts import Interrupts
from sim.hub.keeping import Checkpoints
from sim.hub.link import HostLink
from sim.hub.mission_control import MissionControl
from sim.hub.pace import Pace
from sim.hub.ports import Hosts, Sink, Truth
from sim.hub.radio import Radio
from sim.hub.telling import entry_of, frame_of, opening_of, sun_over
from sim.hub.values import HubResult, Outside, Reason
from sim.hub.wakes import Wakes
from sim.record.checkpoint import Checkpoint
from sim.record.digest import Digest
from sim.record.entries import Closing, Commanded, Directed, Entry, FaultBegan, Faulted, FaultEnded, Happened
from sim.record.exchange import Exchange, Silenced
from sim.scenario.fault import HostLoss
from sim.scenario.order import CancelTasks, SendTask, WithdrawAgency
from sim.scenario.scenario import Scenario
from sim.world.values import WorldTask

_DEAF = ("asleep", "down", "lost")
_STATE: Final = (
    "_askable", "_radio", "_faults", "_control", "_plights", "_unfelt", "_away", "_wakes", "_commissions",
    "_asked", "_failures", "_last_frame", "_is_eventful",
)  # fmt: skip
_LOOK = 0.05  # Seconds of waiting for the wall clock after which one looks for requests.


class Hub:
    """Runs a scenario.

    Parameters
    ----------
    scenario
        What to run.
    world
        At tick 0.
    hosts
        Where the minds live.
    sinks
        Told everything, in order; closed at the end.
    outside
        Wall clock, pace and control; None: as fast as it goes.

    Notes
    -----
    A stop at a tick is, and is recorded, in this order: (1) faults that end, then those that begin, each by id; (2)
    orders of mission control: tasks to the leader, to a new one all that are not done, and what else is ordered, each
    by itself, and then to the leader all that is in force; where the scenario asks for it only while it reaches the
    Earth; (3) what
    became of tasks, and contacts; (4) events, by rover and then as they happened; (5) all rovers concerned are asked
    at once, and answer: failures and commands, by rover; (6) what they say, by rover; (7) what became of tasks by
    these commands; (8) a frame, when something happened or the last one is `frame_every` ticks old. At tick 0 everyone
    is asked; at the last tick nobody. A rover is concerned when something happened to it, when its wake is due, when
    it heard something that is not quiet, or when its computer suffers from something else than before; a rover that is
    lost is not asked any more, one that sleeps or is down not before it wakes.
    """

    def __init__(
        self, scenario: Scenario, world: Truth, hosts: Hosts, sinks: Sequence[Sink], outside: Outside | None = None
    ) -> None:
        clock = WallClock()
        self._outside = outside or Outside(clock=clock, pace=Pace(clock, dt=scenario.time.dt))
        self._scenario = scenario
        self._world = world
        self._digest = Digest()
        self._sinks = tuple(sinks)
        self._sun = self._outside.sun or sun_over(scenario)
        self._rovers = tuple(sorted(spec.id for spec in scenario.rovers))
        self._agents = {spec.id: spec.agent for spec in scenario.rovers}
        self._askable = set(self._rovers)  # Asked for membership only.
        self._interrupts = Interrupts()
        self._link = HostLink(
            hosts,
            self._outside.clock,
            scenario.agent_deadline,
            patience=self._outside.patience,
            check=self._check,
            meanwhile=self._write_on,
        )
        self._course = Continuation(self._outside, self._link)
        self._checkpoints = Checkpoints(scenario, self._link.keeping, self._outside)
        self._radio = Radio(
            self._rovers, world.travel_times, dt=scenario.time.dt, seed=scenario.seed, loss=scenario.radio_loss
        )
        self._faults = Faults(scenario.faults, dt=scenario.time.dt)
        self._control = MissionControl(scenario.control)
        self._plights: dict[RoverId, Plight] = {}  # As the hosts know them.
        self._unfelt: dict[RoverId, list[Event]] = {}  # What happened to those whose computer is off.
        self._away: dict[RoverId, str] = {}  # Rovers whose host from elsewhere is not there, and that fault's id.
        self._wakes = Wakes()
        self._commissions = Commissions(scenario.orders, leader=scenario.coordinator)
        self._asked = 0
        self._failures = 0
        self._last_frame: Tick = 0
        self._is_eventful = True

    def run(self, until: Tick | None = None) -> HubResult:
        """Run to the end of the scenario, or to `until`, and return how it went.

        Ctrl-C ends the run after the present tick; everything is then closed as at any other end.
        """
        clock = self._outside.clock
        reason: Reason = "error"
        started = clock.now()
        with ExitStack() as process:
            if self._outside.owns_process:
                process.enter_context(self._interrupts)
                process.enter_context(searching_rarely())
            try:
                self._write(opening_of(self._scenario))
                failures = self._link.greet(self._scenario.briefing(), past=self._course.last)
                started = clock.now()
                reason = self._mission(failures, until)
            except KeyboardInterrupt:
                reason = "interrupted"
            finally:
                wall_seconds = clock.now() - started
                self._close(reason)
        return HubResult(
            reason=reason,
            ticks=self._world.tick,
            digest=self._digest.hexdigest(),
            wakes=self._asked,
            sent=self._radio.sent,
            delivered=self._radio.delivered,
            lost=self._radio.lost,
            faults=self._failures,
            collisions=self._world.collisions,
            wall_seconds=wall_seconds,
        )

    def _mission(self, failures: Sequence[Failure], until: Tick | None) -> Reason:
        end = self._scenario.end if until is None else min(until, self._scenario.end)
        silenced = self._course.greeted(failures)
        if self._course.checkpoint is not None:
            self._go_back(self._course.checkpoint)
        else:
            for rover in self._rovers:
                self._wakes.set(rover, 0)
            for each in silenced:
                self._silence(each)
            self._stop(is_last=end <= 0)
        while self._world.tick < end:
            tick = self._world.advance(min(end, self._next()))
            self._wait(tick)
            self._stop(is_last=tick >= end)
        return "finished" if end >= self._scenario.end else "until"

    def _go_back(self, checkpoint: Checkpoint) -> None:
        """Be where the run was at a checkpoint, with all that was written up to there written once more."""
        for entry in self._course.entries():
            self._write(entry)
        self._course.compare(self._digest.hexdigest())
        self._checkpoints.go_back(self._course.file, checkpoint, self._world, hub=self, state=_STATE)
        self._course.skip()

    def _next(self) -> Tick:
        """Return the first later tick at which there is something to do, as far as is known now."""
        ticks = [self._last_frame + self._scenario.frame_every]
        due = [self._wakes.next(), self._radio.next_due(), self._faults.next(), self._control.next()]
        if not (self._is_unheard() and self._commissions.is_due(self._world.tick)):
            due.append(self._commissions.next())
        ticks += [tick for tick in due if tick is not None]
        return max(self._world.tick + 1, min(ticks))

    def _stop(self, *, is_last: bool) -> None:
        tick = self._world.tick
        events: dict[RoverId, list[Event]] = {}
        exchange = Exchange(tick=tick) if is_last else self._course.begin(tick, self._away)
        self._faults.add(exchange.faults)
        self._control.add(exchange.orders)
        self._commissions.add(order for order in exchange.orders if isinstance(order, SendTask))
        self._let_go(exchange.went, tick)
        for rover in exchange.came:
            self._faults.end(self._away.pop(rover), tick)
        self._turn_faults(tick)
        ordered = self._give_orders(tick) + self._direct(tick)
        self._tell_changes()
        for rover, event in (*self._world.take_events(), *ordered):
            self._tell(Happened(tick=tick, rover=rover, event=event))
            events.setdefault(rover, []).append(event)
        if not is_last:
            exchange = self._ask(exchange, events)
            self._let_go(exchange.left, tick + 1)
            self._tell_changes()
        if self._is_eventful or is_last or tick >= self._last_frame + self._scenario.frame_every:
            if self._outside.frames:
                self._write(frame_of(self._world, self._rovers, self._sun(tick)))
            self._last_frame = tick
            self._is_eventful = False
        if not is_last:
            self._course.end(exchange)
            if not self._course.is_past:
                self._checkpoints.look(self._world, self._digest, self, _STATE)

    def _let_go(self, rovers: Sequence[RoverId], tick: Tick) -> None:
        """Take rovers whose host from elsewhere is gone for switched off from a tick on, until one comes for them."""
        for rover in rovers:
            self._away[rover] = f"away-{rover}-{tick}"
            self._faults.add([HostLoss(id=self._away[rover], begin=tick, end=None, rover=rover)])

    def _turn_faults(self, tick: Tick) -> None:
        begun, ended = self._faults.turn(tick)
        for fault in ended:
            self._tell(FaultEnded(tick=tick, fault=fault))
        for fault in begun:
            self._tell(FaultBegan(tick=tick, fault=fault))
        if begun or ended:
            self._world.suffer(self._faults.active)
            self._radio.suffer(self._faults.active)
        for fault in (*ended, *begun):
            if isinstance(fault, HostLoss):
                self._turn_off(fault)

    def _turn_off(self, fault: HostLoss) -> None:
        """Stop a rover whose computer is off, and leave its work to others if for good; it hears nothing meanwhile."""
        rover = fault.rover
        self._radio.take_inbox(rover, self._world.tick)
        if self._faults.is_off(rover):
            self._wakes.set(rover, None)
            self._halt(rover, Stop() if fault.end is not None else PutDown(tasks=self._commissions.tasks))

    def _give_orders(self, tick: Tick) -> list[tuple[RoverId, Event]]:
        return [] if self._is_unheard() else [*self._commissions.turn(tick, self._world.order)]

    def _direct(self, tick: Tick) -> list[tuple[RoverId, Event]]:
        """Give what mission control orders, and tell whoever leads what is in force once it can hear."""
        for order in self._control.turn(tick):
            self._tell(Directed(tick=tick, order=order))
            if isinstance(order, WithdrawAgency):
                self._commissions.withdraw(order.agency)
            elif isinstance(order, CancelTasks):
                self._commissions.cancel(task for task, _ in order.tasks)
        for task in self._commissions.take_void():
            self._world.cancel(task)
        if self._is_unheard():
            return []
        leader = self._commissions.leader
        news = self._control.news_for(leader)
        return [] if news is None else [(leader, news)]

    def _is_unheard(self) -> bool:
        """Whether mission control cannot be heard by who leads; the run stops by itself when that changes."""
        leader = self._commissions.leader
        state = self._world.state(leader)
        is_far = self._scenario.orders_need_earth and state.earth == "none"
        return is_far or self._faults.is_off(leader) or state.activity in _DEAF

    def _tell_changes(self) -> None:
        for change in self._world.take_changes():
            if isinstance(change, WorldTask) and change.state == "done":
                self._commissions.finish(change.id)
            self._tell(entry_of(change))

    def _ask(self, exchange: Exchange, events: dict[RoverId, list[Event]]) -> Exchange:
        """Ask all who are concerned, let it have its effect, and return what came from outside at this stop."""
        tick = exchange.tick
        asks = self._asks(tick, events)
        self._asked += len(asks)
        exchange = self._course.ask(exchange, asks)
        for each in exchange.silenced:
            self._silence(each)
        for answer in exchange.answers:
            self._obey(tick, answer)
        for answer in exchange.answers:
            self._carry(tick, answer)
        return exchange

    def _asks(self, tick: Tick, events: dict[RoverId, list[Event]]) -> list[SealedRoverAsk]:
        changed = self._faults.changed(self._rovers, self._plights)
        concerned = {*events, *self._wakes.take(tick), *self._radio.take_due(tick), *changed} & self._askable
        asks = []
        for rover in sorted(concerned):
            if self._faults.is_off(rover):
                self._unfelt.setdefault(rover, []).extend(events.get(rover, ()))
                continue
            felt = (*self._unfelt.pop(rover, ()), *events.get(rover, ()))
            observation = self._world.observe(rover, felt)
            if observation.activity == "lost":
                self._leave(rover)
                continue
            if observation.activity in ("asleep", "down"):
                continue  # Asked when it wakes; what was on the air for it until then it reads then.
            inbox, signatures = self._radio.take_inbox(rover, tick)
            plight = self._plights[rover] = self._faults.plight(rover)
            asks.append(
                SealedRoverAsk(
                    rover=rover,
                    observation=observation,
                    inbox=inbox,
                    plight=plight,
                    signatures=signatures,
                    orders=self._link.attestation.orders(felt),
                )
            )
        return asks

    def _obey(self, tick: Tick, answer: SealedRoverAnswer) -> None:
        if answer.fault:
            self._fail(answer.rover, answer.fault, answer.plugin)
        if answer.command is not None:
            self._world.apply(answer.rover, answer.command)
            self._tell(Commanded(tick=tick, rover=answer.rover, command=answer.command))
        if answer.wake is None or answer.wake > tick:
            self._wakes.set(answer.rover, answer.wake)
        else:
            self._fail(answer.rover, f"asked to be woken at {answer.wake}, which is not after {tick}", answer.plugin)

    def _carry(self, tick: Tick, answer: SealedRoverAnswer) -> None:
        for message, signature in self._link.attestation.genuine(answer):
            try:
                said = self._radio.say(tick, answer.rover, message, signature)
            except MessageError as error:
                self._fail(answer.rover, str(error), answer.plugin)
            else:
                self._write(said)
                self._commissions.hear(said.message)

    def _silence(self, silenced: Silenced) -> None:
        """Stop a rover that cannot be asked, and leave its work to others."""
        if silenced.rover in self._askable:
            self._leave(silenced.rover)
            self._fail(silenced.rover, silenced.fact, silenced.plugin)
            self._halt(silenced.rover, PutDown(tasks=self._commissions.tasks))

    def _halt(self, rover: RoverId, command: Command) -> None:
        self._world.apply(rover, command)
        self._tell(Commanded(tick=self._world.tick, rover=rover, command=command))

    def _leave(self, rover: RoverId) -> None:
        self._askable.discard(rover)
        self._wakes.set(rover, None)
        self._radio.forget(rover)

    def _fail(self, rover: RoverId, fact: str, plugin: str) -> None:
        self._failures += 1
        self._tell(Faulted(tick=self._world.tick, rover=rover, plugin=plugin or self._agents[rover], fact=fact))

    def _wait(self, tick: Tick) -> None:
        self._check()
        if self._course.is_past:
            return
        left = self._outside.pace.left(tick)
        while left > 0.0:
            self._outside.clock.sleep(min(left, _LOOK))
            self._check()
            self._link.attend()
            left = self._outside.pace.left(tick)

    def _check(self) -> None:
        if self._outside.journal is not None:
            self._outside.journal.keep_up()
        if self._outside.desk is not None and self._outside.desk.poll():
            self._interrupts.press()
        self._interrupts.check()

    def _write_on(self, is_called: Callable[[], bool]) -> None:
        if self._outside.journal is not None:
            self._outside.journal.work(is_called)

    def _tell(self, entry: Entry) -> None:
        self._is_eventful = True
        self._write(entry)

    def _write(self, entry: Entry) -> None:
        data = self._digest.take(entry)
        for sink in self._sinks:
            sink.write(entry)
        if self._outside.live is not None:
            self._outside.live.write(entry, data)

    def _close(self, reason: Reason) -> None:
        with ExitStack() as stack:  # Each is closed, whatever happens to the others.
            if self._outside.desk is not None:
                stack.callback(self._outside.desk.close)
            if self._outside.live is not None:
                stack.callback(self._outside.live.close)
            for sink in reversed(self._sinks):
                stack.callback(sink.close)
            self._link.goodbye(reason)
            digest = self._digest.hexdigest()
            self._write(Closing(tick=self._world.tick, reason=reason, digest=digest, wakes=self._asked))
