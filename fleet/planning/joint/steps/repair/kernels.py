"""Better plans by taking a few rovers out and putting them back in another order.

Source
------
Li, Chen, Harabor, Stuckey, Koenig, "Anytime Multi-Agent Path Finding via Large Neighborhood Search", IJCAI 2021:
neighbourhoods (section 4) and their choice by success. Deviations: a plan of equal cost is taken too; a repair is given
up as soon as it cannot be as good any more.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from fleet.core.chance.kernels import draw_below, draw_share, shuffle
from fleet.core.compiled import compiled
from fleet.planning.joint.steps.arrays import Labels, Moving, Repairing, Visits, Ways
from fleet.planning.joint.steps.visits.kernels import add_way, find_way, remove_way, who_is_at

_KINDS = 3
_REACTION = 0.01
_WALKS = 10


@compiled
def cost_of(ways: Ways, rover: int) -> int:
    """Return the step at which a rover comes to its goal for good."""
    return int(ways.steps[rover, ways.length[rover] - 1])


@compiled
def _choose(repairing: Repairing, number: int, rover: int) -> int:
    if repairing.is_chosen[rover]:
        return number
    repairing.is_chosen[rover] = 1
    repairing.chosen[number] = rover
    return number + 1


@compiled
def _most_delayed(moving: Moving, ways: Ways, repairing: Repairing) -> int:
    """Return the rover with the greatest delay that did not lead lately, -1 when nobody is delayed."""
    worst, found = 0, -1
    is_somebody = False
    for rover in range(len(moving.starts)):
        delay = cost_of(ways, rover) - moving.steps_left[rover, moving.starts[rover]]
        is_somebody = is_somebody or delay > 0
        if delay > worst and not repairing.tabu[rover]:
            worst, found = delay, rover
    if found < 0 and is_somebody:
        repairing.tabu[:] = 0
        for rover in range(len(moving.starts)):
            delay = cost_of(ways, rover) - moving.steps_left[rover, moving.starts[rover]]
            if delay > worst:
                worst, found = delay, rover
    if found >= 0:
        repairing.tabu[found] = 1
    return found


@compiled
def _walk(moving: Moving, visits: Visits, ways: Ways, repairing: Repairing, rover: int, number: int, size: int) -> int:
    """Take in who keeps a rover from arriving earlier, met on a walk from a chance point of its way."""
    spot = draw_below(repairing.chance, ways.length[rover])
    place, step = ways.places[rover, spot], ways.steps[rover, spot]
    cost = cost_of(ways, rover)
    first, to, left = moving.lanes.first, moving.lanes.to, moving.steps_left[rover]
    while number < size:
        degree = first[place + 1] - first[place]
        shift = draw_below(repairing.chance, degree + 1)
        onward = -1
        for index in range(degree + 1):
            option = (index + shift) % (degree + 1)
            other = place if option == degree else to[first[place] + option]
            if step + 1 + left[other] < cost:
                onward = other
                break
        if onward < 0:
            break
        there = who_is_at(visits, onward, step + 1)
        if there >= 0:
            number = _choose(repairing, number, there)
        if onward != place and number < size:
            swapped = who_is_at(visits, onward, step)
            if swapped >= 0 and swapped == who_is_at(visits, place, step + 1):
                number = _choose(repairing, number, swapped)
        place, step = onward, step + 1
    return number


@compiled
def _around_delayed(moving: Moving, visits: Visits, ways: Ways, repairing: Repairing, size: int) -> int:
    lead = _most_delayed(moving, ways, repairing)
    if lead < 0:
        return 0
    number = _choose(repairing, 0, lead)
    rover = lead
    for _ in range(_WALKS):
        number = _walk(moving, visits, ways, repairing, rover, number, size)
        if number >= size:
            break
        rover = repairing.chosen[draw_below(repairing.chance, number)]
    return number


@compiled
def _around_place(moving: Moving, visits: Visits, repairing: Repairing, size: int) -> int:
    """Take in who comes by a chance waypoint, and by those around it."""
    first, to = moving.lanes.first, moving.lanes.to
    count = len(first) - 1
    place = draw_below(repairing.chance, count)
    number = 0
    for _ in range(8 * size):
        seen = visits.number[place]
        if seen > 0:
            number = _choose(repairing, number, visits.rovers[place, draw_below(repairing.chance, seen)])
            if number >= size:
                break
        degree = first[place + 1] - first[place]
        if degree == 0:
            break
        place = to[first[place] + draw_below(repairing.chance, degree)]
    return number


@compiled
def _anybody(moving: Moving, repairing: Repairing, size: int) -> int:
    number = 0
    for _ in range(4 * size):
        number = _choose(repairing, number, draw_below(repairing.chance, len(moving.starts)))
        if number >= size:
            break
    return number


@compiled
def _kind(repairing: Repairing) -> int:
    total = 0.0
    for kind in range(_KINDS):
        total += repairing.weights[kind]
    pointer = draw_share(repairing.chance) * total
    for kind in range(_KINDS - 1):
        pointer -= repairing.weights[kind]
        if pointer < 0.0:
            return kind
    return _KINDS - 1


@compiled
def _put_back(moving: Moving, visits: Visits, labels: Labels, ways: Ways, repairing: Repairing, number: int) -> int:
    """Plan the chosen anew, one after the other; return steps saved, -1 when the old ways were put back."""
    chosen, fresh = repairing.chosen, repairing.fresh
    old, bound = 0, 0
    for index in range(number):
        rover = chosen[index]
        old += cost_of(ways, rover)
        bound += moving.steps_left[rover, moving.starts[rover]]
        remove_way(visits, ways, rover, rover)
    done, new = 0, 0
    while done < number:
        rover = chosen[done]
        bound -= moving.steps_left[rover, moving.starts[rover]]
        if not find_way(moving, visits, labels, rover, old - new - bound, fresh, done, repairing.chance):
            break
        if not add_way(visits, fresh, done, rover):
            break
        new += cost_of(fresh, done)
        done += 1
    if done == number:
        for index in range(number):
            rover, length = chosen[index], fresh.length[index]
            ways.length[rover] = length
            ways.places[rover, :length] = fresh.places[index, :length]
            ways.steps[rover, :length] = fresh.steps[index, :length]
        return old - new
    for index in range(done):
        remove_way(visits, fresh, index, chosen[index])
    for index in range(number):
        add_way(visits, ways, chosen[index], chosen[index])
    return -1


@compiled
def improve(
    moving: Moving, visits: Visits, labels: Labels, ways: Ways, repairing: Repairing, rounds: int, size: int
) -> int:
    """Repair so many neighbourhoods; return how many steps that saved in all."""
    saved = 0
    for _ in range(rounds):
        kind = _kind(repairing)
        if kind == 0:
            number = _around_delayed(moving, visits, ways, repairing, size)
        elif kind == 1:
            number = _around_place(moving, visits, repairing, size)
        else:
            number = _anybody(moving, repairing, size)
        for index in range(number):
            repairing.is_chosen[repairing.chosen[index]] = 0
        if number == 0:
            continue
        shuffle(repairing.chance, repairing.chosen, number)
        gain = _put_back(moving, visits, labels, ways, repairing, number)
        saved += max(gain, 0)
        repairing.weights[kind] += _REACTION * (max(gain, 0) - repairing.weights[kind])
        repairing.weights[kind] = max(repairing.weights[kind], 0.01)
    return saved
