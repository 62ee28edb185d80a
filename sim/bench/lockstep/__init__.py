"""The lockstep exchange beside bare pyzmq, HELICS and mosaik."""

from sim.bench.lockstep.laps import Failed
from sim.bench.lockstep.lockstep import Effort, Race, bench_lockstep, races

__all__ = ["Effort", "Failed", "Race", "bench_lockstep", "races"]
