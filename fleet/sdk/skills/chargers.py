"""Where a rover can draw charge from another machine."""

from __future__ import annotations

from collections.abc import Collection
from math import cos, sin

from fleet.sdk import AgentContext, AgentView, Point, RoverId, distance
from fleet.sdk.ground import bearing

_SPARE = 0.6  # Charge of a mobile charger that is asked for some.
_BESIDE = 3.0  # Metres between two bodies, one charging the other.


def nearest_charger(
    context: AgentContext, view: AgentView, without: Collection[tuple[RoverId, Point]] = ()
) -> tuple[RoverId, Point]:
    """Return the nearest charger that nobody is known to use, and where to stand.

    Parameters
    ----------
    without
        Chargers and places that there is no way to; taken all the same when there are no others.
    """
    taken = [(peer.pose.point, 2.0) for peer in view.peers.values()]
    taken += [((held.x, held.y), held.radius + context.vehicle.radius) for held in view.travel.refused]
    docks = [(dock.source, dock.place) for dock in context.docks]
    free = [(source, place) for source, place in docks if all(distance(place, p) > room for p, room in taken)]
    here = view.observation.pose.point
    chargers = (free or docks) + _mobile_chargers(context, view)
    reached = [charger for charger in chargers if charger not in without]
    return min(reached or chargers, key=lambda charger: (distance(here, charger[1]), charger))


def _mobile_chargers(context: AgentContext, view: AgentView) -> list[tuple[RoverId, Point]]:
    """Return a place beside each machine that drives, charges others and was last heard to stand idle."""
    here, own = view.observation.pose.point, context.vehicle
    found: list[tuple[RoverId, Point]] = []
    for member in context.roster:
        peer = view.peers.get(member.rover)
        charges = member.vehicle.charge_power > 0.0 and member.vehicle.can_drive
        charges = charges and context.law.may_draw(context.rover, member.rover)
        if peer is not None and charges and peer.activity == "idle" and peer.battery > _SPARE:
            gap = own.radius + member.vehicle.radius + _BESIDE
            towards = bearing(peer.pose.point, here)
            place = (peer.pose.x + gap * cos(towards), peer.pose.y + gap * sin(towards))
            found.append((member.rover, place))
    return found
