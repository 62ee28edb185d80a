"""One run of a campaign: what is to be run, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from sim.scenario import setting_text

Outcome = Literal["pass", "fail", "none", "invalid", "crash", "hang", "error"]
"""A verdict, or why there is none: the file cannot be played with this seed, the run ended its process, it did not end
in its time, or we have a bug."""

EXIT_CODES: Final[Mapping[str, int]] = {"invalid": 2, "crash": 3, "hang": 3, "error": 4}  #: Of runs without a verdict.


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What tells one run of a campaign from the others.

    >>> Trial(seed=3, settings={"radio.loss_percent": 5}).key
    (3, '{"radio.loss_percent":5}')
    """

    seed: int
    settings: dict[str, Any] = {}  #: Key of the scenario to value.

    @property
    def key(self) -> tuple[int, str]:
        """Seed, and settings as text that is the same for the same settings."""
        return self.seed, msgspec.json.encode(self.settings, order="sorted").decode()

    @property
    def words(self) -> list[str]:
        """Options of `moonfleet run` for this run."""
        found = ["--seed", str(self.seed)]
        for key, value in self.settings.items():
            found += ["--set", setting_text(key, value)]
        return found


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one expectation."""

    line: int  #: In the scenario file.
    name: str
    passed: bool
    expected: str
    got: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one run; the figures are None when it did not come to its end."""

    seed: int
    settings: dict[str, Any]
    verdict: Outcome
    exit_code: int  #: As of `moonfleet run`.
    digest: str | None = None
    wall_seconds: float | None = None  #: Of the machine, reading and placing the scenario included.
    sim_seconds: float | None = None
    tasks: int | None = None
    tasks_done: int | None = None
    finished_s: float | None = None  #: Mission time at which the last task was done; None when not all were.
    collisions: int | None = None
    trespasses: int | None = None
    min_separation_m: float | None = None  #: None for a lone machine.
    min_battery_percent: float | None = None  #: Of all machines.
    distance_m: float | None = None  #: Driven by all together.
    energy_wh: float | None = None  #: Used by all together.
    charges: int | None = None
    rovers_lost: int | None = None
    messages_sent: int | None = None
    messages_lost: int | None = None
    blocked: int | None = None
    hazards_found: int | None = None
    faults_suffered: int | None = None  #: Of the scenario's faults, those that began.
    faults: tuple[str, ...] = ()  #: What agents did wrong unexpectedly, or why there is no verdict.
    expectations: tuple[Finding, ...] = ()

    @property
    def trial(self) -> Trial:
        """What was run."""
        return Trial(seed=self.seed, settings=self.settings)

    @property
    def is_success(self) -> bool:
        """Whether the run was as expected."""
        return self.exit_code == 0


def row_without_verdict(trial: Trial, outcome: Outcome, fact: str, wall_seconds: float | None = None) -> Row:
    """Return the row of a run that came to no verdict."""
    return Row(
        seed=trial.seed,
        settings=trial.settings,
        verdict=outcome,
        exit_code=EXIT_CODES[outcome],
        wall_seconds=wall_seconds,
        faults=(fact,),
    )
