"""Who may do what to whose rover: what the rights table says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import GROUND, AgencyId, RoverId, TaskId
from fleet.messages import ALL, DEEDS, LEADER, Bond, Deed, Law, Right, Rule, Step, Task, TaskKind

FLEET = {RoverId("a"): AgencyId("CNSA"), RoverId("b"): AgencyId("METU"), RoverId("c"): AgencyId("SUPARCO")}
AGENCIES = ("CNSA", "METU", "SUPARCO")
LINES = st.builds(
    Right,
    who=st.sampled_from((*AGENCIES, ALL, LEADER, GROUND)),
    what=st.sampled_from(DEEDS),
    whose=st.sampled_from((*AGENCIES, ALL)),
    rule=st.sampled_from(("allow", "refuse", "ask")),
)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("by", [*AGENCIES, LEADER, GROUND])
def test_without_a_table_all_may_do_all_but_stop_others(deed: Deed, by: str) -> None:
    ruling = Law(agencies=FLEET).ruling(deed, (by,), RoverId("a"))

    assert (ruling.rule == "allow") == (deed != "stop" or by in ("CNSA", LEADER, GROUND))


@given(st.lists(LINES, max_size=8), st.sampled_from(DEEDS), st.sampled_from(sorted(FLEET)))
def test_an_agency_always_has_the_say_over_its_own(table: list[Right], deed: Deed, rover: RoverId) -> None:
    law = Law(table=tuple(table), agencies=FLEET)

    assert law.ruling(deed, (FLEET[rover],), rover).rule == "allow"


@given(st.lists(LINES, max_size=8), LINES, st.sampled_from(sorted(FLEET)))
def test_the_later_line_counts(table: list[Right], last: Right, rover: RoverId) -> None:
    law = Law(table=(*table, last), agencies=FLEET)
    by = "nobody" if last.who == ALL else last.who

    ruling = law.ruling(last.what, (by,), rover)

    if last.whose in (ALL, FLEET[rover]) and by != FLEET[rover]:
        assert ruling.rule == last.rule
        assert bool(ruling.why) == (last.rule != "allow")


@given(st.lists(LINES, max_size=8), st.sampled_from(AGENCIES), st.sampled_from(sorted(FLEET)))
def test_nobody_works_for_who_has_withdrawn_nor_they_for_anybody(table: list[Right], gone: str, rover: RoverId) -> None:
    law = Law(table=tuple(table), agencies=FLEET).without([gone])

    ruled: set[Rule] = {law.ruling("task", (gone,), rover).rule}
    if FLEET[rover] == gone:
        ruled |= {law.ruling("task", (agency,), rover).rule for agency in AGENCIES}

    assert ruled == {"refuse"}


@pytest.mark.parametrize(("kind", "rule"), [("film", "refuse"), ("tow", "allow"), ("image", "allow")])
def test_who_is_filmed_or_towed_has_a_say_in_it_though_another_does_it(kind: TaskKind, rule: Rule) -> None:
    law = Law(table=(Right(who="CNSA", what="film", whose="METU", rule="refuse"),), agencies=FLEET)
    step = Step(place=(0.0, 0.0), radius=1.0, work=1, capability="image", bond=Bond(rover=RoverId("b"), within=9.0))
    task = Task(id=TaskId("t"), kind=kind, title="", agency=AgencyId("CNSA"), steps=(step,))

    assert law.of_task(task, RoverId("c")).rule == rule
