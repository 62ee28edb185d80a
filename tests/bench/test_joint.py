"""Benchmarks of joint planning: what they read, what they write, and what they say of wrong files."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from fleet.core import ConfigError, ManualClock, array_stream
from fleet.planning.joint import RepairingJointPlanner, validate_joint_plan
from fleet.sdk.joint import JointPlan
from sim.bench import bench_joint, grid_problem, joint_figures, roadmap_problem, write_paths, write_plans
from sim.bench.movingai import read_map
from sim.bench.roadmap import read_roadmap
from sim.cli.app import app, guarded

MAP = "type octile\nheight 2\nwidth 3\nmap\n..@\n...\n"
SCENARIO = "version 1\n0\tm.map\t3\t2\t0\t0\t2\t1\t3.0\n0\tm.map\t3\t2\t1\t1\t0\t0\t2.0\n"
ROADMAP = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="key0" for="node" attr.name="coords" attr.type="string" />
  <graph id="G" edgedefault="directed">
    <node id="n0"><data key="key0">0,0</data></node>
    <node id="n1"><data key="key0">3,4</data></node>
    <node id="n2"><data key="key0">3,-4</data></node>
    <edge id="e0" source="n0" target="n1"/>
    <edge id="e1" source="n1" target="n2"/>
    <edge id="e2" source="n2" target="n0"/>
  </graph>
</graphml>
"""
TASKS = """<root>
  <agent start_id="0" goal_id="2"/>
  <agent start_id="1" goal_id="0"/>
</root>
"""


def _files(folder: Path, **texts: str) -> list[Path]:
    files = []
    for name, text in texts.items():
        files.append(folder / name)
        files[-1].write_text(text, encoding="utf-8")
    return files


def test_a_grid_is_read_planned_and_written(tmp_path: Path) -> None:
    map_file, scenario = _files(tmp_path, map=MAP, scen=SCENARIO)
    problem = grid_problem(map_file, scenario, 2)

    result = bench_joint(problem, ManualClock(), 0.0, 0)
    write_paths(tmp_path / "out.json", result)

    paths = json.loads((tmp_path / "out.json").read_text())["paths"]
    assert [(path[0], path[-1]) for path in paths] == [([0, 0], [2, 1]), ([1, 1], [0, 0])]
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) <= 1 for path in paths for a, b in pairwise(path))
    assert joint_figures(result)["sum_of_costs"] == sum(len(path) - 1 for path in paths)


def test_a_roadmap_is_read_planned_and_written(tmp_path: Path) -> None:
    map_file, task_file = _files(tmp_path, map=ROADMAP, task=TASKS)
    problem = roadmap_problem(map_file, task_file, 2, (0.3, 0.5), (1.0, 0.5))

    result = bench_joint(problem, ManualClock(), 0.0, 0)
    write_plans(tmp_path / "out.json", result)

    plans = json.loads((tmp_path / "out.json").read_text())["plans"]
    assert plans[0][0] == [0.0, 0.0, 0.0]
    assert plans[0][-1][1:] == [3.0, -4.0]
    assert joint_figures(result)["lower_bound"] == pytest.approx(13.0 + 26.0)
    assert joint_figures(result)["flowtime"] == pytest.approx(sum(plan[-1][0] for plan in plans))


@pytest.mark.parametrize(
    ("text", "place", "fact"),
    [
        pytest.param("", "", "has no line 'map'", id="empty"),
        pytest.param("type octile\nheight x\nwidth 3\nmap\n", ":2", "height 'x' is no whole number", id="height"),
        pytest.param("height 2\nwidth 3\nmap\n...\n", ":4", "ends after 1 of 2 rows", id="short"),
        pytest.param("height 1\nwidth 3\nmap\n..\n", ":4", "has 2 cells, not 3", id="narrow"),
        pytest.param("height 1\nwidth 3\nmap\n.?.\n", ":4", "cell '?' is none of", id="cell"),
        pytest.param("height 1\nwidth 3\nmap\n...\n...\n", ":5", "goes on after 1 rows", id="long"),
        pytest.param("height 999999\nwidth 999999\nmap\n", "", "is 999999 x 999999 cells", id="huge"),
        pytest.param("size 3\nmap\n", ":1", "'size 3' is none of", id="word"),
    ],
)
def test_a_wrong_map_is_told_with_its_line(tmp_path: Path, text: str, place: str, fact: str) -> None:
    (file,) = _files(tmp_path, map=text)

    with pytest.raises(ConfigError) as caught:
        read_map(file)

    assert caught.value.place == f"{file}{place}"
    assert fact in caught.value.fact


@pytest.mark.parametrize(
    ("text", "place", "fact"),
    [
        pytest.param("", ":1", "does not begin with 'version 1'", id="empty"),
        pytest.param("version 1\n0\tm\t3\n", ":2", "has 3 fields, not 9", id="fields"),
        pytest.param("version 1\n0\tm\t9\t2\t0\t0\t1\t1\t1\n", ":2", "is for a map of 9 x 2 cells", id="other-map"),
        pytest.param("version 1\n0\tm\t3\t2\t2\t0\t1\t1\t1\n", ":2", "start (2, 0) lies in an obstacle", id="blocked"),
        pytest.param("version 1\n0\tm\t3\t2\t0\t0\t3\t1\t1\n", ":2", "goal (3, 1) lies outside the map", id="outside"),
        pytest.param("version 1\n0\tm\t3\t2\t-1\t0\t1\t1\t1\n", ":2", "'-1' is no whole number", id="negative"),
        pytest.param("version 1\n", "", "has 0 agents, not 2", id="few"),
    ],
)
def test_a_wrong_scenario_is_told_with_its_line(tmp_path: Path, text: str, place: str, fact: str) -> None:
    files = _files(tmp_path, map=MAP, scen=text)

    with pytest.raises(ConfigError) as caught:
        grid_problem(files[0], files[1], 2)

    assert caught.value.place == f"{files[1]}{place}"
    assert fact in caught.value.fact


@pytest.mark.parametrize(
    ("old", "new", "place", "fact"),
    [
        pytest.param("</graphml>", "", ":12", "is not well-formed XML", id="cut"),
        pytest.param("3,4", "3", ":6", "'3' is not x,y", id="coords"),
        pytest.param("3,4", "3,nan", ":6", "is no place", id="nan"),
        pytest.param('target="n1"', 'target="n7"', ":8", "there is no node 'n7'", id="edge"),
        pytest.param('source="n0" ', "", ":8", "<edge> has no source", id="no-source"),
        pytest.param('id="n1"', 'id="n0"', ":6", "there is a second node 'n0'", id="twice"),
        pytest.param("graphml", "gml", ":2", "is a <gml>", id="root"),
        pytest.param("<graphml", '<!DOCTYPE x [<!ENTITY a "b">]>\n<graphml', "", "declares a document type", id="bomb"),
    ],
)
def test_a_wrong_roadmap_is_told_with_its_line(tmp_path: Path, old: str, new: str, place: str, fact: str) -> None:
    (file,) = _files(tmp_path, map=ROADMAP.replace(old, new))

    with pytest.raises(ConfigError) as caught:
        read_roadmap(file)

    assert caught.value.place == f"{file}{place}"
    assert fact in caught.value.fact


def test_a_wrong_task_is_told_with_its_line(tmp_path: Path) -> None:
    files = _files(tmp_path, map=ROADMAP, task=TASKS.replace('goal_id="0"', 'goal_id="3"'))

    with pytest.raises(ConfigError, match=r"task:3: goal_id '3' is none of the 3 nodes"):
        roadmap_problem(files[0], files[1], 2, (0.3,), (1.0,))


def _random_64(folder: Path, agents: int) -> list[Path]:
    """Write a map like MovingAI's random-64-64-20, and a scenario on it."""
    chance = array_stream(20, "random-64-64-20")
    free = chance.random((64, 64)) >= 0.2
    reached = np.zeros_like(free)
    reached[tuple(np.argwhere(free)[len(np.argwhere(free)) // 2])] = True
    for _ in range(300):
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        reached = grown & free
    cells = np.argwhere(reached)[:, ::-1]
    starts, goals = cells[chance.permutation(len(cells))], cells[chance.permutation(len(cells))]
    rows = "\n".join("".join(".@"[not cell] for cell in row) for row in free)
    lines = [
        f"0\trandom.map\t64\t64\t{a[0]}\t{a[1]}\t{b[0]}\t{b[1]}\t0"
        for a, b in zip(starts[:agents], goals[:agents], strict=True)
    ]
    return _files(
        folder, map=f"type octile\nheight 64\nwidth 64\nmap\n{rows}\n", scen="version 1\n" + "\n".join(lines) + "\n"
    )


def test_four_hundred_on_a_grid_of_64_are_solved_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    map_file, scenario = _random_64(tmp_path, 400)
    out = tmp_path / "out.json"
    words = ["bench", "mapf", "--map", str(map_file), "--scen", str(scenario), "-n", "400", "--out", str(out)]

    code = guarded(lambda: app([*words, "--time-limit", "1", "--json"], standalone_mode=False))

    values = json.loads(capsys.readouterr().out)
    paths = json.loads(out.read_text())["paths"]
    assert (code, values["solved"], len(paths)) == (0, True, 400)
    assert values["sum_of_costs"] == sum(len(path) - 1 for path in paths)
    assert values["lower_bound"] <= values["sum_of_costs"]
    for step in range(values["makespan"] + 1):
        assert len({tuple(path[min(step, len(path) - 1)]) for path in paths}) == 400


def test_what_cannot_be_solved_ends_with_one_and_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tasks = TASKS.replace('start_id="1"', 'start_id="0"')
    map_file, task_file = _files(tmp_path, map=ROADMAP, task=tasks)
    words = ["bench", "roadmap", "--map", str(map_file), "--task", str(task_file), "-n", "2", "--json"]

    code = guarded(lambda: app(words, standalone_mode=False))

    values = json.loads(capsys.readouterr().out)
    assert (code, values["solved"], values["flowtime"]) == (1, False, None)
    assert "starts of movers 0 and 1 overlap" in values["reason"]


@pytest.mark.parametrize("name", ["sparse", "dense"])
def test_public_roadmaps_are_solved(name: str) -> None:
    shared = [parent / "shared" / "data" / "mapf" for parent in Path(__file__).resolve().parents]
    folder = next((place / f"roadmap-{name}" for place in shared if place.is_dir()), None)
    if folder is None:
        pytest.skip("no public instances here")
    problem = roadmap_problem(folder / "map.xml", folder / "2_task.xml", 30, (0.2, 0.45), (1.0, 0.6))

    *_, plan = RepairingJointPlanner(answers=20).plans(problem)

    assert isinstance(plan, JointPlan)
    assert validate_joint_plan(plan, problem) == ()
    assert plan.cost < 1.2 * plan.bound
