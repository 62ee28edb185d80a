"""Ways for one rover, beside what others offer."""

from sim.bench.path.comparison import bench_path
from sim.bench.path.measure import Measure

__all__ = ["Measure", "bench_path"]
