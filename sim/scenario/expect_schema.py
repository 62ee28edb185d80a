"""How a scenario file says what a run is judged by."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from fleet.messages import TASK_KINDS, TaskKind
from sim.scenario.condition_schema import Always, Bounds, Eventually, Lasts, Until, Within, Words
from sim.scenario.place_schema import Strict
from sim.scenario.units import PLUGIN_FORM, Id, Percent, Seconds

_Count = Annotated[int, Field(ge=0)]


class TaskBefore(Strict):
    """A task and when it must be done."""

    task: Id
    time: Seconds


class Foretold(Strict):
    """A rover that runs out, and for how long it has seen that coming."""

    rover: Id
    at_least_before: Seconds


class CheckItem(Strict):
    """A plugin that reads the run and judges it."""

    plugin: Annotated[str, Field(pattern=PLUGIN_FORM, max_length=200)]
    """Entry-point name of the group moonfleet.checks, or module:Class."""
    arguments: Annotated[dict[Id, Any], Field(max_length=50)] = Field(default={})


def _done(value: object) -> object:
    if value == "all" or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return value
    raise ValueError(f"must be all, a number of tasks or a list of task ids, got {value!r:.60}")


class Expect(Strict):
    """One condition; exactly one of these keys."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    tasks_done: (
        Annotated[
            object,
            BeforeValidator(_done),
            WithJsonSchema(
                {
                    "anyOf": [
                        {"const": "all"},
                        {"type": "integer", "minimum": 0},
                        {"type": "array", "items": {"type": "string"}, "minItems": 1},
                    ]
                }
            ),
        ]
        | None
    ) = None
    """all, the least number, or ids."""
    kinds_done: Annotated[list[TaskKind], Field(min_length=1, max_length=len(TASK_KINDS))] | None = None
    """At least one task of each of these kinds."""
    instruments_alive: Literal["all"] | Annotated[list[Id], Field(min_length=1)] | Bounds | None = None
    """all, ids of the tasks that set them up, or how many: they stand at the end, and are not dead."""
    collisions: _Count | None = None
    """At most so many."""
    trespasses: _Count | None = None
    """At most so often a body left the ground that it had authority for, or ground was granted to two."""
    unlawful: _Count | None = None
    """At most so often work was begun, or charge drawn, without right."""
    refusals: Bounds | None = None
    """How often a rover said that somebody has no right, or that it does not consent."""
    elections: Bounds | None = None
    """How often another came to lead."""
    new_leader_s: Annotated[float, Field(ge=0.0)] | None = None
    """From the first call for another leader until there is one, never longer."""
    no_rover_lost: Literal[True] | None = None
    lost: list[Id] | None = None
    """Exactly these rovers are lost: frozen, or down at the end."""
    foretold: Foretold | None = None
    """A rover said that it would run out, so long before it did."""
    min_battery_percent: Percent | None = None
    """No battery ever goes below."""
    done_before: TaskBefore | None = None
    charged: Bounds | None = None
    """How often a rover was charged by another machine."""
    distance_m: Bounds | None = None
    """Driven by all together."""
    energy_wh: Bounds | None = None
    """Used by all together."""
    agents_broken: _Count | None = None
    """At most so many agents crashed, hung or broke their contract."""
    broken: list[Id] | None = None
    """Exactly these rovers' agents do."""
    faults_suffered: Bounds | None = None
    """How many faults of the scenario, or of those who steer the run, began."""
    min_separation_m: Annotated[float, Field(ge=0.0)] | None = None
    """No two bodies ever come nearer, edge to edge."""
    stock: Annotated[dict[Id, Bounds], Field(min_length=1)] | None = None
    """At the end."""
    messages_lost: Bounds | None = None
    blocked: Bounds | None = None
    """How often a rover was stopped by what no plan of it knew: a rock, soft ground, a slope, the edge."""
    hazards_found: Bounds | None = None
    """Rocks, patches of soft ground and steep ground that no map had, each counted once."""
    hazards_told: Bounds | None = None
    """Those of which another rover heard, each counted once."""
    hazards_felt: Bounds | None = None
    """Those that wheels slipped in, each counted once."""
    hazards_denied: Bounds | None = None
    """Those of which a rover that went there said that there is none, each counted once."""
    always: Always | None = None
    eventually: Eventually | None = None
    within: Within | None = None
    until: Until | None = None
    lasts: Lasts | None = None
    said: Words | None = None
    check: CheckItem | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("one expectation has exactly one key; begin each with a dash")
        return self

    @property
    def rule(self) -> str:
        """The key that is given."""
        return next(iter(self.model_fields_set))
