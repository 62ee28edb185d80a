"""What rovers mean to drive and may drive, followed from what is said and commanded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from fleet.core import Path, Point, RoverId
from fleet.messages import (
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Command,
    FollowPath,
    Message,
    Pledge,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way of one rover: asked for as a plan, or driven without asking anybody."""

    plan: int = -1  #: The rover's own count; -1 before the first.
    path: Path = ()  #: Empty when the rover means to stay.
    radius: float = 0.0  #: Half the width of the corridor; 0 when nobody was asked.
    granted: int = 0  #: Last waypoint that may be driven to.
    returned: int = 0  #: Segments before this waypoint have been given back.
    waits_for: tuple[RoverId, ...] = ()

    def ahead(self, place: Point) -> Path:
        """Return what is still to be driven, from `place`."""
        if not self.path:
            return ()
        nearest = _nearest(place, self.path[self.returned :])
        return (place, *self.path[self.returned + nearest + 1 :])

    @property
    def corridor(self) -> Path:
        """The middle line of the ground that the rover holds; empty when that is only what it stands on."""
        held = self.path[self.returned : self.granted + 1] if self.radius > 0.0 else ()
        return held if len(held) > 1 else ()


def way_after_message(way: Way, message: Message) -> Way:
    """Return a rover's way after something that it said, or that was said to it, about its authority."""
    body = message.body
    match body:
        case AuthorityRequest() if body.plan > way.plan:
            return Way(plan=body.plan, path=body.path, radius=body.radius)
        case AuthorityGrant() if body.plan == way.plan and way.path:
            return replace(way, granted=max(way.granted, body.upto), waits_for=body.waits_for)
        case AuthorityRefusal() if body.plan == way.plan:
            return Way(plan=way.plan)
        case AuthorityWithdrawal() if body.plan == way.plan:
            return replace(way, path=way.path[: way.granted + 1], waits_for=())
        case AuthorityReturn() if body.plan == way.plan:
            if body.ends is not None:
                return Way(plan=way.plan)
            return replace(way, returned=max(way.returned, body.upto))
        case Pledge(holding=holding):
            # A new leader knows what is held, and nothing of the rest.
            held = len(holding.path) - 1
            if held <= 0:
                # At the beginning of a way it asks for that still, and a grant may be on its way to it.
                is_asked = holding.plan == way.plan and way.path[:1] == ((holding.start.x, holding.start.y),)
                return way if is_asked else Way(plan=way.plan)
            return replace(way, path=way.path[: held + 1], granted=held, waits_for=())
        case _:
            return way


def way_after_command(way: Way, command: Command | None) -> Way:
    """Return a rover's way after its mind told its body something, None after it arrived.

    Where authority was asked for, the words about that tell more and this changes nothing.
    """
    if way.path and way.radius > 0.0:
        return way
    return Way(plan=way.plan, path=command.path if isinstance(command, FollowPath) else ())


def _nearest(place: Point, path: Path) -> int:
    """Return which straight piece of a path is nearest, the first of equal ones; -1 where there is none."""
    x, y = place
    best, least = -1, inf
    for number, ((ax, ay), (bx, by)) in enumerate(pairwise(path)):
        dx, dy, ex, ey = bx - ax, by - ay, x - ax, y - ay
        squared = dx * dx + dy * dy
        along = (ex * dx + ey * dy) / squared if squared > 0.0 else 0.0
        if along > 0.0:
            along = min(along, 1.0)
            ex, ey = ex - along * dx, ey - along * dy
        gap = ex * ex + ey * ey
        if gap < least:
            best, least = number, gap
    return best
