"""Sharing out work without a leader: records that spread, plans that all compute, words of honour."""

from fleet.tasks.agreement.agreement import AHEAD, Agreement, Method, Settled
from fleet.tasks.agreement.bundle import bundle_bids, winners
from fleet.tasks.agreement.coalitions import coalitions_of, fill, soonest_team
from fleet.tasks.agreement.gossip import Gossiper
from fleet.tasks.agreement.inputs import Inputs, inputs_of, problem_of
from fleet.tasks.agreement.leases import Heard, LeaseRules, Leases
from fleet.tasks.agreement.membership import Member, Membership
from fleet.tasks.agreement.plans import AgreedPlan, Plans
from fleet.tasks.agreement.records import Knowledge, key_of, mark_of
from fleet.tasks.agreement.warming import warm_plans

__all__ = [
    "AHEAD",
    "AgreedPlan",
    "Agreement",
    "Gossiper",
    "Heard",
    "Inputs",
    "Knowledge",
    "LeaseRules",
    "Leases",
    "Member",
    "Membership",
    "Method",
    "Plans",
    "Settled",
    "bundle_bids",
    "coalitions_of",
    "fill",
    "inputs_of",
    "key_of",
    "mark_of",
    "problem_of",
    "soonest_team",
    "warm_plans",
    "winners",
]
