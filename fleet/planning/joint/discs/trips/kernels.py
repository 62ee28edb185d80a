"""The ground that trips hold, and the earliest trip of one disc among those of others.

Source
------
Safe intervals: Phillips, Likhachev, "SIPP: Safe Interval Path Planning for Dynamic Environments", ICRA 2011; for discs
of any size and speed: Andreychuk, Yakovlev et al., "Multi-agent pathfinding with continuous time", Artificial
Intelligence 305, 2022. Lanes are looked at only when nothing else promises to arrive earlier.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import inf

import numpy as np

from fleet.core.arrays import Floats, Indices
from fleet.core.compiled import compiled
from fleet.planning.joint.discs.arrays import Driving, Held, Labels, Roads, Trips
from fleet.planning.joint.discs.meeting.kernels import unsafe_departures, when_near

_TOUCH = 1e-9  # Metres that bodies may come nearer than their radii for want of digits.
_SAME = 1e-9  # Seconds.


@compiled
def shortest(backward_first: Indices, backward_to: Indices, backward_length: Floats, goals: Indices) -> Floats:
    """Return ``(N, V)`` metres of the shortest way from everywhere to each goal, over lanes that are turned round."""
    count = len(backward_first) - 1
    left = np.full((len(goals), count), inf)
    room = len(backward_to) + 1
    keys, items = np.empty(room), np.empty(room, np.int32)
    lots = np.empty(room, np.int32)
    for rover in range(len(goals)):
        row = left[rover]
        row[goals[rover]] = 0.0
        size = push(keys, items, lots, 0, 0.0, goals[rover], 0)
        while size > 0:
            key, place = keys[0], items[0]
            size = pop(keys, items, lots, size)
            if key > row[place]:
                continue
            for lane in range(backward_first[place], backward_first[place + 1]):
                other, metres = backward_to[lane], key + backward_length[lane]
                if metres < row[other]:
                    row[other] = metres
                    size = push(keys, items, lots, size, metres, other, 0)
    return left


@compiled
def push(keys: Floats, items: Indices, extra: Indices, size: int, key: float, item: int, more: int) -> int:
    """Add to a binary heap; return its new size."""
    spot = size
    while spot > 0 and keys[(spot - 1) // 2] > key:
        above = (spot - 1) // 2
        keys[spot], items[spot], extra[spot] = keys[above], items[above], extra[above]
        spot = above
    keys[spot], items[spot], extra[spot] = key, item, more
    return size + 1


@compiled
def pop(keys: Floats, items: Indices, extra: Indices, size: int) -> int:
    """Take the first out of a binary heap; return its new size."""
    size -= 1
    key, item, more = keys[size], items[size], extra[size]
    spot = 0
    while 2 * spot + 1 < size:
        below = 2 * spot + 1
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[spot], items[spot], extra[spot] = keys[below], items[below], extra[below]
        spot = below
    keys[spot], items[spot], extra[spot] = key, item, more
    return size


@compiled
def _stay(held: Held, ground: int, stay: int) -> None:
    first = held.head[ground]
    held.after[stay], held.before[stay] = first, -1 - ground
    if first >= 0:
        held.before[first] = stay
    held.head[ground] = stay


@compiled
def _leave(held: Held, stay: int) -> None:
    before, after = held.before[stay], held.after[stay]
    if before < 0:
        held.head[-1 - before] = after
    else:
        held.after[before] = after
    if after >= 0:
        held.before[after] = before


@compiled
def hold(roads: Roads, trips: Trips, held: Held, rover: int) -> None:
    """Note the ground of a trip."""
    width, count = trips.places.shape[1], len(roads.points)
    for spot in range(trips.length[rover]):
        stay = 2 * (rover * width + spot)
        if trips.left[rover, spot] > trips.reached[rover, spot]:
            _stay(held, trips.places[rover, spot], stay)
        if spot + 1 < trips.length[rover]:
            _stay(held, count + roads.track[trips.lanes[rover, spot]], stay + 1)


@compiled
def release(trips: Trips, held: Held, rover: int) -> None:
    """Take back what `hold` noted."""
    width = trips.places.shape[1]
    for spot in range(trips.length[rover]):
        stay = 2 * (rover * width + spot)
        if trips.left[rover, spot] > trips.reached[rover, spot]:
            _leave(held, stay)
        if spot + 1 < trips.length[rover]:
            _leave(held, stay + 1)


@compiled
def motion(roads: Roads, trips: Trips, stay: int) -> tuple[int, float, float, float, float, float, float]:
    """Return whose stay that is, when it begins and ends, where it begins, and its velocity."""
    width = trips.places.shape[1]
    rover, spot = stay // 2 // width, stay // 2 % width
    place = trips.places[rover, spot]
    x, y = roads.points[place, 0], roads.points[place, 1]
    if stay % 2 == 0:
        return rover, trips.reached[rover, spot], trips.left[rover, spot], x, y, 0.0, 0.0
    begins, ends = trips.left[rover, spot], trips.reached[rover, spot + 1]
    onward = trips.places[rover, spot + 1]
    seconds = ends - begins
    if seconds <= 0.0:
        return rover, begins, ends, x, y, 0.0, 0.0
    return (
        rover,
        begins,
        ends,
        x,
        y,
        (roads.points[onward, 0] - x) / seconds,
        (roads.points[onward, 1] - y) / seconds,
    )


@compiled
def stay_span(roads: Roads, driving: Driving, trips: Trips, rover: int, place: int, stay: int) -> tuple[float, float]:
    """Return from when until when a rover cannot be at a waypoint because of a stay."""
    other, begins, ends, x, y, speed_x, speed_y = motion(roads, trips, stay)
    room = driving.radii[rover] + driving.radii[other] - _TOUCH
    apart_x, apart_y = x - roads.points[place, 0], y - roads.points[place, 1]
    return when_near(apart_x, apart_y, speed_x, speed_y, begins, ends, room)


@compiled
def drive_span(roads: Roads, driving: Driving, trips: Trips, rover: int, lane: int, stay: int) -> tuple[float, float]:
    """Return between which departures a rover cannot drive along a lane because of a stay."""
    other, begins, ends, x, y, speed_x, speed_y = motion(roads, trips, stay)
    room = driving.radii[rover] + driving.radii[other] - _TOUCH
    here, there = roads.begins[lane], roads.lanes.to[lane]
    takes = roads.lengths[lane] / driving.speeds[rover]
    here_x, here_y = roads.points[here, 0], roads.points[here, 1]
    mine_x, mine_y = (roads.points[there, 0] - here_x) / takes, (roads.points[there, 1] - here_y) / takes
    if speed_x == 0.0 and speed_y == 0.0:
        first, last = when_near(here_x - x, here_y - y, mine_x, mine_y, 0.0, takes, room)
        return (begins - last, ends - first) if first < last else (inf, -inf)
    first, last = unsafe_departures(
        here_x - x, here_y - y, mine_x, mine_y, takes, speed_x, speed_y, ends - begins, room
    )
    return begins + first, begins + last


@compiled
def _merged(spans: Floats, number: int) -> int:
    """Sort spans and join those that overlap; return how many are left."""
    for index in range(1, number):
        first, last, spot = spans[index, 0], spans[index, 1], index
        while spot > 0 and spans[spot - 1, 0] > first:
            spans[spot, 0], spans[spot, 1] = spans[spot - 1, 0], spans[spot - 1, 1]
            spot -= 1
        spans[spot, 0], spans[spot, 1] = first, last
    kept = 0
    for index in range(number):
        if kept > 0 and spans[index, 0] <= spans[kept - 1, 1]:
            spans[kept - 1, 1] = max(spans[kept - 1, 1], spans[index, 1])
        else:
            spans[kept, 0], spans[kept, 1] = spans[index, 0], spans[index, 1]
            kept += 1
    return kept


@compiled
def _open_intervals(
    roads: Roads, driving: Driving, trips: Trips, held: Held, labels: Labels, rover: int, place: int
) -> None:
    """Find a waypoint's safe intervals, unless this search has done so."""
    stamp = labels.counts[0]
    if labels.stamp[place] == stamp:
        return
    labels.stamp[place] = stamp
    spans, width = labels.spans, trips.places.shape[1]
    number = 0
    for index in range(roads.near_first[place], roads.near_first[place + 1]):
        stay = held.head[roads.near[index]]
        while stay >= 0:
            if not labels.ignored[stay // 2 // width] and number < len(spans):
                first, last = stay_span(roads, driving, trips, rover, place, stay)
                if first < last:
                    spans[number, 0], spans[number, 1] = first, last
                    number += 1
            stay = held.after[stay]
    number = _merged(spans, number)
    most = len(labels.opens) // len(roads.points)
    base, found, opens = place * most, 0, 0.0
    for index in range(number + 1):
        closes = spans[index, 0] if index < number else inf
        if closes > opens and opens < inf:
            # What comes after too many intervals is left out: that is safe, if not always best.
            if found == most:
                break
            labels.opens[base + found], labels.closes[base + found] = opens, closes
            labels.reached[base + found] = inf
            labels.done[base + found] = 0
            found += 1
        if index < number:
            opens = max(opens, spans[index, 1])
    labels.number[place] = found


@compiled
def _lane_spans(
    roads: Roads, driving: Driving, trips: Trips, held: Held, labels: Labels, rover: int, lane: int, since: float
) -> int:
    """Find between which departures after `since` a lane is not safe; return how many spans there are."""
    spans, width = labels.spans, trips.places.shape[1]
    number = 0
    ground = len(roads.points) + roads.track[lane]
    for index in range(roads.near_first[ground], roads.near_first[ground + 1]):
        stay = held.head[roads.near[index]]
        while stay >= 0:
            owner, spot = stay // 2 // width, stay // 2 % width
            ends = trips.reached[owner, spot + 1] if stay % 2 else trips.left[owner, spot]
            if ends > since and not labels.ignored[owner] and number < len(spans):
                first, last = drive_span(roads, driving, trips, rover, lane, stay)
                if first < last and last > since:
                    spans[number, 0], spans[number, 1] = first, last
                    number += 1
            stay = held.after[stay]
    return _merged(spans, number)


@compiled
def find_trip(
    roads: Roads,
    driving: Driving,
    trips: Trips,
    held: Held,
    labels: Labels,
    rover: int,
    latest: float,
    fresh: Trips,
    row: int,
) -> bool:
    """Write the earliest trip of a rover into a row of `fresh`; False when none arrives by `latest`."""
    start, goal, speed = driving.starts[rover], driving.goals[rover], driving.speeds[rover]
    left = driving.left[rover]
    most = len(labels.opens) // len(roads.points)
    keys, items, item_lane = labels.keys, labels.items, labels.item_lane
    labels.counts[0] += 1
    _open_intervals(roads, driving, trips, held, labels, rover, goal)
    _open_intervals(roads, driving, trips, held, labels, rover, start)
    final = goal * most + labels.number[goal] - 1
    if labels.number[goal] == 0 or labels.closes[final] < inf:
        return False
    if labels.number[start] == 0 or labels.opens[start * most] > 0.0:
        return False
    soonest = labels.opens[final]
    if max(soonest, left[start] / speed) > latest:
        return False
    state = start * most
    labels.reached[state], labels.came_from[state] = 0.0, -1
    size = push(keys, items, item_lane, 0, max(soonest, left[start] / speed), state, -1)
    found = False
    while size > 0:
        state, lane = items[0], item_lane[0]
        size = pop(keys, items, item_lane, size)
        time, place = labels.reached[state], state // most
        if lane < 0:
            if labels.done[state]:
                continue
            labels.done[state] = 1
            labels.counts[1] += 1
            if state == final:
                found = True
                break
            for onward in range(roads.lanes.first[place], roads.lanes.first[place + 1]):
                key = max(soonest, time + (roads.lengths[onward] + left[roads.lanes.to[onward]]) / speed)
                if key <= latest and size < len(keys) - 1:
                    size = push(keys, items, item_lane, size, key, state, onward)
            continue
        there, takes = roads.lanes.to[lane], roads.lengths[lane] / speed
        _open_intervals(roads, driving, trips, held, labels, rover, there)
        number = -1
        for reach in range(there * most, there * most + labels.number[there]):
            departs = max(time, labels.opens[reach] - takes)
            until = min(labels.closes[state], labels.closes[reach] - takes)
            if departs > until or labels.done[reach] or departs + takes >= labels.reached[reach]:
                continue
            if number < 0:
                number = 0 if takes <= 0.0 else _lane_spans(roads, driving, trips, held, labels, rover, lane, time)
            for index in range(number):
                if labels.spans[index, 0] >= departs:
                    break
                departs = max(departs, labels.spans[index, 1])
            arrives = departs + takes
            if departs > until or arrives >= labels.reached[reach]:
                continue
            key = max(soonest, arrives + left[there] / speed)
            if key <= latest and size < len(keys) - 1:
                labels.reached[reach], labels.departed[reach] = arrives, departs
                labels.came_by[reach], labels.came_from[reach] = lane, state
                size = push(keys, items, item_lane, size, key, reach, -1)
    if not found:
        return False
    length, back = 0, state
    while back >= 0:
        length += 1
        back = labels.came_from[back]
    if length > fresh.places.shape[1]:
        return False
    fresh.length[row] = length
    departs, lane = inf, -1
    for spot in range(length - 1, -1, -1):
        fresh.places[row, spot], fresh.lanes[row, spot] = state // most, lane
        fresh.reached[row, spot], fresh.left[row, spot] = labels.reached[state], departs
        departs, lane = labels.departed[state], labels.came_by[state]
        state = labels.came_from[state]
    return True


@compiled
def in_the_way(
    roads: Roads, driving: Driving, trips: Trips, held: Held, rover: int, fresh: Trips, row: int, found: Indices
) -> int:
    """Collect whose stays the trip in a row meets, each once; return how many."""
    width, count = trips.places.shape[1], len(roads.points)
    number = 0
    for spot in range(fresh.length[row]):
        place, lane = fresh.places[row, spot], fresh.lanes[row, spot]
        reached, departs = fresh.reached[row, spot], fresh.left[row, spot]
        for on_track in range(2 if lane >= 0 and roads.lengths[max(lane, 0)] > 0.0 else 1):
            ground = count + roads.track[lane] if on_track else place
            for index in range(roads.near_first[ground], roads.near_first[ground + 1]):
                stay = held.head[roads.near[index]]
                while stay >= 0:
                    other = stay // 2 // width
                    if on_track:
                        first, last = drive_span(roads, driving, trips, rover, lane, stay)
                        meets = first + _SAME < departs < last - _SAME
                    else:
                        first, last = stay_span(roads, driving, trips, rover, place, stay)
                        meets = first + _SAME < departs and reached < last - _SAME and first < last
                    if meets and other != rover:
                        is_new = True
                        for known in range(number):
                            is_new = is_new and found[known] != other
                        if is_new:
                            found[number] = other
                            number += 1
                    stay = held.after[stay]
    return number
