"""What rovers mean to drive and may drive, followed from what is said and commanded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

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
        gaps = [_gap(place, *segment) for segment in pairwise(self.path[self.returned :])]
        nearest = min(range(len(gaps)), key=gaps.__getitem__, default=-1)
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
                return Way(plan=way.plan)
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


def _gap(place: Point, a: Point, b: Point) -> float:
    """Return the squared distance of a point from a straight piece."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    squared = dx * dx + dy * dy
    along = ((place[0] - a[0]) * dx + (place[1] - a[1]) * dy) / squared if squared > 0.0 else 0.0
    along = min(1.0, max(0.0, along))
    ex, ey = place[0] - (a[0] + along * dx), place[1] - (a[1] + along * dy)
    return ex * ex + ey * ey
