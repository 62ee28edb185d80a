"""Trips for those who have none, and better plans by taking a few rovers out and putting them back in another order.

Source
------
Large neighbourhoods: Li, Chen, Harabor, Stuckey, Koenig, "Anytime Multi-Agent Path Finding via Large Neighborhood
Search", IJCAI 2021, here for discs in continuous time.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import inf

import numpy as np

from fleet.core.arrays import Chance, Indices
from fleet.core.chance.kernels import draw_below, draw_share, shuffle
from fleet.core.compiled import compiled
from fleet.planning.joint.discs.arrays import Driving, Held, Labels, Repairing, Roads, Trips
from fleet.planning.joint.discs.trips.kernels import find_trip, hold, in_the_way, release

_KINDS = 3
_REACTION = 0.02
_LITTLE = 1e-9  # Seconds that make no difference.


@compiled
def _copy(fresh: Trips, row: int, trips: Trips, rover: int) -> None:
    length = fresh.length[row]
    trips.length[rover] = length
    trips.places[rover, :length] = fresh.places[row, :length]
    trips.lanes[rover, :length] = fresh.lanes[row, :length]
    trips.reached[rover, :length] = fresh.reached[row, :length]
    trips.left[rover, :length] = fresh.left[row, :length]


@compiled
def keep_what_fits(roads: Roads, driving: Driving, trips: Trips, held: Held) -> None:
    """Hold the ground of all trips that do not meet one that was noted before; the others are dropped."""
    found = np.empty(len(trips.length), np.int32)
    for rover in range(len(trips.length)):
        if trips.length[rover] > 0:
            if in_the_way(roads, driving, trips, held, rover, trips, rover, found) == 0:
                hold(roads, trips, held, rover)
            else:
                trips.length[rover] = 0


@compiled
def place_next(
    roads: Roads,
    driving: Driving,
    trips: Trips,
    held: Held,
    labels: Labels,
    fresh: Trips,
    queue: Indices,
    number: int,
    searches: int,
    chance: Chance,
) -> int:
    """Find trips for the first `number` rovers of a queue, who have none; return how many are left after the searches.

    A rover that finds no trip looks through some of the others, by chance, then through all; those that its trip meets
    are taken out and go to the end of the queue.
    """
    count = len(driving.starts)
    found = np.empty(count, np.int32)
    for _ in range(searches):
        if number == 0:
            break
        rover = queue[0]
        is_found = find_trip(roads, driving, trips, held, labels, rover, inf, fresh, 0)
        out = 0
        if not is_found:
            share = 0.25 + 0.5 * draw_share(chance)
            for other in range(count):
                labels.ignored[other] = draw_share(chance) < share
            is_found = find_trip(roads, driving, trips, held, labels, rover, inf, fresh, 0)
            if not is_found:
                labels.ignored[:] = 1
                is_found = find_trip(roads, driving, trips, held, labels, rover, inf, fresh, 0)
            labels.ignored[:] = 0
            if is_found:
                out = in_the_way(roads, driving, trips, held, rover, fresh, 0, found)
        if not is_found:
            return number
        for index in range(out):
            release(trips, held, found[index])
            trips.length[found[index]] = 0
            queue[number] = found[index]
            number += 1
        queue[: number - 1] = queue[1:number].copy()
        number -= 1
        if out > 1:
            # Two who take each other out by turns are parted by chance.
            other = number - 1 - draw_below(chance, out)
            queue[number - 1], queue[other] = queue[other], queue[number - 1]
        _copy(fresh, 0, trips, rover)
        hold(roads, trips, held, rover)
    return number


@compiled
def arrival(trips: Trips, rover: int) -> float:
    """Return when a rover comes to its goal for good."""
    return float(trips.reached[rover, trips.length[rover] - 1])


@compiled
def _least(driving: Driving, rover: int) -> float:
    return float(driving.left[rover, driving.starts[rover]] / driving.speeds[rover])


@compiled
def _choose(repairing: Repairing, number: int, rover: int) -> int:
    if repairing.is_chosen[rover]:
        return number
    repairing.is_chosen[rover] = 1
    repairing.chosen[number] = rover
    return number + 1


@compiled
def _most_delayed(driving: Driving, trips: Trips, repairing: Repairing) -> int:
    """Return the rover with the greatest delay that did not lead lately, -1 when nobody is delayed."""
    for _ in range(2):
        worst, found = _LITTLE, -1
        for rover in range(len(driving.starts)):
            delay = arrival(trips, rover) - _least(driving, rover)
            if delay > worst and not repairing.tabu[rover]:
                worst, found = delay, rover
        if found >= 0:
            repairing.tabu[found] = 1
            return found
        repairing.tabu[:] = 0
    return -1


@compiled
def _around_delayed(
    roads: Roads, driving: Driving, trips: Trips, held: Held, labels: Labels, repairing: Repairing, size: int
) -> int:
    """Take in a delayed rover, who is in the way of its best trip, and who is in the way of theirs."""
    lead = _most_delayed(driving, trips, repairing)
    if lead < 0:
        return 0
    found = np.empty(len(driving.starts), np.int32)
    number, looked = _choose(repairing, 0, lead), 0
    labels.ignored[:] = 1
    while number < size and looked < number:
        rover = repairing.chosen[looked]
        looked += 1
        if find_trip(roads, driving, trips, held, labels, rover, inf, repairing.fresh, 0):
            meets = in_the_way(roads, driving, trips, held, rover, repairing.fresh, 0, found)
            shuffle(repairing.chance, found, meets)
            for index in range(meets):
                if number < size:
                    number = _choose(repairing, number, found[index])
    labels.ignored[:] = 0
    return number


@compiled
def _around_place(roads: Roads, trips: Trips, held: Held, repairing: Repairing, size: int) -> int:
    """Take in who comes by a chance waypoint, and by those around it."""
    first, to = roads.lanes.first, roads.lanes.to
    width = trips.places.shape[1]
    place = draw_below(repairing.chance, len(roads.points))
    number = 0
    for _ in range(6 * size):
        for index in range(roads.near_first[place], roads.near_first[place + 1]):
            stay = held.head[roads.near[index]]
            while stay >= 0 and number < size:
                if draw_below(repairing.chance, 2):
                    number = _choose(repairing, number, stay // 2 // width)
                stay = held.after[stay]
        degree = first[place + 1] - first[place]
        if degree == 0 or number >= size:
            break
        place = to[first[place] + draw_below(repairing.chance, degree)]
    return number


@compiled
def _anybody(driving: Driving, repairing: Repairing, size: int) -> int:
    number = 0
    for _ in range(4 * size):
        if number < size:
            number = _choose(repairing, number, draw_below(repairing.chance, len(driving.starts)))
    return number


@compiled
def _put_back(
    roads: Roads, driving: Driving, trips: Trips, held: Held, labels: Labels, repairing: Repairing, number: int
) -> float:
    """Plan the chosen anew, one after the other; return seconds saved, -1 when the old trips were put back."""
    chosen, fresh = repairing.chosen, repairing.fresh
    old, bound = 0.0, 0.0
    for index in range(number):
        old += arrival(trips, chosen[index])
        bound += _least(driving, chosen[index])
        release(trips, held, chosen[index])
        # The old trip, to be put back, changes places with the new one.
    before = Trips(
        trips.length[chosen[:number]],
        trips.places[chosen[:number]],
        trips.lanes[chosen[:number]],
        trips.reached[chosen[:number]],
        trips.left[chosen[:number]],
    )
    done, new = 0, 0.0
    while done < number:
        rover = chosen[done]
        bound -= _least(driving, rover)
        latest = old - new - bound + _LITTLE
        if not find_trip(roads, driving, trips, held, labels, rover, latest, fresh, 0):
            break
        _copy(fresh, 0, trips, rover)
        hold(roads, trips, held, rover)
        new += arrival(trips, rover)
        done += 1
    if done == number:
        return max(old - new, 0.0)
    for index in range(done):
        release(trips, held, chosen[index])
    for index in range(number):
        _copy(before, index, trips, chosen[index])
        hold(roads, trips, held, chosen[index])
    return -1.0


@compiled
def improve(
    roads: Roads,
    driving: Driving,
    trips: Trips,
    held: Held,
    labels: Labels,
    repairing: Repairing,
    rounds: int,
    size: int,
) -> float:
    """Repair so many neighbourhoods; return how many seconds that saved in all."""
    saved = 0.0
    weights = repairing.weights
    for _ in range(rounds):
        pointer = draw_share(repairing.chance) * (weights[0] + weights[1] + weights[2])
        kind = 0 if pointer < weights[0] else (1 if pointer < weights[0] + weights[1] else _KINDS - 1)
        if kind == 0:
            number = _around_delayed(roads, driving, trips, held, labels, repairing, size)
        elif kind == 1:
            number = _around_place(roads, trips, held, repairing, size)
        else:
            number = _anybody(driving, repairing, size)
        for index in range(number):
            repairing.is_chosen[repairing.chosen[index]] = 0
        if number == 0:
            continue
        shuffle(repairing.chance, repairing.chosen, number)
        gain = max(_put_back(roads, driving, trips, held, labels, repairing, number), 0.0)
        saved += gain
        weights[kind] = max(weights[kind] + _REACTION * (gain - weights[kind]), 0.01)
    return saved
