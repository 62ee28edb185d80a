"""The benchmark of the exchange measures what it says; a peer that fails is told, and never beaten."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from fleet.messages import Answer, Ask, encode, read_from_hub
from sim.bench import as_object, as_text
from sim.bench.lockstep import Effort, Failed, Race, bench_lockstep, lockstep, ours, raw
from sim.bench.lockstep.course import Course, Traffic, listen
from sim.bench.lockstep.laps import Contestant
from sim.scenario import Scenario, load_scenario, shipped_scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(shipped_scenario("smoke"))


@pytest.fixture(scope="module")
def traffic(scenario: Scenario) -> Traffic:
    return listen(scenario)


def test_a_row_has_ours_beside_who_takes_part_and_says_who_does_not(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(lockstep.MODULES, "helics", "no_such_module_here")
    (tmp_path / "broken_peer.py").write_text(_BROKEN, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))  # A process of its own looks there, too.
    course = Course(agents=4, processes=2)
    alone = Course(agents=2, processes=2)
    others = {
        "pyzmq": (raw.drive, course),
        "bytes": (raw.drive, alone),
        "helics": (raw.drive, course),
        "broken": (import_module("broken_peer").drive, course),
    }

    rows, skipped = bench_lockstep(
        scenario, print, Effort(rounds=1, lap=0.01), (Race(name="hosting-4", course=course, peers=others),)
    )

    row = json.loads(json.dumps(as_object("lockstep", rows, skipped)))["rows"][0]
    assert row["name"] == "hosting-4"
    assert row["value"] > 0.0
    assert list(row["times_better_than"]) == ["pyzmq", "bytes"]
    assert "pip install 'moonfleet[bench]'" in skipped["helics"]
    assert skipped["broken"] == "hosting-4: RuntimeError: it is broken"
    assert "pyzmq" in as_text(rows)


_BROKEN = """
def drive(laps, course, data):
    raise RuntimeError("it is broken")
"""


def test_a_lap_of_ours_that_does_not_end_fails_it(traffic: Traffic) -> None:
    broken = Traffic(briefing=traffic.briefing, asks=traffic.asks, answers=())

    with pytest.raises(Failed):
        Contestant(ours.drive, Course(agents=1, processes=1), encode(broken))


def test_agents_are_told_what_was_said_in_a_mission_each_something_else(traffic: Traffic) -> None:
    first, second = traffic.asks_of(0), traffic.asks_of(1)

    assert sorted(traffic.ask_sizes(0)) == sorted(traffic.ask_sizes(1))
    assert [ask.observation for ask in first] != [ask.observation for ask in second]
    assert any(ask.inbox for ask in first)
    assert {ask.rover for ask in second} == {"rover-001"}
    assert any(answer.outbox for answer in traffic.answers)


def test_sizes_are_those_of_the_frames_on_the_wire(traffic: Traffic) -> None:
    frame = encode(Ask(tick=9999, asks=(_opened(traffic),)))

    assert traffic.ask_sizes(0)[0] == len(frame)
    assert traffic.answer_sizes(0)[0] == len(encode(Answer(tick=9999, answers=(traffic.answers_of(0)[0],))))


def _opened(traffic: Traffic):  # type: ignore[no-untyped-def]
    from fleet.messages import SealedAsk

    ask = read_from_hub(encode(SealedAsk(tick=9999, asks=(traffic.asks_of(0)[0],))))
    assert isinstance(ask, Ask)
    return ask.asks[0]


def test_agents_are_shared_out_to_processes() -> None:
    assert Course(agents=5, processes=2).shares == (range(0, 2), range(2, 5))
