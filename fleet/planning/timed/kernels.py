"""The compiled search in time: A* over (waypoint, tick, charge), with waits.

A label is dropped when another at the same waypoint came no later and no dearer and, having waited there, has as much
charge; without tolerance, what waiting adds does not count. That is exact where all moves end with a layer, and where
light does not change; else who is earlier is taken to be no worse off for the rest of a layer.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import floor, inf

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.ground.arrays import Bytes, Floats, Indices
from fleet.planning.lattice.search.kernels import sift_up, take_first
from fleet.planning.timed.arrays import Aim, Labels, Net, Sky, Supply
from fleet.planning.timed.living.kernels import drive_on, largest, least_standing, served, stand

_BUCKETS = 65536
FOUND, EXHAUSTED, SPENT = 0, 1, 2


@compiled
def push(
    node: int,
    tick: int,
    charge: float,
    cost: float,
    parent: int,
    count: int,
    bucket: int,
    net: Net,
    sky: Sky,
    supply: Supply,
    aim: Aim,
    labels: Labels,
    heads: Indices,
    queue: Indices,
    lamps: Bytes,
) -> int:
    """Add a label unless another is as good; labels that it betters are dropped. Return how many labels there are."""
    layers = sky.sun.shape[0]
    layer = tick // sky.every
    if layer >= layers or count >= len(labels.node):
        return count
    cell = node * layers + layer
    gain, used = stand(node % len(net.x), layer, net, sky, supply, lamps)
    gain *= supply.dt
    price = (aim.second + aim.joule * used) * supply.dt
    if node >= len(net.x):
        price = aim.onward * supply.dt
    # What waiting would add within the layer counts only for who takes charges that are close for the same.
    is_loose = aim.tolerance > 0.0
    before, other = -1, heads[cell] - 1
    while other >= 0:
        later = tick - labels.tick[other]
        following = labels.under[other]
        if later >= 0:
            waited = labels.charge[other] + (gain if is_loose else min(gain, 0.0)) * later
            waited = min(supply.capacity, waited)
            if labels.cost[other] + price * later <= cost * (1.0 + 1e-12) and waited + aim.tolerance >= charge:
                return count
        if later <= 0:
            waited = min(supply.capacity, charge - (gain if is_loose else min(gain, 0.0)) * later)
            if cost - price * later <= labels.cost[other] and waited >= labels.charge[other]:
                labels.alive[other] = 0
                if before < 0:
                    heads[cell] = following + 1
                else:
                    labels.under[before] = following
                other = following
                continue
        before, other = other, following
    labels.node[count], labels.tick[count], labels.charge[count] = node, tick, charge
    labels.cost[count], labels.parent[count], labels.alive[count] = cost, parent, 1
    labels.under[count] = heads[cell] - 1
    heads[cell] = count + 1
    labels.behind[count] = queue[bucket]
    queue[bucket] = count
    return count + 1


@compiled
def search(
    net: Net,
    sky: Sky,
    supply: Supply,
    aim: Aim,
    labels: Labels,
    heads: Indices,
    lamps: Bytes,
    left: Floats,
    soonest: Floats,
    needs: Floats,
) -> tuple[int, int, int, float]:
    """Return how it ended (`FOUND`, `EXHAUSTED`, `SPENT`), the last label of the plan or -1, how many there are, and
    what every plan that was not found costs at the least, by the estimate of `left`.

    Parameters
    ----------
    labels
        Room for as many as the budget allows, and some more.
    heads
        ``(2 V K,)`` zeros.
    lamps
        ``(V + L, K)``; see `fleet.planning.timed.living.kernels.level_at`.
    left
        ``(V,)`` least cost from each waypoint to the goal.
    soonest
        ``(V,)`` least ticks from each waypoint to the goal.
    needs
        ``(V,)`` joules that living on takes at the least from each waypoint, but for sleeping in the dark to the end.
    """
    layers, nodes = sky.sun.shape[0], len(net.x)
    end = layers * sky.every
    queue = np.full(_BUCKETS, -1, np.int32)
    # No plan costs more a tick than the dearest lane, or waiting under the greatest load.
    dearest = max(aim.onward, aim.second + aim.joule * largest(supply.asleep)) * supply.dt
    for lane in range(len(net.to)):
        dearest = max(dearest, net.cost[lane] / net.ticks[lane])
    width = max(dearest, 1e-9) * (layers + 1) * sky.every / (_BUCKETS - 2)
    if soonest[aim.start] > aim.latest:
        return EXHAUSTED, -1, 0, inf
    current = min(floor(left[aim.start] / width), _BUCKETS - 1)
    count = push(aim.start, 0, aim.charge, 0.0, -1, 0, current, net, sky, supply, aim, labels, heads, queue, lamps)
    best, best_cost = -1, aim.most
    while current < _BUCKETS and current * width < best_cost:
        label = queue[current]
        if label < 0:
            current += 1
            continue
        queue[current] = labels.behind[label]
        if labels.alive[label] == 0:
            continue
        if count >= aim.budget:
            return SPENT, best, count, current * width
        node, tick, charge, cost = labels.node[label], labels.tick[label], labels.charge[label], labels.cost[label]
        place, is_onward = node % nodes, node >= nodes
        if place == aim.goal and not is_onward:
            until, kept = served(place, tick, charge, net, sky, supply, aim, lamps)
            if kept - min(needs[place], supply.asleep[0] * (end - until) * supply.dt) >= aim.reserve:
                if not aim.has_haven and cost < best_cost:
                    best, best_cost = label, cost
                    continue
                count = push(
                    node + nodes, until, kept, cost, label, count, current, net, sky, supply, aim, labels, heads,
                    queue, lamps
                )  # fmt: skip
        elif (
            is_onward
            and cost < best_cost
            and least_standing(place, tick, charge, net, sky, supply, aim.reserve, lamps) >= aim.reserve
        ):
            best, best_cost = label, cost
            continue
        layer = tick // sky.every
        gain, used = stand(place, layer, net, sky, supply, lamps)
        until = (layer + 1) * sky.every
        kept = min(supply.capacity, charge + gain * (until - tick) * supply.dt)
        if kept >= aim.reserve and (is_onward or until + soonest[place] <= aim.latest):
            price = aim.onward if is_onward else aim.second + aim.joule * used
            then = cost + price * (until - tick) * supply.dt
            ahead = then if is_onward else then + left[place]
            if ahead < best_cost:
                bucket = max(current, min(floor(ahead / width), _BUCKETS - 1))
                count = push(
                    node, until, kept, then, label, count, bucket, net, sky, supply, aim, labels, heads, queue, lamps
                )
        for entry in range(net.first[place], net.first[place + 1] + 1):
            lane = entry if entry < net.first[place + 1] else net.last[place]
            if lane < 0 or net.open[lane] == 0:
                continue
            there = net.to[lane]
            until = tick + net.ticks[lane]
            if not is_onward and until + soonest[there] > aim.latest:
                continue
            kept = drive_on(lane, place, tick, charge, aim.reserve, net, sky, supply, lamps)
            rest = supply.asleep[0] * (end - until) * supply.dt
            if kept - min(needs[there], rest) < aim.reserve:
                continue
            then = cost + (aim.onward * net.ticks[lane] * supply.dt if is_onward else net.cost[lane])
            ahead = then if is_onward else then + left[there]
            if ahead >= best_cost:
                continue
            bucket = max(current, min(floor(ahead / width), _BUCKETS - 1))
            target = there + nodes if is_onward else there
            count = push(
                target, until, kept, then, label, count, bucket, net, sky, supply, aim, labels, heads, queue, lamps
            )
    return (FOUND if best >= 0 else EXHAUSTED), best, count, current * width


@compiled
def outlook(net: Net, sky: Sky, supply: Supply, aim: Aim, lamps: Bytes) -> tuple[int, Indices, Indices, Floats, float]:
    """Return the best place to be at tick `aim.latest`: where driving at once, and waiting then, leaves most charge.

    Returns
    -------
    node
        -1 when nowhere will do, not even the start.
    parents, ticks, charges
        ``(V,)`` of the quickest drive to each waypoint that keeps the reserve; ticks -1 where there is none.
    charge
        At `aim.latest`.

    Notes
    -----
    Places where the charge differs by less than the tolerance count as equal; the one reached first is taken.
    """
    count = len(net.x)
    best = np.full(count, inf)
    parents, ticks = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    charges = np.full(count, -inf)
    places = np.full(count, -1, np.int32)
    heap = np.empty(count, np.int32)
    best[aim.start], charges[aim.start] = 0.0, aim.charge
    heap[0], size = aim.start, 1
    places[aim.start] = 0
    chosen, most = -1, -inf
    while size > 0:
        node = take_first(heap, places, best, size)
        size -= 1
        tick = int(best[node])
        ticks[node] = tick
        charge, now = charges[node], tick
        while now < aim.latest and charge >= aim.reserve:
            layer = now // sky.every
            end = min(aim.latest, (layer + 1) * sky.every)
            gain, _ = stand(node, layer, net, sky, supply, lamps)
            charge = min(supply.capacity, charge + gain * (end - now) * supply.dt)
            now = end
        if charge >= aim.reserve and charge > most + aim.tolerance:
            chosen, most = node, charge
            if most >= supply.capacity - aim.tolerance:
                break
        for lane in range(net.first[node], net.first[node + 1]):
            there = net.to[lane]
            reached = best[node] + net.ticks[lane]
            if net.open[lane] == 0 or not reached < best[there] or reached > aim.latest:
                continue
            kept = drive_on(lane, node, tick, charges[node], aim.reserve, net, sky, supply, lamps)
            if kept < aim.reserve:
                continue
            best[there], charges[there], parents[there] = reached, kept, node
            if places[there] < 0:
                places[there] = size
                heap[size] = there
                size += 1
            sift_up(heap, places, best, places[there])
    return chosen, parents, ticks, charges, most
