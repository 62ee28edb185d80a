"""From a YAML file to a frozen Scenario."""

from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Agency, Expectation, Order, RoverSpec, Scenario

__all__ = ["Agency", "Expectation", "Order", "Problem", "RoverSpec", "Scenario", "ScenarioError"]
