"""From a YAML file to a frozen Scenario."""

from sim.scenario.cases import Case, cases_of
from sim.scenario.fault_live import LiveFaults
from sim.scenario.fault_schema import FAULT_KINDS
from sim.scenario.formats import NEWEST
from sim.scenario.json_schema import scenario_schema
from sim.scenario.loader import (
    check_scenario,
    check_text,
    declared_seed,
    load_scenario,
    merged_text,
    parse_time,
    scenario_tree,
    tree_with,
)
from sim.scenario.migration import Edit, Migration, migrations
from sim.scenario.order_live import LiveOrders
from sim.scenario.problems import Problem, ScenarioError, did_you_mean
from sim.scenario.reading import load_models
from sim.scenario.scenario import Agency, Expectation, Order, RoverSpec, Scenario
from sim.scenario.seeds import parse_seeds
from sim.scenario.settings import Settings, read_setting, setting_text
from sim.scenario.shipped import is_shipped, shipped_scenario
from sim.scenario.show import resolved
from sim.scenario.writing import scenario_text
from sim.scenario.yaml_tree import Plain

__all__ = [
    "FAULT_KINDS",
    "NEWEST",
    "Agency",
    "Case",
    "Edit",
    "Expectation",
    "LiveFaults",
    "LiveOrders",
    "Migration",
    "Order",
    "Plain",
    "Problem",
    "RoverSpec",
    "Scenario",
    "ScenarioError",
    "Settings",
    "cases_of",
    "check_scenario",
    "check_text",
    "declared_seed",
    "did_you_mean",
    "is_shipped",
    "load_models",
    "load_scenario",
    "merged_text",
    "migrations",
    "parse_seeds",
    "parse_time",
    "read_setting",
    "resolved",
    "scenario_schema",
    "scenario_text",
    "scenario_tree",
    "setting_text",
    "shipped_scenario",
    "tree_with",
]
