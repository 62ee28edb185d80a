"""What came of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.hub import HubResult
from sim.record import fault_begins
from sim.scenario import Scenario
from sim.verdict import Metrics, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """The verdict on a run and the figures behind it."""

    scenario: Scenario
    hub: HubResult
    metrics: Metrics
    verdict: Verdict
    recording: Path | None
    report: Path | None

    @property
    def unexpected_faults(self) -> tuple[str, ...]:
        """Faults of agents that the scenario did not expect, as sentences."""
        expected: set[str] = set()
        for expectation in self.scenario.expectations:
            if expectation.name == "broken" and isinstance(expectation.value, list | tuple):
                expected |= set(expectation.value)
        return tuple(
            f"{fault.rover} (plugin {fault.plugin}) at tick {fault.tick}: {fault.fact}"
            for fault in self.metrics.faults
            if fault.rover not in expected
        )

    @property
    def exit_code(self) -> int:
        """What the command ends with: 0 passed, 1 an expectation failed, 3 an agent broke, 130 interrupted."""
        if self.hub.reason == "interrupted":
            return 130
        if self.unexpected_faults:
            return 3
        return 0 if self.verdict.passed else 1

    def summary(self) -> dict[str, Any]:
        """Return the object that `run --json` prints."""
        metrics, hub = self.metrics, self.hub
        seconds = self.scenario.time.seconds(hub.ticks)
        return {
            "scenario": self.scenario.name,
            "seed": self.scenario.seed,
            "verdict": self.verdict.outcome,
            "ended": hub.reason,
            "ticks": hub.ticks,
            "sim_seconds": seconds,
            "wall_seconds": hub.wall_seconds,
            "real_time_factor": seconds / hub.wall_seconds if hub.wall_seconds > 0.0 else None,
            "digest": hub.digest,
            "wakes": hub.wakes,
            "messages": {"sent": hub.sent, "delivered": hub.delivered, "lost": hub.lost},
            "collisions": hub.collisions,
            "tasks": {
                "done": metrics.tasks_in("done"),
                "failed": metrics.tasks_in("failed"),
                "cancelled": metrics.tasks_in("cancelled"),
                "open": metrics.tasks_in("open") + metrics.tasks_in("running"),
            },
            "task_states": {
                task: {"kind": entry.kind, "state": entry.state, "rover": entry.rover, "done_at": entry.done}
                for task, entry in metrics.tasks.items()
            },
            "rovers": {
                name: {
                    "agency": rover.agency,
                    "vehicle": rover.vehicle,
                    "state": rover.state,
                    "distance_m": rover.distance,
                    "energy_wh": rover.energy / 3600.0,
                    "min_battery": rover.min_battery,
                    "charges": rover.charges,
                    "lost": rover.lost,
                }
                for name, rover in metrics.rovers.items()
            },
            "expectations": [
                {
                    "name": check.name,
                    "passed": check.passed,
                    "expected": check.expected,
                    "got": check.got,
                    "line": check.line,
                    "file": check.file or None,
                    "at_s": None if check.tick is None else self.scenario.time.seconds(check.tick),
                    "rover": check.rover,
                }
                for check in self.verdict.checks
            ],
            "faults": [fault_begins(entry.fault) for entry in metrics.suffered],
            "recording": str(self.recording) if self.recording is not None else None,
            "report": str(self.report) if self.report is not None else None,
            "errors": list(self.unexpected_faults),
        }
