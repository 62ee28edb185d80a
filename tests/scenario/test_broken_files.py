"""What is said about a scenario file that is wrong: place, fact, remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from sim.scenario import Problem, ScenarioError, check_scenario, load_scenario

Check: TypeAlias = Callable[[str, str], tuple[Problem, ...]]


def test_a_good_file_has_no_problems(tmp_path: Path, good: str) -> None:
    file = tmp_path / "good.yaml"
    file.write_text(good)

    assert check_scenario(file) == ()


_NEWER = "1:12 moonfleet must be at most 2, got 3: the file is for a newer Moonfleet, so install that"


@pytest.mark.parametrize(
    ("old", "new", "told", "remedy"),
    [
        pytest.param("name: good\n", "", "1:1 key 'name' is missing", "", id="missing-key"),
        pytest.param(
            "name: good", "name: good\nsed: 3", "3:1 unknown key 'sed'", "did you mean 'seed'?", id="unknown-key"
        ),
        pytest.param(
            "name: good", "name: good\nname: x", "3:1 key 'name' is already given in line 2", "", id="double-key"
        ),
        pytest.param("moonfleet: 2", "moonfleet: 3", _NEWER, "", id="newer-version"),
        pytest.param(
            "name: good",
            "name: a b",
            "2:7 name 'a b' must be letters, digits, dots, dashes and underscores, beginning with a letter or digit",
            "",
            id="bad-id",
        ),
        pytest.param(
            "duration: 2h",
            "duration: 2 hours",
            "4:11 duration: '2 hours' is not a time like 90, 90s, 15m, 2h, 3d or 1d12h",
            "",
            id="bad-duration",
        ),
        pytest.param(
            "2029-10-20T00:00:00Z",
            "20.10.2029",
            "3:8 start: '20.10.2029' is not a date like 2029-10-20T00:00:00Z",
            "",
            id="bad-date",
        ),
        pytest.param(
            "2029-10-20T00:00:00Z", "0029-10-20", "3:8 start: the year 29 is not within 1950-2098", "", id="bad-year"
        ),
        pytest.param(
            "lat_deg: -84.6",
            "lat_deg: -94.6",
            "5:17 lat_deg must be greater than or equal to -90, got -94.6",
            "",
            id="bad-latitude",
        ),
        pytest.param("size_m: 300", "size_m: big", "6:30 size_m must be a number, got 'big'", "", id="text-for-number"),
        pytest.param(
            "pixel_m: 5",
            "pixel_m: 5, map_pixel_m: 12",
            "6:21 generate: map_pixel_m must be a multiple of pixel_m that parts size_m evenly, got 12",
            "",
            id="map pixel",
        ),
        pytest.param(
            "pixel_m: 5",
            "pixel_m: 50",
            "6:21 generate: size_m / pixel_m must be 16 to 4096 cells, got 6",
            "",
            id="too-few-cells",
        ),
        pytest.param(
            "{id: CNSA}",
            "{id: CNSA, colour: red}",
            "7:31 colour 'red' must be a colour like \"#D55E00\"",
            "",
            id="bad-colour",
        ),
        pytest.param(
            "max_m: 60", "max_m: 10", "16:9 view: max_m must be more than min_m, got 10 and 20", "", id="empty-ring"
        ),
        pytest.param(
            "max_m: 60",
            "max_m: 60, ligth: dark",
            "16:46 unknown key 'ligth'",
            "did you mean 'light'?",
            id="unknown-key-of-a-rule",
        ),
        pytest.param(
            "view: {near: lander, min_m: 20, max_m: 60}",
            "view: {nearby: 3}",
            "16:9 view: a place is {at_m: [x, y]}, {level: true}, {in: ...} or {near: ..., max_m: ...}; got a mapping",
            "",
            id="no-rule",
        ),
        pytest.param(
            "circle: {centre: lander, radius_m: 4}",
            "polygon_m: [[0, 0], [4, 4], [4, 0], [0, 4]]",
            "18:5 zones: polygon_m crosses itself or has no area",
            "",
            id="bow-tie",
        ),
        pytest.param(
            "kind: keep-out",
            "kind: keepout",
            "18:23 kind must be one of keep-out, pad, crater, site, shadow; got 'keepout'",
            "did you mean 'keep-out'?",
            id="unknown-kind-of-zone",
        ),
        pytest.param(
            "kind: image",
            "kind: imgae",
            "20:19 kind must be one of deploy, survey, image, sample, haul, print, measure, relay, film, charge, tow, "
            "wait; got 'imgae'",
            "did you mean 'image'?",
            id="unknown-kind-of-task",
        ),
        pytest.param(
            "kind: image, at: view, work: 5m",
            "kind: image, at: view",
            "20:5 key 'work' is missing",
            "",
            id="task-without-work",
        ),
        pytest.param(
            "tasks_done: all",
            "tasks_don: all",
            "24:5 unknown key 'tasks_don'",
            "did you mean 'tasks_done'?",
            id="unknown-rule",
        ),
        pytest.param(
            "tasks_done: all",
            "no_rover_lost: yes",
            "24:20 no_rover_lost must be true, got 'yes'",
            "",
            id="yes-is-not-true",
        ),
        pytest.param(
            "tasks_done: all",
            "{collisions: 0, agents_broken: 0}",
            "24:5 expect: one expectation has exactly one key; begin each with a dash",
            "",
            id="two-rules-in-one",
        ),
        pytest.param("tasks_done: all", "charged: {}", "24:14 charged needs at_least or at_most", "", id="no-bound"),
    ],
)
def test_a_wrong_key_or_value_is_told_at_its_place(check: Check, old: str, new: str, told: str, remedy: str) -> None:
    found = check(old, new)

    assert [(f"{problem.line}:{problem.column} {problem.fact}", problem.remedy) for problem in found] == [
        (told, remedy)
    ]


def test_all_problems_come_together_with_their_lines(tmp_path: Path, good: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(good.replace("agency: CNSA, vehicle: slow", "agency: NASA, vehicle: slwo"))

    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)

    line = "  - {id: r1, agency: NASA, vehicle: slwo, agent: prospector, place: {near: lander, min_m: 12, max_m: 40}}"
    assert str(caught.value) == "\n".join(
        [
            f"{file}:11:22: there is no agency 'NASA'",
            f"   11 | {line}",
            "      |                      ^",
            "  did you mean 'CNSA'?",
            f"{file}:11:37: there is no vehicle class 'slwo'",
            f"   11 | {line}",
            "      |                                     ^",
            "  did you mean 'slow'?",
        ]
    )


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        pytest.param(b"\xff\xfe\x00", "line 1 is not UTF-8 text", id="not-utf-8"),
        pytest.param(b"#" * 1_000_001, "more than the 1000000 bytes that a scenario may have", id="too-large"),
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"[1, 2]", "the file must be a mapping, got a list", id="list"),
    ],
)
def test_what_is_no_scenario_is_refused(tmp_path: Path, data: bytes, fact: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(data)

    assert [problem.fact for problem in check_scenario(file)] == [fact]


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    (problem,) = check_scenario(tmp_path / "no.yaml")

    assert (problem.place, problem.fact) == (str(tmp_path / "no.yaml"), "cannot be read: No such file or directory")
