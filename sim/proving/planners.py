"""Planners on the proving ground: ways between drawn places, judged by shapes alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, Final

from fleet.core import Disc, PluginError, Point, RoverId, stream
from fleet.planning import validate_plan
from fleet.runtime import fenced
from fleet.sdk import NoPlan, Plan, Planner
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass, catalogue
from sim.proving.attention import Attention
from sim.proving.mission import proving_scenario
from sim.proving.notes import Notes
from sim.proving.signatures import fits

_DEADLINE: Final = 10.0  # Seconds of the wall for one plan.
_PAIRS: Final = 24  # Ways that are asked for.
_AGREE: Final = 0.25  # Share by which costs may lie beside the plan.
_STRANGE: Final[tuple[tuple[str, Point], ...]] = (
    ("off the map", (1e6, -1e6)),
    ("in a keep-out zone", (0.0, 0.0)),
    ("nowhere", (float("nan"), 0.0)),
)


def prove_planner(plugin: str, vehicle: str, make: Callable[..., Any], notes: Notes) -> None:
    """Note how a planner stands with the rules for planners, as far as one process shows."""
    if not fits(make, notes, made_with=2, methods={"plan": 2, "costs": 2}):
        return
    notes.tell("ways between places")
    terrain = Terrain(proving_scenario("micro", "metu-micro").ground.map)
    driver = catalogue()[vehicle]
    trial = _Trial(plugin, driver, terrain, notes)
    planner, twin = trial.made(make), trial.made(make)
    if planner is None or twin is None:
        return
    revision = terrain.revision
    for start, goal in _pairs(terrain, driver):
        trial.way(planner, twin, start, goal)
    notes.tell("strange places")
    here = _pairs(terrain, driver)[0][0]
    for what, goal in _STRANGE:
        trial.strange(planner, here, what, goal)
    notes.judge("terrain")
    if terrain.revision != revision:
        notes.breach("terrain", "changed what the rover believes about the ground while it planned")


def _pairs(terrain: Terrain, vehicle: VehicleClass) -> list[tuple[Point, Point]]:
    """Return starts and goals on free ground, drawn alike each time."""
    rng = stream(8, "proving/pairs")
    found: list[Point] = []
    west, south, east, north = terrain.extent
    while len(found) < 2 * _PAIRS:
        place = (rng.uniform(west, east), rng.uniform(south, north))
        if terrain.is_free(place, vehicle):
            found.append(place)
    return list(zip(found[::2], found[1::2], strict=True))


class _Trial:
    """One planner's answers, looked at one by one."""

    def __init__(self, plugin: str, vehicle: VehicleClass, terrain: Terrain, notes: Notes) -> None:
        self._plugin, self._vehicle, self._terrain, self._notes = plugin, vehicle, terrain, notes
        self._watch = Attention(lambda rule, what: notes.breach(rule, f"called {what}"))
        self._asked = 0

    def made(self, make: Callable[..., Any]) -> Planner | None:
        """Return a planner, None when it cannot be made."""
        self._notes.judge("making")
        try:
            made: Planner = fenced(
                self._plugin, RoverId(""), 0, 10.0 * _DEADLINE, lambda: make(self._vehicle, self._terrain)
            )
        except PluginError as error:
            self._notes.breach("making", error.fact)
            return None
        return made

    def way(self, planner: Planner, twin: Planner, start: Point, goal: Point) -> None:
        """Look at a way, at one around ground in the midst of it, and at what they cost."""
        what = f"from {_place(start)} to {_place(goal)}"
        plan = self._plan(planner, start, goal, (), what)
        self._compare(self._plan(twin, start, goal, (), what), plan, what)
        if plan is not None:
            self._costs(planner, start, goal, plan, what)
        if isinstance(plan, Plan):
            self._notes.judge("way")
            for fact in validate_plan(plan.path, self._vehicle, self._terrain, start, goal):
                self._notes.breach("way", f"{what}: {fact}")
            self._around(planner, start, goal)

    def _around(self, planner: Planner, start: Point, goal: Point) -> None:
        middle = ((start[0] + goal[0]) / 2.0, (start[1] + goal[1]) / 2.0)
        reach = ((start[0] - goal[0]) ** 2 + (start[1] - goal[1]) ** 2) ** 0.5 / 2.0
        radius = min(6.0, reach - 2.0 * self._vehicle.radius - 0.5)
        if radius <= 1.0:
            return
        held = Disc(x=middle[0], y=middle[1], radius=radius)
        what = f"from {_place(start)} to {_place(goal)} around {radius:.1f} m at {_place(middle)}"
        plan = self._plan(planner, start, goal, (held,), what)
        if isinstance(plan, Plan):
            self._notes.judge("avoid")
            for fact in validate_plan(plan.path, self._vehicle, self._terrain, start, goal, avoid=(held,)):
                self._notes.breach("avoid", f"{what}: {fact}")

    def _costs(self, planner: Planner, start: Point, goal: Point, plan: Plan | NoPlan, what: str) -> None:
        costs: object = self._call(lambda: planner.costs(start, (goal,)), what)
        if costs is None:
            return
        self._notes.judge("costs")
        if not (isinstance(costs, tuple) and len(costs) == 1):
            self._notes.breach("answer", f"{what}: costs of one goal are {costs!r}, not a tuple of one")
            return
        cost = costs[0]
        if (cost is None) != isinstance(plan, NoPlan):
            self._notes.breach("costs", f"{what}: costs say {cost!r}, and the plan is {type(plan).__name__}")
        elif cost is not None and isinstance(plan, Plan):
            seconds = cost[0]
            if not abs(seconds - plan.duration) <= _AGREE * plan.duration + 10.0:
                self._notes.breach("costs", f"{what}: {seconds:.0f} s, and the plan takes {plan.duration:.0f} s")

    def strange(self, planner: Planner, start: Point, what: str, goal: Point) -> None:
        """Look at what it says of a goal that cannot be reached."""
        plan = self._plan(planner, start, goal, (), f"to a place {what}")
        self._notes.judge("strange")
        if isinstance(plan, Plan):
            self._notes.breach("strange", f"a way to a place {what}")

    def _plan(
        self, planner: Planner, start: Point, goal: Point, avoid: Sequence[Disc], what: str
    ) -> Plan | NoPlan | None:
        plan: object = self._call(lambda: planner.plan(start, goal, avoid), what)
        if plan is None:
            return None
        self._notes.judge("answer")
        fact = _fault(plan)
        if fact:
            self._notes.breach("answer", f"{what}: {fact}")
            return None
        assert isinstance(plan, Plan | NoPlan)
        self._notes.trace.append((self._asked, f"{what}: {plan}"))
        return plan

    def _call(self, call: Callable[[], object], what: str) -> object:
        """Return an answer; None, and a note, when there is none in time."""
        self._asked += 1
        self._notes.judge("raising", "deadline", "clock", "chance", "outside")
        try:
            with self._watch.on():
                answer = fenced(self._plugin, RoverId(""), 0, _DEADLINE, call)
        except PluginError as error:
            rule = "deadline" if "no answer within" in error.fact else "raising"
            self._notes.breach(rule, f"{what}: {error.fact}")
            return None
        if answer is None:
            self._notes.breach("answer", f"{what}: answered None")
        return answer

    def _compare(self, other: object, plan: object, what: str) -> None:
        self._notes.judge("determinism")
        if other != plan:
            self._notes.breach("determinism", f"{what}: two of it give different ways")


def _fault(plan: object) -> str:
    if isinstance(plan, NoPlan):
        return "" if plan.reason else "no way, and no reason"
    if not isinstance(plan, Plan):
        return f"answered {type(plan).__name__}, neither Plan nor NoPlan"
    figures = (plan.length, plan.duration, plan.energy)
    if not all(isinstance(figure, int | float) and isfinite(figure) and figure >= 0.0 for figure in figures):
        return f"length, duration and energy are {figures!r}"
    return ""


def _place(point: Point) -> str:
    return f"({point[0]:.1f}, {point[1]:.1f})"
