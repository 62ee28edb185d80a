"""From a YAML file to a frozen Scenario."""

from sim.scenario.cases import Case, cases_of
from sim.scenario.fault_live import LiveFaults
from sim.scenario.json_schema import scenario_schema
from sim.scenario.loader import check_scenario, declared_seed, load_scenario, merged_text, parse_time
from sim.scenario.order_live import LiveOrders
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Agency, Expectation, Order, RoverSpec, Scenario
from sim.scenario.seeds import parse_seeds
from sim.scenario.settings import Settings, read_setting, setting_text
from sim.scenario.shipped import shipped_scenario
from sim.scenario.show import resolved
from sim.scenario.yaml_tree import Plain

__all__ = [
    "Agency",
    "Case",
    "Expectation",
    "LiveFaults",
    "LiveOrders",
    "Order",
    "Plain",
    "Problem",
    "RoverSpec",
    "Scenario",
    "ScenarioError",
    "Settings",
    "cases_of",
    "check_scenario",
    "declared_seed",
    "load_scenario",
    "merged_text",
    "parse_seeds",
    "parse_time",
    "read_setting",
    "resolved",
    "scenario_schema",
    "setting_text",
    "shipped_scenario",
]
