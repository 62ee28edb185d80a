"""What happened in a tick, as compiled code notes it."""

from __future__ import annotations

from fleet.core.compiled import compiled
from sim.world.arrays import IntArray


@compiled
def note(records: IntArray, count: int, what: tuple[int, int, int, int]) -> int:
    """Note what happened: code, rover, first, second; return how many records there are."""
    for column in range(4):
        records[count, column] = what[column]
    return count + 1
