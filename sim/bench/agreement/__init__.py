"""`bench agreement`: fleets that share out work without a leader, over radio that loses words."""

from sim.bench.agreement.comparison import LOSSES, METHODS, Figures, Plan, as_markdown, bench_agreement
from sim.bench.agreement.graphs import SHAPES, Graphs, Shape
from sim.bench.agreement.trial import Trial, attempt

__all__ = [
    "LOSSES",
    "METHODS",
    "SHAPES",
    "Figures",
    "Graphs",
    "Plan",
    "Shape",
    "Trial",
    "as_markdown",
    "attempt",
    "bench_agreement",
]
