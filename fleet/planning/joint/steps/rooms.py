"""Making the arrays that searches in unit time work on."""

from __future__ import annotations

import numpy as np

from fleet.core.arrays import Indices
from fleet.planning.joint.arrays import Lanes
from fleet.planning.joint.steps.arrays import Labels, Repairing, Stepping, Tree, Visits, Ways

_MOST_NEIGHBOURS = 64  # Rovers of a neighbourhood, at the most.


def _empty(*shape: int) -> Indices:
    return np.empty(shape, np.int32)


def tree_of(size: int, rovers: int) -> Tree:
    """Return room for a tree of so many configurations."""
    wishes = 8 * size
    return Tree(
        places=_empty(size, rovers),
        order=_empty(size, rovers),
        urgency=np.empty((size, rovers), np.float32),
        parent=_empty(size),
        cost=np.zeros(size, np.int64),
        left=np.zeros(size, np.int64),
        first_next=_empty(size),
        queue_head=_empty(size),
        queue_tail=_empty(size),
        wish_parent=_empty(wishes),
        wish_rover=_empty(wishes),
        wish_place=_empty(wishes),
        wish_depth=_empty(wishes),
        wish_next=_empty(wishes),
        edge_to=_empty(4 * size),
        edge_next=_empty(4 * size),
        stack=_empty(4 * size),
        table=_empty(1 << (4 * size - 1).bit_length()),
        counts=np.zeros(7, np.int64),
    )


def copy_tree(small: Tree, large: Tree) -> None:
    """Copy a tree into a larger one; the table of the larger one is to be filled anew."""
    for name, old in small._asdict().items():
        if name != "table":
            getattr(large, name)[: len(old)] = old


def stepping_of(lanes: Lanes, rovers: int, seed: int) -> Stepping:
    """Return room for one step of everybody."""
    waypoints = len(lanes.first) - 1
    options = int(np.diff(lanes.first).max(initial=0)) + 1
    return Stepping(
        here=_empty(rovers),
        there=np.full(rovers, -1, np.int32),
        held=np.full(waypoints, -1, np.int32),
        taken=np.full(waypoints, -1, np.int32),
        options=_empty(rovers, options),
        ranks=_empty(rovers, options),
        chance=np.array([seed], np.uint64),
    )


def ways_of(rovers: int, length: int) -> Ways:
    """Return room for ways."""
    return Ways(places=_empty(rovers, length), steps=_empty(rovers, length), length=np.zeros(rovers, np.int32))


def visits_of(waypoints: int, most: int) -> Visits:
    """Return room for so many visits of each waypoint."""
    return Visits(
        number=np.zeros(waypoints, np.int32),
        begins=_empty(waypoints, most),
        ends=_empty(waypoints, most),
        rovers=_empty(waypoints, most),
    )


def labels_of(waypoints: int, most: int, steps: int) -> Labels:
    """Return room for a search over so many visits of each waypoint, for ways that take `steps` more than the least."""
    states = waypoints * (most + 1)
    entries = min(max(16 * waypoints, 1 << 16), 1 << 22)
    return Labels(
        reached=_empty(states),
        before=_empty(states),
        stamps=np.zeros(states, np.int32),
        heads=_empty(steps),
        entry_state=_empty(entries),
        entry_step=_empty(entries),
        entry_next=_empty(entries),
        counts=np.zeros(2, np.int64),
    )


def repairing_of(rovers: int, length: int, seed: int) -> Repairing:
    """Return room for repairs."""
    return Repairing(
        chosen=np.zeros(rovers, np.int32),
        is_chosen=np.zeros(rovers, np.uint8),
        fresh=ways_of(_MOST_NEIGHBOURS, length),
        weights=np.ones(3),
        tabu=np.zeros(rovers, np.int32),
        chance=np.array([seed], np.uint64),
    )
