"""How high the horizon stands around every cell of a map."""

from fleet.moon.horizon.around import Horizon, ground_digest, horizon_of, stored_horizon_of
from fleet.moon.horizon.headings import DEGREE, Headings
from fleet.moon.horizon.kernels import UNIT
from fleet.moon.horizon.surroundings import Heights, Surroundings

__all__ = [
    "DEGREE",
    "UNIT",
    "Headings",
    "Heights",
    "Horizon",
    "Surroundings",
    "ground_digest",
    "horizon_of",
    "stored_horizon_of",
]
