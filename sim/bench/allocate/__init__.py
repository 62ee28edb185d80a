"""Allocation beside public solvers, on drawn fleets and public files."""

from sim.bench.allocate.coalition import read_coalitions
from sim.bench.allocate.comparison import Budget, bench_coalitions, bench_fleets, bench_solomon
from sim.bench.allocate.fleets import draw_fleet
from sim.bench.allocate.solomon import read_solomon

__all__ = [
    "Budget",
    "bench_coalitions",
    "bench_fleets",
    "bench_solomon",
    "draw_fleet",
    "read_coalitions",
    "read_solomon",
]
