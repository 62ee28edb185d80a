"""How a scenario file says what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from shapely import LineString

from sim.scenario.given_keys import exactly_one
from sim.scenario.instrument import InstrumentItem
from sim.scenario.place_schema import PlaceRef, Shape, Strict, check_polygon
from sim.scenario.units import Id, Kilograms, Length, PointM, Seconds, Text

LightNeed = Literal["any", "lit", "dark"]
ContactNeed = Literal["none", "earth", "coordinator"]
Amounts = Annotated[dict[Id, Kilograms], Field(min_length=1, max_length=100)]


class _TaskItem(Strict):
    kind: str
    id: Id
    title: Text = ""
    agency: Id | None = None
    """Whose work it is; the coordinator's agency when not given."""
    after: Annotated[list[Id], Field(max_length=1000)] = Field(default=[])
    """Tasks that must be done before this one starts."""
    earliest: Seconds = 0.0
    latest: Seconds | None = None
    """Worth nothing when done later."""
    value: Annotated[float, Field(ge=0.0, le=1e9)] = 1.0
    ordered_at: Seconds = 0.0
    """When mission control orders it."""
    beside: Annotated[list[Id], Field(max_length=20)] = Field(default=[])
    """Tasks that others must be at work on while this one's work goes on: several robots, each in its role."""


class _PlacedItem(_TaskItem):
    light: LightNeed = "any"
    contact: ContactNeed = "none"
    """Whom radio must reach, over any number of hops, while the work at the place goes on."""


class Deploy(_PlacedItem):
    """Take an instrument from somewhere and set it up elsewhere."""

    kind: Literal["deploy"]
    item_kg: Kilograms
    from_: PlaceRef = Field(alias="from")
    at: PlaceRef
    load: Seconds = 600.0
    """How long taking it on board takes."""
    work: Seconds
    """How long setting it up takes."""
    near_m: Length = 2.0
    """How near the place is near enough."""
    store_near_m: Length | None = None
    """The same where things are taken from or brought to; `near_m` when not given."""
    instrument: InstrumentItem | None = None
    """It has power and heat of its own, and may die; without this nobody looks after it once it stands."""


class Survey(_PlacedItem, Shape):
    """Measure at stations all over an area, or along a line."""

    model_config = ConfigDict(json_schema_extra=exactly_one("circle", "polygon_m", "line_m"))

    kind: Literal["survey"]
    line_m: Annotated[list[PointM], Field(min_length=2, max_length=1000)] | None = None
    """Corners of a line, from its beginning to its end."""
    spacing_m: Length
    dwell: Seconds
    """How long each station takes."""
    near_m: Length = 3.0

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        if sum(shape is not None for shape in (self.circle, self.polygon_m, self.line_m)) != 1:
            raise ValueError("needs one of circle, polygon_m and line_m")
        if self.polygon_m is not None:
            check_polygon(self.polygon_m)
        if self.line_m is not None and LineString(self.line_m).length <= 0.0:
            raise ValueError("line_m has no length")
        return self

    @property
    def line(self) -> LineString | None:
        """The line along which it leads; None where it is all over an area."""
        return None if self.line_m is None else LineString(self.line_m)


class Image(_PlacedItem):
    """Take pictures at a place."""

    kind: Literal["image"]
    at: PlaceRef
    work: Seconds
    near_m: Length = 3.0


class Sample(_PlacedItem):
    """Drill at a place and bring the sample back."""

    kind: Literal["sample"]
    at: PlaceRef
    work: Seconds
    sample_kg: Kilograms
    bring_to: PlaceRef
    unload: Seconds = 600.0
    """How long handing it over takes."""
    stock: Id | None = None
    """Where it is counted."""
    near_m: Length = 2.0
    store_near_m: Length | None = None
    """The same where things are taken from or brought to; `near_m` when not given."""


class Haul(_PlacedItem):
    """Carry loose ground to a store, trip by trip."""

    kind: Literal["haul"]
    from_: PlaceRef = Field(alias="from")
    to: PlaceRef
    total_kg: Kilograms
    load_kg: Kilograms
    """Carried on one trip."""
    work: Seconds
    """How long loading takes."""
    unload: Seconds = 600.0
    stock: Id
    """Where it is counted."""
    near_m: Length = 4.0
    store_near_m: Length | None = None
    """The same where things are taken from or brought to; `near_m` when not given."""


class Print(_PlacedItem):
    """Make something out of stock, on a machine that prints, where it stands."""

    kind: Literal["print"]
    by: Id | None = None
    """The machine; the first that can when not given."""
    takes: Amounts | None = None
    gives: Amounts | None = None
    work: Seconds


class Measure(_PlacedItem):
    """Measure at a place for a time."""

    kind: Literal["measure"]
    at: PlaceRef
    work: Seconds
    """How long."""
    capability: Id = "measure"
    """What the machine must be able to do: an instrument's own name keeps others from it."""
    near_m: Length = 3.0


class Relay(_PlacedItem):
    """Hold a place, so that others reach each other by radio."""

    kind: Literal["relay"]
    at: PlaceRef
    hears: Annotated[list[Id], Field(min_length=2, max_length=2)] | None = None
    """Two machines; time counts only while they reach each other, over any number of hops."""
    work: Seconds = 3600.0
    """How long; with `during`, about how long that may take."""
    during: Id | None = None
    """A task: the place is held until the work of that, at its own place, is done."""
    near_m: Length = 3.0


class Film(_PlacedItem):
    """Keep another machine in view, from a place or going where it goes."""

    model_config = ConfigDict(json_schema_extra=exactly_one("at", "follow"))

    kind: Literal["film"]
    rover: Id
    """Who is filmed."""
    at: PlaceRef | None = None
    follow: Literal[True] | None = None
    """From wherever it is in view: who films follows when it drives away."""
    within_m: Length = 100.0
    """How far away it may be; nothing may stand between the two masts."""
    work: Seconds
    near_m: Length = 3.0

    @model_validator(mode="after")
    def _one_stand(self) -> Self:
        if (self.at is None) == (self.follow is None):
            raise ValueError("needs either at, a place to film from, or follow: true")
        if self.near_m >= self.within_m:
            raise ValueError(f"near_m must be less than within_m, got {self.near_m:g} and {self.within_m:g}")
        return self


class ChargeOther(_TaskItem):
    """Give charge to another machine, wherever it stands; one that is down comes back by it."""

    kind: Literal["charge"]
    rover: Id
    """Who is charged."""
    to_percent: Annotated[float, Field(gt=0.0, le=100.0)] = 80.0
    """Of its battery."""


class TowOther(_TaskItem):
    """Take another machine in tow and bring it somewhere."""

    kind: Literal["tow"]
    rover: Id
    """Who is towed; it must be awake, whatever its wheels do."""
    to: PlaceRef
    charge_percent: Annotated[float, Field(ge=0.0, le=100.0)] = 0.0
    """Of its battery: so much it is given first, so that one that is flat is awake on the way."""
    work: Seconds = 600.0
    """How long taking it in tow takes."""
    unload: Seconds = 300.0
    """How long setting it down takes."""
    near_m: Length = 3.0


class WaitThere(_PlacedItem):
    """Stay at a place for a time, such as a haven in the Sun."""

    kind: Literal["wait"]
    at: PlaceRef
    work: Seconds
    """How long."""
    near_m: Length = 3.0


TaskItem = Deploy | Survey | Image | Sample | Haul | Print | Measure | Relay | Film | ChargeOther | TowOther | WaitThere
AnyTask = Annotated[TaskItem, Field(discriminator="kind")]

#: What a rover must be able to do for each kind of task.
_CAPABILITY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "deploy": "deploy",
        "survey": "survey",
        "image": "image",
        "sample": "drill",
        "haul": "haul",
        "print": "print",
        "relay": "relay",
        "film": "image",
        "charge": "charge-others",
        "tow": "tow",
        "wait": "wait",
    }
)


def capability_of(item: TaskItem) -> str:
    """Return what a rover must be able to do for a task."""
    return item.capability if isinstance(item, Measure) else _CAPABILITY[item.kind]
