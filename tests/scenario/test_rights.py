"""What a scenario file says of rights: what it becomes, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from sim.scenario import LiveOrders, Problem, ScenarioError, load_scenario
from sim.scenario.order import WithdrawAgency

Check: TypeAlias = Callable[[str, str], tuple[Problem, ...]]
AGENCIES = "agencies: [{id: CNSA}]\n"


def test_a_line_for_several_is_several_lines(good: str, tmp_path: Path) -> None:
    file = tmp_path / "rights.yaml"
    lines = "rights:\n  - {who: [CNSA, all], what: [task, stop], whose: all, rule: ask, reason: no}\n"
    file.write_text(good.replace(AGENCIES, AGENCIES + lines))

    rights = load_scenario(file).briefing().rights

    assert [(right.who, right.what, right.whose, right.rule, right.reason) for right in rights] == [
        ("CNSA", "task", "all", "ask", "no"),
        ("CNSA", "stop", "all", "ask", "no"),
        ("all", "task", "all", "ask", "no"),
        ("all", "stop", "all", "ask", "no"),
    ]


def test_what_is_all_is_every_deed(good: str, tmp_path: Path) -> None:
    file = tmp_path / "rights.yaml"
    file.write_text(good.replace(AGENCIES, AGENCIES + "rights: [{who: all, what: all, whose: CNSA, rule: refuse}]\n"))

    assert [right.what for right in load_scenario(file).rights] == ["task", "stop", "charge", "film", "tow", "cancel"]


@pytest.mark.parametrize(
    ("line", "told", "remedy"),
    [
        pytest.param(
            "{who: CNS, what: task, whose: all, rule: allow}",
            "9:11 there is no agency 'CNS'",
            "did you mean 'CNSA'?",
            id="who",
        ),
        pytest.param(
            "{who: all, what: task, whose: [CNSA, leader], rule: allow}",
            "9:42 there is no agency 'leader'",
            "known here: CNSA, all",
            id="whose",
        ),
        pytest.param(
            "{who: leader, what: task, whose: CNSA, rule: refuse}",
            "9:11 leader gives orders to stop, and only that; all else is done for an agency",
            "name the agency whose work it is",
            id="leader",
        ),
        pytest.param(
            "{who: all, what: [task, charge], whose: CNSA, rule: ask}",
            "9:57 charge cannot be asked for: only task and stop are answered by the rover's mind",
            "say allow or refuse",
            id="ask",
        ),
        pytest.param(
            "{who: CNSA, what: task, whose: CNSA, rule: refuse}",
            "9:11 CNSA always has the say over its own rovers",
            "leave this line out",
            id="own",
        ),
        pytest.param(
            "{who: all, what: steal, whose: CNSA, rule: refuse}",
            "9:22 what must be one of task, stop, charge, film, tow, cancel; got 'steal'",
            "",
            id="deed",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_told_where_it_stands(check: Check, line: str, told: str, remedy: str) -> None:
    problems = check(AGENCIES, f"{AGENCIES}rights:\n  - {line}\n")

    assert told in [f"{problem.line}:{problem.column} {problem.fact}" for problem in problems]
    assert remedy in [problem.remedy for problem in problems]


def test_an_agency_whose_id_means_something_else_in_a_rights_table_needs_another(check: Check) -> None:
    (problem,) = check(AGENCIES, "agencies: [{id: CNSA}, {id: leader}]\nrights: []\n") or (None,)
    assert problem is None

    problems = check(
        AGENCIES,
        "agencies: [{id: CNSA}, {id: leader}]\nrights: [{who: all, what: task, whose: all, rule: ask}]\n",
    )

    assert [problem.fact for problem in problems] == ["the id 'leader' means something else in a rights table"]


def test_an_agency_withdraws_by_an_order_in_a_run_that_goes_on(good: str, tmp_path: Path) -> None:
    file = tmp_path / "good.yaml"
    file.write_text(good)
    live = LiveOrders(load_scenario(file))

    (item,) = live.read("{order: withdraw, agency: CNSA, at: 5m, reason: out of money}")

    (order,) = live.orders(item, 60)
    assert isinstance(order, WithdrawAgency)
    assert (order.agency, order.at, order.reason) == ("CNSA", 360, "out of money")


def test_an_agency_that_has_no_rover_cannot_withdraw(check: Check) -> None:
    problems = check("expect:\n", "orders: [{order: withdraw, agency: METU}]\nexpect:\n")

    assert [problem.fact for problem in problems] == ["no agency 'METU' has a rover"]


_CANCEL = "rights: [{who: METU, what: cancel, whose: CNSA, rule: allow}]\n"
_MICRO = "rovers:\n  - {id: m, agency: METU, vehicle: metu-micro, agent: micro, place: {at_m: [0, -60]}}\n"


@pytest.mark.parametrize(("rights", "refusals"), [("", 1), (_CANCEL, 0)], ids=["without", "with"])
def test_an_agency_cancels_work_of_another_only_with_the_right_to(
    good: str, tmp_path: Path, rights: str, refusals: int
) -> None:
    file = tmp_path / "cancel.yaml"
    text = good.replace(AGENCIES, "agencies: [{id: CNSA}, {id: METU}]\n" + rights).replace("rovers:\n", _MICRO)
    file.write_text(text.replace("expect:\n", "orders: [{order: cancel, task: b, by: METU}]\nexpect:\n"))

    try:
        load_scenario(file)
        found: list[str] = []
    except ScenarioError as error:
        found = [problem.fact for problem in error.problems]

    assert found == ["b: METU has no right to pause or cancel work of CNSA"] * refusals
