"""What a way costs by an objective: time, energy, risk."""

from fleet.planning.weighing.arrays import Weights
from fleet.planning.weighing.kernels import NEAR, leg_cost, seconds_at_risk, shorten
from fleet.planning.weighing.weights import weights_of

__all__ = ["NEAR", "Weights", "leg_cost", "seconds_at_risk", "shorten", "weights_of"]
