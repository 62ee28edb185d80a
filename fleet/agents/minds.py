"""The fleet's own minds of rovers, one for each kind of machine."""

from __future__ import annotations

from fleet.agents.field import FieldAgent
from fleet.agents.intention import Character


class ProspectorAgent(FieldAgent):
    """The Chinese rover: drills, hauls and surveys; takes what comes."""

    made_for = "cnsa-rover"


class TraverserAgent(FieldAgent):
    """The Pakistani rover: slow and small, careful with its energy, one task at a time."""

    made_for = "suparco-rover"
    character = Character(reserve=0.35, backlog=1)


class MicroAgent(FieldAgent):
    """A micro-rover: quick, with hours of battery at most."""

    made_for = "metu-micro"
    character = Character(reserve=0.3, backlog=1)


class OperatorAgent(FieldAgent):
    """The operations robot: carries, sets up, and keeps charge to give to others."""

    made_for = "hk-operator"
    character = Character(reserve=0.3, backlog=2)
