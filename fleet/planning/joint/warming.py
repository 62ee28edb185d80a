"""Compilation ahead of need."""

from __future__ import annotations

from collections import deque
from itertools import islice

import numpy as np

from fleet.planning.joint.network import grid_network
from fleet.planning.joint.planner import RepairingJointPlanner
from fleet.sdk.joint import JointPlan, JointProblem, Timing, movers_of


def warm_joint(timing: Timing) -> None:
    """Compile the kernels of one timing, or load them from the cache, by planning on a tiny grid."""
    # Two who meet: neither timing has a plan as good as the bound, so that there is something to repair.
    network, _ = grid_network(np.ones((2, 3), bool))
    planner = RepairingJointPlanner(answers=3)
    problem = JointProblem(network=network, movers=movers_of([0, 2], [2, 0], [0.3], [1.0]), timing=timing)
    known = deque(planner.plans(problem), maxlen=1).pop()
    if isinstance(known, JointPlan):
        other = JointProblem(network=network, movers=movers_of([0, 2], [2, 3], [0.3], [1.0]), timing=timing)
        deque(islice(planner.plans(other, known), 2), maxlen=0)
