"""What is wrong with a joint problem, in a sentence for people."""

from __future__ import annotations

from math import hypot, isfinite

from fleet.sdk.joint import JointProblem, Mover

_TOUCH = 1e-9  # Metres that discs may overlap by for want of digits.


def why_hopeless(problem: JointProblem) -> str:
    """Return why no plan can exist, as far as that shows without a search; empty when nothing is wrong."""
    for number, mover in enumerate(problem.movers):
        why = _why_not_this(problem, mover)
        if why:
            return f"mover {number}: {why}"
    starts = [mover.start for mover in problem.movers]
    goals = [mover.goal for mover in problem.movers]
    return _overlap(problem, starts, "starts") or _overlap(problem, goals, "goals")


def _why_not_this(problem: JointProblem, mover: Mover) -> str:
    for name, waypoint in (("start", mover.start), ("goal", mover.goal)):
        if not 0 <= waypoint < len(problem.network):
            return f"{name} {waypoint} is none of the {len(problem.network)} waypoints"
    if problem.timing == "discs":
        if not (isfinite(mover.radius) and mover.radius > 0.0):
            return f"radius must be finite and > 0, got {mover.radius!r}"
        if not (isfinite(mover.speed) and mover.speed > 0.0):
            return f"speed must be finite and > 0, got {mover.speed!r}"
    return ""


def _overlap(problem: JointProblem, waypoints: list[int], what: str) -> str:
    """Return which two movers would stand in each other."""
    if problem.timing == "steps":
        seen: dict[int, int] = {}
        for number, waypoint in enumerate(waypoints):
            if waypoint in seen:
                return f"{what} of movers {seen[waypoint]} and {number} are the same waypoint {waypoint}"
            seen[waypoint] = number
        return ""
    # Along x, whoever begins before another ends may overlap it.
    radii = [mover.radius for mover in problem.movers]
    places = [(*problem.network.point(waypoint), radius) for waypoint, radius in zip(waypoints, radii, strict=True)]
    order = sorted(range(len(places)), key=lambda number: places[number][0] - places[number][2])
    near: list[int] = []
    for number in order:
        x, y, radius = places[number]
        near = [other for other in near if places[other][0] + places[other][2] > x - radius]
        for other in near:
            apart = hypot(places[other][0] - x, places[other][1] - y)
            if apart < places[other][2] + radius - _TOUCH:
                a, b = sorted((other, number))
                return (
                    f"{what} of movers {a} and {b} overlap: {apart:.3f} m apart, radii {radii[a]:g} and {radii[b]:g} m"
                )
        near.append(number)
    return ""
