"""All that a host needs before it is asked anything."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from fleet.moon import warm as warm_moon
from fleet.planning import warm as warm_planning


@lru_cache(maxsize=1)
def load_all() -> None:
    """Load what hosts are made of, and the hot loops, compiled where they are not yet; once a process."""
    for ours in ("fleet.runtime.make", "fleet.agents", "fleet.tasks"):
        import_module(ours)
    warm_moon()
    warm_planning()
