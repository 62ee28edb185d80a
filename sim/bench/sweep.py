"""Campaigns and tests as people run them, by command, beside a bare loop of runs in one process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from fleet.core import Clock, ConfigError, environment_of_child
from sim.bench.rows import Row
from sim.run import RunOptions, run
from sim.scenario import NEWEST, declared_seed, load_scenario, scenario_text

RUNS: Final = 20
_ROUNDS: Final = 3
_LOOP: Final = "import sys; from sim.bench.sweep import loop; loop(sys.argv[1], *map(int, sys.argv[2:]))"
_MOONFLEET: Final = ("-P", "-m", "sim.cli")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost, from its start to its end."""

    wall: float  #: Seconds.
    processor: float  #: Seconds, of all its processes.


def loop(file: str, first: int, count: int) -> None:
    """Run a scenario with one seed after another; nothing is done with what comes of it."""
    for seed in range(first, first + count):
        run(load_scenario(file, seed=seed), RunOptions(bus="memory"))


def bench_sweep(
    file: Path, clock: Clock, say: Callable[[str], None], *, runs: int = RUNS, rounds: int = _ROUNDS
) -> list[Row]:
    """Measure what a sweep and a test over so many seeds cost with one worker and with two, all in turn.

    Notes
    -----
    Each contestant is a process from its start to its end, the bare loop too. Medians over the rounds, ratios within
    each. Processor time tells what a run costs, wall time how much faster two workers are.

    Raises
    ------
    ConfigError
        When a command fails, such as on a scenario that does not pass.
    """
    seed = declared_seed(file)
    found: dict[str, list[Cost]] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        one, many = file.resolve(), folder / "many.yaml"
        seeds = f"{seed}-{seed + runs - 1}"
        text = scenario_text({"moonfleet": NEWEST, "extends": str(one), "seeds": seeds}, ())
        many.write_text(text, encoding="utf-8")
        for turn in range(rounds):
            say(f"round {turn + 1} of {rounds}, {runs} runs each ...")
            sweep = (*_MOONFLEET, "sweep", str(one), "--runs", str(runs), "-o")
            for contestant, words in {
                "loop": ("-P", "-c", _LOOP, str(one), str(seed), str(runs)),
                "sweep-1": (*sweep, f"one-{turn}", "-j", "1"),
                "sweep-2": (*sweep, f"two-{turn}", "-j", "2"),
                "test-1": (*_MOONFLEET, "test", str(many), "-j", "1"),
                "test-2": (*_MOONFLEET, "test", str(many), "-j", "2"),
            }.items():
                found.setdefault(contestant, []).append(_cost(words, folder, clock))
    return rows_of(found, runs)


def rows_of(found: Mapping[str, Sequence[Cost]], runs: int) -> list[Row]:
    """Return a row for each contestant.

    >>> costs = {"loop": [Cost(10.0, 10.0)], "sweep-1": [Cost(14.0, 12.5)], "sweep-2": [Cost(7.0, 13.0)]}
    >>> costs |= {"test-1": [Cost(12.0, 12.0)], "test-2": [Cost(6.0, 12.0)]}
    >>> [(row.name, row.value, dict(row.times_better_than)) for row in rows_of(costs, 10)][1:]
    [('sweep-1', 1.25, {'loop': 0.8}), ('sweep-2', 0.7, {'sweep-1': 2.0}), ('test-2', 0.6, {'test-1': 2.0})]
    """
    work, wall = "s of processor time a run", "s of wall time a run"
    return [
        Row(name="loop", value=median(cost.processor for cost in found["loop"]) / runs, unit=work),
        Row(
            name="sweep-1",
            value=median(cost.processor for cost in found["sweep-1"]) / runs,
            unit=work,
            times_better_than={"loop": _ratio(found["loop"], found["sweep-1"], lambda cost: cost.processor)},
            note="start and report included",
        ),
        *(
            Row(
                name=f"{name}-2",
                value=median(cost.wall for cost in found[f"{name}-2"]) / runs,
                unit=wall,
                times_better_than={f"{name}-1": _ratio(found[f"{name}-1"], found[f"{name}-2"], lambda cost: cost.wall)},
            )
            for name in ("sweep", "test")
        ),
    ]


def _ratio(theirs: Sequence[Cost], ours: Sequence[Cost], of: Callable[[Cost], float]) -> float:
    return median(of(a) / of(b) for a, b in zip(theirs, ours, strict=True))


def _cost(words: Sequence[str], folder: Path, clock: Clock) -> Cost:
    before, began = os.times(), clock.now()
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment_of_child(), capture_output=True, text=True, check=False
    )
    wall, after = clock.now() - began, os.times()
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        raise ConfigError("bench sweep", f"{' '.join(words[:5])} ended with code {done.returncode}: {said}")
    children = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(wall, children)
