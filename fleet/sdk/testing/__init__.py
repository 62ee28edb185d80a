"""Tests for one's own plugins: the rules that they are checked by, and the check."""

from fleet.sdk.testing.check import Progress, ProvingGround, check_agent, check_allocator, check_planner
from fleet.sdk.testing.report import Breach, CheckReport, Finding, Outcome, report_of
from fleet.sdk.testing.rules import KINDS, RULES, Kind, Rule

__all__ = [
    "KINDS",
    "RULES",
    "Breach",
    "CheckReport",
    "Finding",
    "Kind",
    "Outcome",
    "Progress",
    "ProvingGround",
    "Rule",
    "check_agent",
    "check_allocator",
    "check_planner",
    "report_of",
]
