"""Worker processes, each with one trial at a time; what becomes of a worker is no matter to the others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread, Timer
from typing import Final

import msgspec

from fleet.core import Clock
from fleet.runtime import environment_of_child
from sim.campaign.trial import Row, Trial, row_without_verdict

READY: Final = b"ready\n"  #: What a worker says first.
_READ_ROW: Final = msgspec.json.Decoder(Row).decode


class CrewError(Exception):
    """Workers cannot even begin."""


class Crew:
    """Runs trials in so many processes.

    Parameters
    ----------
    file
        The scenario.
    size
        Processes at the same time.
    limit
        Wall seconds that one trial may take.
    """

    def __init__(self, file: Path, size: int, *, limit: float, clock: Clock) -> None:
        self._file = file
        self._size = size
        self._limit = limit
        self._clock = clock
        self._warm = Event()
        self._over = Event()
        self._lock = Lock()
        self._workers: set[_Worker] = set()
        self._rows: SimpleQueue[Row | BaseException | None] = SimpleQueue()

    def run(self, trials: Iterable[Trial]) -> Generator[Row, None, None]:
        """Yield the rows of all trials as they come; when it is closed early, all processes end at once.

        Raises
        ------
        CrewError
            When a worker ends before it is ready for its first trial.
        """
        orders = iter(trials)
        threads = [Thread(target=self._serve, args=(orders, place), daemon=True) for place in range(self._size)]
        for thread in threads:
            thread.start()
        working = len(threads)
        try:
            while working:
                row = self._rows.get()
                if row is None:
                    working -= 1
                elif isinstance(row, BaseException):
                    raise row
                else:
                    yield row
        finally:
            self._over.set()
            self._warm.set()
            with self._lock:
                for worker in self._workers:
                    worker.kill()
            for thread in threads:
                thread.join()

    def _serve(self, orders: Iterator[Trial], place: int) -> None:
        """Keep one worker at work until there is no more of it; a thread of the crew."""
        worker: _Worker | None = None
        try:
            if place:
                self._warm.wait()  # The first compiles for all, where nothing is compiled yet.
            while not self._over.is_set() and (trial := self._next(orders)) is not None:
                if worker is None:
                    worker = self._hire()
                    self._warm.set()
                row = worker.perform(trial, self._limit)
                if self._over.is_set():
                    break  # Killed in its midst: that tells nothing of the trial.
                self._rows.put(row)
                if not worker.is_alive:
                    self._dismiss(worker)
                    worker = None
        except BaseException as error:  # raised again where the rows are taken
            self._rows.put(error)
        finally:
            self._warm.set()
            if worker is not None:
                self._dismiss(worker)
            self._rows.put(None)

    def _next(self, orders: Iterator[Trial]) -> Trial | None:
        with self._lock:
            return next(orders, None)

    def _hire(self) -> _Worker:
        with self._lock:
            worker = _Worker(self._file, self._clock)
            self._workers.add(worker)
            if self._over.is_set():
                worker.kill()
        if not worker.is_ready() and not self._over.is_set():
            raise CrewError(f"a worker ended with code {worker.wait()} before it was ready; what it said is above")
        return worker

    def _dismiss(self, worker: _Worker) -> None:
        worker.close()
        with self._lock:
            self._workers.discard(worker)


class _Worker:
    """One process, seen from the thread that waits for it."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._clock = clock
        self.is_alive = True
        # A group of its own keeps Ctrl-C from it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sim.campaign.worker", str(file), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment_of_child(),
            process_group=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def is_ready(self) -> bool:
        """Wait until it says that it is ready, or has ended."""
        return self._answers.readline() == READY

    def perform(self, trial: Trial, limit: float) -> Row:
        """Have a trial run, and return its row, whatever becomes of the process."""
        began = self._clock.now()
        late = Event()

        def end() -> None:
            late.set()
            self.kill()

        timer = Timer(limit, end)
        timer.daemon = True
        timer.start()
        try:
            self._orders.write(msgspec.json.encode(trial) + b"\n")
            self._orders.flush()
            line = self._answers.readline()
        except OSError:  # It ended between two trials, or as it was told.
            line = b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return _READ_ROW(line)
        self.is_alive = False
        code = self.wait()
        took = self._clock.now() - began
        if late.is_set():
            return row_without_verdict(trial, "hang", f"no end within {limit:g} s of wall time", took)
        return row_without_verdict(trial, "crash", f"the process ended with code {code}", took)

    def wait(self) -> int:
        """Return the exit code when it has ended."""
        return self._process.wait()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self) -> None:
        """Take the orders away, which ends it, and let go of the pipes."""
        for pipe in (self._orders, self._answers):
            try:
                pipe.close()
            except OSError:
                continue
        self._process.wait()
