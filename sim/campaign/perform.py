"""One trial, run in this process."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

from fleet.core import Clock, ConfigError
from sim.campaign.trial import Finding, Row, Trial, row_without_verdict
from sim.run import RunOptions, RunResult, run
from sim.scenario import load_scenario


def perform(file: Path, trial: Trial, clock: Clock) -> Row:
    """Run a scenario with the seed and settings of a trial, and return what came of it."""
    began = clock.now()
    try:
        scenario = load_scenario(file, seed=trial.seed, settings=trial.settings)
        result = run(scenario, RunOptions(bus="memory"), clock=clock)
    except ConfigError as error:
        # Such as a place that is not to be found on the ground of this seed.
        return row_without_verdict(trial, "invalid", str(error), clock.now() - began)
    return row_of(trial, result, clock.now() - began)


def row_of(trial: Trial, result: RunResult, wall_seconds: float) -> Row:
    """Return the row of a run that came to its end."""
    metrics = result.metrics
    rovers = metrics.rovers.values()
    done = [task.done for task in metrics.tasks.values() if task.done is not None]
    return Row(
        seed=trial.seed,
        settings=trial.settings,
        verdict=result.verdict.outcome,
        exit_code=result.exit_code,
        digest=result.hub.digest,
        wall_seconds=wall_seconds,
        sim_seconds=result.hub.ticks * metrics.dt,
        tasks=len(metrics.tasks),
        tasks_done=metrics.tasks_in("done"),
        finished_s=max(done) * metrics.dt if done and len(done) == len(metrics.tasks) else None,
        collisions=metrics.collisions,
        trespasses=len(metrics.trespasses),
        min_separation_m=metrics.min_separation if isfinite(metrics.min_separation) else None,
        min_battery_percent=100.0 * min(rover.min_battery for rover in rovers),
        distance_m=sum(rover.distance for rover in rovers),
        energy_wh=sum(rover.energy for rover in rovers) / 3600.0,
        charges=sum(rover.charges for rover in rovers),
        rovers_lost=sum(rover.lost for rover in rovers),
        messages_sent=metrics.sent,
        messages_lost=metrics.lost_messages,
        blocked=metrics.blocked,
        hazards_found=metrics.hazards_found,
        faults_suffered=len(metrics.suffered),
        faults=result.unexpected_faults,
        expectations=tuple(
            Finding(
                line=check.line, name=check.name, passed=check.passed, expected=check.expected, got=check.got
            )
            for check in result.verdict.checks
        ),
    )  # fmt: skip
