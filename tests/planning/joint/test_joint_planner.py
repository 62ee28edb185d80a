"""Joint plans of built-in planner are good, as good as they can be where that is known, and the same for a seed."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fleet.core import array_stream
from fleet.planning.joint import RepairingJointPlanner, grid_network, validate_joint_plan
from fleet.planning.joint.discs.meeting.kernels import unsafe_departures
from fleet.sdk import NoPlan
from fleet.sdk.joint import JointPlan, JointProblem, LaneNetwork, Mover, movers_of


def grid_of(text: str) -> NDArray[np.bool_]:
    """Return which cells of a drawn grid are free."""
    return np.array([[cell == "." for cell in row] for row in text.split()])


def random_grid(seed: int, side: int, blocked: float) -> NDArray[np.bool_]:
    """Return free cells by chance."""
    return array_stream(seed, "grid").random((side, side)) >= blocked


def grid_problem(free: NDArray[np.bool_], count: int, seed: int) -> JointProblem | None:
    """Return rovers at chance places, None where there is not room for so many."""
    network, _ = grid_network(free)
    if len(network) < count:
        return None
    chance = array_stream(seed, "places")
    starts, goals = (chance.permutation(len(network))[:count].tolist() for _ in range(2))
    return JointProblem(network=network, movers=movers_of(starts, goals), timing="steps")


def disc_problem(seed: int, count: int, radii: tuple[float, ...], speeds: tuple[float, ...]) -> JointProblem:
    """Return discs on a chance roadmap over 20 m x 20 m, at places that do not overlap."""
    chance = array_stream(seed, "roadmap")
    points = chance.random((30, 2)) * 20.0
    far = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    lanes = [(a, b) for a, b in product(range(30), repeat=2) if a != b and far[a, b] < 7.0]
    places: list[int] = []
    for place in chance.permutation(30).tolist():
        if all(far[place, other] >= 2.0 * max(radii) for other in places):
            places.append(place)
    places = places[:count]
    goals = [places[index] for index in chance.permutation(len(places))]
    return JointProblem(
        network=LaneNetwork(points, lanes), movers=movers_of(places, goals, radii, speeds), timing="discs"
    )


def last_answer(problem: JointProblem, *, seed: int = 0, answers: int = 12) -> JointPlan | NoPlan:
    """Return what the planner has after so many answers."""
    *_, answer = RepairingJointPlanner(seed=seed, answers=answers).plans(problem)
    return answer


def least_cost(problem: JointProblem) -> int | None:
    """Return the least sum of arrivals, by looking at everything: where all are, and who has come to stay."""
    network = problem.network
    onward = [[v, *network.to[network.first[v] : network.first[v + 1]].tolist()] for v in range(len(network))]
    goals = [mover.goal for mover in problem.movers]
    nobody = (False,) * len(goals)
    queue = [(0, tuple(mover.start for mover in problem.movers), nobody)]
    done = set()
    while queue:
        cost, here, stays = heappop(queue)
        if all(stays):
            return cost
        if (here, stays) in done:
            continue
        done.add((here, stays))
        for index, goal in enumerate(goals):
            if here[index] == goal and not stays[index]:
                heappush(queue, (cost, here, (*stays[:index], True, *stays[index + 1 :])))
        for there in product(*([a] if stay else onward[a] for a, stay in zip(here, stays, strict=True))):
            if len(set(there)) == len(there) and not any(
                there[a] == here[b] and there[b] == here[a] for a in range(len(here)) for b in range(a)
            ):
                heappush(queue, (cost + stays.count(False), there, stays))
    return None


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(2, 7), st.integers(1, 12), st.sampled_from([0.0, 0.1, 0.25]))
def test_the_judge_accepts_every_plan_on_a_grid(seed: int, side: int, count: int, blocked: float) -> None:
    problem = grid_problem(random_grid(seed, side, blocked), count, seed)
    if problem is None:
        return

    answer = last_answer(problem, seed=seed)

    assert isinstance(answer, NoPlan) or validate_joint_plan(answer, problem) == ()


@settings(max_examples=60)
@given(
    st.integers(0, 10**6),
    st.integers(1, 10),
    st.sampled_from([(0.35,), (0.2, 0.45)]),
    st.sampled_from([(1.0,), (1.0, 0.6)]),
)
def test_the_judge_accepts_every_plan_of_discs(
    seed: int, count: int, radii: tuple[float, ...], speeds: tuple[float, ...]
) -> None:
    problem = disc_problem(seed, count, radii, speeds)

    answer = last_answer(problem, seed=seed)

    assert isinstance(answer, NoPlan) or validate_joint_plan(answer, problem) == ()


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 3), st.sampled_from([0.0, 0.2, 0.4]))
def test_tiny_instances_are_solved_when_they_can_be_and_nearly_as_well(seed: int, count: int, blocked: float) -> None:
    problem = grid_problem(random_grid(seed, 3, blocked), count, seed)
    if problem is None:
        return
    least = least_cost(problem)

    answer = last_answer(problem, seed=seed, answers=200)

    assert bool(answer) == (least is not None)
    if isinstance(answer, JointPlan) and least is not None:
        assert least <= answer.cost <= 1.2 * least + 1.0


@pytest.mark.parametrize("timing", ["steps", "discs"])
def test_a_seed_gives_one_plan(timing: str) -> None:
    problem = grid_problem(random_grid(4, 8, 0.1), 10, 4) if timing == "steps" else disc_problem(4, 8, (0.3,), (1.0,))
    assert problem is not None

    first, second = (list(RepairingJointPlanner(seed=5, answers=6).plans(problem)) for _ in range(2))

    assert len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        assert isinstance(a, JointPlan)
        assert isinstance(b, JointPlan)
        assert [a.way(n) for n in range(len(a))] == [b.way(n) for n in range(len(b))]


def test_answers_never_get_worse_and_never_beat_the_bound() -> None:
    problem = grid_problem(random_grid(1, 12, 0.1), 40, 1)
    assert problem is not None

    costs = [
        answer.cost for answer in RepairingJointPlanner(answers=30).plans(problem) if isinstance(answer, JointPlan)
    ]

    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]
    assert costs[-1] >= sum(mover.start != mover.goal for mover in problem.movers)


@pytest.mark.parametrize("timing", ["steps", "discs"])
def test_when_one_goal_changes_most_ways_stay(timing: str) -> None:
    problem = grid_problem(random_grid(2, 12, 0.0), 12, 2) if timing == "steps" else disc_problem(2, 8, (0.2,), (1.0,))
    assert problem is not None
    known = last_answer(problem)
    assert isinstance(known, JointPlan)
    taken = {mover.goal for mover in problem.movers} | {mover.start for mover in problem.movers}
    free = next(place for place in range(len(problem.network)) if place not in taken)
    changed = Mover(start=problem.movers[3].start, goal=free, radius=0.2)
    other = JointProblem(
        network=problem.network, movers=(*problem.movers[:3], changed, *problem.movers[4:]), timing=problem.timing
    )

    answer = next(RepairingJointPlanner().plans(other, known))

    assert isinstance(answer, JointPlan)
    assert validate_joint_plan(answer, other) == ()
    same = [answer.way(number) == known.way(number) for number in range(len(known)) if number != 3]
    assert sum(same) >= len(same) - 2


def test_a_known_plan_that_is_nonsense_does_no_harm() -> None:
    problem = grid_problem(random_grid(2, 6, 0.0), 5, 2)
    assert problem is not None
    nonsense = JointPlan(first=range(6), times=[0.0, 0.5, float("nan"), 1.0, 2.0], waypoints=[3, 99, -4, 0, 1], bound=0)

    answer = next(RepairingJointPlanner().plans(problem, nonsense))

    assert isinstance(answer, JointPlan)
    assert validate_joint_plan(answer, problem) == ()


LINE = LaneNetwork([(0, 0), (1, 0), (2, 0), (9, 9)], [(0, 1), (1, 0), (1, 2), (2, 1)])


@pytest.mark.parametrize(
    ("movers", "timing", "reason"),
    [
        pytest.param(movers_of([0, 1], [2, 2]), "steps", "goals of movers 0 and 1 are the same waypoint 2", id="goals"),
        pytest.param(movers_of([0, 0], [1, 2]), "steps", "starts of movers 0 and 1 are the same", id="starts"),
        pytest.param(movers_of([0], [4]), "steps", "goal 4 is none of the 4 waypoints", id="no-waypoint"),
        pytest.param(movers_of([-1], [0]), "discs", "start -1 is none", id="negative"),
        pytest.param(movers_of([0], [3]), "steps", "no lanes lead from waypoint 0 to waypoint 3", id="island"),
        pytest.param(movers_of([0], [3], [0.2]), "discs", "no lanes lead from", id="island-discs"),
        pytest.param(movers_of([0, 2], [2, 0]), "steps", "block each other", id="corridor"),
        pytest.param(movers_of([0, 2], [2, 0], [0.2]), "discs", "no plan was found", id="corridor-discs"),
        pytest.param(movers_of([0, 1], [1, 0], [0.2]), "discs", "no plan was found", id="exchange"),
        pytest.param(movers_of([0, 1], [2, 0], [0.6]), "discs", "starts of movers 0 and 1 overlap: 1.000 m", id="wide"),
        pytest.param(movers_of([0], [1], [float("nan")]), "discs", "radius must be finite and > 0, got nan", id="nan"),
        pytest.param(movers_of([0], [1], [0.2], [0.0]), "discs", "speed must be finite and > 0, got 0.0", id="speed"),
    ],
)
def test_what_cannot_be_is_answered_with_the_reason(movers: tuple[Mover, ...], timing: str, reason: str) -> None:
    problem = JointProblem(network=LINE, movers=movers, timing="steps" if timing == "steps" else "discs")

    answer = last_answer(problem, answers=20)

    assert isinstance(answer, NoPlan)
    assert reason in answer.reason


def test_nobody_needs_no_plan() -> None:
    answer = last_answer(JointProblem(network=LINE, movers=(), timing="discs"))

    assert isinstance(answer, JointPlan)
    assert (len(answer), answer.cost, answer.makespan) == (0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("points", "lanes", "fact"),
    [
        pytest.param([(0.0, float("nan"))], [], "waypoint 0 has no finite place", id="nan"),
        pytest.param([(0.0, 0.0)], [(0, 1)], "a lane leads to or from a waypoint that is none of the 1", id="lane"),
    ],
)
def test_a_bad_network_cannot_exist(points: list[tuple[float, float]], lanes: list[tuple[int, int]], fact: str) -> None:
    with pytest.raises(ValueError, match=fact):
        LaneNetwork(points, lanes)


@pytest.mark.parametrize(
    ("times", "waypoints", "first", "fault"),
    [
        pytest.param([0, 1, 0, 1], [0, 1, 1, 0], [0, 2, 4], "exchange waypoints 0 and 1 at step 1", id="exchange"),
        pytest.param([0, 1, 2, 0, 1], [0, 1, 1, 1, 0], [0, 3, 5], "exchange", id="exchange-then-wait"),
        pytest.param([0, 2, 0, 1], [0, 1, 1, 0], [0, 2, 4], "mover 0: it drives from waypoint 0 to 1 in 2", id="slow"),
        pytest.param([0, 1, 0, 1], [0, 2, 1, 0], [0, 2, 4], "mover 0: its way ends at waypoint 2", id="goal"),
        pytest.param([0, 1, 2, 0, 1], [0, 2, 1, 1, 0], [0, 3, 5], "no lane leads from waypoint 0 to", id="no-lane"),
    ],
)
def test_the_judge_finds_planted_faults_in_steps(
    times: list[int], waypoints: list[int], first: list[int], fault: str
) -> None:
    problem = JointProblem(network=LINE, movers=movers_of([0, 1], [1, 0]), timing="steps")

    faults = validate_joint_plan(JointPlan(first=first, times=times, waypoints=waypoints, bound=2), problem)

    assert fault in faults[0]


def test_the_judge_finds_discs_that_touch_for_a_moment_only() -> None:
    # Crossing at right angles: at t after the start they are hypot(4 - t, 4 + late - t) apart, least late / sqrt(2).
    network = LaneNetwork([(-4, 0), (4, 0), (0, -4), (0, 4)], [(0, 1), (2, 3)])
    problem = JointProblem(network=network, movers=movers_of([0, 2], [1, 3], [0.5]), timing="discs")

    def faults(late: float) -> tuple[str, ...]:
        times = [0, 8, 0, late, 8 + late]
        return validate_joint_plan(
            JointPlan(first=[0, 2, 5], times=times, waypoints=[0, 1, 2, 2, 3], bound=16), problem
        )

    assert faults(2.0**0.5 + 1e-5) == ()
    assert "movers 0 and 1 overlap by 0.0000" in faults(2.0**0.5 - 1e-4)[0]


def test_the_judge_knows_that_rovers_rest_at_their_goals() -> None:
    network = LaneNetwork([(0, 0), (4, 0), (8, 0)], [(0, 1), (1, 2), (2, 1)])
    problem = JointProblem(network=network, movers=movers_of([1, 0], [1, 2], [0.5]), timing="discs")
    plan = JointPlan(first=[0, 1, 4], times=[0, 0, 4, 8], waypoints=[1, 0, 1, 2], bound=8)

    assert "movers 0 and 1 overlap by 1.000000 m at 4.000 s" in validate_joint_plan(plan, problem)


@settings(max_examples=200)
@given(st.integers(0, 10**6))
def test_unsafe_departures_are_what_looking_often_finds(seed: int) -> None:
    chance = array_stream(seed, "motions")
    apart, mine, other = chance.normal(size=2) * 3.0, chance.normal(size=2), chance.normal(size=2)
    takes, lasts = (chance.random(2) * 5.0 + 0.5).tolist()
    room = float(chance.random() + 0.2)

    (apart_x, apart_y), (mine_x, mine_y), (other_x, other_y) = apart.tolist(), mine.tolist(), other.tolist()
    low, high = unsafe_departures(apart_x, apart_y, mine_x, mine_y, takes, other_x, other_y, lasts, room)

    for departs in np.linspace(-takes - 1.0, lasts + 1.0, 60).tolist():
        begins, ends = max(departs, 0.0), min(departs + takes, lasts)
        if begins > ends:
            continue
        time = np.linspace(begins, ends, 2000)[:, None]
        gaps = np.hypot(*(apart + (time - departs) * mine - time * other).T)
        if low + 1e-9 < departs < high - 1e-9:
            assert gaps.min() < room + 1e-2
        else:
            assert gaps.min() > room - 1e-6
