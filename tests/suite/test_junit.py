"""The JUnit file: the rules of Jenkins' and Surefire's schemas, written out, and what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import ConfigError
from sim.suite.junit import check_place, write_junit
from sim.suite.row import Failure, Row
from tests.suite.conftest import Outcome

# https://github.com/jenkinsci/xunit-plugin, junit-10.xsd: for each element its attributes (True: must be there), and
# which children it may have, in any order. Surefire's schema allows more, and asks of a test case name and time too.
_TIME: Final = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?")
_COUNTS: Final[Mapping[str, bool]] = {"tests": True, "failures": True, "errors": True, "time": False}
_SCHEMA: Final[Mapping[str, tuple[Mapping[str, bool], set[str]]]] = {
    "testsuites": ({"name": False, **dict.fromkeys(_COUNTS, False)}, {"testsuite"}),
    "testsuite": ({"name": True, **_COUNTS, "skipped": False}, {"testcase", "properties", "system-out", "system-err"}),
    "testcase": (
        {"name": True, "classname": False, "time": True},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type": False, "message": False}, set()),
    "error": ({"type": False, "message": False}, set()),
    "system-out": ({}, set()),
}


def check(element: Element) -> None:
    """Hold an element and all in it to the schema."""
    attributes, children = _SCHEMA[element.tag]
    assert {name for name, needed in attributes.items() if needed} <= set(element.keys()) <= attributes.keys()
    for name, value in element.items():
        assert name != "time" or _TIME.fullmatch(value), value
        assert name not in ("tests", "failures", "errors", "skipped") or value.isdecimal()
    assert {child.tag for child in element} <= children
    assert sum(child.tag in ("failure", "error") for child in element) <= 1
    for child in element:
        check(child)
    if element.tag.startswith("testsuite"):
        cases = list(element.iter("testcase"))
        assert int(element.attrib["tests"]) == len(cases)
        assert int(element.attrib["failures"]) == sum(case.find("failure") is not None for case in cases)
        assert int(element.attrib["errors"]) == sum(case.find("error") is not None for case in cases)


def test_failure_invalid_file_and_crash_are_told_apart(whole: Outcome, folder: Path) -> None:
    root = parse(folder / "out" / "junit.xml").getroot()

    check(root)
    ends = {
        (case.attrib["classname"], case.attrib["name"]): [(end.tag, end.attrib["type"]) for end in case if end.attrib]
        for case in root.iter("testcase")
    }
    assert ends == {
        ("a-good", "seed-8"): [],
        ("a-good", "seed-9"): [],
        ("a-good", "far-seed-8"): [],
        ("a-good", "near-seed-8"): [("failure", "expectation")],
        ("b-fails", "seed-8"): [("failure", "expectation")],
        ("c-invalid", "is read"): [("error", "invalid")],
        ("d-crash", "seed-8"): [("error", "crash")],
        ("e-breaks", "seed-8"): [("error", "crash")],
    }


def test_a_failure_holds_what_people_are_told(whole: Outcome, folder: Path) -> None:
    root = parse(folder / "out" / "junit.xml").getroot()
    (told,) = (suite.find("testcase/failure") for suite in root if suite.attrib["name"] == "all/b-fails.yaml")

    assert told is not None
    assert told.attrib["message"].startswith("min_separation_m: expected at least 99, got 10.")
    assert told.text is not None
    assert "replay: moonfleet run all/b-fails.yaml --seed 8" in told.text


@pytest.mark.parametrize("place", [".", "file/junit.xml"])
def test_a_place_where_it_cannot_be_written_is_told_before_anything_runs(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match="--junit"):
        check_place(tmp_path / place)


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from([0, 1, 2, 3, 4]), st.floats(0.0, 1e7))
def test_whatever_is_said_the_file_is_valid(
    tmp_path_factory: pytest.TempPathFactory, name: str, said: str, code: int, seconds: float
) -> None:
    failure = Failure(name=said, expected=said, got=said, place=f"{name}:3", rover=said)
    row = Row(
        file=name, name=name, verdict="fail", exit_code=code, failures=(failure,), errors=(said,), wall_seconds=seconds
    )
    file = tmp_path_factory.getbasetemp() / "any.xml"

    write_junit([row, row], file)

    check(parse(file).getroot())
