"""Branch and bound over the order in which tasks start and the teams that do them: the earliest end, with proof.

Every schedule whose tasks start as early as its routes, order and teams let them can be written by placing tasks in
order of their starts. A branch is cut when a bound shows that nothing better lies in it: chains of what must come
after each other, and the work that is left for every set of rovers.

Source
------
Bounds of chains and of sets: as in disjunctive scheduling; Brucker, "Scheduling Algorithms", 2007, chapter 6.
"""

from __future__ import annotations

import numpy as np

from fleet.core.compiled import compiled
from fleet.tasks.allocation.proofs.arrays import BEST, DEPTH, FOUND, NODES, Tree
from fleet.tasks.allocation.schedules.arrays import Jobs

_FAR = np.int64(1) << np.int64(60)


@compiled
def _bound(jobs: Jobs, tree: Tree, depth: int) -> int:
    """Return a time before which nothing can end that begins as the search stands."""
    tasks, rovers = jobs.able.shape[1], len(jobs.travel)
    time, travel, duration, comes_after, earliest = (
        jobs.time,
        jobs.travel,
        jobs.duration,
        jobs.comes_after,
        jobs.earliest,
    )
    at, free, ends, teams, tail = tree.at, tree.free, tree.ends, tree.teams, tree.tail
    bound = np.int64(0)
    for rover in range(rovers):
        end = tasks + rovers + rover
        bound = max(bound, free[depth, rover] + time[travel[rover], at[depth, rover], end])
    for task in range(tasks):
        if ends[depth, task] >= 0:
            continue
        soonest = _FAR
        for number in range(tree.team_count[task]):
            team = teams[task, number]
            start = np.int64(0)
            for rover in range(rovers):
                if team >> rover & 1:
                    start = max(start, free[depth, rover] + time[travel[rover], at[depth, rover], task])
            soonest = min(soonest, start)
        soonest = max(soonest, earliest[task], tree.last[depth])
        for before in range(tasks):
            if comes_after[task, before]:
                if ends[depth, before] >= 0:
                    soonest = max(soonest, ends[depth, before])
                else:
                    soonest = max(soonest, tree.last[depth] + duration[before])
        if soonest > jobs.latest[task]:
            return int(_FAR)
        bound = max(bound, soonest + tail[task])
    # What is left for a set of rovers, shared as well as can be.
    for number in range(len(tree.pools)):
        pool = tree.pools[number]
        work = np.int64(0)
        size = 0
        is_busy = False
        for rover in range(rovers):
            if pool >> rover & 1:
                size += 1
                work += free[depth, rover]
                kind = travel[rover]
                end = tasks + rovers + rover
                back = np.int64(time[kind, at[depth, rover], end])
                for task in range(tasks):
                    if ends[depth, task] < 0:
                        back = min(back, np.int64(time[kind, task, end]))
                work += back
        for task in range(tasks):
            demand = tree.demand[number, task]
            if ends[depth, task] >= 0 or demand == 0:
                continue
            is_busy = True
            way = _FAR
            for rover in range(rovers):
                if pool >> rover & 1:
                    way = min(way, np.int64(time[travel[rover], at[depth, rover], task]))
            for other in range(tasks):
                if other != task and ends[depth, other] < 0:
                    way = min(way, tree.nearest[other, task])
            work += demand * (duration[task] + way)
        if is_busy:
            bound = max(bound, (work + size - 1) // size)
    return int(bound)


@compiled
def _branch(jobs: Jobs, tree: Tree, depth: int) -> None:
    """Write what could be placed next: tasks whose turn it is, with every team; late starts first."""
    tasks, rovers = jobs.able.shape[1], len(jobs.travel)
    time, travel, comes_after = jobs.time, jobs.travel, jobs.comes_after
    at, free, ends, starts = tree.at, tree.free, tree.ends, tree.child_start
    count = 0
    for task in range(tasks):
        if ends[depth, task] >= 0:
            continue
        earliest = jobs.earliest[task]
        is_open = True
        for before in range(tasks):
            if comes_after[task, before]:
                is_open = is_open and ends[depth, before] >= 0
                earliest = max(earliest, ends[depth, before])
        if not is_open:
            continue
        for number in range(tree.team_count[task]):
            team = tree.teams[task, number]
            start = earliest
            for rover in range(rovers):
                if team >> rover & 1:
                    start = max(start, free[depth, rover] + time[travel[rover], at[depth, rover], task])
            if start < tree.last[depth] or start > jobs.latest[task] or start + tree.tail[task] >= tree.counts[BEST]:
                continue
            hole = count
            while hole > 0 and starts[depth, hole - 1] < start:
                starts[depth, hole] = starts[depth, hole - 1]
                tree.child_task[depth, hole] = tree.child_task[depth, hole - 1]
                tree.child_team[depth, hole] = tree.child_team[depth, hole - 1]
                hole -= 1
            starts[depth, hole] = start
            tree.child_task[depth, hole], tree.child_team[depth, hole] = task, team
            count += 1
    tree.children[depth] = count


@compiled
def search_tree(jobs: Jobs, tree: Tree, nodes: int) -> None:
    """Go on for so many nodes, or until all is tried."""
    tasks, rovers = jobs.able.shape[1], len(jobs.travel)
    depth = tree.counts[DEPTH]
    if depth == 0 and tree.counts[NODES] == 0:
        _branch(jobs, tree, 0)
    for _ in range(nodes):
        while depth >= 0 and tree.children[depth] == 0:
            depth -= 1
        if depth < 0:
            break
        tree.counts[NODES] += 1
        tree.children[depth] -= 1
        child = tree.children[depth]
        task, team, start = tree.child_task[depth, child], tree.child_team[depth, child], tree.child_start[depth, child]
        if start + tree.tail[task] >= tree.counts[BEST]:
            continue
        below = depth + 1
        tree.chosen[depth, 0], tree.chosen[depth, 1] = task, team
        end = start + jobs.duration[task]
        is_good = True
        for rover in range(rovers):
            tree.at[below, rover], tree.free[below, rover] = tree.at[depth, rover], tree.free[depth, rover]
            if team >> rover & 1:
                tree.at[below, rover], tree.free[below, rover] = task, end
                back = end + jobs.time[jobs.travel[rover], task, tasks + rovers + rover]
                is_good = is_good and back <= jobs.until[rover]
        if not is_good:
            continue
        for other in range(tasks):
            tree.ends[below, other] = tree.ends[depth, other]
        tree.ends[below, task] = end
        tree.last[below] = start
        bound = _bound(jobs, tree, below)
        if bound >= tree.counts[BEST]:
            continue
        if below == tasks:
            # All are placed, and the bound is when the last is at its end.
            tree.counts[BEST] = bound
            tree.counts[FOUND] = 1
            for number in range(tasks):
                tree.best[number, 0], tree.best[number, 1] = tree.chosen[number, 0], tree.chosen[number, 1]
            continue
        depth = below
        _branch(jobs, tree, depth)
    tree.counts[DEPTH] = depth
