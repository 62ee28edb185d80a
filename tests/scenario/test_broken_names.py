"""What is said about a scenario file whose keys are right and whose names, work or expectations are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from sim.scenario import Problem

Check: TypeAlias = Callable[[str, str], tuple[Problem, ...]]


@pytest.mark.parametrize(
    ("old", "new", "told", "remedy"),
    [
        pytest.param(
            "site: {lat_deg: -84.6, lon_deg: 31.0}\n",
            "",
            "5:10 generated ground needs a site",
            "site: {lat_deg: -84.6, lon_deg: 31.0}",
            id="no-site",
        ),
        pytest.param(
            "base: cnsa-rover",
            "base: cnsa-rovr",
            "8:25 there is no vehicle class 'cnsa-rovr'",
            "did you mean 'cnsa-rover'?",
            id="unknown-base",
        ),
        pytest.param(
            "max_speed_m_s: 0.03", "battery_wh: 0", "8:18 VehicleClass.battery must be > 0", "", id="no-battery"
        ),
        pytest.param(
            "vehicle: slow",
            "vehicle: slwo",
            "11:37 there is no vehicle class 'slwo'",
            "did you mean 'slow'?",
            id="unknown-vehicle",
        ),
        pytest.param(
            "{id: r1, agency: CNSA",
            "{id: r1, agency: NASA",
            "11:22 there is no agency 'NASA'",
            "did you mean 'CNSA'?",
            id="unknown-agency",
        ),
        pytest.param("{id: r1,", "{id: lander,", "11:6 'lander' is already an id in line 10", "", id="double-id"),
        pytest.param("{id: r1,", "{id: ground,", "11:10 the id 'ground' means mission control", "", id="reserved-id"),
        pytest.param(
            "coordinator: lander",
            "coordinator: landr",
            "12:14 there is no rover 'landr'",
            "did you mean 'lander'?",
            id="unknown-coordinator",
        ),
        pytest.param(
            "coordinator: lander",
            "coordinator: lander\nelection: {rule: order, order: [lander, r2]}",
            "13:41 there is no rover 'r2'",
            "known here: lander, r1",
            id="unknown-in-order",
        ),
        pytest.param(
            "coordinator: lander",
            "coordinator: lander\nelection: {may_miss: 1}",
            "13:22 of 2 rovers fewer than half may be missing, not 1",
            "at most 0",
            id="too-many-missing",
        ),
        pytest.param(
            "coordinator: lander",
            "coordinator: lander\nelection: {may_miss: 1, voters: drivers}",
            "13:22 of 1 rovers that drive fewer than half may be missing, not 1",
            "at most 0",
            id="too-many-drivers-missing",
        ),
        pytest.param(
            "coordinator: lander",
            "coordinator: lander\nelection: {rule: lowest_id, order: [r1]}",
            "13:11 election: rule: order needs an order, and an order needs rule: order",
            "",
            id="order-without-rule",
        ),
        pytest.param(
            "docks: {source: lander",
            "docks: {source: r1",
            "13:17 docks need a machine that stands and charges others; a slow does not",
            "",
            id="dock-at-a-rover",
        ),
        pytest.param(
            "view: {near: lander, min_m: 20",
            "view: {near: viw, min_m: 20",
            "16:16 there is no place, rover, crater or zone 'viw'",
            "did you mean 'view'?",
            id="unknown-place",
        ),
        pytest.param(
            "view: {near: lander, min_m: 20",
            "view: {near: view, min_m: 20",
            "16:3 where these are goes in a circle: view -> view",
            "",
            id="place-near-itself",
        ),
        pytest.param(
            "kind: image, at: view",
            "kind: sample, at: view, sample_kg: 99, bring_to: lander",
            "20:48 no rover that can drill carries 99 kg; the most is 60 kg",
            "make it lighter, or give its vehicle more payload_kg",
            id="too-heavy",
        ),
        pytest.param(
            "kind: image, at: view",
            "kind: deploy, at: view, item_kg: 9, from: lander",
            "20:19 no rover has the capability 'deploy' that deploy needs",
            "give it to the vehicle of a rover (vehicles: capabilities), or leave this task out",
            id="nobody-can",
        ),
        pytest.param(
            "at: view, work",
            "at: veiw, work",
            "20:30 there is no place or rover 'veiw'",
            "did you mean 'view'?",
            id="task-at-nothing",
        ),
        pytest.param(
            "at: view, work: 5m}",
            "at: view, work: 5m, after: [c]}",
            "20:53 tasks wait for each other in a circle: a after c after b after a",
            "let a not come after c, or another of them not wait",
            id="circle-of-tasks",
        ),
        pytest.param(
            "after: [a]", "after: [d]", "21:111 there is no task 'd'", "known here: a, b, c", id="after-nothing"
        ),
        pytest.param(
            "at: view, work: 5m}",
            "at: view, work: 5m, earliest: 1h, latest: 1h}",
            "20:68 latest (3600 s) must be after earliest (3600 s)",
            "",
            id="no-time",
        ),
        pytest.param(
            "at: view, work: 5m}",
            "at: view, work: 5m, ordered_at: 3h}",
            "20:58 ordered_at (10800 s) lies after the end of the mission (7200 s)",
            "",
            id="too-late",
        ),
        pytest.param(
            "takes: {regolith: 20}",
            "contact: moon, takes: {regolith: 20}",
            "22:35 contact must be one of none, earth, coordinator; got 'moon'",
            "",
            id="no-such-contact",
        ),
        pytest.param(
            "takes: {regolith: 20}",
            "takes: {regolit: 20}",
            "22:43 takes 20 of 'regolit', but there will never be more than 0",
            "did you mean 'regolith'?",
            id="unknown-stock",
        ),
        pytest.param(
            "takes: {regolith: 20}",
            "takes: {regolith: 26}",
            "22:44 takes 26 of 'regolith', but there will never be more than 25",
            "haul or make more of it, or take less",
            id="too-little-stock",
        ),
        pytest.param(
            "size_m: 300, pixel_m: 5",
            "size_m: 300, pixel_m: 5, rocks: [{centre_m: [0, 160], radius_m: 1}]",
            "6:66 [0, 160] is off the map, which reaches to 150 m from its middle",
            "bring it nearer, or make size_m larger",
            id="rock-off-the-map",
        ),
        pytest.param(
            "tasks_done: all", "tasks_done: 4", "24:17 4 tasks cannot be done, there are 3", "", id="too-many-tasks"
        ),
        pytest.param(
            "tasks_done: all",
            "tasks_done: [a, d]",
            "24:21 there is no task 'd'",
            "known here: a, b, c",
            id="expecting-no-task",
        ),
        pytest.param(
            "kind: image, at: view, work: 5m",
            "kind: film, rover: r2, at: view, work: 5m",
            "20:32 there is no rover 'r2'",
            "known here: lander, r1",
            id="film-of-nobody",
        ),
        pytest.param(
            "kind: image, at: view, work: 5m",
            "kind: relay, at: view, hears: [lander, r3]",
            "20:52 there is no rover 'r3'",
            "known here: lander, r1",
            id="relay-for-nobody",
        ),
        pytest.param(
            "after: [a]}",
            "beside: [a]}",
            "21:111 a, b must be worked on at once, by 2 rovers; 1 of them can be",
            "let fewer be named, or give more rovers the capabilities that these need",
            id="too-few-hands",
        ),
        pytest.param(
            "kind: image, at: view, work: 5m",
            "kind: image, at: view, work: 5m, beside: [a]",
            "20:55 'a' cannot go on beside itself",
            "",
            id="beside-itself",
        ),
        pytest.param(
            "kind: image, at: view, work: 5m",
            "kind: charge, rover: lander",
            "20:19 no rover has the capability 'charge-others' that charge needs",
            "give it to the vehicle of a rover (vehicles: capabilities), or leave this task out",
            id="nobody-charges",
        ),
        pytest.param(
            "tasks_done: all",
            "kinds_done: [survey]",
            "24:18 there is no task of kind 'survey'",
            "",
            id="expecting-no-kind",
        ),
        pytest.param(
            "tasks_done: all",
            "instruments_alive: all",
            "24:24 no task sets up an instrument with power and heat of its own",
            "give tasks of the kind deploy the key instrument: {}",
            id="expecting-no-instrument",
        ),
        pytest.param(
            "tasks_done: all",
            "stock: {gold: {at_least: 1}}",
            "24:19 there is no stock 'gold'",
            "known here: bricks, regolith",
            id="expecting-no-stock",
        ),
        pytest.param(
            "tasks_done: all",
            "broken: [r2]",
            "24:14 there is no rover 'r2'",
            "known here: lander, r1",
            id="expecting-no-rover",
        ),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(check: Check, old: str, new: str, told: str, remedy: str) -> None:
    found = check(old, new)

    assert [(f"{problem.line}:{problem.column} {problem.fact}", problem.remedy) for problem in found] == [
        (told, remedy)
    ]
