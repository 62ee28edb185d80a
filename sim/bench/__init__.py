"""Side-by-side benchmarks behind `moonfleet bench`."""

from sim.bench.light import bench_light
from sim.bench.mission import bench_mission
from sim.bench.path import Measure, bench_path
from sim.bench.rows import Row, as_object, as_text

__all__ = ["Measure", "Row", "as_object", "as_text", "bench_light", "bench_mission", "bench_path"]
