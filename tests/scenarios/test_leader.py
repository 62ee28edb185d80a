"""The leader is lost in the middle of a crossing, and a fleet is parted: told from what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.core import RoverId, Tick
from fleet.messages import Award, Call, FollowPath, Leading, Pledge
from sim.record import Commanded, Entry, Said, TaskChanged
from sim.run import RunOptions, RunResult, run
from sim.scenario import Scenario, load_scenario

FOLDER = Path(__file__).parents[2] / "scenarios"
LANDER, NEW = RoverId("lander"), RoverId("suparco")


Keep = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]


@pytest.fixture(scope="module")
def lost(run_and_keep: Keep) -> tuple[RunResult, list[Entry]]:
    return run_and_keep(load_scenario(FOLDER / "leader_lost.yaml"), RunOptions(bus="memory"))


def _said(entries: list[Entry], kind: type) -> list[Said]:
    return [entry for entry in entries if isinstance(entry, Said) and isinstance(entry.message.body, kind)]


def _last_heard(entries: list[Entry], by: RoverId, before: Tick) -> Tick:
    """Return when the lander last said what a rover heard."""
    return max(
        entry.message.tick
        for entry in entries
        if isinstance(entry, Said)
        and entry.message.sender == LANDER
        and any(rover == by and due < before for rover, due in entry.heard)
    )


def test_another_leads_within_three_seconds_of_the_first_heartbeat_that_was_missed(
    lost: tuple[RunResult, list[Entry]],
) -> None:
    _, entries = lost
    call, leading = _said(entries, Call)[0].message, _said(entries, Leading)[0].message

    missed = _last_heard(entries, call.sender, call.tick) + 20 + 1  # Said every 20 s, heard a tick later.

    assert (leading.sender, call.tick) == (NEW, missed)
    assert leading.tick - missed <= 3


def test_a_rover_in_the_pass_drives_on_without_a_stop(lost: tuple[RunResult, list[Entry]]) -> None:
    _, entries = lost
    led = _said(entries, Leading)[0].message.tick

    orders = [
        e for e in entries if isinstance(e, Commanded) and e.rover == "cnsa-rover" and led - 60 < e.tick < led + 60
    ]

    assert all(isinstance(entry.command, FollowPath) for entry in orders)
    (pledge,) = (entry.message.body for entry in _said(entries, Pledge) if entry.message.sender == "cnsa-rover")
    assert isinstance(pledge, Pledge)
    assert pledge.holding.whole


def test_nobody_moves_without_authority_and_the_mission_ends_well(lost: tuple[RunResult, list[Entry]]) -> None:
    result, _ = lost

    assert result.metrics.trespasses == ()
    assert result.verdict.outcome == "pass"


@pytest.mark.parametrize("options", [{"bus": "ipc"}, {"bus": "memory", "reference": True}], ids=["ipc", "reference"])
def test_an_election_gives_one_digest_on_every_bus(
    lost: tuple[RunResult, list[Entry]], options: dict[str, object]
) -> None:
    other = run(load_scenario(FOLDER / "leader_lost.yaml"), replace(RunOptions(), **options))  # type: ignore[arg-type]  # any options

    assert other.hub.digest == lost[0].hub.digest


def test_a_parted_fleet_gives_no_task_to_two_and_follows_one_in_the_end(run_and_keep: Keep) -> None:
    result, entries = run_and_keep(load_scenario(FOLDER / "leader_parted.yaml"), RunOptions(bus="memory"))

    begun = [(e.task, e.rover) for e in entries if isinstance(e, TaskChanged) and e.state == "running" and e.step == 0]
    awarded = [entry.message.body for entry in _said(entries, Award)]
    followed = {e.message.sender: e.message.to for e in _said(entries, Pledge)}

    assert len(begun) == len({task for task, _ in begun}) == 7
    assert len({body.task.id for body in awarded if isinstance(body, Award)}) == len(awarded)
    assert set(followed.values()) == {result.metrics.elections[-1].leader}
    assert result.verdict.outcome == "pass"
