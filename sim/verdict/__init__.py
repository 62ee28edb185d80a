"""What a run came to, and whether that is what was expected."""

from sim.verdict.judge import Check, Verdict, judge
from sim.verdict.metrics import Metrics, MetricsSink, RoverMetrics, TaskMetrics, collect

__all__ = ["Check", "Metrics", "MetricsSink", "RoverMetrics", "TaskMetrics", "Verdict", "collect", "judge"]
