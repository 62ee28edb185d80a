"""The proving ground as `fleet.sdk.testing` finds it: parts of a check in processes of their own, and what they say."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import entry_points
from tempfile import TemporaryFile
from threading import Timer
from typing import Final

from fleet.core import ConfigError
from fleet.core.nursery import HOSTS, PARENT, Program, start_process
from fleet.runtime import load_plugin
from fleet.sdk.testing import Breach, CheckReport, Kind, Progress, report_of
from sim.crew import RUNS
from sim.proving.notes import first_difference
from sim.proving.part import GROUP_OF, Invalid, PartName, Proved, Told, read_line
from sim.proving.seat import seat_of

_LIMIT: Final = 240.0  # Seconds of the wall for a part; the first on a machine compiles the hot loops.
_LAST_WORDS: Final = 300  # Characters of what a process that died wrote last.


def prove(
    kind: Kind, plugin: str, *, vehicle: str | None, expected: Mapping[str, str], progress: Progress
) -> CheckReport:
    """Return how a plugin stands with the rules of its port.

    Notes
    -----
    Two processes look at it at the same time, which order sets differently. What they decide must be the same: an agent
    flies the mission once watched, in one process, and once on real hosts; others answer the same questions twice.

    Raises
    ------
    ConfigError
        When there is no such plugin or vehicle, or what is expected is no rule.
    """
    if vehicle is not None:
        seat_of(vehicle)
    if ":" not in plugin and not entry_points(group=GROUP_OF[kind], name=plugin):
        load_plugin(GROUP_OF[kind], plugin)  # Says which names there are, and imports nothing.
    report_of(plugin, kind, (), {}, expected)  # What is expected is looked at before anybody waits.
    other: PartName = "alone" if kind == "agent" else "witnessed"
    with ThreadPoolExecutor(max_workers=2) as pool:
        watched = pool.submit(_part, (kind, plugin, vehicle or "", "witnessed"), 1, progress)
        beside = pool.submit(_part, (kind, plugin, vehicle or "", other), 2, lambda _: None)
        first, second = watched.result(), beside.result()
    breaches = list(first.breaches)
    judged = dict.fromkeys(first.judged, True)
    if not first.faulty and "determinism" in judged:
        difference = first_difference(first.trace, second.trace)
        if difference:
            breaches.append(Breach(rule="determinism", seen=f"two processes part {difference}"))
    return replace(report_of(plugin, kind, breaches, judged, expected), vehicle=first.vehicle)


def _part(words: tuple[Kind, str, str, PartName], hash_seed: int, progress: Progress) -> Proved:
    """Run one part in a process of its own, and return what it noted."""
    program = Program(
        code="sim.proving",
        words=(PARENT, *words),
        prepared=HOSTS if words[0] == "allocator" else RUNS,
        environment={"PYTHONHASHSEED": str(hash_seed)},
    )
    stage = Told(text="its start", rule="raising")
    with TemporaryFile() as talk:
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as said:
            try:
                process = start_process(program, stdout=writing, stderr=talk.fileno())
            finally:
                os.close(writing)
            timer = Timer(_LIMIT, process.kill)
            timer.start()
            try:
                for line in said:
                    match read_line(line):
                        case Told() as stage:
                            progress(stage.text)
                        case Invalid() as invalid:
                            raise ConfigError(invalid.place, invalid.fact, invalid.remedy)
                        case Proved() as proved:
                            return proved
                code = process.wait()
            finally:
                timer.cancel()
                process.kill()
                process.wait()
        talk.seek(0)
        last = talk.read().decode(errors="replace").strip()[-_LAST_WORDS:]
    fact = f"its process ended with code {code} while {stage.text} was looked at" + (f": {last}" if last else "")
    return Proved(breaches=(Breach(rule=stage.rule or "raising", seen=fact),), judged=(stage.rule,), faulty=True)
