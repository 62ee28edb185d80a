"""Values of any message type, drawn from its type hints."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import strategies as st
from msgspec import inspect

Draws = st.SearchStrategy[Any]
ValuesOf = Callable[[Any], Draws]


def _date(after: timedelta) -> datetime:
    return datetime(2029, 1, 1, tzinfo=UTC) + after % timedelta(days=9000)


_WORDS = st.text(st.characters(codec="utf-8"), max_size=6)
_PLAIN: dict[type[inspect.Type], Draws] = {
    inspect.NoneType: st.none(),
    inspect.BoolType: st.booleans(),
    inspect.IntType: st.integers(-(2**63), 2**63 - 1),
    inspect.FloatType: st.floats(allow_nan=False, allow_infinity=False),
    inspect.StrType: _WORDS,
    inspect.BytesType: st.binary(max_size=20),
    inspect.DateTimeType: st.timedeltas().map(_date),
}


@cache
def _made_of(kind: type) -> Draws:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType | inspect.DataclassType)
    fields = {field.name: _drawn(field.type) for field in info.fields}
    return st.fixed_dictionaries(fields).map(lambda values: _made(kind, values)).filter(_is_made)


def _drawn(kind: inspect.Type) -> Draws:
    match kind:
        case inspect.StructType() | inspect.DataclassType():
            return _made_of(kind.cls)
        case inspect.UnionType():
            return st.one_of([_drawn(choice) for choice in kind.types])
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.VarTupleType():
            return st.lists(_drawn(kind.item_type), max_size=3).map(tuple)
        case inspect.TupleType():
            return st.tuples(*(_drawn(item) for item in kind.item_types))
        case inspect.DictType():
            return st.dictionaries(_WORDS, _drawn(kind.value_type), max_size=3)
        case _:
            return _PLAIN[type(kind)]


def _made(kind: Any, values: dict[str, Any]) -> Any:
    """Return the value, or None when it refuses to exist; the small repairs make most draws legal."""
    if kind.__name__ == "Step":
        values |= {"radius": abs(values["radius"]) + 1.0, "work": abs(values["work"]) + 1}
        values |= {"loads": abs(values["loads"]), "unloads": abs(values["unloads"]), "capability": "drill"}
    if kind.__name__ == "Task":
        values |= {"id": "t", "value": abs(values["value"]), "latest": None}
    if kind.__name__ == "VehicleClass":
        values |= {name: abs(value) + 1.0 for name, value in values.items() if isinstance(value, float)}
    if kind.__name__ in ("Disc", "Bid", "Amount", "AuthorityRequest"):
        values |= {name: abs(values[name]) + 1.0 for name in ("radius", "cost", "amount") if name in values}
    if kind.__name__ == "FollowPath":
        values |= {"report": tuple(range(len(values["path"])))}
    if kind.__name__ == "ClosedGround":
        values |= {"outline": ((0.0, 0.0), (1.5, 0.0), (0.0, 2.5))}
    if kind.__name__ == "Bulletin":
        values |= {"version": abs(values["version"] // 2), "closed": values["closed"][:1]}
    try:
        return kind(**values)
    except ValueError:
        return None


def _is_made(value: Any) -> bool:
    return value is not None


@cache
def _values_of(kind: Hashable) -> Draws:
    return _drawn(inspect.type_info(kind))


@pytest.fixture(scope="session")
def values_of() -> ValuesOf:
    """Strategies for the values of a message type."""
    return _values_of
