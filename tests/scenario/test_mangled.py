"""However a file is mangled, it is read or refused with its problems: nothing else is ever raised."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.scenario import ScenarioError, cases_of, check_scenario, merged_text, migrations, scenario_text
from sim.scenario.yaml_tree import YamlFile

_QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_MORE = """\
variants: [{id: v, set: {radio.loss_percent: 5}, must_fail: [tasks_done]}]
faults: [{fault: silent, rover: r1}]
"""
_TEXTS = st.one_of(
    st.text(alphabet="abz019.-:{}[],&*!|>'\"%@#?\n \t\u2028é", max_size=12),
    st.sampled_from(
        ["null", "true", "1e400", "-1", "[]", "{}", "{a: 1}", "1" * 40, "~", "x: &a [*a]", "extends: m.yaml"]
    ),
)
_VALUES: list[Any] = [
    *(
        None,
        True,
        -1,
        0,
        0.5,
        1e300,
        2**63,
        "",
        "text",
        "2h",
        "400d",
        "all",
        "lander",
        "view",
        "a" * 500,
        "../x",
        "\x00",
    ),
    *([], {}, ["a"], [1, 2], {"at_m": [1, 2]}, {"near": "view", "max_m": 1e6}, [[0, 0], [1, 1], [1, 0]]),
]


def _whatever_it_is_asked(file: Path) -> None:
    """Ask of a file what commands ask."""
    found = check_scenario(file)
    assert all(problem.fact and problem.line >= 0 and problem.render() for problem in found)
    with suppress(ScenarioError):
        cases_of(file)
    with suppress(ScenarioError):
        merged_text(file)
    with suppress(ScenarioError):
        migrations([file])


@given(start=st.floats(0.0, 1.0), length=st.integers(0, 30), new=_TEXTS)
@_QUICK
def test_text_cut_and_pasted(tmp_path: Path, good: str, start: float, length: int, new: str) -> None:
    cut = int(start * len(good))
    file = tmp_path / "m.yaml"
    file.write_text(good[:cut] + new + good[cut + length :], encoding="utf-8")

    _whatever_it_is_asked(file)


@given(start=st.floats(0.0, 1.0), length=st.integers(0, 8), new=st.binary(max_size=8))
@example(start=0.0, length=0, new=b"\xff\xfe")
@example(start=0.5, length=0, new=b"\x00")
@_QUICK
def test_bytes_that_are_no_text(tmp_path: Path, good: str, start: float, length: int, new: bytes) -> None:
    data = good.encode()
    cut = int(start * len(data))
    file = tmp_path / "m.yaml"
    file.write_bytes(data[:cut] + new + data[cut + length :])

    _whatever_it_is_asked(file)


@given(st.data())
@_QUICK
def test_keys_and_values_in_wrong_places(tmp_path: Path, good: str, data: st.DataObject) -> None:
    tree: Any = deepcopy(YamlFile("good", good + _MORE).root.plain())
    for _ in range(data.draw(st.integers(1, 3))):
        paths = _paths(tree)
        path = data.draw(st.sampled_from(paths))
        inner = _at(tree, path[:-1])
        if data.draw(st.booleans()):
            inner[path[-1]] = deepcopy(
                data.draw(st.sampled_from([*_VALUES, _at(tree, data.draw(st.sampled_from(paths)))]))
            )
        elif isinstance(inner, dict):
            inner[data.draw(st.sampled_from(["zzz", "id+", "tasks-", "kg", "extends", "include", *inner]))] = inner.pop(
                path[-1]
            )
        else:
            inner.insert(0, deepcopy(inner[path[-1]]))
    file = tmp_path / "m.yaml"
    file.write_text(scenario_text(tree, ()), encoding="utf-8")

    _whatever_it_is_asked(file)


def _paths(tree: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path for key, value in inner for path in ((*at, key), *_paths(value, (*at, key)))]


def _at(tree: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree
