"""What ``-k`` chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import ConfigError
from sim.suite.choice import read_choice

NAMES = ("scenarios/crossing.yaml", "seed-3", "short")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        pytest.param("crossing", True, id="part of a name"),
        pytest.param("CROSSING", True, id="any case"),
        pytest.param("survey", False, id="no name"),
        pytest.param("crossing and seed-3", True, id="and"),
        pytest.param("survey or short", True, id="or"),
        pytest.param("not crossing", False, id="not"),
        pytest.param("survey and crossing or short", True, id="and binds before or"),
        pytest.param("survey and (crossing or short)", False, id="brackets"),
        pytest.param("not (survey or seed-4)", True, id="not brackets"),
    ],
)
def test_words_mean_parts_of_names(text: str, chosen: bool) -> None:
    assert read_choice(text)(NAMES) is chosen


@pytest.mark.parametrize("text", ["", "and", "a and", "(a", "a b", ")", "not", "a or or b"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="-k"):
        read_choice(text)


@given(st.text(alphabet="ab()  ", max_size=20), st.lists(st.sampled_from(["and", "or", "not"]), max_size=4))
def test_any_text_is_read_or_refused(text: str, words: list[str]) -> None:
    try:
        chosen = read_choice(f" {text} ".join(words) or text)
    except ConfigError:
        return
    assert chosen(NAMES) in (True, False)
