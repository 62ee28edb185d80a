"""The earliest end of few tasks for few rovers, with proof."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np

from fleet.tasks.allocation.plan import Stop
from fleet.tasks.allocation.problem import NEVER, AllocationProblem, AllocationTask
from fleet.tasks.allocation.proofs.arrays import BEST, DEPTH, FOUND, Tree
from fleet.tasks.allocation.proofs.kernels import search_tree
from fleet.tasks.allocation.schedules.arrays import Jobs
from fleet.tasks.allocation.schedules.search import ScheduleSearch

MOST_TASKS: Final = 12
MOST_ROVERS: Final = 8
_HEAD: Final = 1000  # Changes of a list before the proof begins.


def is_provable(problem: AllocationProblem) -> bool:
    """Whether a problem is small and of the kind whose best schedule can be proven.

    Notes
    -----
    Teams with more rovers than needed are not tried, which is right only where detours save no time.
    """
    return bool(
        problem.objective == "makespan"
        and 0 < len(problem.tasks) <= MOST_TASKS
        and 0 < len(problem.rovers) <= MOST_ROVERS
        and all(task.value >= NEVER for task in problem.tasks)
        and not any(rover.battery for rover in problem.rovers)
        and all(sum(task.load for task in problem.tasks) <= rover.capacity for rover in problem.rovers)
        and not (problem.time[:, :, None, :] > problem.time[:, :, :, None] + problem.time[:, None, :, :]).any()
        and int(problem.time.max()) < NEVER
        and int(problem.cost.max()) < NEVER
        and all(_teams(problem, task) for task in problem.tasks)
    )


class ProvingSearch:
    """A search over lists first, then over all schedules that could be better."""

    def __init__(self, problem: AllocationProblem, seed: int, iterations: int) -> None:
        self._problem = problem
        self._lists = ScheduleSearch(problem, seed, min(_HEAD, iterations))
        self._left = iterations
        self._tree: Tree | None = None

    @property
    def is_done(self) -> bool:
        """Whether all iterations are done, or the proof is."""
        return self._left <= 0 or self.is_proven

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists."""
        return self._tree is not None and int(self._tree.counts[DEPTH]) < 0

    def advance(self, iterations: int) -> int:
        """Go on for so many changes of lists, and nodes of the tree after those; return how many."""
        iterations = min(iterations, self._left)
        begun = self._left
        self._left -= iterations
        iterations -= self._lists.advance(iterations)
        if self._lists.is_done and not self.is_proven:
            if self._tree is None:
                self._tree = _tree(self._problem, self._lists)
            search_tree(self._lists.jobs, self._tree, iterations)
        return begun - self._left

    def stops(self) -> list[list[Stop]]:
        """Return the stops of each rover in the best schedule."""
        if self._tree is None or not self._tree.counts[FOUND]:
            return self._lists.stops()
        problem, best = self._problem, self._tree.best.tolist()
        places = [rover.start for rover in problem.rovers]
        free = [rover.ready for rover in problem.rovers]
        ends: dict[str, int] = {}
        routes: list[list[Stop]] = [[] for _ in problem.rovers]
        for number, bits in best:
            task = problem.tasks[number]
            team = [rover for rover in range(len(routes)) if bits >> rover & 1]
            there = {
                rover: free[rover] + int(problem.time[problem.rovers[rover].travel, places[rover], task.place])
                for rover in team
            }
            start = max(task.earliest, *there.values(), *(ends[before] for before in sorted(task.after)))
            ends[task.id] = start + task.work
            for rover in team:
                routes[rover].append(Stop(task=task.id, arrive=there[rover], start=start, end=ends[task.id]))
                places[rover], free[rover] = task.place, ends[task.id]
        return routes


def _teams(problem: AllocationProblem, task: AllocationTask) -> list[int]:
    """Return the teams that can do a task and can spare nobody, as bits."""
    able = [
        sum(1 << number for number, rover in enumerate(problem.rovers) if role <= rover.capabilities)
        for role in task.roles
    ]
    teams: list[int] = []
    sizes = range(1, len(able) + 1) if task.shared else (len(able),)
    for size in sizes:
        for members in combinations(range(len(problem.rovers)), size):
            team = sum(1 << member for member in members)
            if any(team & smaller == smaller for smaller in teams):
                continue
            if all(team & mask for mask in able) if task.shared else _fills(able, members):
                teams.append(team)
    return teams


def _fills(able: list[int], members: tuple[int, ...]) -> bool:
    """Whether each member can take a role of its own."""
    if not able:
        return True
    return any(
        able[0] >> member & 1 and _fills(able[1:], tuple(other for other in members if other != member))
        for member in members
    )


def _tree(problem: AllocationProblem, lists: ScheduleSearch) -> Tree:
    jobs, tasks, rovers = lists.jobs, len(problem.tasks), len(problem.rovers)
    teams = [_teams(problem, task) for task in problem.tasks]
    most = max(len(options) for options in teams)
    table = np.zeros((tasks, most), np.int64)
    for number, options in enumerate(teams):
        table[number, : len(options)] = options
    pools = sorted({1 << rover for rover in range(rovers)} | _pools(problem) | {(1 << rovers) - 1})
    demand = np.array(
        [[min((team & pool).bit_count() for team in options) for options in teams] for pool in pools], np.int64
    )
    undone, end, _ = lists.best.score.tolist()
    tree = Tree(
        teams=table,
        team_count=np.array([len(options) for options in teams], np.int64),
        nearest=jobs.time[:, :tasks, :tasks].min(axis=0).astype(np.int64),
        tail=_tails(problem, jobs),
        pools=np.array(pools, np.int64),
        demand=demand,
        at=np.zeros((tasks + 1, rovers), np.int64),
        free=np.zeros((tasks + 1, rovers), np.int64),
        ends=np.full((tasks + 1, tasks), -1, np.int64),
        last=np.zeros(tasks + 1, np.int64),
        child_task=np.zeros((tasks + 1, tasks * most), np.int64),
        child_team=np.zeros((tasks + 1, tasks * most), np.int64),
        child_start=np.zeros((tasks + 1, tasks * most), np.int64),
        children=np.zeros(tasks + 1, np.int64),
        chosen=np.zeros((tasks + 1, 2), np.int64),
        best=np.zeros((tasks, 2), np.int64),
        counts=np.zeros(4, np.int64),
    )
    tree.at[0] = tasks + np.arange(rovers)
    tree.free[0] = jobs.ready
    tree.counts[BEST] = end if undone == 0 else NEVER * 1000
    return tree


def _pools(problem: AllocationProblem) -> set[int]:
    """Return who could fill each role, as bits."""
    return {
        sum(1 << number for number, rover in enumerate(problem.rovers) if role <= rover.capabilities)
        for task in problem.tasks
        for role in task.roles
    }


def _tails(problem: AllocationProblem, jobs: Jobs) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return the least time from each task's start to the end of all: its work, what comes after, the way home."""
    tasks, rovers = len(problem.tasks), len(problem.rovers)
    tails = np.zeros(tasks, np.int64)
    for _ in range(tasks):
        for number, task in enumerate(problem.tasks):
            home = min(
                int(jobs.time[jobs.travel[rover], number, tasks + rovers + rover])
                for rover in range(rovers)
                if jobs.able[rover, number].any()
            )
            later = [int(tails[other]) for other in range(tasks) if jobs.comes_after[other, number]]
            tails[number] = task.work + max([home, *later])
    return tails
