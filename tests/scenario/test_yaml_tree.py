"""The strict reader of YAML."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.problems import ScenarioError
from sim.scenario.yaml_tree import MAX_DEPTH, YamlFile


def _read(text: str) -> object:
    return YamlFile("a.yaml", text).root.plain()


def _facts(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        YamlFile("a.yaml", text)
    return [f"{problem.line}:{problem.column} {problem.fact}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("true", True, id="true"),
        pytest.param("false", False, id="false"),
        pytest.param("yes", "yes", id="yes-is-text"),
        pytest.param("off", "off", id="off-is-text"),
        pytest.param("True", "True", id="capital-true-is-text"),
        pytest.param("~", None, id="null"),
        pytest.param("-12", -12, id="integer"),
        pytest.param("1.5e3", 1500.0, id="float"),
        pytest.param(".5", 0.5, id="float-without-zero"),
        pytest.param("12:30:45", "12:30:45", id="no-sexagesimal"),
        pytest.param("2029-10-20", "2029-10-20", id="no-dates"),
        pytest.param("0x1f", "0x1f", id="no-hexadecimal"),
        pytest.param("1_000", "1_000", id="no-underscores"),
        pytest.param("'12'", "12", id="quoted-is-text"),
        pytest.param("[1, [2, a]]", [1, [2, "a"]], id="sequences"),
        pytest.param("{a: {b: 1}}", {"a": {"b": 1}}, id="mappings"),
        pytest.param("{a: &x [1], b: *x}", {"a": [1], "b": [1]}, id="aliases"),
    ],
)
def test_a_value_means_what_yaml_1_2_says(text: str, value: object) -> None:
    found = _read(text)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        pytest.param("a: 1\na: 2", "2:1 key 'a' is already given in line 1", id="duplicate-key"),
        pytest.param("a: .inf", "1:4 .inf is not a finite number", id="infinity"),
        pytest.param("a: .nan", "1:4 .nan is not a finite number", id="not-a-number"),
        pytest.param("a: 1e999", "1:4 1e999 is too large", id="too-large"),
        pytest.param("a: 010", "1:4 010 begins with a zero, which some read as octal", id="octal"),
        pytest.param(
            "a: !!python/name:os.system ''",
            "1:4 the tag 'tag:yaml.org,2002:python/name:os.system' is not read",
            id="tag",
        ),
        pytest.param("? [1]\n: 2", "1:3 a key must be a plain word", id="key-that-is-a-list"),
        pytest.param("a: *b", "1:4 alias 'b' stands before its anchor is complete", id="alias-of-nothing"),
        pytest.param("a: &b [*b]", "1:8 alias 'b' stands before its anchor is complete", id="alias-of-itself"),
        pytest.param("", "1:1 the file is empty", id="empty"),
        pytest.param("# nothing\n", "1:1 the file is empty", id="comment-only"),
        pytest.param("--- 1\n--- 2", "2:5 a scenario is one document", id="two-documents"),
        pytest.param("a: [1", "1:6 not YAML: expected ',' or ']', but got '<stream end>'", id="open-bracket"),
        pytest.param("a: 1\n\tb: 2", "2:1 not YAML: found character '\\t' that cannot start any token", id="tab"),
        pytest.param("a: \x07", "1:1 character #x0007 is not allowed", id="control-character"),
    ],
)
def test_what_is_outside_the_subset_is_told_with_its_place(text: str, fact: str) -> None:
    assert _facts(text) == [fact]


def test_all_slips_of_a_file_are_told_at_once() -> None:
    text = "a: 010\nb: .inf\na: 1\n"

    facts = _facts(text)

    assert [fact.split()[0] for fact in facts] == ["1:4", "2:4", "3:1"]


def test_a_billion_laughs_are_stopped() -> None:
    lines = ["l0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10)]

    facts = _facts("\n".join(lines))

    assert facts == ["5:25 more than 50000 values, aliases expanded"]


def test_deep_nesting_is_stopped() -> None:
    facts = _facts("[" * 5000)

    assert facts == [f"1:{MAX_DEPTH + 2} nested deeper than {MAX_DEPTH} levels"]


def test_keys_and_values_know_where_they_stand() -> None:
    root = YamlFile("a.yaml", "rovers:\n  - {id: r1, place: {at_m: [1, 2]}}\n").root

    assert root.locate(("rovers", 0, "place", "At", "at_m", 1)) == (2, 32)
    assert root.locate(("rovers", 0, "place"), key=True) == (2, 14)
    assert root.locate(("rovers", 0, "nothing")) == (2, 5)


@given(st.text(alphabet="ab01:-{}[],&*!|>'\"%@#?\n \t\\x\u2028\x85~.", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ScenarioError):
        YamlFile("a.yaml", text).root.plain()
