"""Search for a run that breaks an expectation, and a small scenario in which that is seen."""

from sim.campaign.falsify.attempt import Attempt, Tried, lost
from sim.campaign.falsify.candidate import Candidate, candidate_of
from sim.campaign.falsify.counterexample import (
    COUNTEREXAMPLE,
    Size,
    commands_of,
    size_of,
    why,
    write_counterexample,
)
from sim.campaign.falsify.faults import FaultLot, read_kinds
from sim.campaign.falsify.learning import LearningSearcher
from sim.campaign.falsify.planning import check_names, plan_search
from sim.campaign.falsify.search import Falsifier, RandomSearcher, Searcher
from sim.campaign.falsify.shrinking import MOST_ATTEMPTS, Shrinker
from sim.campaign.falsify.signs import Signs, signs_of
from sim.campaign.falsify.space import Space

__all__ = [
    "COUNTEREXAMPLE",
    "MOST_ATTEMPTS",
    "Attempt",
    "Candidate",
    "Falsifier",
    "FaultLot",
    "LearningSearcher",
    "RandomSearcher",
    "Searcher",
    "Shrinker",
    "Signs",
    "Size",
    "Space",
    "Tried",
    "candidate_of",
    "check_names",
    "commands_of",
    "lost",
    "plan_search",
    "read_kinds",
    "signs_of",
    "size_of",
    "why",
    "write_counterexample",
]
