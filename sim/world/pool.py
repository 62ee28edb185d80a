"""Rows of many owners in one array, so that a kernel takes one array for all drives."""

from __future__ import annotations

import numpy as np

from sim.world.arrays import FloatArray, IntArray

_FIRST_SIZE = 256


class Pool:
    """Each owner has one block of rows; a new block replaces the old one.

    Examples
    --------
    >>> pool = Pool(owners=2, columns=1)
    >>> pool.put(0, np.array([[1.0], [2.0]]))
    >>> pool.put(1, np.array([[3.0]]))
    >>> pool.put(0, np.array([[4.0]]))
    >>> pool.rows[pool.first].ravel().tolist()
    [4.0, 3.0]
    """

    def __init__(self, *, owners: int, columns: int) -> None:
        self.rows: FloatArray = np.zeros((_FIRST_SIZE, columns))
        self.first: IntArray = np.zeros(owners, dtype=np.int64)  #: First row of each owner's block.
        self._lengths = [0] * owners
        self._end = 0

    def put(self, owner: int, block: FloatArray) -> None:
        """Give an owner these rows instead of its old ones; blocks of others may move."""
        self._lengths[owner] = 0
        if self._end + len(block) > len(self.rows):
            self._pack(len(block))
        self.rows[self._end : self._end + len(block)] = block
        self.first[owner] = self._end
        self._lengths[owner] = len(block)
        self._end += len(block)

    def _pack(self, more: int) -> None:
        live = sum(self._lengths)
        rows = np.zeros((max(len(self.rows), 2 * (live + more)), self.rows.shape[1]))
        end = 0
        for owner, length in enumerate(self._lengths):
            first = int(self.first[owner])
            rows[end : end + length] = self.rows[first : first + length]
            self.first[owner] = end
            end += length
        self.rows, self._end = rows, end
