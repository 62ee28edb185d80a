"""What searches in unit time share, as plain arrays. ``V`` waypoints, ``N`` rovers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.core.arrays import Chance, Counts, Floats, Indices
from fleet.planning.joint.arrays import Lanes

NEVER = np.int32(1 << 29)  #: Later than any step, further than any way.


class Moving(NamedTuple):
    """Who goes where."""

    lanes: Lanes
    steps_left: Indices  #: ``(N, V)``: steps of the shortest way to the goal, `NEVER` where there is none.
    starts: Indices  #: ``(N,)``
    goals: Indices  #: ``(N,)``


class Stepping(NamedTuple):
    """One step of everybody while it is being decided."""

    here: Indices  #: ``(N,)``: where everybody is.
    there: Indices  #: ``(N,)``: where everybody will be, -1 while undecided.
    held: Indices  #: ``(V,)``: who is at a waypoint, -1 for nobody.
    taken: Indices  #: ``(V,)``: who will be at a waypoint, -1 for nobody.
    options: Indices  #: ``(N, D + 1)``: room for where each may go, best first.
    ranks: Indices  #: ``(N, D + 1)``: room for what that order is by.
    chance: Chance


class Tree(NamedTuple):
    """The search tree of LaCAM*: configurations, their constraints, and what leads where.

    A configuration is where everybody is. Constraints of a configuration are a queue of nodes of a tree: each says
    where one rover goes next, its parents where others do.
    """

    places: Indices  #: ``(C, N)``
    order: Indices  #: ``(C, N)``: rovers, the most urgent first.
    urgency: NDArray[np.float32]  #: ``(C, N)``
    parent: Indices  #: ``(C,)``
    cost: Counts  #: ``(C,)``: steps from the start until here, of all rovers that were not at rest at their goals.
    left: Counts  #: ``(C,)``: least cost from here on.
    first_next: Indices  #: ``(C,)``: head of the list of configurations that were reached from here.
    queue_head: Indices  #: ``(C,)``: first constraint that was not tried, -1 when none is left.
    queue_tail: Indices  #: ``(C,)``
    wish_parent: Indices  #: ``(K,)``: constraint that this one adds to.
    wish_rover: Indices  #: ``(K,)``
    wish_place: Indices  #: ``(K,)``
    wish_depth: Indices  #: ``(K,)``
    wish_next: Indices  #: ``(K,)``: the next in the queue.
    edge_to: Indices  #: ``(E,)``
    edge_next: Indices  #: ``(E,)``
    stack: Indices  #: ``(S,)``: configurations to go on from, the last first.
    table: Indices  #: ``(power of two,)``: configurations by hash.
    counts: Counts  #: ``(7,)``: how many of what, by the names below.


#: Places of `Tree.counts`; `GOAL` is the configuration where all are at their goals, -1 until found, and `LOST` counts
#: what there was no room to look at again.
MADE, WISHED, LINKED, STACKED, GOAL, ROUNDS, LOST = 0, 1, 2, 3, 4, 5, 6


class Visits(NamedTuple):
    """Who is where when: each waypoint's visits in order of time, from their first to their last step."""

    number: Indices  #: ``(V,)``
    begins: Indices  #: ``(V, K)``
    ends: Indices  #: ``(V, K)``: `NEVER` where a rover rests for ever.
    rovers: Indices  #: ``(V, K)``


class Ways(NamedTuple):
    """Everybody's way: waypoints and the steps at which they are entered."""

    places: Indices  #: ``(N, W)``
    steps: Indices  #: ``(N, W)``
    length: Indices  #: ``(N,)``, 0 for a rover that has no way.


class Labels(NamedTuple):
    """Room of a search over waypoints and the gaps between their visits; state ``v * (K + 1) + gap``."""

    reached: Indices  #: ``(V * (K + 1),)``: earliest step.
    before: Indices  #: ``(V * (K + 1),)``: state before.
    stamps: Indices  #: ``(V * (K + 1),)``: in which search that was written.
    heads: Indices  #: ``(B,)``: lists of entries, a list for each sum of steps gone and steps left.
    entry_state: Indices  #: ``(Q,)``
    entry_step: Indices  #: ``(Q,)``
    entry_next: Indices  #: ``(Q,)``
    counts: Counts  #: ``(2,)``: the stamp of the last search, and entries it took.


class Repairing(NamedTuple):
    """Room of the repair of neighbourhoods."""

    chosen: Indices  #: ``(N,)``: the neighbourhood, first.
    is_chosen: NDArray[np.uint8]  #: ``(N,)``
    fresh: Ways  #: New ways, a row for each of a neighbourhood.
    weights: Floats  #: ``(3,)``: how well each kind of neighbourhood did.
    tabu: Indices  #: ``(N,)``: round in which a rover last led a neighbourhood.
    chance: Chance
