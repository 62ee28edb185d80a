"""Standing where two that do not hear each other both are heard, so that words go over this rover."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from fleet import moon
from fleet.sdk import AgentContext, AgentView, Decision, Point, RoverId
from fleet.sdk.machines import VehicleClass
from fleet.sdk.skills.going import GoTo

_ACROSS = 9  # Places that are looked at in each direction,
_WIDTH = 1.5  # over a square so many times as wide as the two are apart.


def is_heard(context: AgentContext, here: Point, there: Point, other: VehicleClass) -> bool:
    """Whether a link is to be expected between this rover at one place and another machine at another."""
    return moon.is_heard(context.terrain, (here, context.vehicle), (there, other))


class Relaying:
    """Goes to where two members of the fleet are both heard, and stands there.

    Examples
    --------
    In an agent::

        return self._relaying.between(view, self._context.coordinator, RoverId("scout")) or Decision()
    """

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._go = GoTo(context)
        self._vehicles = {member.rover: member.vehicle for member in context.roster}
        self._places = {member.rover: member.pose.point for member in context.roster}
        self._asked: tuple[tuple[RoverId, Point], ...] = ()
        self._place: Point | None = None

    def between(self, view: AgentView, one: RoverId, other: RoverId) -> Decision | None:
        """Return what to do to stand between two; None when it stands there, or there is no such place.

        Raises
        ------
        KeyError
            When one of them is no member of the fleet.
        """
        ends = tuple((rover, self._last_seen(view, rover)) for rover in (one, other))
        if ends != self._asked:
            self._asked, self._place = ends, self.place(view.observation.pose.point, ends)
        return None if self._place is None else self._go.toward(view, self._place)

    def place(self, here: Point, ends: Sequence[tuple[RoverId, Point]]) -> Point | None:
        """Return the place nearest by drive from which all ends are heard; None when none is found.

        Parameters
        ----------
        here
            Where this rover stands; best, when it will do.
        ends
            Members of the fleet and where they stand.
        """
        if self._hears(here, ends):
            return here
        places = [place for place in _around(ends) if self._hears(place, ends) and self._is_free(place)]
        costs = self._context.planner.costs(here, places)
        reached = [(cost[0], place) for cost, place in zip(costs, places, strict=True) if cost is not None]
        return min(reached)[1] if reached else None

    def _hears(self, place: Point, ends: Sequence[tuple[RoverId, Point]]) -> bool:
        return all(is_heard(self._context, place, there, self._vehicles[rover]) for rover, there in ends)

    def _is_free(self, place: Point) -> bool:
        terrain = self._context.terrain
        return terrain.contains(place) and terrain.is_free(place, self._context.vehicle)

    def _last_seen(self, view: AgentView, rover: RoverId) -> Point:
        peer = view.peers.get(rover)
        return self._places[rover] if peer is None else peer.pose.point


def _around(ends: Sequence[tuple[RoverId, Point]]) -> list[Point]:
    """Return places over a square around the middle of the ends."""
    xs, ys = [place[0] for _, place in ends], [place[1] for _, place in ends]
    middle = ((min(xs) + max(xs)) / 2.0, (min(ys) + max(ys)) / 2.0)
    half = _WIDTH * max(max(xs) - min(xs), max(ys) - min(ys), 1.0) / 2.0
    shares = [2.0 * number / (_ACROSS - 1) - 1.0 for number in range(_ACROSS)]
    return [(middle[0] + half * x, middle[1] + half * y) for x, y in product(shares, shares)]
