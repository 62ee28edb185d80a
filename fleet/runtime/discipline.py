"""What a rover does about the orders of mission control: stands, keeps out of closed ground, tells them on."""

from __future__ import annotations

from typing import Final

import shapely

from fleet.core import EVERYONE, Disc, Point
from fleet.messages import Briefing, Bulletin, BulletinHeeded, ClosedGround, Command, FollowPath, Message, Pledge
from fleet.runtime.bulletins import Bulletins
from fleet.runtime.council import Council
from fleet.runtime.exits import Exits
from fleet.runtime.orders import Orders
from fleet.runtime.rights import Rights
from fleet.runtime.turn import Turn
from fleet.terrain import Terrain, Zone
from fleet.traffic import CONTROL_MARGIN, Closure, Drive, Effects, Holder, Phase

_SLACK: Final = 0.01  #: Metres that plans keep farther from closed ground than the ground which they will hold.


class Discipline:
    """Heeds bulletins.

    Parameters
    ----------
    orders
        Which have the rover stand.
    rights
        Whose orders it heeds.
    holder
        Of the rover's own ground: what it holds in closed ground it gives back by itself.
    terrain
        What the rover believes of the ground.
    council
        Told what is closed, for when this rover leads.

    Notes
    -----
    Who hears that ground is closed into which it is driving stops at once, gives the rest of its plan back and finds
    another way. Who is in it drives out by the shortest way, whatever its mind wants, or stands until it is open again,
    as the order says. An order to stand comes first: who is to stand leaves closed ground when it may go on.
    """

    def __init__(
        self,
        *,
        briefing: Briefing,
        rights: Rights,
        orders: Orders,
        holder: Holder,
        terrain: Terrain,
        council: Council,
    ) -> None:
        rover = rights.rover
        roster = {entry.rover: entry for entry in briefing.roster}
        vehicle = roster[rover].vehicle
        self._rover = rover
        self._room = vehicle.radius + CONTROL_MARGIN
        self._can_drive = vehicle.can_drive
        self._orders = orders
        self._holder = holder
        self._terrain = terrain
        self._council = council
        self._rights = rights
        self._refused = ""  # Why it does not stand for whoever wants it to.
        self._bulletins = Bulletins(rover, sorted(roster.keys() - {rover}), briefing.dt)
        self._exits = Exits(vehicle, terrain, briefing.dt)
        self._closure = Closure({})
        self._caught: frozenset[str] = frozenset()  # Zones that closed around it and in which it is to stand.
        self._is_leaving = False
        self._reaches_leader = True

    def forbids(self, command: Command) -> bool:
        """Whether the mind has no say now: the rover is on its way out of closed ground, or asks for that in vain."""
        phase = self._holder.phase
        if not self._is_leaving or phase is Phase.STANDING:
            return False
        # Who does not reach a leader may sleep or charge until it does.
        return isinstance(command, FollowPath) or phase is not Phase.ASKING or self._reaches_leader

    def bars(self, drive: Drive, turn: Turn) -> bool:
        """Whether what the rover may drive leads into ground that it knows to be closed, whoever granted that."""
        return self._closure.is_entered((turn.seen.pose.point, *drive.path), self._room)

    def hear(self, message: Message, turn: Turn) -> Effects:
        """Take in what another says about bulletins."""
        sender, body = message.sender, message.body
        match body:
            case BulletinHeeded():
                self._bulletins.heeded(sender, body)
            case Pledge(bulletin=Bulletin() as bulletin):
                self._bulletins.heeded(sender, bulletin)
                return self.learn(bulletin, turn)
            case Bulletin():
                self._bulletins.heeded(sender, body)
                if body.version < self._bulletins.latest.version:
                    turn.say(sender, self._bulletins.latest)
                    return Effects()
                effects = self.learn(body, turn)
                turn.say(EVERYONE, BulletinHeeded(version=body.version, refused=self._refused))
                return effects
            case _:
                pass
        return Effects()

    def learn(self, bulletin: Bulletin, turn: Turn) -> Effects:
        """Take in what mission control has in force, and do as it says."""
        if not self._bulletins.learn(bulletin):
            return Effects()
        turn.concerns_mind = True
        place = turn.seen.pose.point
        self._closure = Closure({ground.zone: ground.outline for ground in bulletin.closed})
        # Wider for plans by what a corridor is wider than its body, so that no plan is refused for its margin.
        self._terrain.close([_widened(ground) for ground in bulletin.closed])
        self._council.notify(bulletin, self._closure, turn)
        stops = {ground.zone for ground in bulletin.closed if ground.inside == "stop"}
        self._caught = frozenset(zone for zone in self._inside(place) if zone in stops)
        self._rights.withdraw(bulletin.withdrawn)
        self._rights.suspend(bulletin.suspended)
        wanted = {
            halt.by: self._rights.against_halt(halt, turn) for halt in bulletin.halts if halt.rover == self._rover
        }
        halts = frozenset(giver for giver, refused in wanted.items() if not refused)
        self._refused = "; ".join(filter(None, wanted.values()))
        self._orders.hold(halts | {f"zone {zone}" for zone in self._caught}, turn)
        if self._can_drive and set(self._inside(place)) - self._caught:
            self._exits.begin(turn.tick)
        else:
            self._exits.end()
            self._is_leaving = False
        ahead = self._orders.ahead
        if ahead and self._closure.bars((place, *ahead), self._room):
            return self._holder.stop(turn.seen.pose, turn.tick)
        return Effects()

    def step(self, turn: Turn, *, reaches_leader: bool) -> Effects:
        """Do what is due: tell the others, and leave closed ground."""
        self._reaches_leader = reaches_leader
        leads = self._council.leader == self._rover
        tells = leads or not reaches_leader
        for to, body in self._bulletins.due(turn.tick, turn.seen.links, tells=tells):
            turn.say(to, body)
        turn.wake_at(self._bulletins.wake)
        effects = self._leave(turn)
        turn.wake_at(self._exits.wake)
        return effects

    def _leave(self, turn: Turn) -> Effects:
        """Look for a way out of closed ground when it is time, the rover standing without a plan."""
        due = self._exits.wake
        if due is None or turn.tick < due or self._holder.phase is not Phase.STANDING or self._orders.is_on:
            return Effects()
        place = turn.seen.pose.point
        inside = self._inside(place)
        if not inside:
            self._exits.end()
            self._is_leaving = False
            turn.concerns_mind = True
            return Effects()
        zones = [zone.ground() for zone in self._bulletins.latest.closed if zone.zone in inside]
        path = self._exits.way(place, zones, self._holder.travel().refused, turn.tick)
        if path is None:
            return Effects()
        self._is_leaving = True
        return self._holder.want(path, turn.tick)

    def _inside(self, place: Point) -> tuple[str, ...]:
        """Return the closed zones that the ground around a place reaches into."""
        return self._closure.around(Disc(x=place[0], y=place[1], radius=self._room))


def _widened(ground: ClosedGround) -> Zone:
    zone = ground.ground()
    shape = zone.shape.buffer(CONTROL_MARGIN + _SLACK, join_style="mitre", mitre_limit=2.0)
    assert isinstance(shape, shapely.Polygon)
    return Zone(id=zone.id, kind=zone.kind, shape=shape)
