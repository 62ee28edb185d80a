"""Composes a run from a scenario: world, hosts, hub, recorder, verdict."""

from sim.run.options import RunOptions
from sim.run.result import RunResult
from sim.run.resumption import Origin, origin_of, origin_words
from sim.run.run import run
from sim.run.warm import compile_kernels, compile_missing

__all__ = [
    "Origin",
    "RunOptions",
    "RunResult",
    "compile_kernels",
    "compile_missing",
    "origin_of",
    "origin_words",
    "run",
]
