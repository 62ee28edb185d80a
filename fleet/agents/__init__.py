"""Built-in minds, written against `fleet.sdk` like anybody's."""

from fleet.agents.ferry import FerryAgent
from fleet.agents.lander import LanderAgent
from fleet.agents.minds import MicroAgent, OperatorAgent, ProspectorAgent, TraverserAgent

__all__ = ["FerryAgent", "LanderAgent", "MicroAgent", "OperatorAgent", "ProspectorAgent", "TraverserAgent"]
