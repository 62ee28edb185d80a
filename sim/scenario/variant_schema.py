"""How a scenario file says what it is run as when it is a test: seeds, parameters, variants."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.scenario.place_schema import Strict
from sim.scenario.seeds import MOST_SEED, parse_seeds
from sim.scenario.units import Id, Text

_MOST_TEST_SEEDS = 10_000


def _seeds(value: object) -> list[int]:
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, int | str) and not isinstance(item, bool) for item in items):
        raise ValueError("must be seeds like 3, [3, 7] or 1-20")
    if any(isinstance(item, int) and not 0 <= item <= MOST_SEED for item in items):
        raise ValueError(f"must be seeds of 0 to {MOST_SEED}")
    found = parse_seeds(",".join(str(item) for item in items))
    if len(found) > _MOST_TEST_SEEDS:
        raise ValueError(f"must be at most {_MOST_TEST_SEEDS} seeds")
    return found


_ONE_SEED = {"type": "integer", "minimum": 0, "maximum": MOST_SEED}
_SEED_TEXT = {"type": "string", "pattern": r"^\s*\d+(-\d+)?\s*(,\s*\d+(-\d+)?\s*)*$", "examples": ["1-20"]}
Seeds = Annotated[
    list[int],
    BeforeValidator(_seeds),
    WithJsonSchema(
        {
            "anyOf": [
                _ONE_SEED,
                _SEED_TEXT,
                {"type": "array", "minItems": 1, "items": {"anyOf": [_ONE_SEED, _SEED_TEXT]}},
            ]
        }
    ),
]
Key = Annotated[str, Field(min_length=1, max_length=200)]
"""A key of the file, its parts parted by dots."""


class VariantItem(Strict):
    """The same scenario with something set otherwise."""

    id: Id
    title: Text = ""
    set: Annotated[dict[Key, Any], Field(max_length=50)] = Field(default={})
    """Key of the file, its parts parted by dots, to value."""
    seeds: Seeds | None = None
    tags: Annotated[list[Id], Field(max_length=50)] = Field(default=[])
    """Beside those of the scenario."""
    must_fail: Annotated[list[Id], Field(max_length=50)] = Field(default=[])
    """Exactly these expectations fail, and a test that sees them fail has passed."""
