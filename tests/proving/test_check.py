"""The check as people call it, in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fleet.core import ConfigError
from fleet.sdk.testing import RULES, Breach, check_agent, check_allocator, report_of
from sim.proving.notes import first_difference
from sim.proving.part import Proved, Words, prove_part

ROOT = Path(__file__).parents[2]


def test_a_mind_that_decides_by_the_order_of_a_set_is_seen_in_two_processes() -> None:
    told: list[str] = []

    report = check_agent("bad_plugins:Shuffles", progress=told.append)

    assert report.broken == ("determinism",)
    assert "two processes part at tick" in report.finding("determinism").seen[0]
    assert "strange views" in told


def test_a_plugin_that_cannot_be_imported_is_refused_by_the_command(tmp_path: Path) -> None:
    # In the working directory, where the command looks as well.
    (tmp_path / "broken.py").write_text("import os\nprint('no data')\nos._exit(3)\n", encoding="utf-8")
    words = [sys.executable, "-m", "sim.cli", "agent", "check", "broken:Anything", "--kind", "allocator", "--json"]

    done = subprocess.run(
        words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    rules = {rule["id"]: rule for rule in json.loads(done.stdout)["rules"]}
    assert [name for name, rule in rules.items() if rule["outcome"] == "broken"] == ["import"]
    assert "its process ended with code 3 while its import was looked at" in rules["import"]["seen"][0]
    assert "looking at its import ..." in done.stderr


def test_an_expected_failure_passes_and_one_that_does_not_come_fails() -> None:
    expected = {"order": "an allocator of first come, first served", "empty": "was mended long ago"}

    report = check_allocator("bad_plugins:FirstCome", expected=expected)

    assert report.finding("order").outcome == "expected"
    assert report.finding("empty").outcome == "unexpected"
    assert not report.passed


def test_a_plugin_that_is_not_there_is_no_broken_rule() -> None:
    with pytest.raises(ConfigError, match="there is none of this name"):
        check_allocator("auctoin")


@pytest.mark.parametrize(
    ("expected", "fact"),
    [({"pace": "slow by nature"}, "is no rule for agents"), ({"wake": " "}, "has no reason")],
    ids=["no-rule", "no-reason"],
)
def test_what_is_expected_must_be_a_rule_and_have_a_reason(expected: dict[str, str], fact: str) -> None:
    with pytest.raises(ConfigError, match=fact):
        check_agent("micro", expected=expected)


def test_a_class_that_another_process_cannot_import_is_refused() -> None:
    class Inner:
        pass

    with pytest.raises(ConfigError, match="another process cannot import it"):
        check_agent(Inner)


def test_a_vehicle_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="is no class of vehicles"):
        check_agent("micro", vehicle="bicycle")


def test_an_agent_that_is_made_for_no_vehicle_there_is_breaks_the_signature_and_hears_which_there_are() -> None:
    said: list[Words] = []

    prove_part("agent", "bad_plugins:RidesABicycle", "", "witnessed", said.append)

    assert isinstance(proved := said[-1], Proved)
    assert [breach.rule for breach in proved.breaches] == ["signature"]
    assert "'bicycle' is no class of vehicles; there are: change8-lander" in proved.breaches[0].seen


@pytest.mark.parametrize("kind", RULES)
def test_each_rule_says_what_it_asks_why_and_how_to_mend(kind: str) -> None:
    rules = RULES[kind]

    assert all(rule.asks and rule.why and rule.remedy for rule in rules.values())


def test_only_a_few_of_many_breaches_are_told() -> None:
    breaches = [Breach(rule="wake", seen=f"at tick {tick}") for tick in range(100)]

    report = report_of("mine", "agent", breaches, {}, {})

    assert report.finding("wake").seen == ("at tick 0", "at tick 1", "at tick 2")


def test_traces_that_are_the_same_have_no_difference() -> None:
    assert first_difference([(1, "a")], [(1, "a")]) == ""
    assert first_difference([(1, "a"), (2, "b")], [(1, "a"), (2, "c")]) == "at tick 2: b, and c"
