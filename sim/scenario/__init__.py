"""From a YAML file to a frozen Scenario."""

from sim.scenario.fault_live import LiveFaults
from sim.scenario.loader import check_scenario, load_scenario, parse_time, scenario_schema
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Agency, Expectation, Order, RoverSpec, Scenario
from sim.scenario.shipped import shipped_scenario
from sim.scenario.show import resolved

__all__ = [
    "Agency",
    "Expectation",
    "LiveFaults",
    "Order",
    "Problem",
    "RoverSpec",
    "Scenario",
    "ScenarioError",
    "check_scenario",
    "load_scenario",
    "parse_time",
    "resolved",
    "scenario_schema",
    "shipped_scenario",
]
