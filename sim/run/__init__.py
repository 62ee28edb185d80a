"""Composes a run from a scenario: world, hosts, hub, recorder, verdict."""

from sim.run.options import RunOptions
from sim.run.result import RunResult
from sim.run.run import run
from sim.run.warm import compile_kernels

__all__ = ["RunOptions", "RunResult", "compile_kernels", "run"]
