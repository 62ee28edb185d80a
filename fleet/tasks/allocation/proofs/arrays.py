"""A search for the earliest end, as plain arrays.

``M`` tasks, ``R`` rovers, ``T`` teams of a task, ``D = M + 1`` depths.
"""

from __future__ import annotations

from typing import NamedTuple

from fleet.core.arrays import Counts


class Tree(NamedTuple):
    """Where a search in depth stands: a row for each task that is placed, and one for none."""

    teams: Counts  #: ``(M, T)``: rovers of each team that could do a task, as bits,
    team_count: Counts  #: ``(M,)``
    nearest: Counts  #: ``(M, M)``: least time from a task to another, whoever drives.
    tail: Counts  #: ``(M,)``: least time from a task's start to the end of all.
    pools: Counts  #: ``(S,)``: sets of rovers as bits, and
    demand: Counts  #: ``(S, M)``: how many of a set each task takes at the least.
    at: Counts  #: ``(D, R)``: stop where each rover is,
    free: Counts  #: ``(D, R)``: and from when on.
    ends: Counts  #: ``(D, M)``: ends of placed tasks, -1 of others.
    last: Counts  #: ``(D,)``: latest start so far.
    child_task: Counts  #: ``(D, M T)``: what could be placed next, the most promising last.
    child_team: Counts  #: ``(D, M T)``
    child_start: Counts  #: ``(D, M T)``
    children: Counts  #: ``(D,)``: how many are left to be tried.
    chosen: Counts  #: ``(D, 2)``: task and team placed at each depth.
    best: Counts  #: ``(M, 2)``: tasks and teams of the best schedule that was found, in order.
    counts: Counts  #: ``(4,)``: by the names below.


#: Places of `Tree.counts`: depth, -1 when all is tried; end of the best; nodes; whether the search found that one.
DEPTH, BEST, NODES, FOUND = 0, 1, 2, 3
