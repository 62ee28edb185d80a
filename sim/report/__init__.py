"""What a person reads after a run."""

from sim.report.page import report, write_report

__all__ = ["report", "write_report"]
