"""Bad planners and allocators break the rules that are meant for them; ours break none."""

from __future__ import annotations

import pytest

from fleet.runtime import load_plugin
from fleet.sdk.testing import RULES
from sim.proving.allocators import prove_allocator
from sim.proving.notes import Notes
from sim.proving.planners import prove_planner


def _planner(plugin: str) -> Notes:
    notes = Notes()
    prove_planner(plugin, "metu-micro", load_plugin("fleet.planners", plugin), notes)
    return notes


def _allocator(plugin: str) -> Notes:
    notes = Notes()
    prove_allocator(plugin, load_plugin("fleet.allocators", plugin), notes)
    return notes


def test_a_planner_that_looks_at_nothing_breaks_the_rules_of_ways() -> None:
    notes = _planner("bad_plugins:Crow")

    assert {breach.rule for breach in notes.breaches} == {"way", "avoid", "costs", "strange"}


def test_a_planner_that_changes_the_terrain_and_gives_no_reason_is_told() -> None:
    notes = _planner("bad_plugins:Changes")

    assert {"terrain", "answer"} <= {breach.rule for breach in notes.breaches}


@pytest.mark.parametrize(("name", "rules"), [("GivesTwice", {"empty", "awards"}), ("FirstCome", {"order"})])
def test_a_bad_allocator_breaks_its_rules(name: str, rules: set[str]) -> None:
    notes = _allocator(f"bad_plugins:{name}")

    assert {breach.rule for breach in notes.breaches} == rules


def test_our_planner_and_our_allocator_keep_all_rules() -> None:
    planner, allocator = _planner("roadmap"), _allocator("auction")

    assert (planner.breaches, allocator.breaches) == ([], [])
    assert set(RULES["planner"]) - planner.judged == {"import"}
    assert set(RULES["allocator"]) - allocator.judged == {"import"}
