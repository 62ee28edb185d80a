"""A rover's part in the leading of the fleet: whom it follows, what it keeps in mind for others, and its own turn."""

from __future__ import annotations

from collections.abc import Callable

from fleet.core import EVERYONE, PluginError, RoverId, Tick
from fleet.messages import (
    AuthorityRequest,
    AuthorityReturn,
    Award,
    Body,
    Briefing,
    Bulletin,
    Message,
    Observation,
    Pledge,
    RosterEntry,
    Standing,
    Task,
    TaskReport,
    Witness,
    Witnessed,
)
from fleet.moon import is_heard
from fleet.runtime.leadership import Inheritance, Leadership, parked, quorum_of
from fleet.runtime.turn import Turn
from fleet.sdk import Allocator
from fleet.tasks import SingleItemAuction, TaskNotes
from fleet.terrain import Terrain
from fleet.traffic import Claims, Closure, Elector, Holder, Phase, Quorum, Situation

MakeAllocator = Callable[[], Allocator]
_NOBODY = Quorum(members=frozenset(), drivers=frozenset(), may_miss=0)  # Where nobody is ever elected.


class Council:
    """Elector, witness and, when it is its turn, leader.

    Parameters
    ----------
    holder
        Of the rover's own ground.
    terrain
        What the rover believes of the ground.
    make_allocator
        Makes what a leader awards tasks with; raises `PluginError` where it cannot.
    """

    def __init__(
        self, *, briefing: Briefing, rover: RoverId, holder: Holder, terrain: Terrain, make_allocator: MakeAllocator
    ) -> None:
        self.leadership: Leadership | None = None  #: While this rover leads.
        self._briefing = briefing
        self._rover = rover
        self._holder = holder
        self._terrain = terrain
        self._make_allocator = make_allocator
        self._entry: RosterEntry = next(entry for entry in briefing.roster if entry.rover == rover)
        self._standing = {entry.rover: entry for entry in briefing.roster if not entry.vehicle.can_drive}
        self._is_elected_here = briefing.election is not None
        self._quorum = quorum_of(briefing) if self._is_elected_here else _NOBODY
        self._claims = Claims(parked(briefing) if self._is_elected_here else {})
        self._notes = TaskNotes()
        self._stood = 0  # Latest plan of its own that it told all is over.
        self._question: Body | None = None  # The last return that it said.
        self._bulletin: Bulletin | None = None
        self._closure = Closure({})
        self._elector = Elector(
            rover=rover,
            leader=briefing.coordinator,
            quorum=self._quorum,
            rules=briefing.election,
            time=briefing.time,
        )
        self.last = briefing.coordinator  #: Who led last, as far as is known here; leads still if nobody else does.
        self._followed: tuple[int, RoverId | None] = (0, briefing.coordinator)
        if rover == briefing.coordinator:
            start = Inheritance(epoch=0, pledges=None, claims=self._claims, notes=self._notes)
            self.leadership = Leadership(briefing, rover, make_allocator(), start, terrain)

    @property
    def leader(self) -> RoverId | None:
        """Who leads; None while that is being found out."""
        return self._elector.leader

    def outlasts_leader(self, seen: Observation) -> bool:
        """Whether there is a leader here for as long as the rover stays: a machine that stands, or enough to elect one.

        Notes
        -----
        A leader that drives may drive away. Who gives back no ground where too few are in reach to elect another keeps
        the way to where enough were; and so does the leader.
        """
        drives = self._elector.leader in self._quorum.drivers
        return not (self._is_elected_here and drives) or self._quorum.is_enough({self._rover, *seen.links})

    def woke(self, tick: Tick) -> None:
        """Note that this rover slept until now, and heard nobody."""
        self._elector.woke(tick)

    def order(self, task: Task, tick: Tick) -> None:
        """Take in an order of mission control, if this rover leads."""
        if self.leadership is not None:
            self.leadership.order(task, tick)

    def notify(self, bulletin: Bulletin, closure: Closure, turn: Turn) -> None:
        """Take in what mission control has in force, to lead by it and to hand it over."""
        self._bulletin, self._closure = bulletin, closure
        self._close_ground(turn)

    def _close_ground(self, turn: Turn) -> None:
        if self.leadership is not None:
            self.leadership.withdraw(self._bulletin.withdrawn if self._bulletin is not None else ())
            lawful = self._briefing.law.lawful(self._bulletin.suspended if self._bulletin is not None else ())
            self.leadership.suspend(lawful, turn.tick)
            for to, body in self.leadership.close(self._closure, turn.tick):
                turn.say(to, body)

    def hear(self, message: Message, turn: Turn) -> None:
        """Take in a message, and say what follows from it."""
        sender, body = message.sender, message.body
        said = self._elector.hear(message, turn.tick, self._pledge)
        match body:
            case Pledge():
                self._claims.learn(body.claims)
                self._claims.note(sender, body.holding)
                self._notes.learn(body.notes)
            case Standing():
                self._claims.note(sender, body.holding())
            case Award() if sender == self.leader:
                self._notes.awarded(body)
            case Witness() if sender == self.leader and body.epoch == self._elector.epoch:
                if body.claim is not None:
                    self._claims.learn([body.claim])
                if body.note is not None:
                    self._notes.learn([body.note])
                said.append((sender, Witnessed(epoch=body.epoch, number=body.number)))
            case _:
                pass
        if self.leadership is not None and self._elector.leads:
            said += self.leadership.hear(message, turn.tick)
        for to, answer in said:
            turn.say(to, answer)

    def asked(self, body: Body, tick: Tick) -> None:
        """Note what this rover said to the leader, which must answer questions."""
        is_repeated, self._question = body == self._question, body
        if isinstance(body, AuthorityRequest) or (
            isinstance(body, AuthorityReturn) and (is_repeated or body.ends is not None)
        ):
            self._elector.ask(tick)

    def reported(self, report: TaskReport) -> None:
        """Note what this rover reports of a task of its own."""
        self._notes.reported(self._rover, report)

    def step(self, turn: Turn) -> bool:
        """Do what is due; return whether there is another leader, or none, than at the last call."""
        now = self._situation(turn.seen)
        for to, body in self._elector.step(now, self._pledge):
            turn.say(to, body)
        mandate, self._elector.mandate = self._elector.mandate, None
        if mandate is not None:
            for pledge in mandate.values():
                self._claims.learn(pledge.claims)
                self._notes.learn(pledge.notes)
            for member, pledge in mandate.items():
                self._claims.note(member, pledge.holding)
            start = Inheritance(
                epoch=self._elector.epoch, pledges=mandate, claims=self._claims, notes=self._notes, tick=turn.tick
            )
            self.leadership = Leadership(self._briefing, self._rover, self._allocator(turn), start, self._terrain)
            self._close_ground(turn)
        elif not self._elector.leads:
            self.leadership = None
        followed, self._followed = self._followed, (self._elector.epoch, self._elector.leader)
        self.last = self._elector.leader or self.last
        if self.leadership is not None:
            said, wake = self.leadership.step(turn.tick, turn.seen.links)
            fault = self.leadership.take_fault()
            if fault is not None:
                turn.fail(fault)
            turn.wake_at(wake)
            for to, body in said:
                turn.say(to, body)
        return followed != self._followed

    def close(self, turn: Turn) -> None:
        """Say what is due when all else is said."""
        if not self._is_elected_here:
            return
        if turn.has_said_to_all:
            self._elector.beat(turn.tick)
        for to, body in self._elector.heartbeat(self._situation(turn.seen)):
            turn.say(to, body)
        turn.wake_at(self._elector.wake)

    def stand(self, turn: Turn) -> None:
        """Tell all, once a plan, that the rover holds no more than it stands on."""
        holding = self._holder.holding()
        if self._is_elected_here and self._holder.phase is Phase.STANDING and holding.plan > self._stood:
            self._stood = holding.plan
            turn.say(EVERYONE, Standing(plan=holding.plan, ground=holding.start))

    def _allocator(self, turn: Turn) -> Allocator:
        try:
            return self._make_allocator()
        except PluginError as error:
            turn.fail(error)
            return SingleItemAuction()

    def _pledge(self, epoch: int) -> Pledge:
        claims = tuple(claim for claim in self._claims.all() if claim.holding.plan > 0 and claim.rover != self._rover)
        # What others have done mission control tells a new leader by not ordering it again.
        notes = tuple(note for note in self._notes.all() if not note.done or note.rover == self._rover)
        holding = self._holder.holding()
        return Pledge(epoch=epoch, holding=holding, claims=claims, notes=notes, bulletin=self._bulletin)

    def _situation(self, seen: Observation) -> Situation:
        drives = self._holder.phase is not Phase.STANDING
        leads_others = self.leadership is not None and self.leadership.is_busy
        return Situation(
            tick=seen.tick,
            links=seen.links,
            fitness=self._fitness(seen),
            is_busy=drives or leads_others,
            is_hidden=self._is_leader_hidden(seen),
        )

    def _is_leader_hidden(self, seen: Observation) -> bool:
        """Whether the leader stands for good, and ground or distance is between."""
        leader = self._standing.get(self._elector.leader) if self._elector.leader is not None else None
        if leader is None or leader.rover in seen.links or not self._is_elected_here:
            return False
        own = seen.pose.point, self._entry.vehicle
        return not is_heard(self._terrain, own, (leader.pose.point, leader.vehicle))

    def _fitness(self, seen: Observation) -> float:
        rules = self._briefing.election
        match rules.rule if rules is not None else "lowest_id":
            case "order":
                order = rules.order if rules is not None else ()
                return -float(order.index(self._rover) if self._rover in order else len(order))
            case "most_energy":
                return seen.battery * self._entry.vehicle.battery
            case "most_heard":
                return float(len(seen.neighbours))
            case _:
                return 0.0
