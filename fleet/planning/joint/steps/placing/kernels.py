"""Ways for those who have none, among ways that stand: whoever is in the way is taken out and planned again.

Notes
-----
Nothing promises that this ends, so it has a budget; small changes of a plan are mended in a few searches, and what is
not goes to the search for a whole plan.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

import numpy as np

from fleet.core.arrays import Chance, Indices
from fleet.core.chance.kernels import draw_below
from fleet.core.compiled import compiled
from fleet.planning.joint.steps.arrays import NEVER, Labels, Moving, Visits, Ways
from fleet.planning.joint.steps.visits.kernels import add_way, find_way, remove_way, who_is_at


@compiled
def _straight_way(moving: Moving, rover: int, ways: Ways, chance: Chance) -> bool:
    """Write a shortest way of a rover as if it were alone."""
    first, to, left = moving.lanes.first, moving.lanes.to, moving.steps_left[rover]
    place = moving.starts[rover]
    length = left[place] + 1
    if length > ways.places.shape[1]:
        return False
    ways.length[rover] = length
    for step in range(length):
        ways.places[rover, step], ways.steps[rover, step] = place, step
        degree = first[place + 1] - first[place]
        shift = draw_below(chance, max(degree, 1))
        for index in range(degree):
            other = to[first[place] + (index + shift) % degree]
            if left[other] == left[place] - 1:
                place = other
                break
    return True


@compiled
def in_the_way(visits: Visits, ways: Ways, rover: int, found: Indices, is_found: Indices) -> int:
    """Collect whose visits the way of a rover meets; return how many. `is_found` is left as it was, all zero."""
    number = 0
    length = ways.length[rover]
    for spot in range(length):
        place, begins = ways.places[rover, spot], ways.steps[rover, spot]
        ends = ways.steps[rover, spot + 1] - 1 if spot + 1 < length else NEVER
        for index in range(visits.number[place]):
            other = visits.rovers[place, index]
            if visits.begins[place, index] <= ends and visits.ends[place, index] >= begins and not is_found[other]:
                found[number] = other
                is_found[other] = 1
                number += 1
        if spot + 1 < length:
            other = who_is_at(visits, ways.places[rover, spot + 1], int(ends))
            if other >= 0 and not is_found[other] and other == who_is_at(visits, place, int(ends) + 1):
                found[number] = other
                is_found[other] = 1
                number += 1
    for index in range(number):
        is_found[found[index]] = 0
    return number


@compiled
def keep_what_fits(visits: Visits, ways: Ways) -> None:
    """Note all ways that do not meet one that was noted before; the others are dropped."""
    count = len(ways.length)
    found, is_found = np.empty(count, np.int32), np.zeros(count, np.int32)
    for rover in range(count):
        if ways.length[rover] > 0 and (
            in_the_way(visits, ways, rover, found, is_found) > 0 or not add_way(visits, ways, rover, rover)
        ):
            ways.length[rover] = 0


@compiled
def place_next(
    moving: Moving,
    visits: Visits,
    labels: Labels,
    ways: Ways,
    fresh: Ways,
    queue: Indices,
    number: int,
    searches: int,
    chance: Chance,
) -> int:
    """Find ways for the first `number` rovers of a queue, who have none; return how many are left after the searches.

    The one that waits longest comes first; whoever is taken out goes to the end of the queue.
    """
    count = len(moving.starts)
    found, is_found = np.empty(count, np.int32), np.zeros(count, np.int32)
    for _ in range(searches):
        if number == 0:
            break
        rover = queue[0]
        if find_way(moving, visits, labels, rover, int(NEVER) - 1, fresh, 0, chance):
            length = fresh.length[0]
            ways.length[rover] = length
            ways.places[rover, :length] = fresh.places[0, :length]
            ways.steps[rover, :length] = fresh.steps[0, :length]
        elif _straight_way(moving, rover, ways, chance):
            out = in_the_way(visits, ways, rover, found, is_found)
            for index in range(out):
                remove_way(visits, ways, found[index], found[index])
                ways.length[found[index]] = 0
                queue[number] = found[index]
                number += 1
        queue[: number - 1] = queue[1:number].copy()
        if ways.length[rover] > 0 and add_way(visits, ways, rover, rover):
            number -= 1
        else:
            ways.length[rover] = 0
            queue[number - 1] = rover
    return number
