"""Sharing out work without a leader: records that spread, plans that all compute, words of honour."""

from fleet.tasks.agreement.agreement import AHEAD, Agreement, Method, Settled
from fleet.tasks.agreement.bundle import bundle_bids, winners
from fleet.tasks.agreement.gossip import Gossiper
from fleet.tasks.agreement.inputs import Inputs, inputs_of, problem_of
from fleet.tasks.agreement.leases import LeaseRules, Leases
from fleet.tasks.agreement.membership import Member, Membership
from fleet.tasks.agreement.plans import AgreedPlan, Plans
from fleet.tasks.agreement.records import Knowledge, key_of, mark_of
from fleet.tasks.agreement.warming import warm_plans

__all__ = [
    "AHEAD",
    "AgreedPlan",
    "Agreement",
    "Gossiper",
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
    "inputs_of",
    "key_of",
    "mark_of",
    "problem_of",
    "warm_plans",
    "winners",
]
