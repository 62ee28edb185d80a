"""What a window that looks on costs a run: measured in pairs, and by what the run itself does for it."""

from __future__ import annotations

import os
import resource
import select
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from statistics import median
from typing import IO, Final

from fleet.bus import LOOPBACK, ControlServer, FeedPublisher, private_ipc
from fleet.core import Clock, ManualClock
from sim.bench.rows import Row
from sim.hub import Desk, LiveFeed, Pace
from sim.record import Closing, Digest, Entry, tick_of
from sim.run import RunOptions, run
from sim.run.watch import control_endpoint
from sim.scenario import Scenario

_PAIRS: Final = 25  # Of runs alone and watched: single ones differ by more than the cost.
_WATCHED: Final = 12 * 3600  # Seconds of mission.
_TELLINGS: Final = 30  # Times that the feed is told all of a run.
_SURE: Final = 0.95  # That the median lies in the interval.
# Takes whatever is told, until it is killed; says when it hears something.
_LISTENER: Final = """
import sys
from fleet.bus import FeedSubscriber

subscriber = FeedSubscriber(sys.argv[1])
while subscriber.receive(60.0) is None:
    pass
print("here", flush=True)
while True:
    subscriber.receive(60.0)
"""


class Processor:
    """A clock that goes while this process is at work, threads too: what others on the machine do does not count."""

    def now(self) -> float:
        """Return seconds of the processor so far."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    def sleep(self, seconds: float) -> None:
        """Nobody sleeps at work."""


@dataclass(frozen=True, slots=True)
class _Spent:
    """What a run took, from its first tick on."""

    work: float  # Seconds of the processor,
    wall: float  # and of the wall.
    digest: str


class _Stopwatch:
    """A sink that measures from the first entry after the start to the end."""

    def __init__(self, *clocks: Clock) -> None:
        self._clocks = clocks
        self._begun: tuple[float, ...] = ()
        self.seconds: tuple[float, ...] = ()

    def write(self, entry: Entry) -> None:
        """Begin with the first, end with the last."""
        if not self._begun and tick_of(entry) > 0:
            self._begun = self._now()
        if isinstance(entry, Closing):
            self.seconds = tuple(end - begin for end, begin in zip(self._now(), self._begun, strict=True))

    def _now(self) -> tuple[float, ...]:
        return tuple(clock.now() for clock in self._clocks)

    def close(self) -> None:
        """Nothing is held open."""


def bench_live_view(scenario: Scenario, clock: Clock, say: Callable[[str], None]) -> list[Row]:
    """Measure what a window on a run costs it.

    Notes
    -----
    The run goes as fast as it can, so that this is the most that it can cost; the window has all layers on.
    ``live-cost`` and ``live-wall``: the time of the processor, all threads of the run's process, and of the wall that a
    run takes more when it is watched than alone, per cent: the median of many pairs, whose order changes, and the
    interval in which it lies in 95 of 100 cases. It holds what two programs at work on one machine take from each
    other, too. ``live-work``: what the run itself does for whoever looks on: all that happens, told to a subscriber at
    the pace of the run, as a share of the processor time of the run alone.
    """
    alone: list[_Spent] = []
    watched: list[_Spent] = []
    with subprocess.Popen(
        [sys.executable, "-m", "sim.bench.onlooker"],
        env={**os.environ, "SDL_VIDEODRIVER": "dummy"},
        stdin=subprocess.PIPE,
        text=True,
    ) as onlooker:
        assert onlooker.stdin is not None
        try:
            for pair in range(_PAIRS):
                say(f"a run alone and watched, {pair + 1} of {_PAIRS} ...")
                for is_watched in (False, True) if pair % 2 else (True, False):
                    spent = _watched(scenario, clock, onlooker.stdin) if is_watched else _alone(scenario, clock)
                    (watched if is_watched else alone).append(spent)
        finally:
            onlooker.kill()
    if len({spent.digest for spent in (*alone, *watched)}) != 1:
        raise RuntimeError("a run that was watched went another way")
    return [
        _compared("live-cost", [one.work for one in alone], [one.work for one in watched]),
        _compared("live-wall", [one.wall for one in alone], [one.wall for one in watched]),
        _told(scenario, median(spent.work for spent in alone), median(spent.wall for spent in alone)),
    ]


def _alone(scenario: Scenario, clock: Clock) -> _Spent:
    return _spent(scenario, clock, RunOptions(bus="memory", until=scenario.time.tick(_WATCHED)))


def _watched(scenario: Scenario, clock: Clock, onlooker: IO[str]) -> _Spent:
    with private_ipc() as feed:
        until = scenario.time.tick(_WATCHED)
        onlooker.write(f"{feed}\n")
        onlooker.flush()
        options = RunOptions(bus="memory", until=until, feed=feed, control=control_endpoint(feed), paused=True)
        return _spent(scenario, clock, options)


def _spent(scenario: Scenario, clock: Clock, options: RunOptions) -> _Spent:
    watch = _Stopwatch(Processor(), clock)
    digest = run(scenario, options, sinks=[watch]).hub.digest
    work, wall = watch.seconds
    return _Spent(work, wall, digest)


def _compared(name: str, alone: Sequence[float], watched: Sequence[float]) -> Row:
    ratios = [100.0 * (b / a - 1.0) for a, b in zip(alone, watched, strict=True)]
    note = f"{len(ratios)} pairs; {median(alone):.2f} s alone, {median(watched):.2f} s watched, equal digests"
    return Row(name=name, value=median(ratios), unit="per cent", interval=median_interval(ratios), note=note)


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return between which two of these the median of all that there could be lies, at least 95 times in 100.

    Source
    ------
    Order statistics: so many of n values lie below the median as heads come of n coins; Conover, "Practical
    Nonparametric Statistics", 1999, section 3.2.

    >>> median_interval([5.0, 1.0, 4.0, 2.0, 3.0, 6.0])
    (1.0, 6.0)
    """
    ordered, count = sorted(values), len(values)
    below, outside = 0, 1.0 / 2.0**count
    while below + 1 < (count + 1) // 2 and 2.0 * (outside + comb(count, below + 1) / 2.0**count) <= 1.0 - _SURE:
        below += 1
        outside += comb(count, below) / 2.0**count
    return ordered[below], ordered[count - 1 - below]


class _Tape:
    """A sink that keeps all."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def write(self, entry: Entry) -> None:
        """Keep it."""
        self.entries.append(entry)

    def close(self) -> None:
        """Nothing is held open."""


def _told(scenario: Scenario, work: float, wall: float) -> Row:
    """Tell all of a run once more, at its pace, and nothing else."""
    tape, digest = _Tape(), Digest()
    run(scenario, RunOptions(bus="memory", until=scenario.time.tick(_WATCHED)), sinks=[tape])
    told = [(entry, digest.take(entry)) for entry in tape.entries]
    pause = wall / len(told)
    publisher, server = FeedPublisher(LOOPBACK), ControlServer(LOOPBACK)
    command = [sys.executable, "-c", _LISTENER, publisher.endpoint]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as listener:
        try:
            assert listener.stdout is not None
            while not select.select([listener.stdout], [], [], 0.1)[0]:
                publisher.publish("hello", b"")
            seconds = [
                _telling(LiveFeed(publisher, scenario.ground.map), server, told, pause) for _ in range(_TELLINGS)
            ]
        finally:
            listener.kill()
    publisher.close()
    server.close()
    size = sum(len(data) for _, data in told)
    note = f"{len(told)} entries, {size / 1e6:.1f} MB; {1e3 * median(seconds):.1f} ms of processor in {work:.2f} s"
    shares = [100.0 * each / work for each in seconds]
    return Row(name="live-work", value=median(shares), unit="per cent", interval=median_interval(shares), note=note)


def _telling(live: LiveFeed, server: ControlServer, told: Sequence[tuple[Entry, bytes]], pause: float) -> float:
    processor, clock = Processor(), ManualClock()
    desk = Desk(server, Pace(clock, dt=1.0), clock=clock, live=live)
    begun = processor.now()
    for entry, data in told:
        live.write(entry, data)
        clock.sleep(pause)
        desk.poll()
    live.tell()
    return processor.now() - begun
