"""What the coordinating rover does for all: leads traffic and auctions work."""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from fleet.core import EVERYONE, AgencyId, Disc, MessageError, PluginError, RoverId, Tick
from fleet.messages import (
    AuthorityGrant,
    AuthorityRequest,
    AuthorityReturn,
    Award,
    Bids,
    Body,
    Briefing,
    Claim,
    Leading,
    Message,
    Pledge,
    Suspension,
    Task,
    TaskNote,
    TaskReport,
    Telemetry,
    TowClaim,
    Witnessed,
)
from fleet.planning.joint import RepairingJointPlanner
from fleet.runtime.fence import FencedAllocator
from fleet.runtime.witnesses import Witnesses
from fleet.sdk import Allocator
from fleet.tasks import Coordinator, TaskNotes
from fleet.terrain import Terrain
from fleet.traffic import CONTROL_MARGIN, Claims, Closure, Dispatcher, Quorum, TowingLedger, claimed

_log = logging.getLogger(__name__)
To = tuple[RoverId, Body]
_ROUNDS = 1_000_000  # Rounds of auctions that one epoch may have.
_SOON = 10.0  # Seconds until a member that did not join is asked once more.


@dataclass(frozen=True, slots=True, kw_only=True)
class Inheritance:
    """What a leader knows when it begins."""

    epoch: int
    pledges: Mapping[RoverId, Pledge] | None  #: Of those who elected it; None at the start, when all is known.
    claims: Claims  #: What all may hold; kept up by the leader's own acts.
    notes: TaskNotes  #: How tasks stand; likewise.
    tick: Tick = 0  #: Now.


class Leadership:
    """The traffic ledger and the auction, fed by what the others say.

    Notes
    -----
    A plan is granted, and a task awarded, when as many know of it as the quorum asks for.
    """

    def __init__(
        self, briefing: Briefing, rover: RoverId, allocator: Allocator, inheritance: Inheritance, terrain: Terrain
    ) -> None:
        self.refused = 0  #: Words about traffic that nobody may say.
        self._rover = rover
        self._start = inheritance
        self._epoch = inheritance.epoch
        self._quorum = quorum_of(briefing)
        self._claims, self._notes = inheritance.claims, inheritance.notes
        self._witnesses = Witnesses(rover, inheritance.epoch, self._quorum, briefing.time)
        self._requests: dict[RoverId, AuthorityRequest] = {}
        self._inherited: set[tuple[RoverId, int]] = set()  # Plans that were granted by earlier leaders.
        self._awards: dict[Hashable, Award] = {}  # That wait for witnesses.
        self._allocator = FencedAllocator(briefing.allocator, rover, allocator, briefing.agent_deadline)
        self._coordinator = Coordinator(
            roster=briefing.roster,
            allocator=self._allocator,
            dt=briefing.dt,
            rounds=_ROUNDS * inheritance.epoch,
        )
        pledges = inheritance.pledges
        self._joined = set(self._quorum.members if pledges is None else pledges)  # Asked for membership only.
        self._told: dict[
            RoverId, tuple[Tick, Tick]
        ] = {}  # Strangers in reach: when to ask them next, and how long after.
        self._soon = max(2, int(_SOON / briefing.dt))
        if pledges is None:
            self._ledger = TowingLedger(parked(briefing))
        else:
            holdings = {member: pledge.holding for member, pledge in pledges.items()}
            self._ledger = TowingLedger.inherited(holdings, self._claims.absent(holdings))
            self._inherited |= {(member, holding.plan) for member, holding in holdings.items() if holding.path}
            self._take_notes(pledges, inheritance.tick)
        self._desk = Dispatcher(
            ledger=self._ledger,
            roster=briefing.roster,
            terrain=terrain,
            planner=RepairingJointPlanner(seed=briefing.seed),
            dt=briefing.dt,
        )

    @property
    def is_busy(self) -> bool:
        """Whether anybody has a plan."""
        return bool(self._ledger.plans())

    def order(self, task: Task, tick: Tick) -> None:
        """Take in an order of mission control."""
        self._coordinator.order(task, tick)

    def withdraw(self, agencies: Iterable[AgencyId]) -> None:
        """Offer no more work of these agencies."""
        self._coordinator.withdraw(agencies)

    def suspend(self, suspended: tuple[Suspension, ...], tick: Tick) -> None:
        """Offer no work that is paused or cancelled."""
        self._coordinator.suspend(suspended, tick)

    def close(self, closure: Closure, tick: Tick) -> list[To]:
        """Let nobody enter this ground from now on; return what is to be said of plans that would."""
        return self._gated(list(self._desk.close(closure, tick)))

    def hear(self, message: Message, tick: Tick) -> list[To]:
        """Take in what a rover says; return the answers."""
        sender, body = message.sender, message.body
        if sender not in self._joined:
            return self._hear_stranger(sender, body, tick)
        self._coordinator.heard(sender, message.tick)
        self._desk.heard(sender, message.tick)
        match body:
            case AuthorityRequest() | AuthorityReturn():
                said = self._gated(self._hear_of_traffic(sender, body, tick))
                # What it gives back itself it has heard thereby: an echo would be a return again.
                return [(to, word) for to, word in said if to != self._rover or not isinstance(word, AuthorityReturn)]
            case TowClaim():
                return self._gated(self._hear_of_traffic(sender, body, tick))
            case Bids():
                self._coordinator.bid(sender, body)
            case Telemetry():
                self._coordinator.told(sender, body.task, message.tick)
            case TaskReport():
                self._notes.reported(sender, body)
                return [(EVERYONE, answer) for answer in self._coordinator.report(sender, body, tick)]
            case Witnessed():
                return self._hear_witness(sender, body, tick)
            case _:
                pass
        return []

    def _hear_stranger(self, sender: RoverId, body: Body, tick: Tick) -> list[To]:
        """Let a member in that tells what it holds, and ask any other to."""
        if isinstance(body, TaskReport) and body.state == "done":
            self._notes.reported(sender, body)
            self._coordinator.report(sender, body, tick)
        if not isinstance(body, Pledge):
            return [(sender, Leading(epoch=self._epoch))] if sender in self._quorum.members else []
        if body.epoch != self._epoch:
            return []
        try:
            self._ledger.join(sender, body.holding)
        except MessageError as error:
            self._refuse(error)
            return []
        self._joined.add(sender)
        self._inherited.add((sender, body.holding.plan))
        self._take_notes({sender: body}, tick)
        # What it has that was given to another meanwhile, it must drop.
        kept = [note.task for note in body.notes if note.rover == sender and not note.done]
        reports = [TaskReport(task=task, state="accepted") for task in kept]
        return [(EVERYONE, said) for report in reports for said in self._coordinator.report(sender, report, tick)]

    def _hear_of_traffic(
        self, sender: RoverId, body: AuthorityRequest | AuthorityReturn | TowClaim, tick: Tick
    ) -> list[To]:
        try:
            if isinstance(body, TowClaim):
                return list(self._ledger.claim(sender, body))
            if isinstance(body, AuthorityRequest):
                said = list(self._desk.request(sender, body, tick))
                before = self._requests.get(sender)
                if before is None or before.plan < body.plan:
                    self._requests[sender] = body
                    self._witnesses.drop((sender, before.plan) if before is not None else None)
                return said
            return list(self._desk.returned(sender, body, tick))
        except MessageError as error:
            self._refuse(error)
            return []

    def _refuse(self, error: MessageError) -> None:
        self.refused += 1
        _log.warning("%s", error)

    def _gated(self, said: list[To]) -> list[To]:
        """Hold back what is granted of plans that not enough know of."""
        return [(to, self._gate(to, body) if isinstance(body, AuthorityGrant) else body) for to, body in said]

    def _gate(self, taker: RoverId, grant: AuthorityGrant) -> AuthorityGrant:
        request = self._requests.get(taker)
        if grant.upto == 0 or (taker, grant.plan) in self._inherited:
            return grant
        if request is None or request.plan != grant.plan:
            return AuthorityGrant(plan=grant.plan, upto=0)
        claim = Claim(rover=taker, holding=claimed(request))
        self._claims.note(taker, claim.holding)
        if self._witnesses.is_kept((taker, grant.plan), taker, claim=claim):
            return grant
        return AuthorityGrant(plan=grant.plan, upto=0)

    def _hear_witness(self, sender: RoverId, body: Witnessed, tick: Tick) -> list[To]:
        said: list[To] = []
        for matter in self._witnesses.heard(sender, body):
            award = self._awards.pop(matter, None)
            if award is not None:
                if self._coordinator.stands(award):
                    self._notes.awarded(award)
                    said.append((EVERYONE, award))
                continue
            for taker, request in self._requests.items():
                if matter == (taker, request.plan):
                    # Asked once more, the ledger says how the plan stands by now.
                    said += self._gated(self._hear_of_traffic(taker, request, tick))
        return said

    def step(self, tick: Tick, reachable: tuple[RoverId, ...]) -> tuple[list[To], Tick | None]:
        """Return what is to be said now, and when to be asked again."""
        said = self._ask_strangers(tick, reachable)
        for matter in [matter for matter, award in self._awards.items() if not self._coordinator.stands(award)]:
            del self._awards[matter]
            self._witnesses.drop(matter)
        self._coordinator.leave_to(self._unsure())
        bodies, wake = self._coordinator.step(tick, (*reachable, self._rover))
        for body in bodies:
            if isinstance(body, Award):
                if not self._is_sure(body):
                    continue
                self._notes.awarded(body)
            said.append((EVERYONE, body))
        traffic, due = self._desk.step(tick)
        said += self._gated(list(traffic))
        asked, again = self._witnesses.step(tick, [rover for rover in reachable if rover in self._joined])
        wakes = [at for at in (wake, due, again) if at is not None] + [at for at, _ in self._told.values()]
        return said + asked, min(wakes, default=None)

    def _ask_strangers(self, tick: Tick, reachable: tuple[RoverId, ...]) -> list[To]:
        """Tell who is in reach and has not joined that it leads, and again after ever longer times."""
        strange = [rover for rover in sorted(reachable) if rover not in self._joined]
        asked = {rover: self._told.get(rover, (tick, self._soon)) for rover in strange}
        due = [rover for rover, (at, _) in asked.items() if tick >= at]
        self._told = asked | {rover: (tick + asked[rover][1], 2 * asked[rover][1]) for rover in due}
        return [(rover, Leading(epoch=self._epoch)) for rover in due]

    def _is_sure(self, award: Award) -> bool:
        """Whether an award may be said; else it waits for witnesses."""
        matter: Hashable = ("award", award.task.id, award.round)
        note = TaskNote(task=award.task.id, round=award.round, rover=award.rover)
        is_kept = self._witnesses.is_kept(matter, award.rover, note=note)
        if not is_kept:
            self._awards[matter] = award
        return is_kept

    def _unsure(self) -> frozenset[RoverId]:
        """Return whose work is not known for sure: the absent, where so many are that nobody need know of it."""
        if self._quorum.is_full(self._joined):
            return frozenset()
        return self._quorum.members - self._joined

    def _take_notes(self, pledges: Mapping[RoverId, Pledge], tick: Tick) -> None:
        for note in self._notes.all():
            pledge = pledges.get(note.rover) if note.rover is not None else None
            own = {own.task: own for own in pledge.notes} if pledge is not None else {}
            if pledge is not None and not note.done and (note.task not in own or own[note.task].rover != note.rover):
                # It never heard that it was given this, or gave it back.
                self._notes.learn([TaskNote(task=note.task, round=note.round, rover=None)])
        for note in self._notes.all():
            self._coordinator.learn(note, tick)

    def take_fault(self) -> PluginError | None:
        """Return what the allocator did wrong since the last call."""
        return self._allocator.take_fault()


def parked(briefing: Briefing) -> Mapping[RoverId, Disc]:
    """Return the ground on which each rover stands at the start."""
    return {
        entry.rover: Disc(x=entry.pose.x, y=entry.pose.y, radius=entry.vehicle.radius + CONTROL_MARGIN)
        for entry in briefing.roster
    }


def quorum_of(briefing: Briefing) -> Quorum:
    """Return the rule of agreement of a fleet."""
    members = frozenset(entry.rover for entry in briefing.roster)
    drivers = frozenset(entry.rover for entry in briefing.roster if entry.vehicle.can_drive)
    rules = briefing.election
    if rules is None:
        return Quorum(members=members, drivers=drivers, may_miss=0)
    voters = drivers if rules.voters == "drivers" else members
    return Quorum(members=members, drivers=drivers, may_miss=rules.may_miss, voters=voters)
