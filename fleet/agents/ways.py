"""Ways that a rover drives: to a place or to ground beside it that will do, and whether one is spoilt since."""

from __future__ import annotations

from math import cos, pi, sin

from fleet.agents.intention import NEAR, Intention
from fleet.sdk import AgentContext, AgentView, Disc, NoPlan, Plan, Point
from fleet.sdk.events import HazardSeen
from fleet.sdk.ground import distance_to_path
from fleet.sdk.words import HazardReport

_ASIDE = 0.8  # Share of the allowed distance that is gone aside,
_BESIDES = 6  # in so many directions.


def way(context: AgentContext, start: Point, intention: Intention, avoid: tuple[Disc, ...]) -> Plan | NoPlan:
    """Return a way to the place, or to ground beside it that will do as well where a rock lies on it."""
    plan = context.planner.plan(start, intention.place, avoid)
    for bearing_of_try in range(_BESIDES):
        if not isinstance(plan, NoPlan) or intention.near <= NEAR:
            break
        angle = 2.0 * pi * bearing_of_try / _BESIDES
        aside = intention.near * _ASIDE
        goal = (intention.place[0] + aside * cos(angle), intention.place[1] + aside * sin(angle))
        beside = context.planner.plan(start, goal, avoid)
        plan = beside if isinstance(beside, Plan) else plan
    return plan


def is_spoilt(context: AgentContext, view: AgentView) -> bool:
    """Whether ground that stops it, just met by this rover or another, lies on the way."""
    room = context.vehicle.radius + 0.5
    met = [event.what() for event in view.observation.events if isinstance(event, HazardSeen) and event.there]
    words = (message.body for message in view.inbox)
    met += [word.what() for word in words if isinstance(word, HazardReport) and word.there]
    discs = [hazard.disc for hazard in met if hazard.stops(context.vehicle)]
    return any(distance_to_path((disc.x, disc.y), view.travel.path) < disc.radius + room for disc in discs)
