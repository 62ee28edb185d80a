"""What is wished of a place, and the words for a wish that cannot be met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.scenario.place_schema import Near
from sim.scenario.problems import Problem
from sim.scenario.reach import Group
from sim.scenario.yaml_tree import Loc


class Unplaceable(Exception):
    """A place cannot be found; carries the problem, or None when another place is to blame."""

    def __init__(self, problem: Problem | None) -> None:
        super().__init__()
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who must be able to use a place, and what it is called."""

    loc: Loc  #: Where in the file it is asked for.
    name: str  #: Names its stream of chance.
    groups: tuple[Group, ...] = ()
    room: float = 0.0  #: Radius of the body that will stand there from the start; 0 for a place of work.


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What the fleet needs of places."""

    driving: Group  #: Every class that drives, by name.
    of_places: Mapping[str, tuple[Group, ...]]  #: By name of a place: groups of which one class must get there.


def point_text(point: Sequence[float]) -> str:
    """Return a point as it is written in a file."""
    return f"[{point[0]:g}, {point[1]:g}]"


def class_names(groups: Sequence[Group]) -> str:
    """Return the vehicle classes of some groups, joined."""
    names = dict.fromkeys(vehicle.name for group in groups for vehicle in group)
    return " or ".join(names) or "a rover"


def reachable_for(wish: Wish) -> str:
    """Return for whom a place must be reachable; empty when for nobody."""
    return f"reachable for {class_names(wish.groups)}" if wish.groups else ""


def no_ground_fact(rule: Near, wish: Wish) -> str:
    """Return the fact that a rule finds no ground."""
    words = ["no", "" if rule.light == "any" else rule.light, "ground"]
    words.append("" if rule.max_tilt_deg is None else f"flatter than {rule.max_tilt_deg:g} degrees")
    words.append(f"within {rule.min_m:g}-{rule.max_m:g} m of {rule.near}")
    words.append("" if rule.spread_m == 0.0 else f"and {rule.spread_m:g} m from other places")
    words.append(reachable_for(wish))
    return " ".join(word for word in words if word)
