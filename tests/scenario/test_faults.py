"""What a file says of faults: whom they befall, from when until when, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import hypot
from pathlib import Path
from typing import TypeAlias, get_args

import pytest

from sim.scenario import Problem, load_scenario
from sim.scenario.fault import Fault, MessageDelay, Partition, RadioJam, Silent, WrongPosition

Check: TypeAlias = Callable[[str, str], tuple[Problem, ...]]
Faults: TypeAlias = Callable[..., tuple[Fault, ...]]
EXPECT = "expect:\n"


@pytest.fixture
def faults(good: str, tmp_path: Path) -> Faults:
    """Return the faults of the good file with these items."""

    def load(*items: str, seed: int = 0) -> tuple[Fault, ...]:
        file = tmp_path / "faulty.yaml"
        lines = "".join(f"  - {item}\n" for item in items)
        file.write_text(good.replace(EXPECT, f"faults:\n{lines}{EXPECT}"))
        return load_scenario(file, seed=seed).faults

    return load


def test_a_fault_lasts_from_its_time_for_so_long_or_until_a_time_or_for_good(faults: Faults) -> None:
    found = faults(
        "{fault: silent, rover: r1, at: 10m, for: 5m}",
        "{fault: silent, rover: r1, from: 20, until: 40}",
        "{fault: silent, rover: r1}",
    )

    assert found == (
        Silent(id="silent-3", begin=0, end=None, rover="r1"),  # type: ignore[arg-type]
        Silent(id="silent-2", begin=20, end=40, rover="r1"),  # type: ignore[arg-type]
        Silent(id="silent-1", begin=600, end=900, rover="r1"),  # type: ignore[arg-type]
    )


def test_faults_befall_one_some_all_or_an_agencys_rovers(faults: Faults) -> None:
    found = faults(
        "{fault: held, rovers: [r1, lander]}",
        "{fault: held, rovers: all}",
        "{fault: held, agency: CNSA}",
    )

    assert [fault.id for fault in found] == [f"held-{item}.{number}" for item in (1, 2, 3) for number in (1, 2)]


def test_whom_and_when_are_drawn_from_the_seed_within_what_is_allowed(faults: Faults) -> None:
    item = "{fault: silent, rovers: any, between: [5m, 40m], for: [1m, 10m]}"

    drawn = [fault for seed in range(20) for fault in faults(item, seed=seed)]

    assert drawn[:3] == [fault for seed in range(3) for fault in faults(item, seed=seed)]
    assert all(isinstance(fault, Silent) and 300 <= fault.begin <= 2400 for fault in drawn)
    assert all(fault.end is not None and 60 <= fault.end - fault.begin <= 600 for fault in drawn)
    assert len({fault.begin for fault in drawn}) > 15
    assert {fault.rover for fault in drawn if isinstance(fault, Silent)} == {"lander", "r1"}


def test_one_more_fault_at_the_end_disturbs_no_other(faults: Faults) -> None:
    item = "{fault: silent, rovers: any, between: [5m, 40m]}"

    assert set(faults(item)) < set(faults(item, "{fault: held, rovers: any, between: [5m, 40m]}"))


def test_who_is_in_no_group_is_in_one_more(faults: Faults) -> None:
    (fault,) = faults("{fault: partition, groups: [[r1]]}")

    assert isinstance(fault, Partition)
    assert fault.groups == (("r1",), ("lander",))


def test_words_have_a_share_and_a_time(faults: Faults) -> None:
    (fault,) = faults("{fault: message_delay, share: 0.5, delay: 2s, spread: 1m, rovers: [r1]}")

    assert fault == MessageDelay(
        id="message_delay-1",
        begin=0,
        end=None,
        share=0.5,
        rovers=("r1",),  # type: ignore[arg-type]
        delay=2.0,
        spread=60.0,
    )


def test_where_and_how_bad_it_is_may_be_named_or_drawn(faults: Faults) -> None:
    jam, astray, drawn = faults(
        "{fault: radio_jam, centre: lander, radius_m: 30}",
        "{fault: wrong_position, rover: r1, error_m: 2, bearing_deg: 90}",
        "{fault: wrong_position, rover: r1, error_m: 2}",
    )

    assert isinstance(jam, RadioJam)
    assert (jam.centre, jam.radius) == ((0.0, 0.0), 30.0)
    assert isinstance(astray, WrongPosition)
    assert astray.error == (0.0, 2.0)
    assert isinstance(drawn, WrongPosition)
    assert hypot(*drawn.error) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("item", "told", "remedy"),
    [
        ("{fault: silent, rover: r2}", "24:28 there is no rover 'r2'", "known here: lander, r1"),
        ("{fault: silent, rovers: [r1, lander, ladder]}", "24:42 there is no rover 'ladder'", "did you mean 'lander'?"),
        ("{fault: silent, agency: NASA}", "24:29 no agency 'NASA' has a rover", "did you mean 'CNSA'?"),
        ("{fault: silent, rovers: any, count: 3}", "24:41 3 rovers cannot be drawn from 2", ""),
        ("{fault: silent, rover: r1, at: 3h}", "24:36 at (10800 s) lies after the end of the mission (7200 s)", ""),
        ("{fault: partition, groups: [[r1], [r1]]}", "24:40 'r1' is in a group already", ""),
        (
            "{fault: partition, groups: [[r1, lander]]}",
            "24:32 one group of all rovers parts nobody",
            "leave some out",
        ),
        (
            "{fault: radio_jam, centre: vieu, radius_m: 5}",
            "24:32 there is no place or rover 'vieu'",
            "did you mean 'view'?",
        ),
        (
            "{fault: radio_jam, centre: {near: view, max_m: 9}, radius_m: 5}",
            "24:32 the centre is a name or a point",
            "give the rule a name under places",
        ),
        ("{fault: battery_fade, rover: r1, share: 0.7}", "24:45 share must be less than or equal to 0.6", ""),
        ("{fault: silnt, rover: r1}", "24:13 fault must be one of", "did you mean 'silent'?"),
        ("{fault: silent}", "24:5 faults needs one of rover, rovers and agency", ""),
        ("{fault: silent, rover: r1, at: 1, from: 2}", "24:5 faults: give only one of at, from and between", ""),
        ("{fault: silent, rover: r1, at: 9, until: 5}", "24:5 faults: until must lie after the beginning", ""),
        ("{fault: silent, rover: r1, for: 0}", "24:37 for must be more than 0", ""),
        ("{fault: message_loss, share: 1.5}", "24:34 share must be less than or equal to 1", ""),
        ("{fault: silent, rovers: some}", "24:29 rovers must be any, all or a list of rover ids", ""),
        ("{fault: message_loss, share: 0.5, rover: r1}", "24:39 unknown key 'rover'", "did you mean 'rovers'?"),
    ],
)
def test_what_is_wrong_is_said_with_place_and_remedy(check: Check, item: str, told: str, remedy: str) -> None:
    problems = check(EXPECT, f"faults:\n  - {item}\n{EXPECT}")

    (problem,) = problems
    assert f"{problem.line}:{problem.column} {problem.fact}".startswith(told)
    assert problem.remedy == remedy


def test_every_kind_of_fault_is_in_the_table_of_the_documents() -> None:
    page = (Path(__file__).parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")

    told = re.findall(r"^\| `(\w+)` \|.*\|.*\|.*\|$", page, re.MULTILINE)

    assert sorted(told) == sorted(str(kind.__struct_config__.tag) for kind in get_args(Fault))
