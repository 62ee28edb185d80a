"""Laws of searching and shrinking, without a single run: what fails is decided by what stands in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import stream
from sim.campaign import Finding, Row, Trial
from sim.campaign.falsify import Attempt, FaultLot, RandomSearcher, Shrinker, Space, Tried, candidate_of, read_kinds
from sim.campaign.falsify.candidate import Candidate, seconds
from sim.campaign.falsify.reductions import REDUCTIONS
from sim.campaign.falsify.signs import signs_of
from sim.scenario import FAULT_KINDS, Plain, check_text, scenario_text, scenario_tree

SMOKE = Path(__file__).parents[2] / "scenarios" / "smoke.yaml"
_ROVERS = ("lander", "cnsa-rover", "micro-1", "micro-2")


def _space(*kinds: str, most: int = 3) -> Space:
    lot = FaultLot(kinds=kinds or FAULT_KINDS, rovers=_ROVERS, duration=600.0)
    return Space(seeds=(8,), parameters={}, lot=lot, most_faults=most)


def _candidate(trial: Trial, space: Space) -> Candidate:
    return candidate_of(SMOKE, trial.seed, *space.parts(trial), SMOKE.parent)


def _row(*failed: str) -> Row:
    findings = tuple(Finding(line=1, name=name, passed=False, expected="", got="") for name in failed)
    code = 1 if failed else 0
    return Row(seed=8, settings={}, verdict="fail" if failed else "pass", exit_code=code, expectations=findings)


def _is_bad(text: str) -> bool:
    return all(part in text for part in ("held, rover: cnsa-rover", "view-east", "tasks_done: all"))


def _judge(fails: Callable[[str], bool], seen: list[str]) -> Callable[[Sequence[Attempt]], Iterator[Tried]]:
    def ask(attempts: Sequence[Attempt]) -> Iterator[Tried]:
        seen.extend(attempt.text for attempt in attempts)
        rows = [_row("tasks_done") if fails(attempt.text) else _row() for attempt in attempts]
        for attempt, row in reversed(list(zip(attempts, rows, strict=True))):
            yield Tried(number=attempt.number, row=row)

    return ask


@given(seed=st.integers(0, 10**6))
@settings(max_examples=10)
def test_every_fault_that_is_drawn_is_one_of_a_scenario(seed: int) -> None:
    searcher = RandomSearcher(_space(), stream(seed, "test"))

    faults = [fault for _ in range(60) for fault in searcher.propose().settings["faults"]]

    assert {fault["fault"] for fault in faults} == set(FAULT_KINDS)
    assert check_text(scenario_text({**scenario_tree(SMOKE), "faults": faults}, ())) == ()


def test_every_kind_befalls_every_rover_before_any_does_twice_and_at_times_all_over_the_mission() -> None:
    kinds = ("silent", "held", "agent_crash")
    searcher = RandomSearcher(_space(*kinds, most=1), stream(1, "test"))

    faults = [fault for _ in range(120) for fault in searcher.propose().settings["faults"]]

    pairs = [(fault["fault"], fault["rover"]) for fault in faults]
    assert len(set(pairs[:12])) == 12
    for pair in set(pairs):
        begins = sorted(seconds(fault["at"]) for fault, other in zip(faults, pairs, strict=True) if other == pair)
        assert len(begins) == 10
        gaps = [after - before for before, after in zip([0.0, *begins], [*begins, 420.0], strict=True)]
        assert max(gaps) < 2.7 * 420.0 / 11


def test_the_smallest_has_what_is_needed_and_nothing_else() -> None:
    space = _space("silent", "held")
    trial = Trial(
        seed=8,
        settings={
            "faults": [
                {"fault": "silent", "rover": "micro-1", "at": "157s", "for": "40s"},
                {"fault": "held", "rover": "cnsa-rover", "at": "33s", "for": "61s"},
            ]
        },
    )
    seen: list[str] = []
    kept: list[Candidate] = []
    shrinker = Shrinker(
        frozenset({"tasks_done"}),
        SMOKE.parent,
        _judge(_is_bad, seen),
        width=3,
        keep=lambda candidate, _: kept.append(candidate),
    )

    small = shrinker.shrink(_candidate(trial, space), _row("tasks_done"))

    assert small.faults == [{"fault": "held", "rover": "cnsa-rover", "at": "30s", "for": "1s"}]
    tree = small.tree
    assert [rover["id"] for rover in _items(tree["rovers"])] == ["lander", "cnsa-rover"]
    assert [task["id"] for task in _items(tree["tasks"])] == ["view-east"]
    assert tree["expect"] == [{"tasks_done": "all"}]
    assert not {"zones", "docks", "title", "tags", "variants"} & set(tree)
    assert kept[-1] == small
    assert len(seen) == len(set(seen)) == shrinker.attempts
    # None of those that are smaller by one step fails.
    smaller = [one.text for reduction in REDUCTIONS for one in reduction(small)]
    assert not [text for text in smaller if text is not None and _is_bad(text)]


def test_what_fails_without_the_faults_too_is_told_as_the_files_own() -> None:
    trial = Trial(seed=8, settings={"faults": [{"fault": "silent", "rover": "micro-1", "at": "9s", "for": "9s"}]})
    shrinker = Shrinker(
        frozenset({"tasks_done"}),
        SMOKE.parent,
        _judge(lambda text: "micro-2" in text, []),
        width=2,
        keep=lambda *_: None,
    )

    small = shrinker.shrink(_candidate(trial, _space()), _row("tasks_done"))

    assert not small.is_stressed
    assert "micro-2" in (small.text or "")


def test_signs_are_what_failed_or_what_is_worse_of_what_is_wanted() -> None:
    crash = Row(seed=1, settings={}, verdict="crash", exit_code=3)
    invalid = Row(seed=1, settings={}, verdict="invalid", exit_code=2)

    assert signs_of(_row("collisions", "faults")) == {"collisions", "faults"}
    assert signs_of(_row("collisions", "faults"), ["faults"]) == {"faults"}
    assert signs_of(crash) == {"CRASH"}
    assert not signs_of(crash, ["faults"])
    assert not signs_of(invalid)


def test_all_kinds_of_fault_may_be_asked_for() -> None:
    assert {*read_kinds("any")} == {*FAULT_KINDS} - {"obstacle"}  # Rocks are drawn with the ground.
    assert read_kinds("obstacle, held") == ("obstacle", "held")
    assert {"message_loss", "partition", "wrong_position"} < set(FAULT_KINDS)


def _items(node: Plain) -> list[dict[str, Plain]]:
    assert isinstance(node, list)
    return [item for item in node if isinstance(item, dict)]
