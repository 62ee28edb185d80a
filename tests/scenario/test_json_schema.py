"""The published JSON Schema accepts and refuses what the loader does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.scenario import scenario_schema
from sim.scenario.reading import read_file
from sim.scenario.schema import ScenarioFile

jsonschema = pytest.importorskip("jsonschema", reason="`pip install -e '.[dev]'` brings it")

SCHEMA = scenario_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FILES = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
_OTHERS: tuple[Any, ...] = (
    *(None, True, -1, 0, 3, 0.5, 1e11 + 0.5, "text", "2h", "all"),
    *([], {}, ["a"], [1, 2], {"a": 1}, {"at_m": [1, 2]}),
)
#: Keys whose numbers must fit those of others; that is the loader's alone.
_FITTING = frozenset(
    ("at", "between", "for", "from", "heartbeat", "heartbeat_driving", "map_pixel_m", "max_m", "min_m", "pixel_m")
) | {"polygon_m", "size_m", "until"}


def _plain(file: Path) -> Any:
    return read_file(file).root.plain()


def _is_read(plain: object) -> bool:
    try:
        ScenarioFile.model_validate(plain)
    except ValidationError:
        return False
    return True


def _paths(plain: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    return [at, *(path for key, value in inner for path in _paths(value, (*at, key)))]


def _changed(plain: Any, path: tuple[str | int, ...], change: Any) -> Any:
    if not path:
        return change(plain)
    copy: Any = dict(plain) if isinstance(plain, dict) else list(plain)
    copy[path[0]] = _changed(copy[path[0]], path[1:], change)
    return copy


def _without(plain: Any, path: tuple[str | int, ...]) -> Any:
    return _changed(
        plain,
        path[:-1],
        lambda inner: (
            {key: value for key, value in inner.items() if key != path[-1]}
            if isinstance(inner, dict)
            else [value for index, value in enumerate(inner) if index != path[-1]]
        ),
    )


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_scenario_of_the_project_is_valid(file: Path) -> None:
    assert list(VALIDATOR.iter_errors(_plain(file))) == []


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_file_with_one_thing_changed_is_accepted_by_both_or_by_none(data: st.DataObject) -> None:
    plain = _plain(data.draw(st.sampled_from(FILES)))
    path = data.draw(st.sampled_from(_paths(plain)[1:]))
    kind = data.draw(st.sampled_from(["away", "other", "more"]))
    if kind == "away":
        plain = _without(plain, path)
    elif kind == "other":
        value = data.draw(st.sampled_from(_OTHERS))
        plain = _changed(plain, path, lambda _: value)
    else:
        plain = _changed(plain, path, lambda inner: {**inner, "zzz": 1} if isinstance(inner, dict) else inner)

    is_valid, is_read = VALIDATOR.is_valid(plain), _is_read(plain)
    assert is_valid is is_read or (is_valid and not _FITTING.isdisjoint(path))
