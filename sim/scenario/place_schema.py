"""How a scenario file says where: named places, rules that choose a place, shapes."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetJsonSchemaHandler, Tag, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from shapely import Polygon

from sim.scenario.described import said_of_keys
from sim.scenario.given_keys import exactly_one
from sim.scenario.units import Degrees, Id, Length, Metres, PointM


class Strict(BaseModel):
    """A mapping of a scenario file: only the keys it names, only their types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON Schema, with what the source says of each key."""
        schema = handler(core_schema)
        keys = handler.resolve_ref_schema(schema)["properties"]
        for name, text in said_of_keys(cls).items():
            key = keys[cls.model_fields[name].alias or name]
            key.setdefault("description", text)
        return schema


class At(Strict):
    """A point given by hand."""

    at_m: PointM
    """x and y in the site frame, whose origin is the middle of the map."""


PlaceLight = Literal["any", "lit", "dark", "window"]


class Level(Strict):
    """The flattest ground near a point, with room for the fleet around it."""

    level: Literal[True]
    centre_m: PointM = Field(default=[0.0, 0.0])
    """Middle of the search."""
    within_m: Length = 100.0
    """How far from there."""
    pad_m: Length = 12.0
    """Radius of the ground that must be level."""
    max_tilt_deg: Annotated[float, Field(ge=0.0, le=90.0)] = 8.0
    """No cell of it is steeper."""
    light: Literal["any", "lit", "dark"] = "any"
    """lit: where the Sun shines longest over the mission; dark: where least."""


class Inside(Strict):
    """Ground in a crater or zone: the darkest or best lit with `light`, else nearest to its middle."""

    in_: Id = Field(alias="in")
    """Crater of terrain.generate, or zone."""
    light: PlaceLight = "any"


class Near(Strict):
    """Reachable ground near something, drawn from the scenario's chance."""

    near: Id
    """A rover, place, crater or zone."""
    min_m: Metres = 0.0
    max_m: Length
    light: PlaceLight = "any"
    """lit: in sunlight for most of the mission; dark: in shadow for most; window: lit for less than half of it."""
    spread_m: Metres = 0.0
    """Distance to every place chosen by such a rule before."""
    max_tilt_deg: Annotated[float, Field(ge=0.0, le=90.0)] | None = None
    bearing_deg: Degrees | None = None
    """Heading from there in the site frame, counter-clockwise from x."""
    tolerance_deg: Annotated[float, Field(gt=0.0, le=180.0)] = 30.0
    """How far from that heading."""

    @model_validator(mode="after")
    def _ring(self) -> Self:
        if self.max_m <= self.min_m:
            raise ValueError(f"max_m must be more than min_m, got {self.max_m:g} and {self.min_m:g}")
        return self


# The key that tells a rule; its tag is the name of its model.
_TAGS = (("at_m", "At"), ("level", "Level"), ("in", "Inside"), ("near", "Near"))


def _rule_of(value: object) -> str | None:
    if isinstance(value, str):
        return "Name"
    if isinstance(value, dict):
        return next((tag for key, tag in _TAGS if key in value), None)
    return None


Rule = At | Level | Inside | Near
_NO_RULE = "a place is {at_m: [x, y]}, {level: true}, {in: ...} or {near: ..., max_m: ...}"
PlaceRule = Annotated[
    Annotated[At, Tag("At")]
    | Annotated[Level, Tag("Level")]
    | Annotated[Inside, Tag("Inside")]
    | Annotated[Near, Tag("Near")],
    Discriminator(_rule_of, custom_error_type="place", custom_error_message=_NO_RULE),
]
PlaceRef = Annotated[
    Annotated[Id, Tag("Name")]
    | Annotated[At, Tag("At")]
    | Annotated[Level, Tag("Level")]
    | Annotated[Inside, Tag("Inside")]
    | Annotated[Near, Tag("Near")],
    Discriminator(_rule_of, custom_error_type="place", custom_error_message="a place is a name, or " + _NO_RULE[11:]),
]


class Circle(Strict):
    """A round piece of ground."""

    centre: PlaceRef
    radius_m: Length


def check_polygon(corners: list[list[float]]) -> None:
    """Refuse corners that make no ground.

    Raises
    ------
    ValueError
        When the outline crosses itself or has no area.
    """
    polygon = Polygon(corners)
    if not polygon.is_valid or polygon.area <= 0.0:
        raise ValueError("polygon_m crosses itself or has no area")


class Shape(Strict):
    """A piece of ground: a circle or a polygon."""

    model_config = ConfigDict(json_schema_extra=exactly_one("circle", "polygon_m"))

    circle: Circle | None = None
    polygon_m: Annotated[list[PointM], Field(min_length=3, max_length=1000)] | None = None
    """Corners in order."""

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        if (self.circle is None) == (self.polygon_m is None):
            raise ValueError("needs either circle or polygon_m")
        if self.polygon_m is not None:
            check_polygon(self.polygon_m)
        return self


class ZoneItem(Shape):
    """A named piece of ground."""

    id: Id
    kind: Literal["keep-out", "pad", "crater", "site", "shadow"]
    """keep-out is never entered; the others are for information."""
