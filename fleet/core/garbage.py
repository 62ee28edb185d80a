"""Python's search for garbage in cycles, in loops that make next to none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# What agents and the hub leave behind in a tick is small; to look through it every 700 objects costs 15 % of a mission.
_THRESHOLDS = (50_000, 20, 50)


def settle_memory() -> None:
    """Search once; from now on rarely, and not through what there is now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def searching_rarely() -> Iterator[None]:
    """Search rarely meanwhile; afterwards as before, and through what was made meanwhile, too.

    Examples
    --------
    >>> before = gc.get_threshold()
    >>> with searching_rarely():
    ...     gc.get_threshold() == before
    False
    >>> gc.get_threshold() == before
    True
    """
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
