"""What searches for discs in continuous time share, as plain arrays. ``V`` waypoints, ``L`` lanes, ``N`` rovers."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.core.arrays import Chance, Counts, Floats, Indices
from fleet.planning.joint.arrays import Lanes

FOR_EVER = inf


class Roads(NamedTuple):
    """Lanes in the plane, and what lies near what."""

    lanes: Lanes
    points: Floats  #: ``(V, 2)``
    lengths: Floats  #: ``(L,)``
    begins: Indices  #: ``(L,)``: waypoint where a lane begins.
    #: Ground is a waypoint, or the track of a lane and of the lane back; track ``t`` is ground ``V + t``.
    track: Indices  #: ``(L,)``: track of a lane.
    near_first: Indices  #: ``(G + 1,)`` into `near`.
    near: Indices  #: Ground that bodies on some ground could touch a body on.


class Driving(NamedTuple):
    """Who goes where."""

    starts: Indices  #: ``(N,)``
    goals: Indices  #: ``(N,)``
    radii: Floats  #: ``(N,)``
    speeds: Floats  #: ``(N,)``
    left: Floats  #: ``(N, V)``: metres of the shortest way to the goal, infinite where there is none.


class Trips(NamedTuple):
    """Everybody's way: waypoints, when each is reached, and when it is left; `FOR_EVER` at the last."""

    length: Indices  #: ``(N,)``, 0 for a rover that has no way.
    places: Indices  #: ``(N, W)``
    lanes: Indices  #: ``(N, W)``: lane by which the waypoint is left.
    reached: Floats  #: ``(N, W)``
    left: Floats  #: ``(N, W)``


class Held(NamedTuple):
    """Who is on which ground when: a list of stays for each ground.

    Stay ``2 * (rover * W + spot)`` is at a waypoint of a trip, the one after that number on the lane that leaves it.
    """

    head: Indices  #: ``(G,)``
    after: Indices  #: ``(2 * N * W,)``
    before: Indices  #: ``(2 * N * W,)``


class Labels(NamedTuple):
    """Room of a search over waypoints and their safe intervals; state ``v * K + interval``."""

    number: Indices  #: ``(V,)``: safe intervals of a waypoint, when `stamp` is the search's.
    stamp: Indices  #: ``(V,)``
    opens: Floats  #: ``(V * K,)``
    closes: Floats  #: ``(V * K,)``
    reached: Floats  #: ``(V * K,)``: earliest time of arrival.
    departed: Floats  #: ``(V * K,)``: when the waypoint before was left for it.
    came_by: Indices  #: ``(V * K,)``: lane.
    came_from: Indices  #: ``(V * K,)``: state before.
    done: NDArray[np.uint8]  #: ``(V * K,)``
    keys: Floats  #: ``(Q,)``: a heap of what to look at next.
    items: Indices  #: ``(Q,)``: states, or below zero a state's lanes that were put off.
    item_lane: Indices  #: ``(Q,)``
    spans: Floats  #: ``(P, 2)``: room for times at which a lane or a waypoint is not safe.
    ignored: NDArray[np.uint8]  #: ``(N,)``: 1 for rovers that the search looks through.
    counts: Counts  #: ``(2,)``: the stamp of the last search, and heap entries it took.


class Repairing(NamedTuple):
    """Room of the repair of neighbourhoods."""

    chosen: Indices  #: ``(N,)``: the neighbourhood, first.
    is_chosen: NDArray[np.uint8]  #: ``(N,)``
    fresh: Trips  #: New ways, a row for each of a neighbourhood.
    weights: Floats  #: ``(3,)``: how well each kind of neighbourhood did.
    tabu: Indices  #: ``(N,)``: 1 for rovers that led a neighbourhood lately.
    chance: Chance
