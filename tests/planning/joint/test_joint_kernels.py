"""Kernels of joint planning equal plain references on random inputs."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import array_stream
from fleet.planning.joint import RepairingJointPlanner, grid_network
from fleet.planning.joint.arrays import Lanes
from fleet.planning.joint.discs.trips.kernels import shortest
from fleet.planning.joint.steps import rooms
from fleet.planning.joint.steps.arrays import NEVER, Moving
from fleet.planning.joint.steps.pibt.kernels import steps_to
from fleet.planning.joint.steps.visits.kernels import add_way, find_way, ways_of_steps
from fleet.sdk.joint import JointPlan, JointProblem, LaneNetwork, movers_of


def _network(seed: int, waypoints: int, lanes: int) -> LaneNetwork:
    chance = array_stream(seed, "network")
    return LaneNetwork(chance.random((waypoints, 2)) * 9.0, chance.integers(0, waypoints, (lanes, 2)))


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_distances_to_goals_are_those_of_networkx(seed: int) -> None:
    network = _network(seed, 12, 30)
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(12))
    # Turned round, so that ways from a goal are ways to it.
    begins = np.repeat(np.arange(12), np.diff(network.first))
    graph.add_weighted_edges_from(zip(network.to.tolist(), begins.tolist(), network.lengths.tolist(), strict=True))
    turned = LaneNetwork(network.points, np.stack([network.to, begins], axis=1))
    goals = np.array([0, 5], np.int32)

    steps = steps_to(Lanes(first=turned.first, to=turned.to), goals)
    metres = shortest(turned.first, turned.to, turned.lengths, goals)

    for row, goal in enumerate(goals.tolist()):
        hops = nx.single_source_shortest_path_length(graph, goal)
        lengths = nx.single_source_dijkstra_path_length(graph, goal)
        assert steps[row].tolist() == [hops.get(place, int(NEVER)) for place in range(12)]
        assert np.allclose(metres[row], [lengths.get(place, np.inf) for place in range(12)])


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_the_way_through_the_gaps_is_the_earliest(seed: int) -> None:
    chance = array_stream(seed, "gaps")
    network, _ = grid_network(chance.random((5, 5)) >= 0.15)
    count = 7
    starts, goals = (chance.permutation(len(network))[:count].tolist() for _ in range(2))
    problem = JointProblem(network=network, movers=movers_of(starts[1:], goals[1:]), timing="steps")
    others = next(RepairingJointPlanner(seed=seed).plans(problem))
    if not isinstance(others, JointPlan):
        return
    steps = _steps(others)
    lanes = Lanes(first=network.first, to=network.to)
    goal_row = np.array([goals[0]], np.int32)
    moving = Moving(lanes, steps_to(lanes, goal_row), np.array([starts[0]], np.int32), goal_row)
    ways, visits = rooms.ways_of(count - 1, 64), rooms.visits_of(len(network), 64)
    assert ways_of_steps(steps, ways)
    assert all(add_way(visits, ways, rover, rover + 1) for rover in range(count - 1))
    fresh, labels = rooms.ways_of(1, 64), rooms.labels_of(len(network), 64, 80)

    found = find_way(moving, visits, labels, 0, 60, fresh, 0, np.array([seed], np.uint64))

    earliest = _earliest(network, steps, starts[0], goals[0])
    assert (int(fresh.steps[0, fresh.length[0] - 1]) if found else None) == earliest


def _steps(plan: JointPlan) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Return ``(T, N)``: where everybody is at each step."""
    end = int(plan.makespan) + 1
    steps = np.empty((end + 1, len(plan)), np.int32)
    for mover in range(len(plan)):
        for (time, place), (later, _) in pairwise((*plan.way(mover), (end + 1.0, -1))):
            steps[int(time) : int(later), mover] = place
    return steps


def _earliest(
    network: LaneNetwork, steps: np.ndarray[tuple[int, int], np.dtype[np.int32]], start: int, goal: int
) -> int | None:
    """Return when one can first be at its goal for ever, step by step."""
    last = len(steps) - 1
    held = [set(steps[min(step, last)].tolist()) for step in range(62)]
    here = {start} - held[0]
    for step in range(61):
        if goal in here and all(goal not in later for later in held[step:]):
            return step
        before, after = steps[min(step, last)], steps[min(step + 1, last)]
        moves = set(zip(before.tolist(), after.tolist(), strict=True))
        here = {
            there
            for place in here
            for there in (place, *network.to[network.first[place] : network.first[place + 1]].tolist())
            if there not in held[step + 1] and (there, place) not in moves
        }
    return None
