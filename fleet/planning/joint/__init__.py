"""Joint planning: ways of several rovers that fit together, and an independent judge of them."""

from fleet.planning.joint.network import grid_network, lane_network
from fleet.planning.joint.planner import RepairingJointPlanner, plan_jointly
from fleet.planning.joint.validation import validate_joint_plan
from fleet.planning.joint.warming import warm_joint

__all__ = ["RepairingJointPlanner", "grid_network", "lane_network", "plan_jointly", "validate_joint_plan", "warm_joint"]
