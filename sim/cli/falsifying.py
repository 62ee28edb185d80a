"""Searching a run that fails for a person, and telling what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from fleet.core import ConfigError, WallClock, stream
from sim.campaign import Results, Row, identity_of, open_results, read_seeds, trials_of, write_csv
from sim.campaign.falsify import (
    COUNTEREXAMPLE,
    MOST_ATTEMPTS,
    Attempt,
    Candidate,
    Falsifier,
    LearningSearcher,
    RandomSearcher,
    Searcher,
    Shrinker,
    Signs,
    Space,
    Tried,
    candidate_of,
    check_names,
    commands_of,
    lost,
    plan_search,
    size_of,
    why,
    write_counterexample,
)
from sim.campaign.table import CSV
from sim.cli.output import emit
from sim.cli.progress import announce, campaign_bar, share_bar
from sim.cli.running import OUT
from sim.crew import Craft, Crew
from sim.scenario import declared_seed

_RUNS: Final = 200
_SEED: Final = 8  # Of the search itself: the same search tries the same runs.
_NOT_HERE: Final = {
    "shard": "--shard",
    "merge": "--merge",
    "retry": "--retry",
    "dask": "--dask",
    "parquet": "--parquet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What a person asked for."""

    scenario: Path
    folder: Path | None = None
    runs: int | None = None
    seeds: str | None = None
    settings: tuple[str, ...] = ()
    faults: str | None = None
    wanted: str | None = None
    search: str | None = None
    workers: int = 1
    time_limit: float = 600.0  #: Wall seconds of one run.
    as_json: bool = False
    shard: str | None = None
    merge: bool = False
    retry: bool = False
    dask: str | None = None
    parquet: bool = False

    def __post_init__(self) -> None:
        for name, option in _NOT_HERE.items():
            if getattr(self, name):
                raise ConfigError(option, "does not go with --falsify", "leave one of them out")
        if self.time_limit <= 0.0:
            raise ConfigError("--time-limit", "nothing ends within no time", "such as 10m")


@dataclass(slots=True, kw_only=True)
class _Found:
    """The run that fails, and what became of it."""

    row: Row
    signs: Signs
    number: int  #: Of the run, from 1.
    whole: Candidate
    small: Candidate
    told: list[str] = field(default_factory=list)  #: What fails in the small one.
    attempts: int = 0


class Falsifying:
    """One call of the command.

    Raises
    ------
    ConfigError
        When something that was asked for is wrong.
    """

    def __init__(self, hunt: Hunt) -> None:
        self._hunt = hunt
        seeds = read_seeds(hunt.seeds) if hunt.seeds is not None else [declared_seed(hunt.scenario)]
        self._wanted = tuple(part.strip() for part in (hunt.wanted or "").split(",") if part.strip())
        self._space: Space = plan_search(hunt.scenario, seeds, hunt.settings, hunt.faults or "any")
        check_names(hunt.scenario, self._wanted)
        self._searcher: Searcher = (
            LearningSearcher(self._space, _SEED)
            if hunt.search == "optuna"
            else RandomSearcher(self._space, stream(_SEED, "falsify"))
        )
        self._folder = hunt.folder or OUT / f"falsify-{hunt.scenario.stem}"
        self._file = self._folder / COUNTEREXAMPLE
        self._tried = 0
        self._found: _Found | None = None

    def run(self) -> int:
        """Search, make small what is found, tell it, and return the exit code."""
        interrupted = False
        with open_results(self._folder, identity_of(self._hunt.scenario)) as results:
            try:
                self._search(results)
                if self._found is not None:
                    self._shrink(self._found)
            except KeyboardInterrupt:
                interrupted = True
            finally:
                write_csv(list(results.rows()), self._folder / CSV)
                for left in self._folder.glob(".candidate-*.yaml"):
                    left.unlink(missing_ok=True)
        self._tell()
        if interrupted:
            announce("interrupted; the same command goes on from there")
            return 130
        return self._found.row.exit_code if self._found is not None else 0

    def _search(self, results: Results) -> None:
        hunt = self._hunt
        crew = Crew(trials_of(hunt.scenario), hunt.workers, limit=hunt.time_limit, clock=WallClock())
        with campaign_bar() as draw, crew.in_turns() as ask:
            falsifier = Falsifier(
                self._space,
                results,
                wanted=self._wanted,
                tell=lambda so_far: draw(so_far.done, so_far.total, so_far.failed),
            )
            try:
                found = falsifier.search(self._searcher, hunt.runs or _RUNS, ask)
            finally:
                self._tried = falsifier.proposed
        if found is None:
            return
        row, signs = found
        settings, faults = self._space.parts(row.trial)
        candidate = candidate_of(hunt.scenario, row.seed, settings, faults, self._folder)
        number = 1 + list(falsifier.tried).index(row.trial.key)
        self._found = _Found(row=row, signs=signs, number=number, whole=candidate, small=candidate, told=why(row))
        announce(f"run {number} fails ({', '.join(sorted(signs))}); it is made small")
        self._keep(candidate, row)

    def _shrink(self, found: _Found) -> None:
        hunt = self._hunt
        craft: Craft[Attempt, Tried] = Craft(module="sim.campaign.falsify.worker", answer=Tried, lost=lost)
        crew = Crew(craft, hunt.workers, limit=hunt.time_limit, clock=WallClock())
        with share_bar("making it small") as draw, crew.in_turns() as ask:

            def told(attempts: Sequence[Attempt]) -> Iterator[Tried]:
                draw(found.attempts / MOST_ATTEMPTS)
                found.attempts += len(attempts)
                return ask(attempts)

            shrinker = Shrinker(found.signs, self._folder, told, width=hunt.workers, keep=self._keep)
            shrinker.shrink(found.whole, found.row)

    def _keep(self, candidate: Candidate, row: Row) -> None:
        assert self._found is not None
        self._found.small, self._found.told = candidate, why(row)
        write_counterexample(candidate, row, self._file, list(self._found_by(self._found)))

    def _found_by(self, found: _Found) -> Iterator[str]:
        before = size_of(found.whole)
        yield f"Found in run {found.number} of a search in {self._hunt.scenario.name}, with seed {found.row.seed},"
        yield f"{before.faults} faults, {before.settings} settings, {before.rovers} rovers and {before.tasks} tasks."

    def _tell(self) -> None:
        values: dict[str, Any] = {"scenario": str(self._hunt.scenario), "runs": self._tried, "found": False}
        values |= {"results": str(self._folder / "results.sqlite"), "csv": str(self._folder / CSV)}
        lines = [f"{self._hunt.scenario}: {self._tried} runs, none of them fails"]
        if (found := self._found) is not None:
            commands = commands_of(self._file)
            sizes = {"before": size_of(found.whole), "after": size_of(found.small)}
            values |= {"found": True, "run": found.number, "seed": found.row.seed, "settings": found.row.settings}
            values |= {"signs": sorted(found.signs), "told": found.told, "shrink_runs": found.attempts}
            values |= {name: msgspec.to_builtins(size) for name, size in sizes.items()}
            values |= {"counterexample": str(self._file), **msgspec.to_builtins(commands)}
            lines = [f"{self._hunt.scenario}: run {found.number} fails", *(f"  {line}" for line in found.told)]
            lines += [f"  {name}: {_size(size)}" for name, size in sizes.items()]
            lines += [f"  small: {self._file}", f"  replay: {commands.replay}", f"  view: {commands.view}"]
        emit(values, as_json=self._hunt.as_json, text="\n".join(lines))


def _size(size: Any) -> str:
    return f"{size.faults} faults, {size.settings} settings, {size.rovers} rovers, {size.tasks} tasks, {size.duration}"
