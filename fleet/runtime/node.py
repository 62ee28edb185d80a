"""One rover's node: its mind, and the duties that no mind can shirk.

The node keeps the movement authority, reports what was done, passes on hazards, says when its charge
will run out and, where this rover coordinates, leads traffic and auctions work. The mind only chooses.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from fleet.core import EVERYONE, PluginError, RoverId, TaskId, Tick
from fleet.messages import (
    WELL,
    Activity,
    Announcement,
    Arrived,
    AuthorityGrant,
    AuthorityOffer,
    AuthorityRefusal,
    AuthorityWithdrawal,
    Award,
    Blocked,
    Briefing,
    Distress,
    Event,
    FollowPath,
    HazardReport,
    HazardSeen,
    LinksChanged,
    Message,
    Notified,
    Observation,
    Ordered,
    Passed,
    Plight,
    PutDown,
    RoverAnswer,
    Sleep,
    StepDone,
    Stop,
    StopHeeded,
    StopOrder,
    TaskReport,
    Telemetry,
    Woke,
    Work,
    WorkStopped,
)
from fleet.messages.radio import AuthorityReturn
from fleet.runtime.attention import Attention
from fleet.runtime.council import Council, MakeAllocator
from fleet.runtime.discipline import Discipline, rights_in
from fleet.runtime.ear import Ear
from fleet.runtime.lookout import Lookout
from fleet.runtime.lore import Lore
from fleet.runtime.mind import Mind
from fleet.runtime.orders import Orders
from fleet.runtime.post import LIFE, Post
from fleet.runtime.turn import Turn
from fleet.sdk import Decision
from fleet.tasks import TaskBook
from fleet.terrain import Terrain
from fleet.traffic import Effects, Holder

TELEMETRY = 1800.0  #: Seconds between two reports of where and how the rover is.

_log = logging.getLogger(__name__)
_FROM_LEADER = (AuthorityGrant, AuthorityRefusal, AuthorityWithdrawal, AuthorityReturn)


class Node:
    """Stands between one rover's mind, its body and its radio."""

    def __init__(
        self,
        *,
        briefing: Briefing,
        rover: RoverId,
        mind: Mind,
        terrain: Terrain,
        make_allocator: MakeAllocator,
        lookout: Lookout,
    ) -> None:
        entry = next(entry for entry in briefing.roster if entry.rover == rover)
        self.rover = rover
        self._telemetry_every = max(1, briefing.time.tick(TELEMETRY))
        self._mind = mind
        self._terrain = terrain
        self._vehicle = entry.vehicle
        self._lore = Lore(rover, [member.rover for member in briefing.roster], terrain)
        self._holder = Holder(rover=rover, radius=entry.vehicle.radius, pose=entry.pose, dt=briefing.dt)
        self._council = Council(
            briefing=briefing, rover=rover, holder=self._holder, terrain=terrain, make_allocator=make_allocator
        )
        self._leader: RoverId | None = self._council.leader
        self._book = TaskBook(rover)
        self._said = 0  # Messages so far.
        self._attention = Attention(rover)
        self._local: tuple[Message, ...] = ()  # Said to oneself, heard in the next tick.
        self._others = tuple(entry.rover for entry in briefing.roster if entry.rover != rover)
        self._ear = Ear()
        self._orders = Orders(rover, self._others, briefing.dt, rights_in(briefing, rover))
        self._discipline = Discipline(
            briefing=briefing,
            rover=rover,
            orders=self._orders,
            holder=self._holder,
            terrain=terrain,
            council=self._council,
        )
        self._post = Post(rover, life=briefing.time.tick(LIFE))
        self._mind_wake: Tick | None = 0
        self._telemetry_due: Tick = 0
        self._lookout = lookout
        self._plight = self._suffers = WELL  # Now, and as of the last step.
        self._reaches, self._is_leader_news = True, False  # Whether the leader is in reach, and that just changed.
        self._is_wanted = False  # Whether the mind is to be asked once it has decided what it was asked before.

    def suffer(self, plight: Plight) -> None:
        """Take in what is wrong with the rover's computer from the next step on."""
        self._plight = plight

    def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:
        """Return what the body does and what is said, given what is seen and was heard."""
        turn = Turn(self.rover, observation, self._said)
        turn.concerns_mind = self._mind_wake is not None and observation.tick >= self._mind_wake
        if observation.activity in ("lost", "down", "asleep"):
            return RoverAnswer(rover=self.rover, command=None, outbox=(), wake=None)
        # What is given back when a waypoint is passed depends on who is heard there.
        self._look_for_leader(turn)
        for event in observation.events:
            self._feel(event, turn)
        if self._plight.boots != self._suffers.boots:
            # The body was stopped when the computer went off.
            self._orders.ended()
            self._telemetry_due = turn.tick
            self._follow(self._holder.on_halted(turn.seen.pose, turn.tick), turn)
        # What one says to oneself is heard like anybody's words.
        for message in sorted((*inbox, *self._local), key=lambda heard: (heard.tick, heard.sender, heard.seq)):
            self._hear(message, turn)
        self._follow(self._holder.on_wake(turn.tick), turn)
        if self._council.step(turn):
            self._turn_to_leader(turn)
        self._follow(self._discipline.step(turn, reaches_leader=self._reaches), turn)
        self._lose_or_restart_mind(turn)
        late = self._mind.late(turn.tick, turn.seen.pose.point)
        if late is not None:
            self._carry_out(late, turn)
            turn.concerns_mind |= self._is_wanted
        if turn.concerns_mind:
            self._ask_mind(turn)
        self._report(turn)
        return self._close(turn)

    def _lose_or_restart_mind(self, turn: Turn) -> None:
        before, self._suffers = self._suffers, self._plight
        if (self._plight.crashed, self._plight.boots) == (before.crashed, before.boots):
            return
        self._attention.clear()
        if self._plight.crashed:
            self._mind.lose()
            self._give_back(self._book.returned("its mind crashed"), turn)
            return
        try:
            self._mind.restart()
        except PluginError as error:
            turn.fail(error)
        turn.concerns_mind = True

    # What the body felt -------------------------------------------------------------------------------------------

    def _feel(self, event: Event, turn: Turn) -> None:
        pose, tick = turn.seen.pose, turn.tick
        match event:
            case Passed():
                self._follow(self._holder.on_passed(self._orders.passed(event.waypoint)), turn)
            case Arrived():
                self._orders.ended()
                effects = self._holder.on_arrived(pose, tick)
                self._follow(effects, turn)
                if effects.finished:
                    self._attention.note(event)
            case Blocked():
                self._orders.ended()
                self._follow(self._holder.on_halted(pose, tick), turn)
                self._concern(event, turn)
            case HazardSeen():
                report = self._lore.met(event, tick)
                if report is not None:
                    turn.say(EVERYONE, report)
                    self._post.write((rover for rover in self._others if rover not in turn.seen.links), report, tick)
                self._concern(event, turn)
            case Woke():
                # What drove when it went down has come to rest on the way.
                self._telemetry_due = tick
                self._council.woke(tick)
                self._orders.ended()
                self._follow(self._holder.on_halted(pose, tick), turn)
                self._concern(event, turn)
            case StepDone():
                self._tell(self._book.progressed(event), turn)
                self._concern(event, turn)
            case WorkStopped():
                self._book.found(event.task, event.step)
                self._concern(event, turn)
            case Ordered():
                self._council.order(event.task, tick)
            case Notified():
                self._follow(self._discipline.learn(event.bulletin, turn), turn)
            case LinksChanged() if not self._is_leader_news:
                pass  # Whom else it hears concerns no mind.
            case _:
                self._concern(event, turn)

    def _concern(self, event: Event, turn: Turn) -> None:
        self._attention.note(event)
        turn.concerns_mind = True

    # What was heard -----------------------------------------------------------------------------------------------

    def _hear(self, heard: Message, turn: Turn) -> None:
        message = self._post.take(heard) if self._ear.is_news(heard) else None
        if message is None:
            return
        body = message.body
        self._council.hear(message, turn)
        self._follow(self._discipline.hear(message, turn), turn)
        is_from_leader = message.sender == self._council.leader
        if isinstance(body, _FROM_LEADER):
            if is_from_leader:
                self._follow(self._holder.on_message(body, turn.tick), turn)
                turn.concerns_mind |= self._holder.travel().is_refused
            return
        if isinstance(body, AuthorityOffer):
            if is_from_leader and turn.seen.activity == "idle" and self._terrain.is_clear(body.path, self._vehicle):
                self._follow(self._holder.on_offer(body.path, turn.tick), turn)
            return
        match body:
            case Telemetry():
                self._attention.know(message.sender, body)
            case Award() if is_from_leader:
                before, begun = self._book.tasks, self._book.begun
                self._tell(self._book.awarded(body), turn)
                if body.task.id in begun - self._book.begun:
                    # It went to another while this rover could not be heard, who must find it free.
                    self._put_down((body.task.id,), turn)
                if self._mind.failed and self._book.tasks:
                    self._give_back(self._book.returned("it has no mind"), turn)
                turn.concerns_mind |= self._book.tasks != before
            case HazardReport():
                if self._lore.believes(message.sender, body, turn.tick):
                    self._attention.hear(message)
                    turn.concerns_mind = True
            case StopOrder() | StopHeeded():
                self._orders.hear(message.sender, body, turn, self._council.leader)
            case Distress():
                self._attention.hear(message)
                turn.concerns_mind = True
            case Announcement() if is_from_leader:
                self._book.announced(body)
                self._attention.hear(message)
                turn.concerns_mind = True
            case _:
                pass

    # What the traffic rules make of it ----------------------------------------------------------------------------

    def _look_for_leader(self, turn: Turn) -> None:
        """Tell the holder whether there is a leader in reach."""
        leader, seen = self._leader, turn.seen
        hears = leader is not None and (leader == self.rover or leader in seen.neighbours)
        reaches = leader is not None and (leader == self.rover or leader in seen.links)
        self._is_leader_news, self._reaches = reaches != self._reaches, reaches
        self._follow(self._holder.on_links(reaches, turn.tick, lasting=hears), turn)

    def _turn_to_leader(self, turn: Turn) -> None:
        """Tell another leader what concerns him: the ground that is wanted, and how tasks stand."""
        self._leader = self._council.leader
        self._look_for_leader(turn)
        if self._leader is not None:
            self._follow(self._holder.on_leader(turn.tick), turn)
            self._post.redirect(self._leader)

    def _follow(self, effects: Effects, turn: Turn) -> None:
        """Do what the holder of the authority says."""
        if self._council.leader is not None:
            for body in effects.send:
                self._council.asked(body, turn.tick)
                turn.say(self._council.leader, body)
        if effects.drive is not None:
            self._orders.drive(effects.drive, turn)
            if self._discipline.bars(effects.drive, turn):
                turn.concerns_mind = True
                self._follow(self._holder.stop(turn.seen.pose, turn.tick), turn)
        turn.concerns_mind |= effects.finished
        if effects.halt:
            # The world stands still while it asks: the body has halted where it is seen.
            turn.command = Stop()
            self._orders.ended()
            self._follow(self._holder.on_halted(turn.seen.pose, turn.tick), turn)

    # What the mind makes of it ------------------------------------------------------------------------------------

    def _ask_mind(self, turn: Turn) -> None:
        self._mind_wake = None
        if self._mind.failed:
            self._attention.clear()
            return
        if self._mind.due is not None:
            self._is_wanted = True
            return
        self._is_wanted = False
        view = self._attention.view(turn, self._book, self._holder)
        try:
            decision = self._mind.think(view, self._plight.slow)
        except PluginError as error:
            turn.fail(error)
            self._give_back(self._book.returned("its mind failed"), turn)
            return
        if decision is not None:
            self._carry_out(decision, turn)

    def _carry_out(self, decision: Decision, turn: Turn) -> None:
        self._mind_wake = decision.wake
        for outgoing in decision.outbox:
            if isinstance(outgoing.body, StopOrder):
                self._orders.give(outgoing.to, outgoing.body, turn)
            elif not isinstance(outgoing.body, TaskReport):
                turn.say(outgoing.to, outgoing.body)
        reports = [outgoing.body for outgoing in decision.outbox if isinstance(outgoing.body, TaskReport)]
        if reports:
            self._give_back(reports, turn)
            return
        command = decision.command
        if command is None or self._discipline.forbids(command):
            return
        if isinstance(command, FollowPath):
            self._follow(self._holder.want(command.path, turn.tick), turn)
            return
        self._follow(self._holder.stop(turn.seen.pose, turn.tick), turn)
        if not self._orders.allows(command):
            return
        turn.command = command
        if isinstance(command, Sleep):
            # The others may know why it falls silent.
            turn.say(EVERYONE, self._telemetry(turn.seen, "asleep"))
            self._council.stand(turn)
        if isinstance(command, Work):
            self._tell(self._book.started(command.task), turn)

    def _give_back(self, reports: Sequence[TaskReport], turn: Turn) -> None:
        """Stand, put down what is on board for these tasks, and leave them to others."""
        for report in reports:
            self._book.gave_back(report)
            self._tell(report, turn)
        self._put_down(tuple(report.task for report in reports), turn)

    def _put_down(self, tasks: tuple[TaskId, ...], turn: Turn) -> None:
        self._follow(self._holder.stop(turn.seen.pose, turn.tick), turn)
        turn.command = PutDown(tasks=tasks)

    # What must be said --------------------------------------------------------------------------------------------

    def _report(self, turn: Turn) -> None:
        seen = turn.seen
        if turn.tick >= self._telemetry_due:
            self._telemetry_due = turn.tick + self._telemetry_every
            turn.say(EVERYONE, self._telemetry(seen, seen.activity))
            self._council.stand(turn)
            distress = self._lookout.look(seen)
            if distress is not None:
                turn.say(EVERYONE, distress)
            for report in self._book.repeats():
                self._tell(report, turn)
        for to, body in self._post.send(turn.tick, seen.links):
            turn.say(to, body)
        turn.wake_at(self._telemetry_due)

    def _tell(self, report: TaskReport | None, turn: Turn) -> None:
        """Report to the leader, now or as soon as there is one in reach."""
        if report is not None:
            self._council.reported(report)
            self._post.write((self._leader or self._council.last,), report, turn.tick)

    def _telemetry(self, seen: Observation, activity: Activity) -> Telemetry:
        task = self._book.tasks[0].id if self._book.tasks else None
        return Telemetry(pose=seen.pose, battery=seen.battery, activity=activity, task=task)

    def _close(self, turn: Turn) -> RoverAnswer:
        self._orders.close(turn)
        self._council.close(turn)
        self._said = turn.said
        self._local = tuple(turn.to_self)
        turn.wake_at(self._holder.wake)
        turn.wake_at(self._mind_wake)
        turn.wake_at(self._mind.due)
        if self._local:
            turn.wake_at(turn.tick + 1)
        return turn.answer()
