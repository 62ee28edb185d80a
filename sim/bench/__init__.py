"""Side-by-side benchmarks behind `moonfleet bench`."""

from sim.bench.light import bench_light
from sim.bench.mission import bench_mission
from sim.bench.rows import Row, as_object, as_text

__all__ = ["Row", "as_object", "as_text", "bench_light", "bench_mission"]
