"""Schedules as plain arrays. ``M`` tasks, ``R`` rovers, ``C`` vehicle classes, ``H`` chargers, ``K`` roles at the most.

``N = M + 2 R + H`` stops: task ``j`` is ``j``, the start of rover ``r`` is ``M + r``, its end ``M + R + r``, charger
``h`` is ``M + 2 R + h``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.core.arrays import Chance, Counts, Floats, Indices


class Jobs(NamedTuple):
    """What there is to do, and for whom."""

    cost: Indices  #: ``(C, N, N)``
    time: Indices  #: ``(C, N, N)``
    energy: Indices  #: ``(C, N, N)``
    travel: Indices  #: ``(R,)``: vehicle class.
    able: NDArray[np.uint8]  #: ``(R, M, K)``: whether a rover fills a role; roles that few can fill come first.
    roles: Counts  #: ``(M,)``: number of roles.
    is_shared: NDArray[np.uint8]  #: ``(M,)``
    comes_after: NDArray[np.uint8]  #: ``(M, M)``: whether the first has to wait for the second.
    duration: Counts  #: ``(M,)``
    earliest: Counts  #: ``(M,)``
    latest: Counts  #: ``(M,)``
    load: Counts  #: ``(M,)``
    value: Counts  #: ``(M,)``
    ready: Counts  #: ``(R,)``
    until: Counts  #: ``(R,)``
    capacity: Counts  #: ``(R,)``
    has_battery: NDArray[np.uint8]  #: ``(R,)``
    charge: Counts  #: ``(R,)``
    full: Counts  #: ``(R,)``
    drain: Counts  #: ``(R,)``: taken by a unit of time of work.
    refill: Counts  #: ``(R,)``: given by a charger in a unit of time.
    reserve: Counts  #: ``(R, M)``: from a task to the end or the nearest charger, whichever takes less.
    is_makespan: bool


class Sequence(NamedTuple):
    """What a schedule is made from, and how good it is."""

    order: Counts  #: ``(M,)``: tasks, each behind those it waits for.
    picks: Counts  #: ``(M, K)``: who shall fill a role; -1 leaves it to the rule.
    score: Counts  #: ``(3,)``: value of what is undone, end of the last rover, cost of all legs.


class Schedule(NamedTuple):
    """Room of one schedule while it is made."""

    at: Counts  #: ``(R,)``: stop where a rover is,
    free: Counts  #: ``(R,)``: and from when on.
    charge: Counts  #: ``(R,)``
    load: Counts  #: ``(R,)``
    ends: Counts  #: ``(M,)``: -1 where a task is undone.
    charger_free: Counts  #: ``(H,)``
    charger_was: Counts  #: ``(H,)``: the same before the task that is looked at.
    arrive: Counts  #: ``(R,)``: when a rover could be at the task that is looked at,
    by: Counts  #: ``(R,)``: and over which charger; -1 without.
    team: Counts  #: ``(K,)``
    entry_rover: Counts  #: ``(2 M K + R,)``: what everybody does, in the order of planning,
    entry_stop: Counts  #: ``(2 M K + R,)``
    entry_arrive: Counts  #: ``(2 M K + R,)``
    entry_start: Counts  #: ``(2 M K + R,)``
    entry_end: Counts  #: ``(2 M K + R,)``
    entries: Counts  #: ``(1,)``: and how much of it.
    logs: Floats  #: ``(4096,)``: -ln of a uniform number, made outside and rounded.
    chance: Chance
