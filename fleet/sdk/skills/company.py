"""Where to stand beside another machine, to charge it or to take it on board."""

from __future__ import annotations

from math import cos, sin
from typing import Final

from fleet.sdk import AgentContext, AgentView, Point, Pose, RoverId, distance
from fleet.sdk.ground import bearing

BESIDE: Final = 3.0  #: Metres between two hulls, one of them at work on the other.
HITCH: Final = 1.5  #: Likewise, where one takes the other in tow.
_SEEN = 0.75  # Share of the range at which another is filmed that it may be away,
_NEARER = 0.5  # and to which it is approached when it was farther.
_OFF = 1.0  # Metres that the other may have moved, for a place beside it to do still.


def whereabouts(context: AgentContext, view: AgentView, rover: RoverId) -> Pose | None:
    """Return where another was last heard to stand, or stood at the start; None for a stranger."""
    if rover in view.peers:
        return view.peers[rover].pose
    return next((member.pose for member in context.roster if member.rover == rover), None)


def place_in_view(
    context: AgentContext, view: AgentView, rover: RoverId, within: float, now: Point | None = None
) -> Point | None:
    """Return where to stand to have another in view that may drive on; None for a stranger.

    Parameters
    ----------
    within
        Metres at which it must be seen; three quarters of that are planned with.
    now
        The place chosen before; kept while the other is in view from there.
    """
    pose = whereabouts(context, view, rover)
    if pose is None:
        return None
    here = view.observation.pose.point
    for place in (now, here):
        if place is not None and distance(place, pose.point) <= _SEEN * within:
            return place
    towards = bearing(pose.point, here)
    return pose.x + _NEARER * within * cos(towards), pose.y + _NEARER * within * sin(towards)


def place_beside(
    context: AgentContext, view: AgentView, rover: RoverId, gap: float = BESIDE, now: Point | None = None
) -> Point | None:
    """Return where to stand beside another, on the side that this rover comes from; None for a stranger.

    Parameters
    ----------
    gap
        Metres between the hulls.
    now
        The place chosen before; kept while the other stands where it did.
    """
    pose = whereabouts(context, view, rover)
    if pose is None:
        return None
    radius = next(member.vehicle.radius for member in context.roster if member.rover == rover)
    away = context.vehicle.radius + radius + gap
    if now is not None and abs(distance(now, pose.point) - away) <= _OFF:
        return now
    towards = bearing(pose.point, view.observation.pose.point)
    return pose.x + away * cos(towards), pose.y + away * sin(towards)
