"""What a run came to, and whether that is what was expected."""

from sim.verdict.elections import ElectionWatch
from sim.verdict.finding import Finding
from sim.verdict.judge import Check, Verdict, judge
from sim.verdict.metrics import Metrics, MetricsSink, RoverMetrics, TaskMetrics, collect
from sim.verdict.plugin_check import RunCheck
from sim.verdict.watch import MomentWatch

__all__ = [
    "Check",
    "ElectionWatch",
    "Finding",
    "Metrics",
    "MetricsSink",
    "MomentWatch",
    "RoverMetrics",
    "RunCheck",
    "TaskMetrics",
    "Verdict",
    "collect",
    "judge",
]
