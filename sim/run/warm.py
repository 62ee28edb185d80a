"""Compiles what is not compiled yet, before anything depends on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from threading import Event, Thread
from typing import Final

from fleet.core import live_and_die_with
from fleet.core.warmth import is_warm, note_warm
from fleet.moon import warm as warm_moon
from fleet.planning import warm as warm_planning
from fleet.planning.joint import warm_joint
from sim.scenario import load_models
from sim.world import warm as warm_world

_SOON = 1.5  # Seconds that loading compiled code from its cache does not take.
_PROGRAM: Final = "import sys; from sim.run.warm import help_compile; help_compile(*map(int, sys.argv[1:]))"

#: What every run comes to only when it is under way: our minds, and what numpy and numba load for first arrays.
_MET_BY_ALL: Final = ("fleet.agents", "numpy.fft", "numpy.ma", "numba.np.npyimpl")

Work = Callable[[], None]


def _warm_discs() -> None:
    warm_joint("discs")


#: What a run needs, each by itself: the longest first.
_NEEDED: tuple[Work, ...] = (_warm_discs, warm_moon, warm_planning, warm_world)


def compile_kernels(announce: Callable[[str], None]) -> None:
    """Compile, or load from the cache, the hot loops of ground, light, ways and world.

    Parameters
    ----------
    announce
        Told what is going on, when it takes so long that people wonder.

    Notes
    -----
    When it takes so long, a process for each further core begins at the other end: none compiles what another has in
    its hands (`fleet.core.kept_code`), so that the end of all comes as soon as it can.
    """
    is_done = Event()
    help_ = Thread(target=_have_help, args=(announce, is_done), name="compiling", daemon=True)
    help_.start()
    try:
        _compile_needed()
    finally:
        is_done.set()
        help_.join()


def compile_missing(announce: Callable[[str], None]) -> None:
    """Compile the hot loops, unless a process did so before; then a run loads those that it comes to.

    Parameters
    ----------
    announce
        As of `compile_kernels`.

    Notes
    -----
    A short mission comes to less than half of them.
    """
    if not _was_warm():
        compile_kernels(announce)


@lru_cache(maxsize=1)
def _was_warm() -> bool:
    """Whether it is known to be compiled, looked up once a process."""
    return is_warm()


def load_all() -> None:
    """Load what runs are made of, as processes of `fleet.core.nursery` have it."""
    compile_missing(lambda _: None)
    load_models()
    for name in _MET_BY_ALL:
        import_module(name)


def help_compile(place: int, parent: int) -> None:
    """Compile what `compile_kernels` does in the process `parent`, backwards, each helper from a place of its own."""
    live_and_die_with(parent)
    backwards = _NEEDED[::-1]
    _perform(backwards[place - 1 :] + backwards[: place - 1])


@lru_cache(maxsize=1)
def _compile_needed() -> None:
    """Perform all works; once a process."""
    _perform(_NEEDED)
    note_warm()


def _perform(works: Sequence[Work]) -> None:
    for work in works:
        work()


def _have_help(announce: Callable[[str], None], is_done: Event) -> None:
    """Say what goes on and start helpers, when it is not done soon; a thread, that lives as long as they do."""
    if is_done.wait(_SOON):
        return
    announce("compiling the hot loops (once on this machine, a minute or two) ...")
    helpers = [_start(place) for place in range(1, min(os.cpu_count() or 1, len(_NEEDED)))]
    is_done.wait()
    for helper in helpers:
        helper.kill()
        helper.wait()


def _start(place: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _PROGRAM, str(place), str(os.getpid())]
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)
