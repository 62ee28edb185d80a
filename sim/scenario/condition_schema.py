"""How a scenario file says what is so at a moment: named signals of rovers, tasks, stock and fleet."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self, get_args

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from fleet.messages import Activity, EarthWay
from sim.scenario.given_keys import exactly_one, given, one_or_more
from sim.scenario.place_schema import Strict
from sim.scenario.units import Id, Seconds

EACH: Final = "each"  #: For every rover by itself, the same one wherever it is said in an expectation.
TASK_STATES: Final = ("open", "running", "done", "failed", "cancelled")
_STATES: Final = (*get_args(Activity), *TASK_STATES)
_WAYS: Final = get_args(EarthWay)
_Count = Annotated[int, Field(ge=0)]


class Bounds(Strict):
    """At least, at most, or both."""

    model_config = ConfigDict(json_schema_extra=one_or_more("at_least", "at_most"))

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least or at_most")
        return self


def _words(known: tuple[str, ...]) -> BeforeValidator:
    def read(value: object) -> list[str]:
        found = value if isinstance(value, list) else [value]
        if not found or any(item not in known for item in found):
            raise ValueError(f"must be one or more of {', '.join(known)}; got {value!r:.60}")
        return [str(item) for item in found]

    return BeforeValidator(read)


def _one_or_more(known: tuple[str, ...]) -> WithJsonSchema:
    one = {"enum": list(known)}
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]})


States = Annotated[list[str], _words(_STATES), _one_or_more(_STATES)]
Ways = Annotated[list[str], _words(_WAYS), _one_or_more(_WAYS)]

#: Signal -> which other keys say whose it is.
SUBJECTS: Final = {
    "state": ("rover", "task"),
    "battery_percent": ("rover",),
    "distance_m": ("rover",),
    "energy_wh": ("rover",),
    "payload_kg": ("rover",),
    "power_w": ("rover",),
    "temperature_c": ("rover",),
    "light": ("rover",),
    "x_m": ("rover",),
    "y_m": ("rover",),
    "earth": ("rover",),
    "links": ("rover",),
    "separation_m": ("rover", "other"),
    "hears": ("rover", "other"),
    "reaches": ("rover", "other"),
    "step": ("task",),
    "holder": ("task",),
    "amount": ("stock",),
    "tasks_done": (),
    "sun_elevation_deg": (),
}


_WHOSE: Final = ("rover", "other", "task", "stock")


def _told_of(signal: str, *subjects: str) -> dict[str, Any]:
    """Return the JSON Schema of whose a signal is: these must be said, and no others."""
    others = [given(key) for key in _WHOSE if key not in subjects]
    rule: dict[str, Any] = {"allOf": [*map(given, subjects), {"not": {"anyOf": others}}]}
    if signal == "state":
        words = get_args(Activity) if subjects == ("rover",) else TASK_STATES
        rule["properties"] = {"state": _one_or_more(tuple(words)).json_schema}
    return rule


def _whose() -> list[dict[str, Any]]:
    rules: dict[str, dict[str, Any]] = {key: _told_of(key) for key in ("all", "any", "not")}
    for signal, subjects in SUBJECTS.items():
        rules[signal] = _told_of(signal, *subjects)
    rules["state"] = {"oneOf": [_told_of("state", subject) for subject in SUBJECTS["state"]]}
    return [{"if": given(signal), "then": rule} for signal, rule in rules.items()]


class Condition(Strict):
    """What is so at a moment: one signal and whose it is, or several conditions together."""

    model_config = ConfigDict(json_schema_extra={"allOf": [exactly_one(*SUBJECTS, "all", "any", "not"), *_whose()]})

    rover: Id | None = None
    """Whose signal; each: of every rover by itself."""
    other: Id | None = None
    """Another rover, for what is between two."""
    task: Id | None = None
    stock: Id | None = None
    state: States | None = None
    """Of a rover or a task: one word or several."""
    battery_percent: Bounds | None = None
    distance_m: Bounds | None = None
    """Driven so far."""
    energy_wh: Bounds | None = None
    """Used so far."""
    payload_kg: Bounds | None = None
    power_w: Bounds | None = None
    """Into the battery."""
    temperature_c: Bounds | None = None
    light: Bounds | None = None
    """Share of the Sun's disc in view, 0 to 1."""
    x_m: Bounds | None = None
    y_m: Bounds | None = None
    earth: Ways | None = None
    """How the rover reaches the Earth."""
    links: Bounds | None = None
    """How many others it hears directly."""
    separation_m: Bounds | None = None
    """Between two rovers, edge to edge."""
    hears: bool | None = None
    """Whether two rovers hear each other directly."""
    reaches: bool | None = None
    """Whether words get from one rover to another, over any number of others."""
    step: Bounds | None = None
    """How many steps of a task are done."""
    holder: Id | None = None
    """Who has a task."""
    amount: Bounds | None = None
    """Of a stock."""
    tasks_done: Bounds | None = None
    """How many tasks are done."""
    sun_elevation_deg: Bounds | None = None
    all: Annotated[list[Condition], Field(min_length=1, max_length=20)] | None = None
    any: Annotated[list[Condition], Field(min_length=1, max_length=20)] | None = None
    not_: Annotated[Condition | None, Field(alias="not")] = None

    @model_validator(mode="after")
    def _one_signal(self) -> Self:
        keys = self.given
        signals = [key for key in keys if key in SUBJECTS or key in ("all", "any", "not_")]
        if len(signals) != 1:
            raise ValueError("needs exactly one signal, or one of all, any and not")
        (signal,) = signals
        subjects = {key for key in keys if key in _WHOSE}
        if signal not in SUBJECTS:
            if subjects:
                raise ValueError(f"{signal.strip('_')} says nothing of whom; the conditions in it do")
            return self
        needed = set(SUBJECTS[signal])
        if signal == "state":
            self._state(subjects)
        elif subjects != needed:
            raise ValueError(f"{signal} is told of {' and '.join(SUBJECTS[signal]) or 'the whole fleet'}")
        return self

    def _state(self, subjects: set[str]) -> None:
        if subjects not in ({"rover"}, {"task"}):
            raise ValueError("state is told of a rover or of a task")
        known = get_args(Activity) if subjects == {"rover"} else TASK_STATES
        if wrong := [word for word in self.state or () if word not in known]:
            raise ValueError(f"a {subjects.pop()} is never {wrong[0]}: {', '.join(known)}")

    @property
    def given(self) -> list[str]:
        """The keys that are given."""
        return [key for key in type(self).model_fields if getattr(self, key) is not None]


class Window(Strict):
    """When something is looked at: from a mission time on, until another."""

    from_: Annotated[Seconds, Field(alias="from")] = 0.0
    until: Seconds | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.until is not None and self.until <= self.from_:
            raise ValueError("until must be after from")
        return self


class Always(Condition, Window):
    """So at every moment."""


class Eventually(Condition, Window):
    """So at some moment."""


class Within(Window):
    """Each time that one thing comes to be, another is so at a moment not later than that."""

    time: Seconds
    after: Condition
    then: Condition


class Until(Window):
    """One thing is so at every moment before another comes to be, and that does."""

    hold: Condition
    then: Condition


class Lasts(Window):
    """How long something is so, all together."""

    model_config = ConfigDict(json_schema_extra=one_or_more("at_least", "at_most"))

    when: Condition
    at_least: Seconds | None = None
    at_most: Seconds | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least or at_most")
        return self


class Words(Window):
    """How often something was said."""

    model_config = ConfigDict(json_schema_extra=one_or_more("at_least", "at_most"))

    kind: Id
    """Of message, such as Award."""
    sender: Id | None = None
    to: Id | None = None
    """Whom it was meant for."""
    heard_by: Id | None = None
    """Who heard it."""
    at_least: _Count | None = None
    at_most: _Count | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least or at_most")
        return self
