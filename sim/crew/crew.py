"""Worker processes, each with one piece of work at a time; what becomes of a worker is no matter to the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from queue import SimpleQueue
from threading import Event, Lock, Thread, Timer
from typing import Final, Generic, Literal, TypeVar

import msgspec

from fleet.core import Clock
from fleet.core.nursery import PARENT, Program, start_process
from fleet.core.warmth import is_warm
from sim.crew.serving import READY

Order = TypeVar("Order")
Answer = TypeVar("Answer", bound=msgspec.Struct)
RUNS: Final = "sim.run.warm:load_all"  #: What processes that make whole runs are prepared by.
Lost = Literal["crash", "hang"]  #: The process ended; it did not end in its time.


class CrewError(Exception):
    """Workers cannot even begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Craft(Generic[Order, Answer]):
    """What the workers of a crew do."""

    module: str  #: What each of them runs, a module that ends in `serve`; words and its parent follow.
    words: tuple[str, ...] = ()
    answer: type[Answer]
    lost: Callable[[Order, Lost, str, float], Answer]  #: The answer that never came: why, and after how many seconds.
    environment: Mapping[str, str] = field(default_factory=dict)  #: Beside our own.


class Crew(Generic[Order, Answer]):
    """Has work done in so many processes.

    Parameters
    ----------
    size
        Processes at the same time.
    limit
        Wall seconds that one piece of work may take.
    eager
        Start every process before there is work for it.
    """

    def __init__(
        self, craft: Craft[Order, Answer], size: int, *, limit: float, clock: Clock, eager: bool = False
    ) -> None:
        self._craft = craft
        self._size = size
        self._limit = limit
        self._clock = clock
        self._eager = eager
        self._warm = Event()
        self._over = Event()
        self._lock = Lock()
        self._order_lock = Lock()  # Of its own: who gives orders may keep one waiting.
        self._workers: set[_Worker[Order, Answer]] = set()
        self._answers: SimpleQueue[Answer | BaseException | None] = SimpleQueue()

    def run(self, work: Iterable[Order]) -> Generator[Answer, None, None]:
        """Yield all answers as they come; when it is closed early, all processes end at once.

        Raises
        ------
        CrewError
            When a worker ends before it is ready for its first order.
        """
        orders = iter(work)
        if is_warm():
            self._warm.set()
        threads = [Thread(target=self._serve, args=(orders, place), daemon=True) for place in range(self._size)]
        for thread in threads:
            thread.start()
        working = len(threads)
        try:
            while working:
                answer = self._answers.get()
                if answer is None:
                    working -= 1
                elif isinstance(answer, BaseException):
                    raise answer
                else:
                    yield answer
        finally:
            self._over.set()
            self._warm.set()
            with self._lock:
                for worker in self._workers:
                    worker.kill()
            for thread in threads:
                thread.join()

    @contextmanager
    def in_turns(self) -> Iterator[Callable[[Sequence[Order]], Iterator[Answer]]]:
        """Give a function that has some work done and yields the answers, again and again by the same processes.

        All answers of one call are taken before the next.
        """
        waiting: SimpleQueue[Order | None] = SimpleQueue()
        answers = self.run(order for order in iter(waiting.get, None) if order is not None)

        def ask(orders: Sequence[Order]) -> Iterator[Answer]:
            for order in orders:
                waiting.put(order)
            return islice(answers, len(orders))

        try:
            yield ask
        finally:
            waiting.put(None)
            answers.close()

    def _serve(self, orders: Iterator[Order], place: int) -> None:
        """Keep one worker at work until there is no more of it; a thread of the crew."""
        worker: _Worker[Order, Answer] | None = None
        try:
            if place:
                self._warm.wait()  # The first compiles for all, where nothing is compiled yet.
            if self._eager and not self._over.is_set():
                worker = self._hire()
                self._warm.set()
            while not self._over.is_set() and (order := self._next(orders)) is not None:
                if worker is None:
                    worker = self._hire()
                    self._warm.set()
                answer = worker.perform(order, self._limit)
                if self._over.is_set():
                    break  # Killed in its midst: that tells nothing of the work.
                self._answers.put(answer)
                if not worker.is_alive:
                    self._dismiss(worker)
                    worker = None
        except BaseException as error:  # raised again where the answers are taken
            self._answers.put(error)
        finally:
            self._warm.set()
            if worker is not None:
                self._dismiss(worker)
            self._answers.put(None)

    def _next(self, orders: Iterator[Order]) -> Order | None:
        with self._order_lock:
            return next(orders, None)

    def _hire(self) -> _Worker[Order, Answer]:
        with self._lock:
            worker = _Worker(self._craft, self._clock)
            self._workers.add(worker)
            if self._over.is_set():
                worker.kill()
        if not worker.is_ready() and not self._over.is_set():
            raise CrewError(f"a worker ended with code {worker.wait()} before it was ready; what it said is above")
        return worker

    def _dismiss(self, worker: _Worker[Order, Answer]) -> None:
        worker.close()
        with self._lock:
            self._workers.discard(worker)


class _Worker(Generic[Order, Answer]):
    """One process, seen from the thread that waits for it."""

    def __init__(self, craft: Craft[Order, Answer], clock: Clock) -> None:
        self._craft = craft
        self._clock = clock
        self.is_alive = True
        program = Program(
            code=craft.module,
            words=(*craft.words, PARENT),
            prepared=RUNS,
            environment=craft.environment,
            own_group=True,  # Which keeps Ctrl-C from it.
        )
        (reads, orders), (answers, writes) = os.pipe(), os.pipe()
        self._orders, self._answers = os.fdopen(orders, "wb"), os.fdopen(answers, "rb")
        try:
            self._process = start_process(program, stdin=reads, stdout=writes)
        finally:
            os.close(reads)
            os.close(writes)

    def is_ready(self) -> bool:
        """Wait until it says that it is ready, or has ended."""
        return self._answers.readline() == READY

    def perform(self, order: Order, limit: float) -> Answer:
        """Have a piece of work done, and return the answer, whatever becomes of the process."""
        began = self._clock.now()
        late = Event()

        def end() -> None:
            late.set()
            self.kill()

        timer = Timer(limit, end)
        timer.daemon = True
        timer.start()
        try:
            self._orders.write(msgspec.json.encode(order) + b"\n")
            self._orders.flush()
            line = self._answers.readline()
        except OSError:  # It ended between two orders, or as it was told.
            line = b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return msgspec.json.decode(line, type=self._craft.answer)
        self.is_alive = False
        code = self.wait()
        took = self._clock.now() - began
        if late.is_set():
            return self._craft.lost(order, "hang", f"no end within {limit:g} s of wall time", took)
        return self._craft.lost(order, "crash", f"the process ended with code {code}", took)

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
