"""What moves a rover's body: the ground that it holds, who has it stand, and whether its leader is in reach."""

from __future__ import annotations

from fleet.core import Path, RoverId
from fleet.messages import (
    AuthorityGrant,
    AuthorityOffer,
    AuthorityRefusal,
    AuthorityReturn,
    AuthorityWithdrawal,
    Briefing,
    Command,
    Message,
    Notified,
    Passed,
    Stop,
    StopHeeded,
    StopOrder,
    TowAnswer,
    TowBegan,
    TowEnded,
)
from fleet.runtime.council import Council
from fleet.runtime.discipline import Discipline
from fleet.runtime.orders import Orders
from fleet.runtime.rights import Rights
from fleet.runtime.towing import Towing
from fleet.runtime.turn import Turn
from fleet.terrain import Terrain
from fleet.traffic import Effects, Holder

_FROM_LEADER = (AuthorityGrant, AuthorityRefusal, AuthorityWithdrawal, AuthorityReturn)


class Driver:
    """Asks for ground, drives what is granted, gives back what lies behind, and stands for whom it must.

    Parameters
    ----------
    rights
        For whom it stands.
    holder
        Of the rover's own ground.
    council
        Who leads, and what must be said to it.
    """

    def __init__(
        self, *, briefing: Briefing, rights: Rights, holder: Holder, council: Council, terrain: Terrain
    ) -> None:
        rover = rights.rover
        entry = next(entry for entry in briefing.roster if entry.rover == rover)
        others = tuple(entry.rover for entry in briefing.roster if entry.rover != rover)
        self.leader: RoverId | None = council.leader  #: Whom it asks for ground.
        self.reaches_leader = True
        self.is_leader_news = False  #: Whether it came into reach, or out of it, just now.
        self._rover = rover
        self._vehicle = entry.vehicle
        self._holder = holder
        self._council = council
        self._terrain = terrain
        self._orders = Orders(rover, others, briefing.dt, rights)
        radii = {entry.rover: entry.vehicle.radius for entry in briefing.roster}
        self._towing = Towing(rover, radii, holder, briefing.dt)
        self._discipline = Discipline(
            briefing=briefing, rights=rights, orders=self._orders, holder=holder, terrain=terrain, council=council
        )

    # What the body felt -------------------------------------------------------------------------------------------

    def passed(self, event: Passed, turn: Turn) -> None:
        """Give back what lies behind."""
        self._follow(self._holder.on_passed(self._orders.passed(event.waypoint)), turn)

    def arrived(self, turn: Turn) -> bool:
        """Take in that the body is at the end of its path; return whether that is where the mind wanted to be."""
        self._orders.ended()
        effects = self._holder.on_arrived(turn.seen.pose, turn.tick)
        self._follow(effects, turn)
        return effects.finished

    def halted(self, turn: Turn) -> None:
        """Take in that the body came to rest on its way."""
        self._orders.ended()
        self._follow(self._holder.on_halted(turn.seen.pose, turn.tick), turn)

    def towed(self, event: TowBegan | TowEnded, turn: Turn) -> None:
        """Take in that a tow began or is over."""
        if isinstance(event, TowEnded):
            if event.tower == self._rover:
                self.stop(turn)  # On a way it would leave whom it set down, and nobody knows yet where that stands.
            self._towing.ended(event, turn)
            return
        if event.towed == self._rover:
            self.stop(turn)
        self._towing.began(event, turn)

    def notified(self, event: Notified, turn: Turn) -> None:
        """Do what mission control has in force."""
        self._follow(self._discipline.learn(event.bulletin, turn), turn)

    # What was heard -----------------------------------------------------------------------------------------------

    def hear(self, message: Message, turn: Turn) -> bool:
        """Take in words about traffic; return whether they are about nothing else."""
        self._follow(self._discipline.hear(message, turn), turn)
        body = message.body
        is_from_leader = message.sender == self._council.leader
        match body:
            case StopOrder() | StopHeeded():
                self._orders.hear(message.sender, body, turn, self._council.leader)
            case TowAnswer():
                if is_from_leader:
                    self._towing.hear(body, turn)
            case AuthorityOffer():
                is_free = turn.seen.activity == "idle" and not self._towing.must_stand
                if is_from_leader and is_free and self._terrain.is_clear(body.path, self._vehicle):
                    self._follow(self._holder.on_offer(body.path, turn.tick), turn)
            case _ if not isinstance(body, _FROM_LEADER):
                return False
            case _ if is_from_leader:
                self._follow(self._holder.on_message(body, turn.tick), turn)
                turn.concerns_mind |= self._holder.travel().is_refused
            case _:
                pass
        return True

    # What is due --------------------------------------------------------------------------------------------------

    def look_for_leader(self, turn: Turn) -> None:
        """Take in whether there is a leader in reach."""
        leader, seen = self.leader, turn.seen
        hears = leader is not None and (leader == self._rover or leader in seen.neighbours)
        hears = hears and self._council.outlasts_leader(seen)
        reaches = leader is not None and (leader == self._rover or leader in seen.links)
        self.is_leader_news, self.reaches_leader = reaches != self.reaches_leader, reaches
        self._follow(self._holder.on_links(reaches, turn.tick, lasting=hears), turn)

    def turn_to_leader(self, turn: Turn) -> None:
        """Tell another leader what ground is wanted."""
        self.leader = self._council.leader
        self.look_for_leader(turn)
        if self.leader is not None:
            self._follow(self._holder.on_leader(turn.tick), turn)
            if self._towing.is_tower:
                self.stop(turn)  # Only who stands, and holds no way, is given the ground of two.
            self._towing.tell_leader(turn)

    def step(self, turn: Turn) -> None:
        """Ask again for what was asked long ago."""
        self._follow(self._holder.on_wake(turn.tick), turn)
        if self._towing.is_held_up(turn.tick) and self.reaches_leader:
            # Who is barred from going back where the leader hears it for sure gives its way up where it can be heard.
            self._follow(self._holder.on_links(True, turn.tick), turn)
        self._towing.step(turn, self.leader)

    def heed(self, turn: Turn) -> None:
        """Do what mission control's orders make due."""
        self._follow(self._discipline.step(turn, reaches_leader=self.reaches_leader), turn)

    def close(self, turn: Turn) -> None:
        """Say what is due when all else is said."""
        self._orders.close(turn)
        turn.wake_at(self._holder.wake)
        turn.wake_at(self._towing.wake)

    # What the mind wants ------------------------------------------------------------------------------------------

    def give(self, to: RoverId, order: StopOrder, turn: Turn) -> None:
        """Order another, or everyone, to stand or to go on."""
        self._orders.give(to, order, turn)

    def forbids(self, command: Command) -> bool:
        """Whether the mind has no say now."""
        return self._discipline.forbids(command) or self._towing.bars(command)

    def want(self, path: Path, turn: Turn) -> None:
        """Ask for the ground of a path, and drive it as far as that is granted."""
        self._follow(self._holder.want(path, turn.tick), turn)

    def stop(self, turn: Turn) -> None:
        """Stand, and give back what is held ahead."""
        self._follow(self._holder.stop(turn.seen.pose, turn.tick), turn)

    def allows(self, command: Command) -> bool:
        """Whether the body may do this where it stands."""
        return self._orders.allows(command)

    # What the traffic rules make of it ----------------------------------------------------------------------------

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
                self.stop(turn)
        turn.concerns_mind |= effects.finished
        if effects.halt:
            # The world stands still while it asks: the body has halted where it is seen.
            turn.command = Stop()
            self.halted(turn)
