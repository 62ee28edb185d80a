"""How a scenario file, or a person who steers a run, says what goes wrong."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, WithJsonSchema, model_validator

from sim.scenario.given_keys import at_most_one, exactly_one
from sim.scenario.place_schema import PlaceRef, Strict
from sim.scenario.units import SECONDS_SCHEMA, Degrees, Id, Length, Seconds

Share = Annotated[float, Field(gt=0.0, le=1.0)]
_SECONDS = TypeAdapter[float](Seconds)
_TWO_TIMES = {"type": "array", "items": SECONDS_SCHEMA, "minItems": 2, "maxItems": 2}


def _span(value: object) -> tuple[float, float]:
    ends = value if isinstance(value, list) else [value, value]
    if len(ends) != 2:
        raise ValueError("must be a time, or two between which it is drawn")
    first, last = (_SECONDS.validate_python(end) for end in ends)
    if not 0.0 < first <= last:
        raise ValueError("must be more than 0, the shorter of two times first")
    return first, last


def _chosen(value: object) -> object:
    if value in ("any", "all") or (isinstance(value, list) and value and all(isinstance(item, str) for item in value)):
        return value
    raise ValueError(f"must be any, all or a list of rover ids, got {value!r:.60}")


def _window(value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("must be two times, [earliest, latest]")
    first, last = (_SECONDS.validate_python(end) for end in value)
    if last < first:
        raise ValueError("the earlier time comes first")
    return first, last


Span = Annotated[
    tuple[float, float],
    BeforeValidator(_span),
    WithJsonSchema({"anyOf": [*SECONDS_SCHEMA["anyOf"], _TWO_TIMES]}),
]
Window = Annotated[
    tuple[float, float],
    BeforeValidator(_window),
    WithJsonSchema(_TWO_TIMES),
]
Chosen = Annotated[
    object,
    BeforeValidator(_chosen),
    WithJsonSchema(
        {"anyOf": [{"enum": ["any", "all"]}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]


_TIMES: Final = (at_most_one("at", "from", "between"), at_most_one("for", "until"))


class _FaultItem(Strict):
    model_config = ConfigDict(json_schema_extra={"allOf": list(_TIMES)})

    fault: str
    at: Seconds | None = None
    """When it begins; at the start when none of at, from and between is given."""
    from_: Seconds | None = Field(default=None, alias="from")
    """The same, to go with until."""
    between: Window | None = None
    """It begins at a time drawn between these two."""
    for_: Span | None = Field(default=None, alias="for")
    """How long it lasts, or two times between which that is drawn; for good when neither for nor until is given."""
    until: Seconds | None = None

    @model_validator(mode="after")
    def _times(self) -> Self:
        if sum(time is not None for time in (self.at, self.from_, self.between)) > 1:
            raise ValueError("give only one of at, from and between")
        if self.for_ is not None and self.until is not None:
            raise ValueError("give only one of for and until")
        if self.until is not None and self.until <= self.window[1]:
            raise ValueError("until must lie after the beginning")
        return self

    @property
    def window(self) -> tuple[float, float]:
        """The seconds between which it begins."""
        begin = self.at if self.at is not None else self.from_ if self.from_ is not None else 0.0
        return self.between if self.between is not None else (begin, begin)


class RoverFault(_FaultItem):
    """Befalls some rovers, each by itself."""

    model_config = ConfigDict(json_schema_extra={"allOf": [*_TIMES, exactly_one("rover", "rovers", "agency")]})

    rover: Id | None = None
    rovers: Chosen | None = None
    """any, all, or a list of ids."""
    agency: Id | None = None
    """All rovers of this agency."""
    count: Annotated[int, Field(ge=1, le=1000)] | None = None
    """So many are drawn from those named; one when rovers is any."""

    @model_validator(mode="after")
    def _whom(self) -> Self:
        if sum(whom is not None for whom in (self.rover, self.rovers, self.agency)) != 1:
            raise ValueError("needs one of rover, rovers and agency")
        if self.rover is not None and self.count is not None:
            raise ValueError("count goes with rovers or agency")
        return self


class WordFault(_FaultItem):
    """Befalls a share of what is said."""

    share: Share
    """Of the messages, for each receiver by itself, 0 to 1."""
    rovers: Annotated[list[Id], Field(min_length=1, max_length=1000)] | None = None
    """Only what one of these says or hears."""


class LateWordFault(WordFault):
    """Befalls a share of what is said, with a time."""

    delay: Seconds
    spread: Seconds = 0.0
    """Up to so much more, drawn evenly for each message."""


class MessageLossItem(WordFault):
    """Messages that the radio carries are not heard."""

    fault: Literal["message_loss"]


class MessageCorruptionItem(WordFault):
    """Messages arrive with a wrong checksum and are dropped."""

    fault: Literal["message_corruption"]


class MessageDelayItem(LateWordFault):
    """Messages arrive late, and in another order."""

    fault: Literal["message_delay"]


class MessageDuplicationItem(LateWordFault):
    """Messages arrive twice."""

    fault: Literal["message_duplication"]
    delay: Seconds = 0.0
    """How much later the second one comes."""


class SilentItem(RoverFault):
    """A rover's radio is dead."""

    fault: Literal["silent"]


class PartitionItem(_FaultItem):
    """No radio between groups."""

    fault: Literal["partition"]
    groups: Annotated[list[Annotated[list[Id], Field(min_length=1, max_length=1000)]], Field(min_length=1)]
    """Who is in none of them is in one more group."""


class AgentCrashItem(RoverFault):
    """A rover's mind is gone, and made anew at the end."""

    fault: Literal["agent_crash"]


class HostLossItem(RoverFault):
    """A rover's computer is off, and started anew at the end."""

    fault: Literal["host_loss"]


class SlowAgentItem(RoverFault):
    """A rover's mind takes time for each decision."""

    fault: Literal["slow_agent"]
    delay: Seconds
    """Of mission time."""


class HeldItem(RoverFault):
    """A rover's wheels turn and it does not move, without being told."""

    fault: Literal["held"]


class StuckWheelItem(RoverFault):
    """A rover stands and can neither drive nor turn."""

    fault: Literal["stuck_wheel"]


class DeadPanelItem(RoverFault):
    """A rover's panels give less."""

    fault: Literal["dead_panel"]
    share: Share = 1.0
    """Of their power that is gone."""


class BatteryFadeItem(RoverFault):
    """A rover's battery holds less."""

    fault: Literal["battery_fade"]
    share: Annotated[float, Field(gt=0.0, le=0.6)]
    """Of its capacity that is gone."""


class WrongPositionItem(RoverFault):
    """A rover is wrong about where it is."""

    fault: Literal["wrong_position"]
    error_m: Length
    bearing_deg: Degrees | None = None
    """From where it is to where it believes to be, counter-clockwise from x; drawn when not given."""


class RadioJamItem(_FaultItem):
    """No radio works within a circle."""

    fault: Literal["radio_jam"]
    centre: PlaceRef
    """A named place, a rover (where it stands at the start), or a point."""
    radius_m: Length


class ObstacleItem(_FaultItem):
    """A rock lies there of which nobody knows, until somebody comes near."""

    fault: Literal["obstacle"]
    centre: PlaceRef
    """A named place, a rover (where it stands at the start), or a point."""
    radius_m: Annotated[Length, Field(le=5.0)]
    """It is as high as that, and stops vehicles whose clearance is less."""


FaultItem = (
    MessageLossItem
    | MessageCorruptionItem
    | MessageDelayItem
    | MessageDuplicationItem
    | SilentItem
    | PartitionItem
    | RadioJamItem
    | ObstacleItem
    | AgentCrashItem
    | HostLossItem
    | SlowAgentItem
    | HeldItem
    | StuckWheelItem
    | DeadPanelItem
    | BatteryFadeItem
    | WrongPositionItem
)
AnyFault = Annotated[FaultItem, Field(discriminator="fault")]
FAULT_KINDS: Final[tuple[str, ...]] = tuple(
    get_args(kind.model_fields["fault"].annotation)[0] for kind in get_args(FaultItem)
)
