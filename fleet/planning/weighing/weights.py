"""From an objective to what compiled work adds up."""

from __future__ import annotations

from fleet.planning.ground import Ground
from fleet.planning.weighing.arrays import Weights
from fleet.sdk.planning import Objective


def weights_of(objective: Objective, ground: Ground) -> Weights:
    """Return an objective's weights, with the least that a metre of this ground can come to."""
    pace = objective.time * ground.pace[:, 0] + objective.energy * ground.pace[:, 1]
    return Weights(
        time=float(objective.time),
        energy=float(objective.energy),
        risk=float(objective.risk),
        least=float(pace.min()) * (1.0 - 1e-6),
    )
