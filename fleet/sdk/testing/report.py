"""What came of a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fleet.core import ConfigError
from fleet.sdk.testing.rules import RULES, Kind, Rule

Outcome = Literal["kept", "broken", "expected", "unexpected", "unseen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that was seen broken."""

    rule: str  #: Its id.
    seen: str  #: What was seen, with place and tick.


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How a plugin stands with one rule.

    ``expected``: broken, as said beforehand; ``unexpected``: kept although a failure was expected; ``unseen``: nothing
    happened that it could be judged by.
    """

    rule: Rule
    outcome: Outcome
    seen: tuple[str, ...] = ()  #: What was seen, at most a few; for ``expected`` the reason comes first.

    @property
    def passed(self) -> bool:
        """Whether the check may pass with it."""
        return self.outcome in ("kept", "expected", "unseen")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """How a plugin stands with all rules of its port."""

    plugin: str
    kind: Kind
    findings: tuple[Finding, ...]  #: One a rule.
    vehicle: str = ""  #: Class of vehicle that it was judged on; empty where that is no matter.

    @property
    def passed(self) -> bool:
        """Whether no rule is broken but as expected."""
        return all(finding.passed for finding in self.findings)

    @property
    def broken(self) -> tuple[str, ...]:
        """Ids of the rules that are broken, expected or not."""
        return tuple(finding.rule.id for finding in self.findings if finding.outcome in ("broken", "expected"))

    def finding(self, rule: str) -> Finding:
        """Return how it stands with the rule of this id."""
        return next(finding for finding in self.findings if finding.rule.id == rule)

    def summary(self) -> dict[str, Any]:
        """Return the object that `agent check --json` prints."""
        return {
            "plugin": self.plugin,
            "kind": self.kind,
            "vehicle": self.vehicle,
            "passed": self.passed,
            "rules": [
                {
                    "id": finding.rule.id,
                    "asks": finding.rule.asks,
                    "outcome": finding.outcome,
                    "seen": list(finding.seen),
                    "why": finding.rule.why,
                    "remedy": finding.rule.remedy,
                }
                for finding in self.findings
            ],
        }

    def __str__(self) -> str:
        on = f" on {self.vehicle}" if self.vehicle else ""
        lines = [f"{self.kind} {self.plugin}{on}: {'passed' if self.passed else 'failed'}"]
        for finding in self.findings:
            lines.append(f"  {finding.outcome:<10} {finding.rule.id:<12} {finding.rule.asks}")
            lines += [f"      seen: {seen}" for seen in finding.seen]
            if finding.outcome == "broken":
                lines += [f"      why:  {finding.rule.why}", f"      mend: {finding.rule.remedy}"]
            elif finding.outcome == "unexpected":
                lines.append("      mend: a failure was expected and did not come: take the expectation away")
        return "\n".join(lines)


_MOST_SEEN = 3


def report_of(
    plugin: str, kind: Kind, breaches: Sequence[Breach], judged: Mapping[str, bool], expected: Mapping[str, str]
) -> CheckReport:
    """Return the report on what was seen.

    Parameters
    ----------
    breaches
        In the order in which they were seen.
    judged
        Which rules something was seen of, by id.
    expected
        Rules that are expected to be broken, by id, each with the reason.

    Raises
    ------
    ConfigError
        When a failure of a rule is expected that does not exist, or without a reason.

    Examples
    --------
    >>> seen = [Breach(rule="clock", seen="called time.time() at tick 3")]
    >>> report = report_of("mine", "agent", seen, {"clock": True}, {"clock": "shows the time of day"})
    >>> report.passed, report.broken, report.finding("clock").seen[0], report.finding("wake").outcome
    (True, ('clock',), 'shows the time of day', 'unseen')
    """
    rules = RULES[kind]
    for name, reason in expected.items():
        if name not in rules:
            raise ConfigError(f"expected failure {name!r}", f"is no rule for {kind}s", f"there are: {', '.join(rules)}")
        if not reason.strip():
            raise ConfigError(f"expected failure {name!r}", "has no reason", "say why it is right to break the rule")
    findings = []
    for rule in rules.values():
        seen = tuple(dict.fromkeys(breach.seen for breach in breaches if breach.rule == rule.id))[:_MOST_SEEN]
        reason = expected.get(rule.id, "")
        if seen and reason:
            finding = Finding(rule=rule, outcome="expected", seen=(reason, *seen))
        elif seen:
            finding = Finding(rule=rule, outcome="broken", seen=seen)
        elif reason:
            finding = Finding(rule=rule, outcome="unexpected", seen=(reason,))
        else:
            finding = Finding(rule=rule, outcome="kept" if judged.get(rule.id) else "unseen")
        findings.append(finding)
    return CheckReport(plugin=plugin, kind=kind, findings=tuple(findings))
