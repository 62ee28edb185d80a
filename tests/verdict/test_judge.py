"""Every rule of expectation, met and not met."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from typing import Any

import numpy as np
import pytest

from fleet.core import AgencyId, MissionTime, RoverId, TaskId
from fleet.terrain import ground_map_from_heights
from sim.generate.ground import Ground
from sim.record.entries import Faulted
from sim.scenario import Expectation, Scenario
from sim.scenario.expect_schema import Expect
from sim.verdict import Metrics, RoverMetrics, TaskMetrics, judge
from sim.verdict.metrics import InstrumentMetrics
from sim.verdict.rules import RULES
from sim.verdict.trespass import Trespass
from sim.verdict.watch import MOMENT_RULES

_FAULT = Faulted(tick=7, rover=RoverId("r1"), plugin="p", fact="raised ValueError")


def _rover(**changes: Any) -> RoverMetrics:
    rover = RoverMetrics(
        agency=AgencyId("X"),
        vehicle="metu-micro",
        state="idle",
        distance=100.0,
        energy=3600.0,
        min_battery=0.5,
        charges=1,
        lost=False,
    )
    return replace(rover, **changes)


def _task(kind: str, state: str, done: int | None = None) -> TaskMetrics:
    return TaskMetrics(kind=kind, state=state, rover=None, started=None, done=done)


_METRICS = Metrics(
    tick=100,
    dt=2.0,
    reason="finished",
    digest="",
    wakes=0,
    frames=1,
    rovers={RoverId("r1"): _rover(), RoverId("r2"): _rover(min_battery=0.25, distance=50.0)},
    tasks={TaskId("a"): _task("image", "done", 30), TaskId("b"): _task("survey", "open")},
    collisions=1,
    min_separation=0.4,
    nearest=(RoverId("r1"), RoverId("r2")),
    trespasses=(Trespass(tick=50, rover=RoverId("r1"), other=None),),
    sent=5,
    delivered=4,
    lost_messages=1,
    said={},
    faults=(_FAULT,),
    stock={"bricks": 20.0},
    instruments={
        TaskId("ion"): InstrumentMetrics(state="asleep", since=10, charge=0.1, temperature=260.0, asleep=10),
        TaskId("mirror"): InstrumentMetrics(state="stowed", since=0, charge=1.0, temperature=293.0),
        TaskId("plasma"): InstrumentMetrics(state="dead", since=1800, charge=0.0, temperature=233.15, asleep=900),
    },
)


def _scenario(*expectations: tuple[str, object]) -> Scenario:
    flat = ground_map_from_heights(np.zeros((17, 17), "f4"), 5.0, latitude=-1.47, longitude=0.5, north=0.0)
    return Scenario(
        name="s",
        title="S",
        file="s.yaml",
        text="",
        seed=0,
        time=MissionTime(start=datetime(2029, 1, 1, tzinfo=UTC), dt=2.0),
        end=100,
        frame_every=60,
        ground=Ground(map=flat, hidden_rocks=()),
        agencies=(),
        rovers=(),
        coordinator=RoverId("r1"),
        docks=(),
        orders=(),
        stock={},
        radio_loss=0.0,
        expectations=tuple(
            Expectation(name=name, value=value, line=line) for line, (name, value) in enumerate(expectations, 1)
        ),
        planner="roadmap",
        allocator="auction",
        agent_deadline=10.0,
    )


@pytest.mark.parametrize(
    ("name", "value", "passed", "expected", "got"),
    [
        ("tasks_done", "all", False, "all", "1 of 2, not b"),
        ("tasks_done", 1, True, "at least 1", "1 of 2"),
        ("tasks_done", 2, False, "at least 2", "1 of 2"),
        ("tasks_done", ("a",), True, "a", "1 of 1"),
        ("tasks_done", ("a", "b"), False, "a, b", "1 of 2, not b"),
        ("instruments_alive", ("ion",), True, "ion", "1 of 1"),
        ("instruments_alive", {"at_least": 2}, False, "at least 2", "1"),
        (
            "instruments_alive",
            "all",
            False,
            "all",
            "1 of 3; mirror was not set up; plasma froze at 0d 01:00:00 at -40 degC with 0 % of its charge, "
            "asleep for want of charge since 0d 00:30:00",
        ),
        ("kinds_done", ("image",), True, "image", "image"),
        ("kinds_done", ("image", "survey"), False, "image, survey", "image"),
        ("collisions", 1, True, "at most 1", "1"),
        ("collisions", 0, False, "0", "1"),
        ("trespasses", 1, True, "at most 1", "1"),
        ("trespasses", 0, False, "0", "1, first r1 at 0d 00:01:40 off its own ground"),
        ("no_rover_lost", True, True, "none", "none"),
        ("min_battery_percent", 25.0, True, "at least 25 %", "25.0 % of r2"),
        ("min_battery_percent", 26.0, False, "at least 26 %", "25.0 % of r2"),
        ("done_before", {"task": "a", "time": "1m"}, True, "a by 0d 00:01:00", "0d 00:01:00"),
        ("done_before", {"task": "a", "time": 59}, False, "a by 0d 00:00:59", "0d 00:01:00"),
        ("done_before", {"task": "b", "time": "1h"}, False, "b by 0d 01:00:00", "not done"),
        ("charged", {"at_least": 2}, True, "at least 2", "2"),
        ("charged", {"at_least": 3}, False, "at least 3", "2"),
        ("distance_m", {"at_least": 100, "at_most": 150}, True, "at least 100 and at most 150", "150.0"),
        ("distance_m", {"at_most": 149}, False, "at most 149", "150.0"),
        ("energy_wh", {"at_most": 2}, True, "at most 2", "2.0"),
        ("energy_wh", {"at_most": 1}, False, "at most 1", "2.0"),
        ("agents_broken", 1, True, "at most 1", "1; r1 at tick 7: raised ValueError"),
        ("agents_broken", 0, False, "0", "1; r1 at tick 7: raised ValueError"),
        ("lost", (), True, "none", "none"),
        ("lost", ("r2",), False, "r2", "none"),
        (
            "foretold",
            {"rover": "r2", "at_least_before": "1h"},
            False,
            "r2 at least 0d 01:00:00 before",
            "r2 did not run out",
        ),
        ("broken", ("r1",), True, "r1", "r1"),
        ("broken", ("r2",), False, "r2", "r1"),
        ("broken", (), False, "none", "r1"),
        ("min_separation_m", 0.4, True, "at least 0.4", "0.40 between r1 and r2"),
        ("min_separation_m", 0.5, False, "at least 0.5", "0.40 between r1 and r2"),
        ("stock", {"bricks": {"at_least": 20}}, True, "bricks at least 20", "bricks 20.0"),
        ("stock", {"bricks": {"at_least": 21}}, False, "bricks at least 21", "bricks 20.0"),
        ("messages_lost", {"at_most": 1}, True, "at most 1", "1"),
        ("messages_lost", {"at_most": 0}, False, "at most 0", "1"),
    ],
)
def test_an_expectation_is_met_or_not(name: str, value: object, passed: bool, expected: str, got: str) -> None:
    verdict = judge(_scenario((name, value)), _METRICS)

    (check,) = verdict.checks
    assert (check.passed, check.expected, check.got) == (passed, expected, got)
    assert verdict.outcome == ("pass" if passed else "fail")


def test_a_lost_rover_is_named() -> None:
    metrics = replace(_METRICS, rovers={RoverId("r1"): _rover(), RoverId("r2"): _rover(lost=True)})

    (check,) = judge(_scenario(("no_rover_lost", True)), metrics).checks

    assert (check.passed, check.got) == (False, "r2")


def test_a_lone_rover_keeps_any_separation() -> None:
    metrics = replace(_METRICS, min_separation=inf, nearest=None)

    (check,) = judge(_scenario(("min_separation_m", 1.0)), metrics).checks

    assert (check.passed, check.got) == (True, "no two bodies")


def test_nothing_expected_gives_no_verdict() -> None:
    verdict = judge(_scenario(), _METRICS)

    assert (verdict.outcome, verdict.checks, verdict.passed) == ("none", (), True)


def test_one_failure_fails_the_run_and_every_line_is_told() -> None:
    verdict = judge(_scenario(("collisions", 5), ("collisions", 0), ("agents_broken", 9)), _METRICS)

    assert verdict.outcome == "fail"
    assert [(check.line, check.passed) for check in verdict.checks] == [(1, True), (2, False), (3, True)]


def test_every_rule_of_the_file_format_can_be_judged() -> None:
    assert {*RULES, *MOMENT_RULES} == set(Expect.model_fields)
    assert MOMENT_RULES.isdisjoint(RULES)


@pytest.mark.parametrize(
    ("foretold", "least", "passed", "got"),
    [
        pytest.param(300, "1m", True, "r2 at 0d 00:20:00, foretold 0d 00:10:00 before", id="in time"),
        pytest.param(570, "2m", False, "r2 at 0d 00:20:00, foretold 0d 00:01:00 before", id="too late"),
        pytest.param(None, "0s", False, "r2 at 0d 00:20:00, not foretold", id="never"),
    ],
)
def test_a_rover_that_is_lost_is_named_with_when_that_was_foreseen(
    foretold: int | None, least: str, passed: bool, got: str
) -> None:
    end = _rover(lost=True, state="down", down=600, foretold=foretold)
    metrics = replace(_METRICS, rovers={RoverId("r1"): _rover(), RoverId("r2"): end})
    wanted = {"rover": "r2", "at_least_before": least}

    verdict = judge(_scenario(("foretold", wanted), ("lost", ["r2"]), ("no_rover_lost", True)), metrics)

    assert [check.passed for check in verdict.checks] == [passed, True, False]
    assert [check.got for check in verdict.checks] == [got, got, got]
