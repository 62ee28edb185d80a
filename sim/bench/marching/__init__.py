"""The ray marches that the horizon sweep is measured against."""

from sim.bench.marching.kernels import march
from sim.bench.marching.steps import march_abreast

__all__ = ["march", "march_abreast"]
