"""Work that cannot be done as a file says is refused where it stands, with why and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load_scenario

BASE = """moonfleet: 2
name: bad
start: 2029-10-20T00:00:00Z
duration: 4h
site: {lat_deg: -84.6, lon_deg: 31.0}
terrain: {generate: {size_m: 150, pixel_m: 3, rocks_per_km2: 0, level: [{centre_m: [0, 0], radius_m: 100}]}}
agencies: [{id: CNSA}, {id: METU}]
rovers:
  - {id: lander, agency: CNSA, vehicle: change8-lander, agent: lander, place: {at_m: [0, 0]}}
  - {id: digger, agency: CNSA, vehicle: cnsa-rover, agent: prospector, place: {at_m: [16, 0]}}
  - {id: scout, agency: METU, vehicle: metu-micro, agent: micro, place: {at_m: [-14, 8]}}
coordinator: lander
zones:
  - {id: hole, kind: keep-out, circle: {centre: {at_m: [40, 40]}, radius_m: 15}}
stock: {regolith: 5}
tasks:
"""
FIRST = BASE.count("\n") + 1  # The line of the first task.
A = "id: a, kind: image, at: {at_m: [20, 20]}, work: 10m"
B = "id: b, kind: image, at: {at_m: [22, 20]}, work: 10m"
C = "id: c, kind: image, at: {at_m: [24, 20]}, work: 10m"
SAMPLE = "id: a, kind: sample, at: {at_m: [20, 20]}, work: 50m, bring_to: lander"
TRIPS = "stock: sand, total_kg: 100, load_kg: 10, work: 10m"
HAUL = f"id: a, kind: haul, from: {{at_m: [20, 20]}}, to: {{at_m: [-20, 20]}}, {TRIPS}"
SURVEY = "id: a, kind: survey, polygon_m: [[10, 10], [30, 10], [30, 30], [10, 30]], spacing_m: 5"

#: What is wrong: tasks, what is said, and what to do; the line and column of the first word that is at fault.
CASES = {
    "circle": ([f"{A}, after: [b]", f"{B}, after: [a]"], "in a circle: a after b after a", "let a not come after b"),
    "after itself": ([f"{A}, after: [a]"], "in a circle: a after a", ""),
    "circle over work at once": (
        [f"{A}, beside: [b]", f"{B}, after: [c]", f"{C}, after: [a]"],
        "in a circle: b after c after a at once with b",
        "",
    ),
    "circle over a relay": (
        ["id: r, kind: relay, at: {at_m: [20, 20]}, during: c", f"{B}, after: [r]", f"{C}, after: [b]"],
        "in a circle: b after r at once with c after b",
        "",
    ),
    "latest before earliest": (
        [f"{A}, earliest: 1h, latest: 30m"],
        "latest (1800 s) must be after earliest (3600 s)",
        "",
    ),
    "window shorter than the work": (
        [f"{A}, earliest: 1h, latest: 65m"],
        "cannot be done by latest (3900 s): its work takes at least 600 s and cannot begin before 0d 01:00:00",
        "make its window longer, or order it sooner",
    ),
    "sample that takes too long": (
        [f"{SAMPLE}, sample_kg: 1, latest: 40m"],
        "its work takes at least 3600 s",
        "make its window longer",
    ),
    "trips that take too long": ([f"{HAUL}, latest: 3h"], "its work takes at least 12000 s", "make its window longer"),
    "stations that take too long": (
        [f"{SURVEY}, dwell: 10m, latest: 1h"],
        "cannot be done by latest: 16 steps take at least 9600 s",
        "make its window longer",
    ),
    "ordered after its time": (
        [f"{A}, ordered_at: 2h, latest: 1h"],
        "cannot begin before 0d 02:00:00",
        "order it sooner",
    ),
    "after what ends too late": (
        [f"{A}, earliest: 2h", f"{B}, after: [a], latest: 1h"],
        "cannot begin before 0d 02:10:00",
        "it comes after a, which is not done before 0d 02:10:00",
    ),
    "at once with what begins too late": (
        [f"{A}, latest: 1h, beside: [b]", f"{B}, earliest: 2h"],
        "cannot begin before 0d 02:00:00",
        "it goes on beside b, which cannot begin before 0d 02:00:00",
    ),
    "after the end of the mission": ([f"{A}, earliest: 5h"], "lies after the end of the mission (14400 s)", ""),
    "before the mission": ([f"{A}, earliest: -1h"], "'-1h' is not a time", ""),
    "what nobody can": (
        ["id: a, kind: measure, capability: sing, at: {at_m: [20, 20]}, work: 10m"],
        "no rover has the capability 'sing' that measure needs",
        "give it to the vehicle of a rover",
    ),
    "three for two": (
        [f"{A}, beside: [b, c]", B, C],
        "a, b, c must be worked on at once, by 3 rovers; 2 of them can be",
        "let fewer be named",
    ),
    "three in a row for two": (
        [f"{A}, beside: [b]", f"{B}, beside: [c]", C],
        "a, b, c must be worked on at once, by 3 rovers; 2 of them can be",
        "",
    ),
    "negative": ([f"{SAMPLE}, sample_kg: -1"], "sample_kg must be greater than 0, got -1", ""),
    "nothing": ([f"{SAMPLE}, sample_kg: 0"], "sample_kg must be greater than 0, got 0", ""),
    "no number": ([f"{SAMPLE}, sample_kg: .nan"], ".nan is not a finite number", ""),
    "infinite": ([f"{SAMPLE}, sample_kg: .inf"], ".inf is not a finite number", ""),
    "no time": (["id: a, kind: image, at: {at_m: [20, 20]}, work: 0"], "work takes no time", "such as 10m"),
    "no time at a station": ([f"{SURVEY}, dwell: 0s"], "dwell takes no time", "such as 10m"),
    "worth less than nothing": ([f"{A}, value: -1"], "value must be greater than or equal to 0, got -1", ""),
    "too heavy": ([f"{SAMPLE}, sample_kg: 99"], "no rover that can drill carries 99 kg; the most is 60 kg", ""),
    "an id twice": ([A, A], f"'a' is already an id in line {FIRST}", ""),
    "named twice": ([A, f"{B}, after: [a, a]"], "'a' is named twice", ""),
    "unknown": ([f"{A}, beside: [bb]", B], "there is no task 'bb'", "did you mean 'b'?"),
    "off the map": (
        ["id: a, kind: image, at: {at_m: [2000, 20]}, work: 10m"],
        "[2000, 20] is off the map",
        "the map reaches from",
    ),
    "in closed ground": (
        ["id: a, kind: image, at: {at_m: [40, 40]}, work: 10m"],
        "cannot get to [40, 40]",
        "lies in keep-out zone hole",
    ),
    "wholly in closed ground": (
        ["id: a, kind: survey, line_m: [[35, 40], [45, 40]], spacing_m: 4, dwell: 1m"],
        "none of the 4 stations is reachable",
        "",
    ),
    "more than there will be": (
        ["id: a, kind: print, by: lander, work: 10m, takes: {regolith: 100}"],
        "takes 100 of 'regolith', but there will never be more than 5",
        "",
    ),
    "an order without right": (
        [f"{A}}}\norders:\n  - {{order: cancel, task: a, by: METU, at: 5m"],
        "a: METU has no right to pause or cancel work of CNSA",
        "give that right in the rights table",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_work_that_cannot_be_done_is_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    tasks, fact, remedy = CASES[name]
    file = tmp_path / "bad.yaml"
    file.write_text(BASE + "".join(f"  - {{{task}}}\n" for task in tasks), "utf-8")

    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)

    first, *_ = caught.value.problems
    assert fact in first.fact
    assert remedy in first.remedy
    assert first.line >= FIRST
    assert first.column > 3
