"""Ruin and recreate: strings of tasks near each other are taken out of their routes and put back where they cost least.

Source
------
Christiaens, Vanden Berghe, "Slack Induction by String Removals for Vehicle Routing Problems", Transportation Science
54(2), 2020: ruin by adjacent strings and split strings, recreation with blinks, annealing. Deviations: tasks have a
value for which they may stay undone; the temperature falls by a polynomial.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

import numpy as np

from fleet.core.arrays import Counts
from fleet.core.chance.kernels import draw_below, draw_share, shuffle
from fleet.core.compiled import compiled
from fleet.tasks.allocation.routes.arrays import COST, UNDONE, Best, Changing, Routes, Work
from fleet.tasks.allocation.routes.placing.kernels import find_place, minus_log, put_in, set_times, take_out

_LONGEST_STRING = 10
_REMOVED = 10  # On average.
_SPLIT, _KEEP_ON = 0.5, 0.99  # Share of strings with a hole, and chance that the hole stays as it is.
_OFTEN = 3  # One centre in so many is an undone task.
_VALUABLE = 3  # One pool in so many has the most valuable first, where tasks may stay undone.
_AGAIN = 5  # So many undone tasks near the centre are tried anew at once.
_FAR = np.int64(1) << np.int64(60)


@compiled
def _touch(work: Work, routes: Routes, changing: Changing, touched: int, rover: int) -> int:
    """Keep a route as it is, once; return how many are kept."""
    if changing.is_touched[rover]:
        return touched
    tasks = work.able.shape[1]
    changing.is_touched[rover] = 1
    changing.touched[touched] = rover
    changing.kept_load[touched] = routes.load[rover]
    spot = changing.first[touched]
    stop = tasks + rover
    changing.kept_limit[spot + touched] = routes.limit[stop]
    for _ in range(routes.size[rover]):
        stop = routes.after[stop]
        changing.kept[spot] = stop
        changing.kept_start[spot + touched] = routes.start[stop]
        changing.kept_limit[spot + touched + 1] = routes.limit[stop]
        spot += 1
    changing.kept_start[spot + touched] = routes.start[routes.after[stop]]
    changing.first[touched + 1] = spot
    return touched + 1


@compiled
def _restore(work: Work, routes: Routes, changing: Changing, touched: int) -> None:
    """Bring back the kept routes."""
    tasks, rovers = work.able.shape[1], len(work.travel)
    for number in range(touched):
        stop = routes.after[tasks + changing.touched[number]]
        while stop < tasks:
            routes.rover[stop] = -1
            stop = routes.after[stop]
    for number in range(touched):
        rover = changing.touched[number]
        stop = tasks + rover
        first, last = changing.first[number], changing.first[number + 1]
        routes.limit[stop] = changing.kept_limit[first + number]
        for spot in range(first, last):
            task = changing.kept[spot]
            routes.after[stop], routes.before[task] = task, stop
            routes.rover[task] = rover
            routes.start[task] = changing.kept_start[spot + number]
            routes.limit[task] = changing.kept_limit[spot + number + 1]
            stop = task
        end = tasks + rovers + rover
        routes.after[stop], routes.before[end] = end, stop
        routes.start[end] = changing.kept_start[last + number]
        routes.size[rover] = last - first
        routes.load[rover] = changing.kept_load[number]


@compiled
def _sort(changing: Changing, count: int) -> None:
    """Put the pool in order of its keys, the smallest first."""
    for spot in range(1, count):
        task, key = changing.pool[spot], changing.keys[spot]
        hole = spot
        while hole > 0 and changing.keys[hole - 1] > key:
            changing.pool[hole], changing.keys[hole] = changing.pool[hole - 1], changing.keys[hole - 1]
            hole -= 1
        changing.pool[hole], changing.keys[hole] = task, key


@compiled
def _order_pool(work: Work, changing: Changing, count: int, centre: int) -> None:
    """Put the pool in an order of one of several kinds, by chance."""
    kind = draw_below(changing.chance, 17 if work.is_timed else 11)
    if work.is_optional and draw_below(changing.chance, _VALUABLE) == 0:
        kind = 17
    if kind < 4:
        shuffle(changing.chance, changing.pool, count)
        return
    for spot in range(count):
        task = changing.pool[spot]
        if kind < 8:
            key = -np.int64(work.cost[0, centre, task])
        elif kind < 10:
            key = np.int64(work.cost[0, centre, task])
        elif kind < 11:
            key = -work.load[task]
        elif kind < 13:
            key = work.latest[task] - work.earliest[task]
        elif kind < 15:
            key = work.earliest[task]
        elif kind < 17:
            key = -work.latest[task]
        else:
            key = -work.value[task]
        changing.keys[spot] = key
    _sort(changing, count)


@compiled
def _undone_near(work: Work, routes: Routes, changing: Changing, centre: int) -> int:
    """Write tasks near a centre, and it, that are undone; return how many."""
    count = 0
    if routes.totals[UNDONE] == 0:
        return 0
    if routes.rover[centre] < 0:
        changing.spots[0] = centre
        count = 1
    for spot in range(work.near.shape[1]):
        if count >= _AGAIN:
            break
        task = work.near[centre, spot]
        if routes.rover[task] < 0:
            changing.spots[count] = task
            count += 1
    return count


@compiled
def _ruin(work: Work, routes: Routes, changing: Changing, centre: int) -> tuple[int, int]:
    """Take strings of tasks near a centre out of their routes; return how many tasks, and how many routes."""
    tasks = work.able.shape[1]
    busy = 0
    for rover in range(len(work.travel)):
        busy += routes.size[rover] > 0
    done = tasks - routes.totals[UNDONE]
    if busy == 0:
        return 0, 0
    longest = min(float(_LONGEST_STRING), done / busy)
    most = 4.0 * _REMOVED / (1.0 + longest) - 1.0
    strings = int(draw_share(changing.chance) * most + 1.0)
    count = touched = 0
    spot = -1
    while spot < tasks - 1 and touched < strings:
        task = centre if spot < 0 else work.near[centre, spot]
        spot += 1
        rover = routes.rover[task]
        if rover < 0 or changing.is_touched[rover]:
            continue
        size = routes.size[rover]
        length = int(draw_share(changing.chance) * min(float(size), longest) + 1.0)
        hole = 0
        if length > 1 and length < size and draw_share(changing.chance) < _SPLIT:
            hole = 1
            while length + hole < size and draw_share(changing.chance) > _KEEP_ON:
                hole += 1
        touched = _touch(work, routes, changing, touched, rover)
        # The string begins so many stops before the task, as far as the route has room for it on both sides.
        back = draw_below(changing.chance, length + hole)
        first = task
        while back > 0 and routes.before[first] < tasks:
            first = routes.before[first]
            back -= 1
        last, span = first, 1
        while span < length + hole and routes.after[last] < tasks:
            last = routes.after[last]
            span += 1
        while span < length + hole and routes.before[first] < tasks:
            first = routes.before[first]
            span += 1
        skip = draw_below(changing.chance, length - 1) + 1 if hole else length
        stop = first
        for number in range(length + hole):
            following = routes.after[stop]
            if number < skip or number >= skip + hole:
                changing.pool[count] = stop
                count += 1
                routes.totals[COST] += work.value[stop]
                take_out(work, routes, stop)
            stop = following
        if work.is_timed:
            set_times(work, routes, rover)
    return count, touched


@compiled
def _recreate(work: Work, routes: Routes, changing: Changing, count: int, touched: int) -> int:
    """Put the pool in where it costs least; return how many routes changed."""
    for spot in range(count):
        task = changing.pool[spot]
        find_place(work, routes, changing, task, False)
        if changing.place[1] < 0 and work.value[task] > _FAR >> 12:
            find_place(work, routes, changing, task, True)
        stop = changing.place[1]
        if stop < 0:
            continue
        touched = _touch(work, routes, changing, touched, routes.rover[stop])
        routes.totals[COST] += changing.place[0] - work.value[task]
        put_in(work, routes, task, stop)
    return touched


@compiled
def begin(work: Work, routes: Routes, changing: Changing, order: Counts) -> None:
    """Make a first plan: tasks in an order, each where it costs least."""
    tasks, rovers = work.able.shape[1], len(work.travel)
    routes.totals[COST] = 0
    for task in range(tasks):
        routes.rover[task] = -1
        routes.totals[COST] += work.value[task]
    for rover in range(rovers):
        start, end = tasks + rover, tasks + rovers + rover
        routes.after[start], routes.before[end] = end, start
        routes.rover[start] = routes.rover[end] = rover
        routes.load[rover] = routes.size[rover] = 0
        routes.totals[COST] += work.cost[work.travel[rover], start, end]
        set_times(work, routes, rover)
    left = 0
    for spot in range(tasks):
        task = order[spot]
        find_place(work, routes, changing, task, True)
        stop = changing.place[1]
        if stop < 0:
            routes.undone[left] = task
            left += 1
            continue
        routes.totals[COST] += changing.place[0] - work.value[task]
        put_in(work, routes, task, stop)
    routes.totals[UNDONE] = left


@compiled
def keep_routes(source: Routes, target: Best) -> None:
    """Keep a plan as the best."""
    for stop in range(len(source.after)):
        target.after[stop], target.start[stop] = source.after[stop], source.start[stop]
    for spot in range(len(source.undone)):
        target.undone[spot] = source.undone[spot]
    target.totals[COST], target.totals[UNDONE] = source.totals[COST], source.totals[UNDONE]


@compiled
def better(
    work: Work, routes: Routes, best: Best, changing: Changing, heat: tuple[float, float], span: tuple[int, int, int]
) -> None:
    """Ruin and recreate from iteration ``span[0]`` to ``span[1]`` of ``span[2]``; the best plan is kept in `best`.

    The temperature falls from ``heat[0]`` to ``heat[1]`` over all iterations.
    """
    tasks = work.able.shape[1]
    for iteration in range(span[0], span[1]):
        left = 1.0 - iteration / span[2]
        temperature = heat[1] + (heat[0] - heat[1]) * left * left * left * left
        before = routes.totals[COST]
        centre = draw_below(changing.chance, tasks)
        undone = routes.totals[UNDONE]
        if undone > 0 and draw_below(changing.chance, _OFTEN) == 0:
            centre = routes.undone[draw_below(changing.chance, undone)]
        again = _undone_near(work, routes, changing, centre)
        count, touched = _ruin(work, routes, changing, centre)
        for number in range(again):
            changing.pool[count + number] = changing.spots[number]
        count += again
        _order_pool(work, changing, count, centre)
        touched = _recreate(work, routes, changing, count, touched)
        if routes.totals[COST] < before + temperature * minus_log(changing):
            left_out = 0
            for task in range(tasks):
                if routes.rover[task] < 0:
                    routes.undone[left_out] = task
                    left_out += 1
            routes.totals[UNDONE] = left_out
            if routes.totals[COST] < best.totals[COST]:
                keep_routes(routes, best)
        else:
            _restore(work, routes, changing, touched)
            routes.totals[COST] = before
        for number in range(touched):
            changing.is_touched[changing.touched[number]] = 0
