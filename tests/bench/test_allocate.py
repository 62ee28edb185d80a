"""The benchmark of allocation: what it reads, what it says of wrong files, and what it prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from fleet.core import ConfigError, PluginError, RoverId, WallClock
from fleet.messages import Bid, Task
from fleet.tasks.allocation import NEVER, allocate, plan_of_orders, rank, validate_allocation
from sim.bench.allocate import Budget, bench_coalitions, bench_fleets, draw_fleet, read_coalitions, read_solomon
from sim.bench.allocate.auction import auctioned
from sim.bench.allocate.fleets import Family
from sim.bench.allocate.peers import MODULES, PEERS
from sim.bench.peers import missing
from sim.cli.app import app, guarded

SOLOMON = """Tiny

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0       100          0
    1      3         4          6          0        50          1
    2      3         0          4          5         5          1
    3      0         4          6          0        50          1
"""
COALITION: dict[str, Any] = {
    "id": "one",
    "Q": [[1, 0], [0, 1]],
    "R": [[0, 0], [1, 1], [1, 0], [0, 0]],
    "T_e": [0, 10, 5, 0],
    "task_locations": [[0, 0], [3, 4], [3, 0], [0, 0]],
    "precedence": [[2, 1]],
}


def _written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def _budget(seconds: float = 0.05) -> Budget:
    return Budget(clock=WallClock(), say=lambda _: None, seconds=seconds, peer_seconds=0.3)


def test_a_solomon_file_is_solved_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _written(tmp_path, "tiny.txt", SOLOMON)

    words = ["bench", "allocate", "--instance", str(file), "--time-limit", "0.2", "--json"]
    code = guarded(lambda: app(words, standalone_mode=False))
    told = json.loads(capsys.readouterr().out)

    assert not code
    assert sorted(sorted(route) for route in told["routes"]) == [[1, 2], [3]]
    assert told["vehicles"] == 2
    assert told["objective"] == pytest.approx(12.0 + 8.0)
    assert set(told["skipped"]) == {"pyvrp", "ortools"}


@pytest.mark.parametrize(
    ("old", "new", "place", "fact"),
    [
        pytest.param("VEHICLE", "CARS", "", "has no line 'VEHICLE'", id="head"),
        pytest.param("NUMBER     CAPACITY", "CAPACITY", ":3", "is not followed by 'NUMBER CAPACITY'", id="columns"),
        pytest.param("  2         10", "  2", ":5", "has 1 numbers, not 2", id="capacity"),
        pytest.param("  2         10", "  0  10", ":5", "has 0 vehicles", id="no-vehicles"),
        pytest.param("    2      3 ", "    7      3 ", ":12", "is customer 7, and 2 is next", id="order"),
        pytest.param("       5         5 ", "       9         5 ", ":12", "after its due date 5", id="window"),
        pytest.param("    1      3 ", "    1      nan ", ":11", "'nan' is not from", id="nan"),
        pytest.param("    1      3 ", "    1      x ", ":11", "'x' is no number", id="word"),
        pytest.param("  0         4          6 ", "  0         4          -6 ", ":13", "'-6' is not from 0", id="load"),
        pytest.param("6          0        50          1\n    2", "6 0 50\n    2", ":11", "has 6 numbers", id="short"),
    ],
)
def test_a_wrong_solomon_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, place: str, fact: str) -> None:
    assert old in SOLOMON
    file = _written(tmp_path, "wrong.txt", SOLOMON.replace(old, new))

    with pytest.raises(ConfigError) as caught:
        read_solomon(file)

    assert caught.value.place == f"{file}{place}"
    assert fact in caught.value.fact


def test_a_coalition_is_solved_with_proof(tmp_path: Path) -> None:
    file = _written(tmp_path, "one.jsonl", json.dumps(COALITION) + "\n\n")

    _, _, figures = bench_coalitions(file, _budget(0.5))

    (told,) = figures["instances"]
    assert told["proven"]
    assert told["makespan"] == pytest.approx(3.0 + 5.0 + 4.0 + 10.0 + 5.0)
    assert told["schedule"] == [
        {"task": 1, "start": pytest.approx(12.0), "robots": [0, 1]},
        {"task": 2, "start": pytest.approx(3.0), "robots": [0]},
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"T_e": [0, 1]}, "T_e has 2 entries, and R has 4", id="short"),
        pytest.param({"Q": [[1, 0], [0]]}, "not all rows", id="ragged"),
        pytest.param({"Q": [[2, 0], [0, 1]]}, "less than or equal to 1", id="flag"),
        pytest.param({"precedence": [[0, 1]]}, "names no task", id="depot"),
        pytest.param({"precedence": [[1, 2], [2, 1]]}, "waits for itself", id="circle"),
        pytest.param({"T_e": [0, -1, 5, 0]}, "greater than or equal to 0", id="negative"),
    ],
)
def test_a_wrong_coalition_is_told_with_its_line(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    file = _written(tmp_path, "wrong.jsonl", "\n" + json.dumps(COALITION | changes))

    with pytest.raises(ConfigError, match=r"wrong\.jsonl:2") as caught:
        read_coalitions(file)

    assert words in str(caught.value)


def test_what_is_no_json_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no JSON"):
        read_coalitions(_written(tmp_path, "wrong.jsonl", "{"))


def test_fleets_are_the_same_for_one_seed_and_others_for_another() -> None:
    prints = [draw_fleet("rover", 4, 12, seed).fingerprint() for seed in (1, 1, 2)]

    assert prints[0] == prints[1] != prints[2]


def test_rows_have_the_names_that_are_promised() -> None:
    rows, _ = bench_fleets(_budget(), (("minsum", 3, 8), ("rover", 4, 8)))

    assert [row.name for row in rows] == ["minsum-3x8", "first-3x8", "rover-4x8"]


@pytest.mark.parametrize("peer", list(PEERS))
@pytest.mark.parametrize("family", ["minsum", "rover"])
def test_a_peer_s_plan_holds_by_our_judge(peer: str, family: Any) -> None:
    if peer in (reasons := missing(MODULES)):
        pytest.skip(reasons[peer])
    problem = draw_fleet(family, 4, 10, 3)

    plan = PEERS[peer](problem, 0.3, 0)

    assert plan is not None
    assert validate_allocation(plan, problem) == ()


def test_orders_that_come_too_late_are_found_out() -> None:
    problem = draw_fleet("rover", 1, 30, 0)
    able = [
        number
        for number, task in enumerate(problem.tasks)
        if task.value < NEVER and task.roles[0] <= problem.rovers[0].capabilities
    ]

    plan = plan_of_orders(problem, [able])

    assert any("starts task" in fault or "is at its end" in fault for fault in validate_allocation(plan, problem))


@pytest.mark.parametrize("family", ["minsum", "rover"])
def test_an_auction_gives_a_plan_that_holds_and_that_search_makes_better(family: Family) -> None:
    problem = draw_fleet(family, 5, 40, 3)

    plan = auctioned(problem, "auction")

    assert not validate_allocation(plan, problem)
    assert len(plan.undone) <= 20
    assert rank(allocate(problem, iterations=4000), problem) < rank(plan, problem)


def test_an_auction_keeps_windows_loads_and_the_way_home(tmp_path: Path) -> None:
    problem = read_solomon(_written(tmp_path, "tiny.txt", SOLOMON))

    plan = auctioned(problem, "auction")

    assert not validate_allocation(plan, problem)
    assert plan.undone == ()


class Generous:
    """Awards everything to somebody who did not bid."""

    def award(self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]) -> tuple[tuple[str, str, float], ...]:
        return tuple((task.id, "nobody", 0.0) for task in tasks)


def test_an_allocator_that_breaks_its_contract_is_named() -> None:
    with pytest.raises(PluginError, match="awarded 't0' to 'nobody', who did not bid for it"):
        auctioned(draw_fleet("minsum", 2, 3, 0), f"{__name__}:Generous")


def test_an_auction_of_single_tasks_refuses_teams(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _written(tmp_path, "one.jsonl", json.dumps(COALITION))

    words = ["bench", "allocate", "--instance", str(file), "--allocator", "auction"]
    code = guarded(lambda: app(words, standalone_mode=False))

    assert code == 2
    assert "--allocator auction: an auction of single tasks knows no teams" in capsys.readouterr().err
