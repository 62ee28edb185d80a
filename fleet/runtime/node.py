"""One rover's node: its mind, and the duties that no mind can shirk.

The node keeps the movement authority, reports what was done, passes on hazards, says when its charge
will run out and, where this rover coordinates, leads traffic and auctions work. The mind only chooses.
"""

from __future__ import annotations

import logging

import msgspec

from fleet.core import EVERYONE, FreezingError, PluginError, RoverId, Tick
from fleet.messages import (
    WELL,
    Activity,
    Announcement,
    Arrived,
    Award,
    Bids,
    Blocked,
    Briefing,
    Distress,
    Event,
    FollowPath,
    Gossip,
    HazardReport,
    HazardSeen,
    LinksChanged,
    Message,
    Notified,
    Observation,
    Ordered,
    Passed,
    Plight,
    RoverAnswer,
    Sleep,
    StepDone,
    StopOrder,
    TaskReport,
    Telemetry,
    TowBegan,
    TowEnded,
    Woke,
    Work,
    WorkStopped,
)
from fleet.runtime.accord import Accord
from fleet.runtime.attention import Attention
from fleet.runtime.council import Council, MakeAllocator
from fleet.runtime.driver import Driver
from fleet.runtime.ear import Ear
from fleet.runtime.following import FOLLOWED, Following, follows
from fleet.runtime.keeping import Keeper
from fleet.runtime.lookout import Lookout
from fleet.runtime.lore import Lore
from fleet.runtime.mind import Mind
from fleet.runtime.post import LIFE, Post
from fleet.runtime.rights import Rights
from fleet.runtime.turn import Turn
from fleet.runtime.workload import Workload
from fleet.sdk import Decision
from fleet.sdk.view import Plea
from fleet.terrain import Terrain
from fleet.traffic import Holder

TELEMETRY = 1800.0  #: Seconds between two reports of where and how the rover is.

_log = logging.getLogger(__name__)


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
        keeper: Keeper | None = None,
    ) -> None:
        entry = next(entry for entry in briefing.roster if entry.rover == rover)
        self.rover = rover
        self._keeper = keeper
        self._telemetry_every = max(1, briefing.time.tick(TELEMETRY))
        self._followed_every = max(1, briefing.time.tick(FOLLOWED))
        self._following = Following(rover)
        self._follows: RoverId | None = None  # As the others were told.
        self._mind = mind
        self._lore = Lore(rover, [member.rover for member in briefing.roster], terrain)
        self._rights = Rights(rover, briefing.law, self._consent)
        self._holder = Holder(rover=rover, radius=entry.vehicle.radius, pose=entry.pose, dt=briefing.dt)
        self._council = Council(
            briefing=briefing, rover=rover, holder=self._holder, terrain=terrain, make_allocator=make_allocator
        )
        self._driver = Driver(
            briefing=briefing, rights=self._rights, holder=self._holder, council=self._council, terrain=terrain
        )
        self._post = Post(rover, life=briefing.time.tick(LIFE))
        self._attention = Attention(rover)
        self._accord: Accord | None = None  # Where work is shared out by agreement rather than by the leader.
        if briefing.allocation != "auction":
            self._accord = Accord(briefing, rover, briefing.allocation, self._have_priced)
        self._workload = Workload(
            self._rights, driver=self._driver, council=self._council, post=self._post, accord=self._accord
        )
        self._said = 0  # Messages so far.
        self._local: tuple[Message, ...] = ()  # Said to oneself, heard in the next tick.
        self._others = tuple(entry.rover for entry in briefing.roster if entry.rover != rover)
        self._ear = Ear()
        self._mind_wake: Tick | None = 0
        self._telemetry_due: Tick = 0
        self._lookout = lookout
        self._plight = self._suffers = WELL  # Now, and as of the last step.
        self._is_wanted = False  # Whether the mind is to be asked once it has decided what it was asked before.

    def snapshot(self) -> bytes:
        """Return all that this rover knows.

        Raises
        ------
        FreezingError
            When something of it cannot be put away, such as a mind that does not offer it.
        """
        return self._kept().freeze(self)

    def restore(self, data: bytes) -> None:
        """Know from now on what a snapshot says, of the node of the same rover in an equal mission.

        Raises
        ------
        FreezingError
            When it is no such snapshot.
        """
        self._kept().thaw(self, data)

    def _kept(self) -> Keeper:
        if self._keeper is None:
            raise FreezingError("node", "was made without anybody to keep what it knows")
        return self._keeper

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
        self._driver.look_for_leader(turn)
        for event in observation.events:
            self._feel(event, turn)
        if self._plight.boots != self._suffers.boots:
            # The body was stopped when the computer went off.
            self._telemetry_due = turn.tick
            self._driver.halted(turn)
        # What one says to oneself is heard like anybody's words.
        for message in sorted((*inbox, *self._local), key=lambda heard: (heard.tick, heard.sender, heard.seq)):
            self._hear(message, turn)
        self._driver.step(turn)
        if self._council.step(turn):
            self._turn_to_leader(turn)
        self._driver.heed(turn)
        self._workload.heed(turn)
        self._lose_or_restart_mind(turn)
        late = self._mind.late(turn.tick, turn.seen.pose.point)
        if late is not None:
            self._carry_out(late, turn)
            turn.concerns_mind |= self._is_wanted
        if self._accord is not None:
            has_mind, leads = not self._mind.failed, self._council.leader == self.rover
            taken, lost = self._accord.step(turn, has_mind=has_mind, leads=leads)
            self._workload.agreed(taken, lost, turn, has_mind=has_mind)
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
            self._workload.give_all_back("its mind crashed", turn)
            return
        try:
            self._mind.restart()
        except PluginError as error:
            turn.fail(error)
        self._telemetry_due = turn.tick  # Who is well again may be asked for bids again.
        turn.concerns_mind = True

    # What the body felt -------------------------------------------------------------------------------------------

    def _feel(self, event: Event, turn: Turn) -> None:
        tick = turn.tick
        match event:
            case Passed():
                self._driver.passed(event, turn)
            case Arrived():
                if self._driver.arrived(turn):
                    self._attention.note(event)
            case Blocked():
                self._driver.halted(turn)
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
                self._driver.halted(turn)
                self._concern(event, turn)
            case StepDone():
                self._workload.progressed(event, turn)
                self._concern(event, turn)
            case WorkStopped():
                self._workload.found(event)
                self._concern(event, turn)
            case Ordered():
                if self._accord is not None:
                    self._accord.order(event.task, tick)
                else:
                    self._council.order(event.task, tick)
            case Notified():
                self._driver.notified(event, turn)
            case TowBegan() | TowEnded():
                self._driver.towed(event, turn)
                self._telemetry_due = tick  # Others come to where it says it stands.
                self._concern(event, turn)
            case LinksChanged() if not self._driver.is_leader_news:
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
        if self._driver.hear(message, turn):
            return
        is_from_leader = message.sender == self._council.leader
        if isinstance(body, Award):
            self._following.awarded(body)
        match body:
            case Telemetry():
                self._attention.know(message.sender, body)
                if self._following.told(message.sender, body):
                    self._telemetry_due = turn.tick
            case Gossip() if self._accord is not None:
                self._accord.hear(message, turn.tick)
            case Award() if is_from_leader and self._accord is None:
                self._workload.awarded(body, turn, has_mind=not self._mind.failed)
            case HazardReport():
                if self._lore.believes(message.sender, body, turn.tick):
                    self._attention.hear(message)
                    turn.concerns_mind = True
            case Distress():
                self._attention.hear(message)
                turn.concerns_mind = True
            case Announcement() if is_from_leader:
                offer = self._workload.announced(body, message.sender, turn)
                if offer is not None:
                    self._attention.hear(msgspec.structs.replace(message, body=offer))
                    turn.concerns_mind = True
            case _:
                pass

    def _have_priced(self, announcement: Announcement, turn: Turn) -> None:
        """Put before the mind what it may price, as if a leader announced it."""
        lawful = self._workload.lawful(announcement, EVERYONE, turn)
        if lawful is not None:
            self._attention.hear(Message(tick=turn.tick, sender=self.rover, seq=0, to=self.rover, body=lawful))
            turn.concerns_mind = True

    def _turn_to_leader(self, turn: Turn) -> None:
        """Tell another leader what concerns him: the ground that is wanted, and how tasks stand."""
        self._driver.turn_to_leader(turn)
        if self._driver.leader is not None:
            self._post.redirect(self._driver.leader)

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
        view = self._attention.view(turn, self._workload.book, self._holder)
        try:
            decision = self._mind.think(view, self._plight.slow)
        except PluginError as error:
            turn.fail(error)
            self._workload.give_all_back("its mind failed", turn)
            return
        if decision is not None:
            self._carry_out(decision, turn)

    def _consent(self, plea: Plea, turn: Turn) -> str:
        try:
            return self._mind.consent(plea)
        except PluginError as error:
            turn.fail(error)
            self._workload.give_all_back("its mind failed", turn)
            return "its mind failed"

    def _carry_out(self, decision: Decision, turn: Turn) -> None:
        self._mind_wake = decision.wake
        for outgoing in decision.outbox:
            if isinstance(outgoing.body, StopOrder):
                self._driver.give(outgoing.to, outgoing.body, turn)
            elif isinstance(outgoing.body, Bids) and self._accord is not None:
                self._accord.priced(outgoing.body, turn.tick)
            elif not isinstance(outgoing.body, TaskReport):
                turn.say(outgoing.to, outgoing.body)
        reports = [outgoing.body for outgoing in decision.outbox if isinstance(outgoing.body, TaskReport)]
        if reports:
            self._workload.give_back(reports, turn)
            return
        command = decision.command
        if command is None or self._driver.forbids(command):
            return
        if isinstance(command, Work) and self._workload.bars(command.task):
            return
        if isinstance(command, FollowPath):
            self._driver.want(command.path, turn)
            return
        self._driver.stop(turn)
        if not self._driver.allows(command):
            return
        turn.command = command
        if isinstance(command, Sleep):
            # The others may know why it falls silent.
            turn.say(EVERYONE, self._telemetry(turn.seen, "asleep"))
            self._council.stand(turn)
            if self._accord is not None:
                self._accord.leave(turn)
        if isinstance(command, Work):
            self._workload.started(command.task, turn)

    # What must be said --------------------------------------------------------------------------------------------

    def _report(self, turn: Turn) -> None:
        seen = turn.seen
        followed = follows(self._workload.now)
        if followed != self._follows:
            self._follows, self._telemetry_due = followed, turn.tick  # That one tells its place more often, or no more.
        if turn.tick >= self._telemetry_due:
            every = self._followed_every if self._following.is_followed else self._telemetry_every
            self._telemetry_due = turn.tick + every
            turn.say(EVERYONE, self._telemetry(seen, seen.activity))
            self._council.stand(turn)
            distress = self._lookout.look(seen)
            if distress is not None:
                turn.say(EVERYONE, distress)
            self._workload.repeat(turn)
        for to, body in self._post.send(turn.tick, seen.links):
            turn.say(to, body)
        turn.wake_at(self._telemetry_due)

    def _telemetry(self, seen: Observation, activity: Activity) -> Telemetry:
        return Telemetry(pose=seen.pose, battery=seen.battery, activity=activity, task=self._workload.current)

    def _close(self, turn: Turn) -> RoverAnswer:
        if self._accord is not None:
            self._accord.close(turn)
        self._driver.close(turn)
        self._council.close(turn)
        self._said = turn.said
        self._local = tuple(turn.to_self)
        turn.wake_at(self._mind_wake)
        turn.wake_at(self._mind.due)
        if self._local:
            turn.wake_at(turn.tick + 1)
        return turn.answer()
