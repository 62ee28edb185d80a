"""What a campaign says of its rows, as figures, as text and as a page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.campaign import Finding, Identity, Row, as_markdown, as_text, report, summarise
from sim.campaign.charts import bins
from sim.campaign.statistics import share
from sim.campaign.text import told as share_told

_IDENTITY = Identity(scenario="made<up>.yaml", scenario_sha256="0" * 64, version="0.1.0 (abc)")


def _row(seed: int, loss: int, *, passed: bool, done: int = 3) -> Row:
    finding = Finding(line=40, name="tasks_done", passed=passed, expected="all", got=f"{done} of 3")
    return Row(
        seed=seed,
        settings={"radio.loss_percent": loss},
        verdict="pass" if passed else "fail",
        exit_code=0 if passed else 1,
        digest=f"{seed}-{loss}",
        tasks=3,
        tasks_done=done,
        distance_m=100.0 + seed,
        collisions=0,
        min_separation_m=2.0 + seed,
        expectations=(finding,),
    )


_CRASH = Row(
    seed=7,
    settings={"radio.loss_percent": 20},
    verdict="crash",
    exit_code=3,
    faults=("the process ended with code -11 <script>alert(1)</script>",),
)
_ROWS = [
    *(_row(seed, 0, passed=True) for seed in range(1, 7)),
    *(_row(seed, 20, passed=seed < 4, done=seed % 3) for seed in range(1, 7)),
    _CRASH,
]


def test_shares_are_of_all_runs_and_of_each_value() -> None:
    summary = summarise(_ROWS, Path("made.yaml"), Path("out"))

    assert (summary.success.passed, summary.success.runs) == (9, 13)
    assert summary.verdicts == {"crash": 1, "fail": 3, "pass": 9}
    none, some = summary.parameters["radio.loss_percent"]
    assert (none.value, none.share.passed, none.share.runs) == (0, 6, 6)
    assert (some.value, some.share.passed, some.share.runs) == (20, 3, 7)
    assert summary.expectations[0].share.runs == 12  # The crash came to no verdict.


def test_the_worst_come_first_with_what_makes_them_again() -> None:
    summary = summarise(_ROWS, Path("my missions/made.yaml"), Path("out"))

    seeds = [case.seed for case in summary.worst]

    assert seeds[:4] == [7, 6, 4, 5]  # The crash, then those that failed, by how much was not done.
    assert summary.worst[0].replay.startswith(
        "moonfleet run 'my missions/made.yaml' --headless --seed 7 --set radio.loss_percent=20 --record out/seed-7-"
    )
    assert summary.worst[0].view == f"moonfleet view {summary.worst[0].replay.rpartition(' ')[2]}"


def test_the_digest_is_that_of_the_runs_and_not_of_their_order() -> None:
    one, other = (summarise(rows, Path("made.yaml"), Path("out")) for rows in (_ROWS, _ROWS[::-1]))
    less = summarise(_ROWS[:-1], Path("made.yaml"), Path("out"))

    assert one.digest == other.digest != less.digest


def test_text_and_page_tell_the_shares_and_the_commands() -> None:
    summary = summarise(_ROWS, Path("made.yaml"), Path("out"))

    text, page = as_text(summary), report(summary, _ROWS, _IDENTITY)

    for told in ("9 of 13 (69 %, 42 to 87 %)", "3 of 7 (43 %, 16 to 75 %)", summary.worst[0].replay, summary.digest):
        assert told in text
        assert told in page


def test_nothing_that_a_run_says_becomes_code_of_the_page() -> None:
    page = report(summarise(_ROWS, Path("made.yaml"), Path("out")), _ROWS, _IDENTITY)

    assert "<script>" not in page
    assert "made&lt;up&gt;.yaml" in page


def test_every_picture_of_the_page_is_well_formed() -> None:
    page = report(summarise(_ROWS, Path("made.yaml"), Path("out")), _ROWS, _IDENTITY)

    pictures = ["<svg" + part.partition("</svg>")[0] + "</svg>" for part in page.split("<svg")[1:]]

    assert len(pictures) > 4
    for picture in pictures:
        ET.fromstring(picture)


def test_a_page_without_runs_says_so() -> None:
    page = report(summarise([], Path("made.yaml"), Path("out")), [], _IDENTITY)

    assert "no runs" in page


@given(st.lists(st.floats(-1e9, 1e9) | st.integers(-1000, 1000).map(float), min_size=2, max_size=50), st.booleans())
def test_every_value_lies_in_one_bin(values: list[float], whole: bool) -> None:
    if whole:
        values = [float(round(value)) for value in values]
    if max(values) == min(values):
        return

    edges = bins(min(values), max(values), whole=whole)

    assert len(edges) <= 32
    assert edges == sorted(set(edges))
    assert edges[0] <= min(values)
    assert max(values) < edges[-1]


@given(runs=st.integers(1, 2000), data=st.data())
def test_an_interval_holds_its_rate_and_shrinks_with_more_runs(runs: int, data: st.DataObject) -> None:
    passed = data.draw(st.integers(0, runs))

    few, many = share(passed, runs), share(4 * passed, 4 * runs)

    assert few.rate is not None
    assert 0.0 <= few.interval[0] <= few.rate <= few.interval[1] <= 1.0
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


@pytest.mark.parametrize(
    ("passed", "runs", "low", "high"),
    # Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17, 1998, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_that_were_published(passed: int, runs: int, low: float, high: float) -> None:
    assert share(passed, runs).interval == pytest.approx((low, high), abs=5e-5)


def test_the_page_says_how_many_runs_the_expectations_are_of() -> None:
    page = report(summarise(_ROWS, Path("made.yaml"), Path("out")), _ROWS, _IDENTITY)
    judged = report(summarise(_ROWS[:-1], Path("made.yaml"), Path("out")), _ROWS[:-1], _IDENTITY)

    assert "Of the 12 runs that came to a verdict; 1 did not." in page
    assert "came to a verdict" not in judged


def test_the_table_for_documents_has_each_expectation_with_its_share_and_a_row_for_each_figure() -> None:
    summary = summarise(_ROWS, Path("s.yaml"), Path("out"))

    lines = as_markdown(summary).splitlines()

    assert lines[:2] == [f"| {len(_ROWS)} runs of s.yaml | |", "|---|---|"]
    assert all(line.startswith("| ") and line.endswith(" |") and line.count(" | ") == 1 for line in lines[2:])
    for judged in summary.expectations:
        assert f"| {judged.name}: {judged.expected} | {share_told(judged.share)} |" in lines
    assert not any("wall time" in line for line in lines)
