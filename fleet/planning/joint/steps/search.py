"""The search in unit time: a first plan by LaCAM*, better ones by repair of neighbourhoods."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from fleet.core.arrays import Indices
from fleet.planning.joint.arrays import Lanes
from fleet.planning.joint.steps import rooms
from fleet.planning.joint.steps.arrays import GOAL, LOST, MADE, NEVER, Moving, Ways
from fleet.planning.joint.steps.lacam.kernels import EXHAUSTED, FULL, begin, grow_tree, rehash, steps_of
from fleet.planning.joint.steps.pibt.kernels import steps_to
from fleet.planning.joint.steps.placing.kernels import keep_what_fits, place_next
from fleet.planning.joint.steps.repair.kernels import improve
from fleet.planning.joint.steps.visits.kernels import add_way, ways_of_steps
from fleet.sdk import NoPlan
from fleet.sdk.joint import JointPlan, JointProblem

_NEIGHBOURS = 5  # Rovers of a neighbourhood.
_REPAIRS = 32  # Neighbourhoods between two answers.
_WORK = 100_000  # Rovers' steps decided between two answers, while there is no plan.
_ROOM = 40_000_000  # Places of rovers that a search tree may hold.
_FEW = 30  # With so many rovers at the most, LaCAM* goes on beside the repairs: it may prove that nothing is better.
_MENDING = 20  # Searches for each rover that a known plan is mended with.
_TRIES = 3  # Searches for each rover, before planning one by one is given up.
_SLACK = 16


class StepSearch:
    """One problem in unit time, from the first plan on."""

    def __init__(self, problem: JointProblem, seed: int) -> None:
        network = problem.network
        self._seed = seed
        self._lanes = Lanes(first=network.first, to=network.to)
        self._starts = np.array([mover.start for mover in problem.movers], np.int32)
        self._goals = np.array([mover.goal for mover in problem.movers], np.int32)
        left = steps_to(_turned(self._lanes), self._goals)
        self._moving = Moving(lanes=self._lanes, steps_left=left, starts=self._starts, goals=self._goals)
        self._away = left[np.arange(len(self._starts)), self._starts]
        self.bound = int(self._away.sum())

    def unreachable(self) -> int:
        """Return a rover whose goal cannot be reached over lanes, -1 when there is none."""
        cut_off = np.nonzero(self._away >= NEVER)[0]
        return int(cut_off[0]) if len(cut_off) else -1

    def plans(self, known: JointPlan | None) -> Iterator[JointPlan | NoPlan]:
        """Give the best plan so far after each piece of work."""
        tree = _GrowingTree(self._moving, self._seed)
        ways = self._mended(known) if known is not None else None
        if ways is None:
            while not tree.found:
                if tree.ended:
                    yield NoPlan(reason=tree.why_not())
                    return
                tree.grow(max(1, _WORK // len(self._starts)))
                if not (tree.found or tree.ended):
                    yield NoPlan(reason="no plan was found yet")
            ways = _ways(tree.steps())
        best = self._plan(ways)
        yield best
        if known is None:
            for other in self._one_by_one(int(best.makespan)):
                if other is not None and _cost(other) < best.cost:
                    ways, best = other, self._plan(other)
                yield best
        table = _Table(self._moving, ways, self._seed)
        while best.cost > max(self.bound, tree.proven):
            saved = table.improve(_REPAIRS)
            if len(self._starts) <= _FEW and not tree.ended:
                tree.grow(_REPAIRS * 8)
                if tree.found and _cost(proven := _ways(tree.steps())) < _cost(table.ways):
                    table = _Table(self._moving, proven, self._seed)
                    saved = 1
            if saved:
                best = self._plan(table.ways)
            yield best

    def _one_by_one(self, longest: int) -> Iterator[Ways | None]:
        """Plan one rover after the other, those with the longest ways first; give the ways once all have one.

        Where there is room, that is much better than what LaCAM* begins with; where there is none, it is soon given up.
        """
        count = len(self._starts)
        placing = _Placing(
            self._moving, rooms.ways_of(count, max(longest, 2 * int(self._away.max())) + _SLACK), self._seed
        )
        placing.queue[:] = np.argsort(-self._away, kind="stable")
        for _ in range(_TRIES * count // _REPAIRS + 1):
            if placing.place(_REPAIRS) == 0:
                yield placing.ways
                return
            yield None

    def _plan(self, ways: Ways) -> JointPlan:
        """Return ways as a plan: an entry when a waypoint is entered, and one when it is left after a wait."""
        used = np.arange(ways.places.shape[1]) < ways.length[:, None]
        rovers = np.nonzero(used)[0]
        places, steps = ways.places[used], ways.steps[used]
        is_last = np.append(rovers[1:] != rovers[:-1], True)
        leaves = np.where(is_last, steps, np.append(steps[1:], 0) - 1)
        twice = 1 + (leaves > steps)
        times = np.repeat(steps, twice)
        times[np.cumsum(twice) - 1] = leaves
        number = np.bincount(rovers, weights=twice, minlength=len(ways.length)).astype(np.int64)
        first = np.concatenate([[0], np.cumsum(number)])
        return JointPlan(first=first, times=times, waypoints=np.repeat(places, twice), bound=float(self.bound))

    def _mended(self, known: JointPlan) -> Ways | None:
        """Return ways that keep what fits of a known plan, None when that cannot be mended quickly."""
        count = len(self._starts)
        longest = int(known.makespan) + 2 * int(self._away.max(initial=0)) + _SLACK
        ways = rooms.ways_of(count, longest)
        for rover in range(min(count, len(known))):
            way = known.way(rover)
            if self._is_way(rover, way):
                entered = [spot for spot in range(len(way)) if spot == 0 or way[spot][1] != way[spot - 1][1]]
                ways.length[rover] = len(entered)
                ways.places[rover, : len(entered)] = [way[spot][1] for spot in entered]
                ways.steps[rover, : len(entered)] = [way[spot][0] for spot in entered]
        placing = _Placing(self._moving, ways, self._seed)
        return ways if placing.place(_MENDING * placing.missing) == 0 else None

    def _is_way(self, rover: int, way: tuple[tuple[float, int], ...]) -> bool:
        """Whether a way leads from start to goal over lanes, a step each."""
        if not way or way[0] != (0.0, self._starts[rover]) or way[-1][1] != self._goals[rover]:
            return False
        first, to = self._lanes
        for (step, place), (later, other) in pairwise(way):
            if place == other:
                if not (later > step and later == int(later)):
                    return False
            elif later != step + 1 or other not in to[first[place] : first[place + 1]]:
                return False
        return True


class _GrowingTree:
    """LaCAM* with room that grows as it is needed."""

    def __init__(self, moving: Moving, seed: int) -> None:
        self._moving = moving
        self._rovers = len(moving.starts)
        self._stepping = rooms.stepping_of(moving.lanes, self._rovers, seed)
        self._tree = rooms.tree_of(min(max(_WORK // self._rovers, 256), 4096), self._rovers)
        begin(moving, self._tree)
        self._is_full = False
        self._is_exhausted = False

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return bool(self._tree.counts[GOAL] >= 0)

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to try, or no room."""
        return self._is_full or self._is_exhausted

    @property
    def proven(self) -> float:
        """What every plan costs at least."""
        counts = self._tree.counts
        return float(self._tree.cost[counts[GOAL]]) if self._is_exhausted and self.found and not counts[LOST] else 0.0

    def why_not(self) -> str:
        """Return why there is no plan."""
        if self._is_exhausted:
            return "the rovers block each other: whatever they do, they do not all come to their goals"
        return f"no plan was found among {int(self._tree.counts[MADE])} configurations, all that there is room for"

    def grow(self, rounds: int) -> None:
        """Go on for so many rounds."""
        state = grow_tree(self._moving, self._stepping, self._tree, rounds, stop_at_goal=not self.found)
        self._is_exhausted = state == EXHAUSTED
        if state == FULL:
            size = 2 * len(self._tree.parent)
            self._is_full = size * self._rovers > _ROOM
            if not self._is_full:
                larger = rooms.tree_of(size, self._rovers)
                rooms.copy_tree(self._tree, larger)
                rehash(larger)
                self._tree = larger

    def steps(self) -> Indices:
        """Return where everybody is at each step of the best plan."""
        return steps_of(self._tree)


class _Placing:
    """Some ways that stand, and a queue of rovers that have none yet."""

    def __init__(self, moving: Moving, ways: Ways, seed: int) -> None:
        self._moving, self.ways = moving, ways
        waypoints, longest = len(moving.lanes.first) - 1, ways.places.shape[1]
        most = max(_most_visits(ways, waypoints) + 2 * _SLACK, 2 * int(len(ways.length) ** 0.5))
        self._visits = rooms.visits_of(waypoints, most)
        self._labels = rooms.labels_of(waypoints, most, longest)
        self._fresh = rooms.ways_of(1, longest)
        self._chance = np.array([seed], np.uint64)
        keep_what_fits(self._visits, ways)
        without = np.nonzero(ways.length == 0)[0]
        self.missing = len(without)
        self.queue = np.zeros(len(ways.length), np.int32)
        self.queue[: self.missing] = without

    def place(self, searches: int) -> int:
        """Search for ways so many times; return how many have none yet."""
        self.missing = place_next(
            self._moving,
            self._visits,
            self._labels,
            self.ways,
            self._fresh,
            self.queue,
            self.missing,
            searches,
            self._chance,
        )
        return self.missing


class _Table:
    """A plan as a table of visits, being improved."""

    def __init__(self, moving: Moving, ways: Ways, seed: int) -> None:
        self._moving = moving
        self._waypoints = len(moving.lanes.first) - 1
        horizon = int(ways.steps[np.arange(ways.places.shape[1]) < ways.length[:, None]].max(initial=0))
        length = horizon + 2 * _SLACK
        self.ways = rooms.ways_of(len(ways.length), length)
        width = min(length, ways.places.shape[1])
        self.ways.places[:, :width], self.ways.steps[:, :width] = ways.places[:, :width], ways.steps[:, :width]
        self.ways.length[:] = ways.length
        self._horizon = length
        self._repairing = rooms.repairing_of(len(ways.length), length, seed)
        self._make_room()

    def _make_room(self) -> None:
        """Note all visits, with room for more at every waypoint."""
        most = _most_visits(self.ways, self._waypoints) + _SLACK
        self._visits = rooms.visits_of(self._waypoints, most)
        self._labels = rooms.labels_of(self._waypoints, most, self._horizon)
        for rover in range(len(self.ways.length)):
            add_way(self._visits, self.ways, rover, rover)

    def improve(self, rounds: int) -> int:
        """Repair so many neighbourhoods; return what that saved."""
        size = min(_NEIGHBOURS, len(self.ways.length))
        saved: int = improve(self._moving, self._visits, self._labels, self.ways, self._repairing, rounds, size)
        return saved


def _cost(ways: Ways) -> int:
    return int(ways.steps[np.arange(len(ways.length)), ways.length - 1].sum())


def _most_visits(ways: Ways, waypoints: int) -> int:
    used = np.arange(ways.places.shape[1]) < ways.length[:, None]
    return int(np.bincount(ways.places[used], minlength=waypoints).max(initial=0))


def _ways(steps: Indices) -> Ways:
    ways = rooms.ways_of(steps.shape[1], steps.shape[0])
    ways_of_steps(steps, ways)
    return ways


def _turned(lanes: Lanes) -> Lanes:
    """Return all lanes turned round."""
    begins = np.repeat(np.arange(len(lanes.first) - 1), np.diff(lanes.first))
    order = np.lexsort((begins, lanes.to))
    first = np.searchsorted(lanes.to[order], np.arange(len(lanes.first)))
    return Lanes(first=first.astype(np.int32), to=begins[order].astype(np.int32))
