"""Contestants in processes of their own, made to go one after another, lap by lap."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

from sim.bench.lockstep.course import Course

LONGEST: Final = 120.0  #: Seconds that a contestant may take for its start or a lap.
_LEAVE = 10.0


def start(run: Callable[..., None], *arguments: Any, daemon: bool = False) -> BaseProcess:
    """Start a process, quickly, from one that has the modules and no threads of its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.bench.lockstep.lockstep", "helics"])
    process = context.Process(target=run, args=arguments, daemon=daemon)
    process.start()
    return process


class Failed(Exception):
    """A contestant did not come to the end of a lap."""


class Laps:
    """A contestant's end: how many exchanges are wanted next, lap after lap."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def __iter__(self) -> Iterator[int]:
        """Give the exchanges of each lap; the end is the end."""
        self._pipe.send("ready")
        while (wanted := self._pipe.recv()) is not None:
            yield wanted

    def took(self, seconds: float) -> None:
        """Report a lap."""
        self._pipe.send(seconds)


#: Runs a contestant: sets up everything, then goes lap by lap.
Drive = Callable[[Laps, Course, bytes], None]


def _drive(pipe: Connection, drive: Drive, course: Course, traffic: bytes) -> None:
    try:
        drive(Laps(pipe), course, traffic)
    except Exception as error:
        # Whatever a peer comes with is a reason to be told, not ours to mend.
        pipe.send(f"{type(error).__name__}: {error}")


class Contestant:
    """Set up and waiting.

    Raises
    ------
    Failed
        When it does not get ready.
    """

    def __init__(self, drive: Drive, course: Course, traffic: bytes) -> None:
        self._pipe, far_end = multiprocessing.Pipe()
        self._process = start(_drive, far_end, drive, course, traffic)
        far_end.close()
        try:
            self._hear()
        except Failed:
            self.close()
            raise

    def lap(self, exchanges: int) -> float:
        """Return the seconds of one exchange, the mean of so many.

        Raises
        ------
        Failed
            When it does not end.
        """
        self._pipe.send(exchanges)
        seconds: float = self._hear()
        return seconds / exchanges

    def _hear(self) -> Any:
        try:
            if not self._pipe.poll(LONGEST):
                raise Failed(f"no lap within {LONGEST:g} s")
            said = self._pipe.recv()
        except (EOFError, OSError):
            raise Failed("its process ended") from None
        if isinstance(said, str) and said != "ready":
            raise Failed(said)
        return said

    def close(self) -> None:
        """End it."""
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(_LEAVE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._pipe.close()
