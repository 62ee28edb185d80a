"""Ways that a rover drives: to a place or to ground beside it that will do, around what refuses, and when anew."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Final

from fleet.sdk import AgentContext, AgentView, Disc, NoPlan, Plan, Point, Pose, distance
from fleet.sdk.events import Blocked, HazardSeen
from fleet.sdk.ground import distance_to_path
from fleet.sdk.words import HazardReport

PATIENCE: Final = 300.0  #: Seconds until what was not possible is tried again.
NEAR: Final = 1.0  #: Metres; where so much precision is asked for, nothing beside will do.
_ASIDE = 0.8  # Share of the allowed distance that is gone aside,
_BESIDES = 8  # in so many directions.
_AHEAD = 2.5  # Radii of its body from its middle to that of ground before it.
_DETOURS = 4  # Refused ways in a row after which it waits instead of trying one more.


class Driving:
    """Knows which ground refuses the ways to one place, and when another way is needed.

    The ground of a way is asked of the fleet's traffic by commanding it: `FollowPath` is the request for authority,
    `AgentView.travel` is how that stands.
    """

    def __init__(self, context: AgentContext) -> None:
        self.avoid: tuple[Disc, ...] = ()  #: What refused ways to the present place.
        self._context = context
        self._detours = 0

    def forget(self) -> None:
        """Begin anew: for another place, or after waiting."""
        self.avoid, self._detours = (), 0

    def hindrance(self, view: AgentView) -> str:
        """Take in that a way was refused; return why it is better to wait than to try another, empty when it is not."""
        if view.travel.is_refused:
            self.avoid = (*self.avoid, *view.travel.refused)
            self._detours += 1
            return "the way is held by others, or closed" if self._detours > _DETOURS else ""
        reasons = {event.reason for event in view.observation.events if isinstance(event, Blocked)}
        if "slope" in reasons:
            # Where it was set down, or has slid to, ground that no map forbids may be too steep in one direction.
            self.avoid = (*self.avoid, self._ahead(view.observation.pose))
            self._detours += 1
            return "the ground around is too steep" if self._detours > _DETOURS else ""
        return "a wheel is stuck" if self.is_stuck(view) else ""

    @staticmethod
    def is_stuck(view: AgentView) -> bool:
        """Whether the rover felt just now that a wheel is stuck."""
        return any(isinstance(event, Blocked) and event.reason == "wheel" for event in view.observation.events)

    def _ahead(self, pose: Pose) -> Disc:
        """Return ground that the body would drive over next, and does not stand on."""
        radius = self._context.vehicle.radius
        away = _AHEAD * radius
        return Disc(x=pose.x + away * cos(pose.heading), y=pose.y + away * sin(pose.heading), radius=radius)

    def is_stopped(self, view: AgentView) -> bool:
        """Whether the way was refused, or something blocked it, just now."""
        return view.travel.is_refused or any(isinstance(event, Blocked) for event in view.observation.events)

    def is_on_way(self, view: AgentView, place: Point, near: float) -> bool:
        """Whether the rover drives, or waits for leave to drive, a way that ends at a place."""
        return bool(view.travel.path) and distance(view.travel.path[-1], place) <= near

    def way(self, start: Point, place: Point, near: float) -> Plan | NoPlan:
        """Return a way to a place, or to the nearest ground beside it that will do where something is on it."""
        planner = self._context.planner
        plan = planner.plan(start, place, self.avoid)
        if isinstance(plan, NoPlan) and near > NEAR:
            ways = (planner.plan(start, goal, self.avoid) for goal in beside(place, near, start))
            plan = next((way for way in ways if isinstance(way, Plan)), plan)
        return plan

    def is_spoilt(self, view: AgentView) -> bool:
        """Whether ground that stops it, just met by this rover or another, lies on the way."""
        room = self._context.vehicle.radius + 0.5
        met = [event.what() for event in view.observation.events if isinstance(event, HazardSeen) and event.there]
        words = (message.body for message in view.inbox)
        met += [word.what() for word in words if isinstance(word, HazardReport) and word.there]
        discs = [hazard.disc for hazard in met if hazard.stops(self._context.vehicle)]
        return any(distance_to_path((disc.x, disc.y), view.travel.path) < disc.radius + room for disc in discs)


def beside(place: Point, near: float, start: Point) -> list[Point]:
    """Return goals around a place that are near enough to it, those nearest to `start` first."""
    aside = near * _ASIDE
    angles = (2.0 * pi * number / _BESIDES for number in range(_BESIDES))
    goals = [(place[0] + aside * cos(angle), place[1] + aside * sin(angle)) for angle in angles]
    return sorted(goals, key=lambda goal: (distance(goal, start), goal))
