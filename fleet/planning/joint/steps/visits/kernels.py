"""The table of who is where when, and the earliest way of one rover through the gaps that it leaves.

Source
------
Safe intervals: Phillips, Likhachev, "SIPP: Safe Interval Path Planning for Dynamic Environments", ICRA 2011.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from fleet.core.arrays import Chance, Indices
from fleet.core.chance.kernels import draw_below
from fleet.core.compiled import compiled
from fleet.planning.joint.steps.arrays import NEVER, Labels, Moving, Visits, Ways


@compiled
def ways_of_steps(steps: Indices, ways: Ways) -> bool:
    """Turn ``(T, N)`` configurations into ways; False when these have too little room."""
    for rover in range(steps.shape[1]):
        length = 0
        for step in range(steps.shape[0]):
            if step == 0 or steps[step, rover] != steps[step - 1, rover]:
                if length == ways.places.shape[1]:
                    return False
                ways.places[rover, length] = steps[step, rover]
                ways.steps[rover, length] = step
                length += 1
        ways.length[rover] = length
    return True


@compiled
def add_way(visits: Visits, ways: Ways, row: int, rover: int) -> bool:
    """Note the visits of the way in a row; False, and nothing noted, when a waypoint has too many visits."""
    length = ways.length[row]
    for spot in range(length):
        place, step = ways.places[row, spot], ways.steps[row, spot]
        number = visits.number[place]
        if number == visits.begins.shape[1]:
            _remove(visits, ways, row, rover, spot)
            return False
        later = number
        while later > 0 and visits.begins[place, later - 1] > step:
            visits.begins[place, later] = visits.begins[place, later - 1]
            visits.ends[place, later] = visits.ends[place, later - 1]
            visits.rovers[place, later] = visits.rovers[place, later - 1]
            later -= 1
        visits.begins[place, later] = step
        visits.ends[place, later] = ways.steps[row, spot + 1] - 1 if spot + 1 < length else NEVER
        visits.rovers[place, later] = rover
        visits.number[place] = number + 1
    return True


@compiled
def _remove(visits: Visits, ways: Ways, row: int, rover: int, length: int) -> None:
    for spot in range(length):
        place, step = ways.places[row, spot], ways.steps[row, spot]
        number = visits.number[place]
        index = 0
        while visits.rovers[place, index] != rover or visits.begins[place, index] != step:
            index += 1
        for later in range(index, number - 1):
            visits.begins[place, later] = visits.begins[place, later + 1]
            visits.ends[place, later] = visits.ends[place, later + 1]
            visits.rovers[place, later] = visits.rovers[place, later + 1]
        visits.number[place] = number - 1


@compiled
def remove_way(visits: Visits, ways: Ways, row: int, rover: int) -> None:
    """Take back what `add_way` noted."""
    _remove(visits, ways, row, rover, ways.length[row])


@compiled
def who_is_at(visits: Visits, place: int, step: int) -> int:
    """Return the rover that is at a waypoint at a step, -1 for nobody."""
    for index in range(visits.number[place] - 1, -1, -1):
        if visits.begins[place, index] <= step:
            return visits.rovers[place, index] if step <= visits.ends[place, index] else -1
    return -1


@compiled
def find_way(
    moving: Moving, visits: Visits, labels: Labels, rover: int, latest: int, ways: Ways, row: int, chance: Chance
) -> bool:
    """Write the earliest way of a rover among all visits into a row; False when none arrives by the step `latest`."""
    first, to = moving.lanes.first, moving.lanes.to
    left = moving.steps_left[rover]
    start, goal = moving.starts[rover], moving.goals[rover]
    gaps = visits.begins.shape[1] + 1
    begins, ends, rovers = visits.begins, visits.ends, visits.rovers
    reached, before, stamps, heads = labels.reached, labels.before, labels.stamps, labels.heads
    last = visits.number[goal]
    free_for_ever = ends[goal, last - 1] + 1 if last > 0 else 0
    least = max(left[start], free_for_ever)
    if least > latest or (visits.number[start] > 0 and begins[start, 0] == 0):
        return False
    span = min(latest - least + 1, len(heads))
    heads[:span] = -1
    labels.counts[0] += 1
    stamp = labels.counts[0]
    state = start * gaps
    reached[state], before[state], stamps[state] = 0, -1, stamp
    labels.entry_state[0], labels.entry_step[0], labels.entry_next[0] = state, 0, -1
    heads[0] = 0
    size, bucket = 1, 0
    while True:
        while bucket < span and heads[bucket] < 0:
            bucket += 1
        if bucket == span:
            labels.counts[1] += size
            return False
        entry = heads[bucket]
        heads[bucket] = labels.entry_next[entry]
        state, step = labels.entry_state[entry], labels.entry_step[entry]
        if reached[state] < step:
            continue
        place, gap = state // gaps, state % gaps
        if place == goal and gap == last:
            break
        number = visits.number[place]
        until = begins[place, gap] if gap < number else NEVER
        degree = first[place + 1] - first[place]
        shift = draw_below(chance, degree) if degree > 1 else 0
        for index in range(degree):
            turned = index + shift
            other = to[first[place] + (turned - degree if turned >= degree else turned)]
            away = left[other]
            if step + 1 + away >= least + span:
                continue
            seen = visits.number[other]
            into = seen
            while into > 0 and begins[other, into - 1] > step + 1:
                into -= 1
            while into <= seen:
                opens = ends[other, into - 1] + 1 if into > 0 else 0
                arrival = max(opens, step + 1)
                if arrival > until or arrival + away >= least + span:
                    break
                if into < seen and arrival >= begins[other, into]:
                    into += 1
                    continue
                meets = (
                    arrival == until and arrival == opens and into > 0 and rovers[place, gap] == rovers[other, into - 1]
                )
                reach = other * gaps + into
                if not meets and (stamps[reach] != stamp or reached[reach] > arrival):
                    stamps[reach], reached[reach], before[reach] = stamp, arrival, state
                    if size == len(labels.entry_state):
                        labels.counts[1] += size
                        return False
                    total = max(arrival + away, least) - least
                    labels.entry_state[size], labels.entry_step[size] = reach, arrival
                    labels.entry_next[size] = heads[total]
                    heads[total] = size
                    size += 1
                    # What is nearer to the goal than what is looked at now may belong to a list that was left behind.
                    bucket = min(bucket, total)
                into += 1
    labels.counts[1] += size
    length, back = 0, state
    while back >= 0:
        length += 1
        back = before[back]
    if length > ways.places.shape[1]:
        return False
    ways.length[row] = length
    for spot in range(length - 1, -1, -1):
        ways.places[row, spot], ways.steps[row, spot] = state // gaps, reached[state]
        state = before[state]
    return True
