"""What a file, or a person who steers a run, says of orders: what they become, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from pathlib import Path
from typing import TypeAlias

import pytest

from fleet.core import ConfigError
from sim.scenario import LiveOrders, ScenarioError, load_scenario
from sim.scenario.in_force import InForce
from sim.scenario.order import CloseGround, ControlOrder, OpenGround, ReleaseRovers, SendTask, StopRovers

Orders: TypeAlias = Callable[..., tuple[ControlOrder, ...]]
EXPECT = "expect:\n"
SQUARE = "polygon_m: [[60, 60], [80, 60], [80, 80], [60, 80]]"


@pytest.fixture
def orders(good: str, tmp_path: Path) -> Orders:
    """Return the orders of the good file with these items."""

    def load(*items: str) -> tuple[ControlOrder, ...]:
        file = tmp_path / "ordered.yaml"
        lines = "".join(f"  - {item}\n" for item in items)
        file.write_text(good.replace(EXPECT, f"orders:\n{lines}{EXPECT}"))
        return load_scenario(file).control

    return load


def test_an_order_that_lasts_for_a_time_is_two(orders: Orders) -> None:
    found = orders(
        "{order: stop, rovers: all, at: 10m, for: 5m, reason: dust}",
        f"{{order: close, zone: slide, at: 12m, until: 14m, inside: stop, {SQUARE}}}",
    )

    fleet = ("lander", "r1")
    outline = ((60.0, 60.0), (80.0, 60.0), (80.0, 80.0), (60.0, 80.0))
    assert found == (
        StopRovers(id="stop-1", at=600, rovers=fleet, by="ground", reason="dust"),  # type: ignore[arg-type]
        CloseGround(id="close-2", at=720, zone="slide", outline=outline, inside="stop"),
        OpenGround(id="close-2-ends", at=840, zone="slide"),
        ReleaseRovers(id="stop-1-ends", at=900, rovers=fleet, by="ground"),  # type: ignore[arg-type]
    )


def test_orders_are_for_one_some_all_or_an_agencys_rovers_and_by_an_agency(orders: Orders) -> None:
    found = orders(
        "{order: stop, rover: r1, by: CNSA}", "{order: go, rovers: [r1, lander]}", "{order: stop, agency: CNSA}"
    )

    whom = [order.rovers for order in found if isinstance(order, StopRovers | ReleaseRovers)]
    assert whom == [("r1",), ("lander", "r1"), ("lander", "r1")]
    assert [order.by for order in found if isinstance(order, StopRovers)] == ["CNSA", "ground"]


def test_the_later_order_about_a_rover_and_giver_or_a_zone_counts(orders: Orders) -> None:
    force = InForce()

    force.give(
        orders(
            "{order: stop, rovers: all, at: 1m}",
            "{order: stop, rover: r1, by: CNSA, at: 2m}",
            "{order: go, rover: r1, at: 3m}",
            f"{{order: close, zone: slide, at: 1m, {SQUARE}}}",
            "{order: open, zone: slide, at: 2m}",
            f"{{order: close, zone: slide, at: 3m, reason: again, {SQUARE}}}",
        )
    )

    assert [(halt.rover, halt.by) for halt in force.bulletin.halts] == [("lander", "ground"), ("r1", "CNSA")]
    assert [(ground.zone, ground.reason) for ground in force.bulletin.closed] == [("slide", "again")]
    assert force.bulletin.version == 6


CLOSE = "{order: close, zone: slide, "
WRONG = [
    ("{order: stop}", "needs one of rover, rovers and agency"),
    ("{order: stop, rover: r2}", "there is no rover 'r2'"),
    ("{order: stop, rovers: [r1, r2]}", "there is no rover 'r2'"),
    ("{order: stop, agency: ESA}", "no agency 'ESA' has a rover"),
    ("{order: stop, rover: r1, by: ESA}", "no agency 'ESA' has a rover"),
    ("{order: halt, rover: r1}", "must be one of"),
    ("{order: go, rover: r1, for: 5m}", "for"),
    ("{order: stop, rover: r1, at: 3h}", "after the end of the mission"),
    ("{order: stop, rover: r1, at: 5m, until: 5m}", "until must lie after at"),
    ("{order: stop, rover: r1, for: 5m, until: 9m}", "only one of for and until"),
    ("{order: open, zone: slide}", "there is no closed ground 'slide'"),
    (CLOSE + "polygon_m: [[0, 60], [20, 80], [20, 60], [0, 80]]}", "crosses itself"),
    (CLOSE + "polygon_m: [[0, 60], [20, 80]]}", "at least 3 items"),
    (CLOSE + "polygon_m: [[0, 60], [20, 60], [40, 60]]}", "has no area"),
    (CLOSE + "polygon_m: [[.nan, 60], [20, 60], [40, 80]]}", "polygon_m"),
    (CLOSE + "polygon_m: [[.inf, 60], [20, 60], [40, 80]]}", "polygon_m"),
    (CLOSE + f"polygon_m: {[[60 + i % 40, 60 + i] for i in range(65)]}}}", "at most 64 items"),
    (CLOSE + "polygon_m: [[900, 900], [910, 900], [910, 910]]}", "lies off the map"),
    (CLOSE + "polygon_m: [[-900, -900], [900, -900], [900, 900], [-900, 900]]}", "covers the whole map"),
    (CLOSE + "polygon_m: [[-9, -9], [9, -9], [9, 9], [-9, 9]]}", "lander stands in slide and cannot drive out"),
    (f"{{order: close, zone: stage, {SQUARE}}}", "is a zone, a place or a crater of the map"),
    (CLOSE + f"inside: hide, {SQUARE}}}", "must be one of leave, stop"),
    ("{order: pause}", "needs one of task and tasks"),
    ("{order: pause, task: nothing}", "there is no task 'nothing'"),
    ("{order: cancel, task: a, by: ESA}", "no agency 'ESA' has a rover"),
    ("{order: resume, task: a}", "'a' is not paused then"),
    ("{order: cancel, task: a, for: 5m}", "for"),
]


@pytest.mark.parametrize(("item", "told"), WRONG, ids=[told for _, told in WRONG])
def test_an_order_that_cannot_be_is_refused_with_place_and_reason(
    orders: Orders, good: str, item: str, told: str
) -> None:
    line = good[: good.index(EXPECT)].count("\n") + 2

    with pytest.raises(ScenarioError) as caught:
        orders(item)

    assert any(told in str(problem) for problem in caught.value.problems), caught.value
    assert all(problem.line == line for problem in caught.value.problems)


@pytest.fixture
def live(good: str, tmp_path: Path) -> LiveOrders:
    """For the good file."""
    file = tmp_path / "good.yaml"
    file.write_text(good)
    return LiveOrders(load_scenario(file))


def test_times_count_from_now_and_each_order_has_a_name_of_its_own(live: LiveOrders) -> None:
    text = "{order: stop, rover: r1, for: 5m}, {order: go, rover: r1, at: 1m}"

    first, second = (live.orders(item, 100) for item in live.read(text))

    assert [(order.id, order.at) for order in first] == [("stop-live-1", 100), ("stop-live-1-ends", 400)]
    assert [(order.id, order.at) for order in second] == [("go-live-2", 160)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *[(item, told) for item, told in WRONG if told != "after the end of the mission"],
        ("stop", "must be a mapping"),
        ("", "at least 1 item"),
        ("{order: stop", "order:1:"),
        ("{order: stop, rover: r1}]\nx: [", "one line"),
        ("[" * 5000, "at most 4096 characters"),
        (", ".join(["{order: stop, rover: r1}"] * 21), "at most 20 items"),
    ],
)
def test_what_is_no_order_is_refused_with_what_is_wrong(live: LiveOrders, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        live.read(text)

    assert told in str(caught.value)


def test_closed_ground_has_at_most_so_many_names(live: LiveOrders) -> None:
    for number in range(32):
        live.read(f"{{order: close, zone: z{number}, {SQUARE}}}")

    with pytest.raises(ConfigError, match="has 32 names already"):
        live.read(f"{{order: close, zone: z32, {SQUARE}}}")
    assert live.read(f"{{order: close, zone: z31, {SQUARE}}}, {{order: open, zone: z0}}")


@pytest.mark.parametrize(
    ("task", "fact"),
    [
        ("{kind: image, id: a, at: nowhere, work: 1m}", "is no place that this run knows"),
        ("{kind: image, id: a, at: {at_m: [9000, 0]}, work: 1m}", "no rover that can do it can stand there"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 1m, after: [b]}", "there is no task 'b'"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 1m, agency: ESA}", "there is no agency 'ESA'"),
        ("{kind: image, id: a, work: 1m}", "at"),
        ("{kind: dance, id: a}", "dance"),
        (
            "{kind: survey, id: a, circle: {centre: {at_m: [20, 0]}, radius_m: 20}, spacing_m: 0.5, dwell: 1m}",
            "stations",
        ),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 2m, latest: 1m}", "its work takes at least 120 s"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 1m, earliest: 5m, latest: 4m}", "cannot begin before 300 s"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 0}", "work takes no time"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: .nan}", "not a finite number"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 1m, earliest: 9h}", "after the end of the mission"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 1m, beside: [view-east]}", "goes on by itself"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 1m, ordered_at: 1m}", "is for scenario files"),
        ("{kind: image, id: a, at: {at_m: [20, 0]}, work: 1m, after: [view-east, view-east]}", "is named twice"),
        (
            "{kind: image, id: a, at: lander, work: 9}}, {order: task, task: {kind: image, id: a, at: lander, work: 9}",
            "is the id of another of these tasks",
        ),
    ],
)
def test_work_that_cannot_be_is_refused_with_the_reason(task: str, fact: str) -> None:
    orders = LiveOrders(load_scenario(Path(__file__).parents[2] / "scenarios" / "smoke.yaml"))

    with pytest.raises(ConfigError, match=fact):
        orders.read(f"{{order: task, task: {task}}}")


def test_work_that_is_sent_counts_its_times_from_now_and_keeps_to_ground_that_can_be_stood_on() -> None:
    orders = LiveOrders(load_scenario(Path(__file__).parents[2] / "scenarios" / "smoke.yaml"))
    area = "circle: {centre: lander, radius_m: 12}, spacing_m: 4, dwell: 1m, earliest: 2m"

    (item,) = orders.read(f"{{order: task, at: 1m, task: {{kind: survey, id: round, {area}}}}}")
    (sent,) = orders.orders(item, 100)

    assert isinstance(sent, SendTask)
    assert (sent.at, sent.task.earliest) == (160, 280)
    assert len(sent.task.steps) > 10
    assert min(hypot(*step.place) for step in sent.task.steps) > 3.5  # Nobody stands where the lander does.
