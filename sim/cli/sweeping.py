"""Running a campaign for a person: what they asked for, made into runs, files and words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from fleet.core import ConfigError, WallClock
from sim.campaign import (
    CSV,
    MARKDOWN,
    PARQUET,
    REPORT,
    SQLITE,
    Identity,
    Results,
    Row,
    Workers,
    as_markdown,
    as_text,
    can_write_parquet,
    gather,
    identity_of,
    open_results,
    plan_campaign,
    read_seeds,
    read_shard,
    rows_of,
    summarise,
    sweep,
    trials_of,
    without_verdict,
    write_csv,
    write_parquet,
    write_report,
)
from sim.cli.output import emit
from sim.cli.progress import announce, campaign_bar
from sim.cli.running import OUT
from sim.crew import Crew
from sim.scenario import declared_seed

_FILES: Final = {"results": SQLITE, "csv": CSV, "report": REPORT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for."""

    scenario: Path
    folder: Path | None = None
    runs: int | None = None
    seeds: str | None = None
    settings: tuple[str, ...] = ()
    workers: int = 1
    shard: str | None = None
    dask: str | None = None
    parquet: bool = False
    time_limit: float = 600.0  #: Wall seconds.
    merge: bool = False
    retry: bool = False
    as_json: bool = False

    def __post_init__(self) -> None:
        if self.time_limit <= 0.0:
            raise ConfigError("--time-limit", "nothing ends within no time", "such as 10m")
        if self.merge and self.shard is not None:
            raise ConfigError("--merge", "is for all shards together", "leave --shard out")
        if self.seeds is not None and self.runs is not None:
            raise ConfigError("--runs", "says how many seeds, and --seeds says which", "leave one of them out")
        if self.parquet and not can_write_parquet():
            raise ConfigError("--parquet", "pyarrow is not installed", "pip install 'moonfleet[parquet]'")
        if self.seeds is None and self.runs is None and not self.settings:
            raise ConfigError("sweep", "nothing is varied", "say --runs N, --seeds A-B or --set KEY=V1,V2")


class Sweeping:
    """One call of the command.

    Raises
    ------
    ConfigError
        When something that was asked for is wrong.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        shard = None if request.merge else read_shard(request.shard, os.environ)
        self._trials = plan_campaign(request.scenario, _seeds(request), request.settings).trials()
        self._folder = request.folder or OUT / f"sweep-{request.scenario.stem}"
        if shard is not None and shard.count > 1:
            self._trials = shard.of(self._trials)
            self._folder /= shard.folder
            announce(f"shard {shard}: {len(self._trials)} runs, in {self._folder}")

    def run(self) -> int:
        """Run what is missing, tell what there is, and return the exit code."""
        request, identity = self._request, identity_of(self._request.scenario)
        ran, interrupted = 0, False
        with open_results(self._folder, identity) as results:
            if gathered := gather(results, self._folder, identity):
                announce(f"{gathered} runs of shards taken in")
            if request.retry:
                results.forget(without_verdict(rows_of(results, self._trials)))
            if not request.merge:
                before = len(results.keys())
                try:
                    self._sweep(results)
                except KeyboardInterrupt:
                    interrupted = True
                ran = len(results.keys()) - before
            rows = rows_of(results, self._trials)
            everything = list(results.rows())
            write_csv(everything, self._folder / CSV)
            if request.parquet:
                write_parquet(everything, self._folder / PARQUET)
        self._tell(rows, ran, identity)
        return self._exit_code(rows, interrupted=interrupted)

    def _sweep(self, results: Results) -> None:
        with campaign_bar() as draw:
            sweep(
                self._trials, results, self._crew(), tell=lambda so_far: draw(so_far.done, so_far.total, so_far.failed)
            )

    def _crew(self) -> Workers:
        request = self._request
        if request.dask is None:
            return Crew(trials_of(request.scenario), request.workers, limit=request.time_limit, clock=WallClock())
        from sim.campaign.cluster import DaskCrew  # noqa: PLC0415 - an extra

        return DaskCrew(request.dask, request.scenario, limit=request.time_limit)

    def _tell(self, rows: Sequence[Row], ran: int, identity: Identity) -> None:
        summary = summarise(rows, self._request.scenario, self._folder)
        write_report(summary, rows, identity, self._folder / REPORT)
        (self._folder / MARKDOWN).write_text(as_markdown(summary), encoding="utf-8")
        files = {name: str(self._folder / file) for name, file in _FILES.items()}
        if self._request.parquet:
            files["parquet"] = str(self._folder / PARQUET)
        values = {**msgspec.to_builtins(summary), "ran": ran, "missing": len(self._trials) - len(rows), **files}
        text = "\n".join([as_text(summary), *(f"  {name}: {file}" for name, file in files.items())])
        emit(values, as_json=self._request.as_json, text=text)

    def _exit_code(self, rows: Sequence[Row], *, interrupted: bool) -> int:
        code = max((row.exit_code for row in rows), default=0)
        if interrupted:
            total = len(self._trials)
            announce(f"interrupted: {len(rows)} of {total} runs are kept; the same command goes on from there")
            return 130
        if missing := len(self._trials) - len(rows):
            announce(f"{missing} runs are missing: the same command without --merge makes them")
            return max(code, 2)
        return code


def _seeds(request: Request) -> list[int]:
    if request.seeds is not None:
        return read_seeds(request.seeds)
    first = declared_seed(request.scenario)
    return list(range(first, first + (request.runs or 1)))
