"""Borders of obstacles as plain arrays for compiled code."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bytes: TypeAlias = NDArray[np.uint8]
Indices: TypeAlias = NDArray[np.int32]


class Squares(NamedTuple):
    """A grid over all outlines, to find the edges near a leg."""

    west: float
    south: float
    side: float  #: Metres.
    rows: int
    columns: int


class Outlines(NamedTuple):
    """All rings that part free ground from forbidden; forbidden ground lies left of every edge.

    Each vertex comes with its neighbours, as x and y of the vertex, of the one before and of the one after; it stands
    for the edge to the one after, too.
    """

    vertices: Floats  #: ``(N, 6)``.
    corners: Floats  #: ``(C, 6)``: the vertices that ways can bend around.
    enclosed: int  #: 1 when everything is forbidden but what a boundary encloses, else 0.
    squares: Squares
    square_start: Indices  #: ``(rows * columns + 1,)`` into `square_edges`.
    square_edges: Floats  #: ``(M, 6)``: the edges whose boxes meet each square.


class Sights(NamedTuple):
    """Which corners see each other, in compressed sparse rows: those of corner ``i`` are ``start[i]:start[i + 1]``."""

    start: Indices  #: ``(C + 1,)``.
    to: Indices
    length: Floats
