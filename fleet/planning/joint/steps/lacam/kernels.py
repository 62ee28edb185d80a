"""LaCAM*: a search over configurations whose successors are made by PIBT under constraints that are added lazily.

Source
------
Okumura, "LaCAM: Search-Based Algorithm for Quick Multi-Agent Pathfinding", AAAI 2023, and "Improving LaCAM for Scalable
Eventually Optimal Multi-Agent Pathfinding", IJCAI 2023, Algorithm 1 with section 3 (rewriting). Costs are steps of
rovers that are not at rest at their goals. Deviation: which rovers are urgent is inherited from the configuration that
a new one was first reached from.
"""

from __future__ import annotations

import numpy as np

from fleet.core.arrays import Indices
from fleet.core.chance.kernels import draw_below, draw_share, scramble
from fleet.core.compiled import compiled
from fleet.planning.joint.steps.arrays import (
    GOAL,
    LINKED,
    LOST,
    MADE,
    ROUNDS,
    STACKED,
    WISHED,
    Moving,
    Stepping,
    Tree,
)
from fleet.planning.joint.steps.pibt.kernels import move

_AGAIN = 0.001  # How often a search that came to a known configuration goes on from the start.
_WORD = np.uint64(0x9E3779B97F4A7C15)

GOING_ON, FULL, EXHAUSTED = 0, 1, 2


@compiled
def _slot(tree: Tree, places: Indices) -> tuple[int, int]:
    """Return the configuration that is the same as `places`, -1 for none, and its place in the table."""
    word = np.uint64(0)
    for rover in range(len(places)):
        word += scramble(np.uint64((rover << 32) | places[rover]) * _WORD)
    mask = len(tree.table) - 1
    slot = int(np.int64(word & np.uint64(mask)))
    while tree.table[slot] >= 0:
        known = tree.table[slot]
        if np.array_equal(tree.places[known], places):
            return int(known), slot
        slot = (slot + 1) & mask
    return -1, slot


@compiled
def rehash(tree: Tree) -> None:
    """Fill the table anew, after it grew."""
    tree.table[:] = -1
    for made in range(tree.counts[MADE]):
        _, slot = _slot(tree, tree.places[made])
        tree.table[slot] = made


@compiled
def _append_wish(tree: Tree, made: int, parent: int, rover: int, place: int) -> None:
    wish = tree.counts[WISHED]
    tree.counts[WISHED] += 1
    tree.wish_parent[wish] = parent
    tree.wish_rover[wish] = rover
    tree.wish_place[wish] = place
    tree.wish_depth[wish] = tree.wish_depth[parent] + 1 if parent >= 0 else 0
    tree.wish_next[wish] = -1
    if tree.queue_head[made] < 0:
        tree.queue_head[made] = wish
    else:
        tree.wish_next[tree.queue_tail[made]] = wish
    tree.queue_tail[made] = wish


@compiled
def _link(tree: Tree, before: int, after: int) -> None:
    edge = tree.counts[LINKED]
    tree.counts[LINKED] += 1
    tree.edge_to[edge] = after
    tree.edge_next[edge] = tree.first_next[before]
    tree.first_next[before] = edge


@compiled
def _push(tree: Tree, made: int) -> None:
    tree.stack[tree.counts[STACKED]] = made
    tree.counts[STACKED] += 1


@compiled
def _add(moving: Moving, tree: Tree, slot: int, places: Indices, parent: int) -> int:
    """Add a configuration that is not known yet."""
    made = tree.counts[MADE]
    tree.counts[MADE] += 1
    tree.table[slot] = made
    tree.places[made] = places
    tree.parent[made] = parent
    tree.first_next[made] = -1
    tree.queue_head[made] = -1
    left = 0
    for rover in range(len(places)):
        away = moving.steps_left[rover, places[rover]]
        left += away
        if parent < 0:
            tree.urgency[made, rover] = away / np.float32(len(moving.lanes.first))
        elif away == 0:
            tree.urgency[made, rover] = tree.urgency[parent, rover] - np.floor(tree.urgency[parent, rover])
        else:
            tree.urgency[made, rover] = tree.urgency[parent, rover] + np.float32(1.0)
    tree.left[made] = left
    tree.order[made] = np.argsort(-tree.urgency[made], kind="mergesort")
    _append_wish(tree, made, -1, -1, -1)
    _push(tree, made)
    return int(made)


@compiled
def begin(moving: Moving, tree: Tree) -> None:
    """Plant the search tree."""
    tree.table[:] = -1
    tree.counts[:] = 0
    tree.counts[GOAL] = -1
    _, slot = _slot(tree, moving.starts)
    root = _add(moving, tree, slot, moving.starts, -1)
    tree.cost[root] = 0


@compiled
def _step_cost(moving: Moving, before: Indices, after: Indices) -> int:
    cost = 0
    for rover in range(len(before)):
        goal = moving.goals[rover]
        cost += not (before[rover] == goal and after[rover] == goal)
    return cost


@compiled
def _successor(moving: Moving, stepping: Stepping, tree: Tree, made: int, wish: int) -> bool:
    """Decide a step from a configuration under a constraint; `stepping.there` holds it when there is one."""
    here, there, held, taken = stepping.here, stepping.there, stepping.held, stepping.taken
    here[:] = tree.places[made]
    there[:] = -1
    for rover in range(len(here)):
        held[here[rover]] = rover
    possible = True
    while tree.wish_depth[wish] > 0:
        rover, place = tree.wish_rover[wish], tree.wish_place[wish]
        if taken[place] >= 0 or (held[place] >= 0 and held[place] != rover and there[held[place]] == here[rover]):
            possible = False
            break
        there[rover] = place
        taken[place] = rover
        wish = tree.wish_parent[wish]
    if possible:
        for rover in tree.order[made]:
            if there[rover] < 0 and not move(moving, stepping, rover):
                possible = False
                break
    first, to = moving.lanes.first, moving.lanes.to
    for rover in range(len(here)):
        place = here[rover]
        held[place] = taken[place] = -1
        if possible:
            taken[there[rover]] = -1
        else:
            # A rover that was turned back has left its mark where it wanted to go.
            for lane in range(first[place], first[place + 1]):
                taken[to[lane]] = -1
    return possible


@compiled
def _rewrite(moving: Moving, tree: Tree, made: int, queue: Indices, is_queued: Indices) -> None:
    """Pass on that a configuration is reached at less cost than before; `is_queued` is left as it was, all zero."""
    queue[0] = made
    done, size = 0, 1
    best = tree.counts[GOAL]
    while done < size:
        before = queue[done % len(queue)]
        is_queued[before] = 0
        done += 1
        edge = tree.first_next[before]
        while edge >= 0:
            after = tree.edge_to[edge]
            edge = tree.edge_next[edge]
            cost = tree.cost[before] + _step_cost(moving, tree.places[before], tree.places[after])
            if cost < tree.cost[after]:
                tree.cost[after] = cost
                tree.parent[after] = before
                if not is_queued[after]:
                    is_queued[after] = 1
                    queue[size % len(queue)] = after
                    size += 1
                if best >= 0 and cost + tree.left[after] < tree.cost[best]:
                    if tree.counts[STACKED] + 1 < len(tree.stack):
                        _push(tree, after)
                    else:
                        tree.counts[LOST] += 1


@compiled
def grow_tree(moving: Moving, stepping: Stepping, tree: Tree, rounds: int, *, stop_at_goal: bool) -> int:
    """Go on with the search for so many rounds; return whether room is used up or nothing is left to try."""
    counts = tree.counts
    most = stepping.options.shape[1]
    queue, is_queued = np.empty(len(tree.parent), np.int32), np.zeros(len(tree.parent), np.int32)
    for _ in range(rounds):
        if counts[STACKED] == 0:
            return EXHAUSTED
        if (
            counts[MADE] + 1 >= len(tree.parent)
            or 2 * counts[MADE] >= len(tree.table)
            or counts[WISHED] + most + 1 >= len(tree.wish_next)
            or counts[LINKED] + 1 >= len(tree.edge_to)
            or counts[STACKED] + 1 >= len(tree.stack)
        ):
            return FULL
        counts[ROUNDS] += 1
        made = tree.stack[counts[STACKED] - 1]
        best = counts[GOAL]
        if best >= 0 and tree.cost[made] + tree.left[made] >= tree.cost[best]:
            counts[STACKED] -= 1
            continue
        if tree.left[made] == 0 and np.array_equal(tree.places[made], moving.goals):
            counts[GOAL] = made
            counts[STACKED] -= 1
            if stop_at_goal:
                return GOING_ON
            continue
        wish = tree.queue_head[made]
        if wish < 0:
            counts[STACKED] -= 1
            continue
        tree.queue_head[made] = tree.wish_next[wish]
        if tree.wish_depth[wish] < len(moving.goals):
            rover = tree.order[made, tree.wish_depth[wish]]
            here = tree.places[made, rover]
            first = moving.lanes.first[here]
            number = moving.lanes.first[here + 1] - first + 1
            shift = draw_below(stepping.chance, number)
            for index in range(number):
                option = (index + shift) % number
                place = here if option == number - 1 else moving.lanes.to[first + option]
                _append_wish(tree, made, wish, rover, place)
        if not _successor(moving, stepping, tree, made, wish):
            continue
        known, slot = _slot(tree, stepping.there)
        cost = tree.cost[made] + _step_cost(moving, tree.places[made], stepping.there)
        if known < 0:
            new = _add(moving, tree, slot, stepping.there, made)
            tree.cost[new] = cost
            _link(tree, made, new)
            continue
        _link(tree, made, known)
        if cost < tree.cost[known]:
            tree.cost[known] = cost
            tree.parent[known] = made
            _rewrite(moving, tree, known, queue, is_queued)
        if best < 0:
            _push(tree, 0 if draw_share(stepping.chance) < _AGAIN else known)
        elif cost + tree.left[known] < tree.cost[best]:
            _push(tree, known)
    return GOING_ON


@compiled
def steps_of(tree: Tree) -> Indices:
    """Return ``(T, N)``: where everybody is at each step of the best plan that was found."""
    number, made = 0, tree.counts[GOAL]
    while made >= 0:
        number += 1
        made = tree.parent[made]
    steps = np.empty((number, tree.places.shape[1]), np.int32)
    made = tree.counts[GOAL]
    for step in range(number - 1, -1, -1):
        steps[step] = tree.places[made]
        made = tree.parent[made]
    return steps
