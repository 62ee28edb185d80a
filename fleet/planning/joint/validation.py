"""An independent judge of joint plans: it shares no code with the planner, and knows nothing but motion."""

from __future__ import annotations

from itertools import pairwise
from math import hypot, inf, isfinite

import numpy as np
from numpy.typing import NDArray

from fleet.sdk.joint import JointPlan, JointProblem, Mover

_TOUCH = 1e-6  # Metres that bodies may overlap by.
_SLACK = 1e-9  # Share of a lane's time that a drive may be shorter by.
_SHOWN = 20  # Faults that are told, at the most.


def validate_joint_plan(plan: JointPlan, problem: JointProblem) -> tuple[str, ...]:
    """Return what is wrong with a plan, nothing when it is good.

    Notes
    -----
    In `discs`, of every two motions that have time in common the least distance is found in closed form: the distance
    of two bodies that move uniformly is least where the derivative of its square is zero, or at an end of that time. A
    body rests where its plan ends, for ever.

    Examples
    --------
    >>> from fleet.sdk.joint import LaneNetwork, movers_of
    >>> network = LaneNetwork([(0, 0), (1, 0), (2, 0)], [(0, 1), (1, 2), (2, 1), (1, 0)])
    >>> problem = JointProblem(network=network, movers=movers_of([0, 2], [1, 0]), timing="steps")
    >>> plan = JointPlan(first=[0, 2, 5], times=[0, 1, 0, 1, 2], waypoints=[0, 1, 2, 1, 0], bound=3)
    >>> validate_joint_plan(plan, problem)
    ('movers 0 and 1 are both at waypoint 1 at step 1',)
    """
    if len(plan) != len(problem.movers):
        return (f"there are {len(plan)} ways for {len(problem.movers)} movers",)
    ways = [plan.way(mover) for mover in range(len(plan))]
    faults = [
        f"mover {number}: {fault}"
        for number, (mover, way) in enumerate(zip(problem.movers, ways, strict=True))
        if (fault := _way_fault(problem, mover, way))
    ]
    if not faults:
        faults = _meetings_in_steps(ways) if problem.timing == "steps" else _overlaps(problem, ways)
    return tuple(faults[:_SHOWN])


def _way_fault(problem: JointProblem, mover: Mover, way: tuple[tuple[float, int], ...]) -> str:
    """Return what is wrong with one way by itself."""
    network = problem.network
    if not way or not all(isfinite(time) and 0 <= waypoint < len(network) for time, waypoint in way):
        return "its way is empty, or leads over what is no waypoint or no time"
    if way[0] != (0.0, mover.start):
        return f"its way begins at waypoint {way[0][1]} at {way[0][0]:g}, not at waypoint {mover.start} at 0"
    if way[-1][1] != mover.goal:
        return f"its way ends at waypoint {way[-1][1]}, not at waypoint {mover.goal}"
    for (time, waypoint), (later, other) in pairwise(way):
        if later < time:
            return f"time runs back from {time:g} to {later:g}"
        if waypoint == other:
            if problem.timing == "steps" and later != round(later):
                return f"it waits until {later:g}, within a step"
            continue
        if other not in network.to[network.first[waypoint] : network.first[waypoint + 1]]:
            return f"no lane leads from waypoint {waypoint} to waypoint {other}"
        (ax, ay), (bx, by) = network.point(waypoint), network.point(other)
        least = 1.0 if problem.timing == "steps" else hypot(bx - ax, by - ay) / mover.speed
        if later - time < least - _SLACK * (1.0 + later) or (problem.timing == "steps" and later - time != 1.0):
            return f"it drives from waypoint {waypoint} to {other} in {later - time:g}, which takes {least:g}"
    return ""


def _meetings_in_steps(ways: list[tuple[tuple[float, int], ...]]) -> list[str]:
    """Return who is where another is, or exchanges places with another."""
    end = 1 + max(int(way[-1][0]) for way in ways)
    places = np.empty((end + 1, len(ways)), np.int64)
    for number, way in enumerate(ways):
        for (time, waypoint), (later, _) in pairwise((*way, (end + 1.0, -1))):
            places[int(time) : int(later), number] = waypoint
    faults = []
    for step in range(end + 1):
        order = np.argsort(places[step], kind="stable")
        here = places[step][order]
        for spot in np.nonzero(here[1:] == here[:-1])[0]:
            faults.append(
                f"movers {order[spot]} and {order[spot + 1]} are both at waypoint {here[spot]} at step {step}"
            )
        if step:
            moves = {(int(a), int(b)): n for n, (a, b) in enumerate(zip(places[step - 1], places[step], strict=True))}
            faults += [
                f"movers {number} and {moves[b, a]} exchange waypoints {a} and {b} at step {step}"
                for (a, b), number in moves.items()
                if a < b and (b, a) in moves
            ]
    return faults


def _overlaps(problem: JointProblem, ways: list[tuple[tuple[float, int], ...]]) -> list[str]:
    """Return which bodies come nearer to each other than their radii, and when."""
    motions = [_motions(problem, way) for way in ways]
    owner = np.repeat(np.arange(len(ways)), [len(motion) for motion in motions])
    table = np.concatenate(motions)
    radii = np.array([mover.radius for mover in problem.movers])
    faults = []
    for number, mine in enumerate(motions):
        others = table[owner > number]
        whose = owner[owner > number]
        for motion in mine:
            gap, time = _least_distance(motion, others)
            room = gap - radii[number] - radii[whose]
            worst: dict[int, tuple[float, float]] = {}
            for spot in np.nonzero(room < -_TOUCH)[0]:
                found = (float(room[spot]), float(time[spot]))
                worst[int(whose[spot])] = min(found, worst.get(int(whose[spot]), (inf, inf)))
            faults += [
                f"movers {number} and {other} overlap by {-depth:.6f} m at {when:.3f} s"
                for other, (depth, when) in sorted(worst.items())
            ]
    return faults


def _motions(problem: JointProblem, way: tuple[tuple[float, int], ...]) -> NDArray[np.float64]:
    """Return ``(M, 6)`` uniform motions of a way, the last for ever: begin and end, place at the begin, velocity."""
    rows = []
    for (time, waypoint), (later, other) in pairwise(way):
        (ax, ay), (bx, by) = problem.network.point(waypoint), problem.network.point(other)
        if later > time:
            rows.append((time, later, ax, ay, (bx - ax) / (later - time), (by - ay) / (later - time)))
    rows.append((way[-1][0], inf, *problem.network.point(way[-1][1]), 0.0, 0.0))
    return np.array(rows)


def _least_distance(
    motion: NDArray[np.float64], others: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least distance of one motion to each of others while both last, and when; infinite for never."""
    begin = np.maximum(motion[0], others[:, 0])
    end = np.minimum(motion[1], others[:, 1])
    apart = motion[2:4] + (begin - motion[0])[:, None] * motion[4:6]
    apart = apart - others[:, 2:4] - (begin - others[:, 0])[:, None] * others[:, 4:6]
    drift = motion[4:6] - others[:, 4:6]
    speed2 = (drift * drift).sum(axis=1)
    nearest = -(apart * drift).sum(axis=1) / np.where(speed2 > 0.0, speed2, 1.0)
    after = np.minimum(np.maximum(nearest, 0.0), np.where(np.isfinite(end), end - begin, np.maximum(nearest, 0.0)))
    gap = np.hypot(*(apart + after[:, None] * drift).T)
    return np.where(begin <= end, gap, inf), begin + after
