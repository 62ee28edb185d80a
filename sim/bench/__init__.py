"""Side-by-side benchmarks behind `moonfleet bench`."""

from sim.bench.joint import (
    JointResult,
    bench_joint,
    grid_problem,
    joint_figures,
    joint_rows,
    roadmap_problem,
    write_paths,
    write_plans,
)
from sim.bench.light import bench_light
from sim.bench.lockstep import bench_lockstep
from sim.bench.mission import bench_mission
from sim.bench.path import Measure, bench_path
from sim.bench.rows import Row, as_object, as_text
from sim.bench.sweep import bench_sweep
from sim.bench.viewer import bench_viewer

__all__ = [
    "JointResult",
    "Measure",
    "Row",
    "as_object",
    "as_text",
    "bench_joint",
    "bench_light",
    "bench_lockstep",
    "bench_mission",
    "bench_path",
    "bench_sweep",
    "bench_viewer",
    "grid_problem",
    "joint_figures",
    "joint_rows",
    "roadmap_problem",
    "write_paths",
    "write_plans",
]
