"""A fleet shares out its work by agreement while radio comes and goes: told from what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.core import RoverId, TaskId
from fleet.messages import Allocation, Announcement, Award, Bids, Gossip, Offer, Work, encode
from sim.record import Commanded, Entry, Said
from sim.run import RunOptions, RunResult, run
from sim.scenario import Scenario, load_scenario
from sim.verdict.explain.agreements import accord_of

FOLDER = Path(__file__).parents[2] / "scenarios"
Keep = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]


@pytest.fixture(scope="module")
def shared(run_and_keep: Keep) -> tuple[RunResult, list[Entry]]:
    return run_and_keep(load_scenario(FOLDER / "agreement.yaml"), RunOptions(bus="memory"))


def test_each_task_is_worked_on_by_one_rover(shared: tuple[RunResult, list[Entry]]) -> None:
    result, entries = shared
    workers: dict[TaskId, set[RoverId]] = {}
    for entry in entries:
        if isinstance(entry, Commanded) and isinstance(entry.command, Work):
            workers.setdefault(entry.command.task, set()).add(entry.rover)

    assert result.verdict.outcome == "pass"
    assert len(workers) == 8
    assert all(len(rovers) == 1 for rovers in workers.values())


def test_nobody_announces_and_nobody_is_told_bids(shared: tuple[RunResult, list[Entry]]) -> None:
    said = [entry.message for entry in shared[1] if isinstance(entry, Said)]

    assert not [message for message in said if isinstance(message.body, Announcement | Bids)]
    assert all(message.body.rover == message.sender for message in said if isinstance(message.body, Award))


def test_words_are_short(shared: tuple[RunResult, list[Entry]]) -> None:
    words = [entry.message for entry in shared[1] if isinstance(entry, Said) and isinstance(entry.message.body, Gossip)]

    assert 0 < max(len(encode(word)) for word in words) < 8000


def test_it_is_told_why_a_rover_has_a_task(shared: tuple[RunResult, list[Entry]]) -> None:
    accord = accord_of(TaskId("view-east"), shared[1])

    told = accord.won(1.0)

    assert accord.winner is not None
    assert told.startswith(f"all agreed on {accord.winner}: ")
    assert "s until it would be done; cnsa-rover was" in told
    assert f"left it to {accord.winner}" in told


def test_reference_and_processes_agree_with_it_bit_for_bit() -> None:
    scenario, until = load_scenario(FOLDER / "agreement.yaml"), 4000  # In the midst of the parting.

    digests = {
        run(scenario, options).hub.digest
        for options in (
            RunOptions(bus="memory", until=until),
            RunOptions(bus="memory", until=until, reference=True),
            RunOptions(bus="ipc", hosts=3, until=until),
        )
    }

    assert len(digests) == 1


@pytest.mark.parametrize("allocation", ["auction", "agreement", "cbba"])
def test_the_smoke_scenario_passes_however_work_is_shared_out(allocation: Allocation) -> None:
    scenario = replace(load_scenario(FOLDER / "smoke.yaml"), allocation=allocation)

    assert run(scenario, RunOptions(bus="memory")).verdict.outcome == "pass"


def test_private_prices_are_told_to_nobody(run_and_keep: Keep) -> None:
    scenario = replace(load_scenario(FOLDER / "smoke.yaml"), allocation="cbba")
    _, entries = run_and_keep(scenario, RunOptions(bus="memory"))

    words = [entry.message.body for entry in entries if isinstance(entry, Said)]
    offers = [record for word in words if isinstance(word, Gossip) for record in word.records]

    assert [offer for offer in offers if isinstance(offer, Offer)]
    assert all(offer.prices is None for offer in offers if isinstance(offer, Offer))
