"""Compiles what is not compiled yet, before anything depends on it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer

from fleet.moon import warm as warm_moon
from fleet.planning import warm as warm_planning
from fleet.planning.joint import warm_joint
from sim.world import warm as warm_world

_SOON = 1.5  # Seconds that loading compiled code from its cache does not take.


def compile_kernels(announce: Callable[[str], None]) -> None:
    """Compile, or load from the cache, the hot loops of ground, light, ways and world.

    Parameters
    ----------
    announce
        Told what is going on, when it takes so long that people wonder.
    """
    timer = Timer(_SOON, announce, ("compiling the hot loops (once on this machine, a minute or two) ...",))
    timer.daemon = True
    timer.start()
    try:
        warm_moon()
        warm_planning()
        warm_joint("discs")
        warm_world()
    finally:
        timer.cancel()
