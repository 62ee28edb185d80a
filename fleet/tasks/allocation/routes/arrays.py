"""Routes as plain arrays. ``M`` tasks, ``R`` rovers, ``C`` vehicle classes.

``N = M + 2 R`` stops: task ``j`` is ``j``, the start of rover ``r`` is ``M + r``, its end ``M + R + r``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.core.arrays import Chance, Counts, Floats, Indices


class Work(NamedTuple):
    """What there is to do, and for whom."""

    cost: Indices  #: ``(C, N, N)``
    time: Indices  #: ``(C, N, N)``
    travel: Indices  #: ``(R,)``: vehicle class.
    able: NDArray[np.uint8]  #: ``(R, M)``
    alike: Indices  #: ``(R,)``: the first rover that differs in nothing.
    near: Counts  #: ``(M, M - 1)``: all other tasks, the nearest first.
    reach: int  #: So many of them are looked at when a task is put in.
    duration: Counts  #: ``(N,)``
    earliest: Counts  #: ``(N,)``: start of work, or ready.
    latest: Counts  #: ``(N,)``: start of work, or of rest at the end.
    load: Counts  #: ``(M,)``
    capacity: Counts  #: ``(R,)``
    value: Counts  #: ``(M,)``: what leaving it undone costs.
    is_optional: bool  #: Whether any may stay undone.
    is_timed: bool  #: Whether any time matters.


class Routes(NamedTuple):
    """Who does what in which order, and what that takes."""

    after: Counts  #: ``(N,)``: the next stop,
    before: Counts  #: ``(N,)``: the one before,
    rover: Counts  #: ``(N,)``: and whose it is; -1 where a task is left undone.
    start: Counts  #: ``(N,)``: earliest start.
    limit: Counts  #: ``(N,)``: latest start such that all that follow are in time.
    load: Counts  #: ``(R,)``
    size: Counts  #: ``(R,)``: number of tasks.
    undone: Counts  #: ``(M,)``: tasks left undone, first.
    totals: Counts  #: ``(2,)``: by the names below.


class Best(NamedTuple):
    """What is kept of the best plan, as in `Routes`."""

    after: Counts  #: ``(N,)``
    start: Counts  #: ``(N,)``
    undone: Counts  #: ``(M,)``
    totals: Counts  #: ``(2,)``


COST, UNDONE = 0, 1  #: Places of `Routes.totals`: cost of legs and of what is undone; number of tasks undone.


class Changing(NamedTuple):
    """Room of one ruin and recreation."""

    pool: Counts  #: ``(M,)``: tasks to be put in.
    keys: Counts  #: ``(M,)``: what they are sorted by.
    touched: Counts  #: ``(R,)``: rovers whose routes were changed,
    first: Counts  #: ``(R + 1,)``: and where their kept routes begin in:
    kept: Counts  #: ``(M,)``: tasks in order,
    kept_start: Counts  #: ``(M + R,)``: their earliest starts, and that at the end.
    kept_limit: Counts  #: ``(M + R,)``: their latest, and that of the start.
    kept_load: Counts  #: ``(R,)``
    is_touched: NDArray[np.uint8]  #: ``(R,)``
    spots: Counts  #: ``(2 M + R,)``: stops behind which a task may go.
    seen: Counts  #: ``(R,)``: stamp of the last search among empty routes, by the first rover that is alike.
    place: Counts  #: ``(3,)``: where a task goes best: cost and the stop before it; and the last stamp.
    logs: Floats  #: ``(4096,)``: -ln of a uniform number, made outside and rounded.
    chance: Chance
