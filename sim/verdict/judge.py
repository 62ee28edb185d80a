"""Each expectation of a scenario held against what happened in a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from fleet.core import RoverId, Tick
from sim.scenario import Scenario
from sim.verdict.finding import Finding
from sim.verdict.metrics import Metrics
from sim.verdict.rules import RULES

Outcome = Literal["pass", "fail", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One expectation and what became of it."""

    name: str  #: Key of the rule.
    passed: bool
    expected: str
    got: str
    line: int  #: In the scenario file.
    file: str = ""  #: In which the line is, where that is another than the scenario itself.
    tick: Tick | None = None  #: When it was decided, where that is one moment,
    rover: RoverId | None = None  #: and by whom.


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a run is what was expected."""

    outcome: Outcome  #: none: nothing was expected.
    checks: tuple[Check, ...]  #: In order of the file.

    @property
    def passed(self) -> bool:
        """Whether no expectation failed."""
        return self.outcome != "fail"


def judge(scenario: Scenario, metrics: Metrics, moments: Mapping[int, Finding] = MappingProxyType({})) -> Verdict:
    """Return the verdict on a run, one check for each expectation of its scenario.

    Parameters
    ----------
    moments
        What came of the expectations over moments, by their place among all.
    """
    checks = []
    for index, expectation in enumerate(scenario.expectations):
        finding = moments.get(index) or RULES[expectation.name](expectation.value, metrics)
        checks.append(
            Check(
                name=expectation.name,
                passed=finding.passed,
                expected=finding.expected,
                got=finding.got,
                line=expectation.line,
                file=expectation.file,
                tick=finding.tick,
                rover=finding.rover,
            )
        )
    if not checks:
        return Verdict(outcome="none", checks=())
    return Verdict(outcome="pass" if all(check.passed for check in checks) else "fail", checks=tuple(checks))
