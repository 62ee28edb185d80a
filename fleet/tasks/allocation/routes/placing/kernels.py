"""Where a task goes best, judged in constant time a position by earliest and latest starts.

Source
------
Savelsbergh, "The Vehicle Routing Problem with Time Windows: Minimizing Route Duration", ORSA Journal on Computing
4(2), 1992. Blinks: Christiaens, Vanden Berghe, "Slack Induction by String Removals for Vehicle Routing Problems",
Transportation Science 54(2), 2020. Deviation: positions are looked at beside near tasks only.
"""

from __future__ import annotations

import numpy as np

from fleet.core.chance.kernels import draw
from fleet.core.compiled import compiled
from fleet.tasks.allocation.routes.arrays import COST, Changing, Routes, Work

_BLINKS = 100.0  # One position in so many is overlooked.
_SHIFT = np.uint64(52)


@compiled
def minus_log(changing: Changing) -> float:
    """Return -ln of a uniform number."""
    return float(changing.logs[np.int64(draw(changing.chance) >> _SHIFT)])


@compiled
def set_times(work: Work, routes: Routes, rover: int) -> None:
    """Write all earliest and latest starts of a route."""
    tasks, rovers = work.able.shape[1], len(work.travel)
    time, kind, duration, earliest, latest = work.time, work.travel[rover], work.duration, work.earliest, work.latest
    before, after, start, limits = routes.before, routes.after, routes.start, routes.limit
    stop = tasks + rover
    end = stop + rovers
    now = earliest[stop]
    start[stop] = now
    while stop != end:
        following = after[stop]
        now = max(now + duration[stop] + time[kind, stop, following], earliest[following])
        start[following] = now
        stop = following
    limit = latest[end]
    limits[end] = limit
    while stop != tasks + rover:
        previous = before[stop]
        limit = min(limit - time[kind, previous, stop] - duration[previous], latest[previous])
        limits[previous] = limit
        stop = previous


@compiled
def put_in(work: Work, routes: Routes, task: int, stop: int) -> None:
    """Put a task behind a stop, and push the times of those around it."""
    tasks, rovers = work.able.shape[1], len(work.travel)
    rover, following = routes.rover[stop], routes.after[stop]
    routes.after[stop], routes.before[task] = task, stop
    routes.after[task], routes.before[following] = following, task
    routes.rover[task] = rover
    routes.load[rover] += work.load[task]
    routes.size[rover] += 1
    if not work.is_timed:
        return
    time, kind, duration, earliest, latest = work.time, work.travel[rover], work.duration, work.earliest, work.latest
    before, after, start, limits = routes.before, routes.after, routes.start, routes.limit
    end = tasks + rovers + rover
    at = task
    while True:
        previous = before[at]
        now = max(start[previous] + duration[previous] + time[kind, previous, at], earliest[at])
        if at != task and now == start[at]:
            break
        start[at] = now
        if at == end:
            break
        at = after[at]
    at = task
    while True:
        following = after[at]
        limit = min(limits[following] - time[kind, at, following] - duration[at], latest[at])
        if at != task and limit == limits[at]:
            break
        limits[at] = limit
        if at == tasks + rover:
            break
        at = before[at]


@compiled
def take_out(work: Work, routes: Routes, task: int) -> None:
    """Take a task out of its route; the times of the route are left to be written."""
    rover, previous, following = routes.rover[task], routes.before[task], routes.after[task]
    cost, kind = work.cost, work.travel[rover]
    less = np.int64(cost[kind, previous, task]) + cost[kind, task, following] - cost[kind, previous, following]
    routes.totals[COST] -= less
    routes.after[previous], routes.before[following] = following, previous
    routes.rover[task] = -1
    routes.load[rover] -= work.load[task]
    routes.size[rover] -= 1


@compiled
def _candidates(work: Work, routes: Routes, changing: Changing, task: int, is_thorough: bool) -> int:
    """Write the stops behind which a task may go if it is in time there; return how many."""
    able, load, capacity, alike, near = work.able, work.load[task], work.capacity, work.alike, work.near
    rover_of, before, after = routes.rover, routes.before, routes.after
    loaded, size, spots, seen = routes.load, routes.size, changing.spots, changing.seen
    tasks, rovers = able.shape[1], len(capacity)
    count = 0
    if is_thorough:
        for rover in range(rovers):
            if able[rover, task] and loaded[rover] + load <= capacity[rover]:
                stop = tasks + rover
                while stop < tasks + rovers:
                    spots[count] = stop
                    count += 1
                    stop = after[stop]
        return count
    blink = np.int64(minus_log(changing) * _BLINKS)
    for spot in range(work.reach):
        stop = near[task, spot]
        rover = rover_of[stop]
        if rover < 0 or not able[rover, task] or loaded[rover] + load > capacity[rover]:
            continue
        blink -= 2
        if blink < 0:
            blink = np.int64(minus_log(changing) * _BLINKS)
            continue
        spots[count] = stop
        spots[count + 1] = before[stop]
        count += 2
    changing.place[2] += 1
    stamp = changing.place[2]
    for rover in range(rovers):
        if size[rover] == 0 and seen[alike[rover]] != stamp and able[rover, task] and load <= capacity[rover]:
            seen[alike[rover]] = stamp
            spots[count] = tasks + rover
            count += 1
    return count


@compiled
def find_place(work: Work, routes: Routes, changing: Changing, task: int, is_thorough: bool) -> None:
    """Write the cheapest position that costs less than the task is worth, -1 when there is none."""
    count = _candidates(work, routes, changing, task, is_thorough)
    cost, time, duration, travel = work.cost, work.time, work.duration, work.travel
    rover_of, after, starts, limits, spots = routes.rover, routes.after, routes.start, routes.limit, changing.spots
    is_timed = work.is_timed
    earliest, latest, lasts = work.earliest[task], work.latest[task], duration[task]
    least, best = work.value[task], np.int64(-1)
    for number in range(count):
        stop = spots[number]
        following = after[stop]
        kind = travel[rover_of[stop]]
        more = np.int64(cost[kind, stop, task]) + cost[kind, task, following] - cost[kind, stop, following]
        if more >= least:
            continue
        if is_timed:
            start = max(starts[stop] + duration[stop] + time[kind, stop, task], earliest)
            if start > latest or start + lasts + time[kind, task, following] > limits[following]:
                continue
        least, best = more, np.int64(stop)
    changing.place[0], changing.place[1] = least, best
