"""The whole of a scenario file as pydantic models: what keys there are, of which type, within which limits."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, model_validator

from fleet.messages import Allocation, ElectionRule, Voters
from sim.scenario.expect_schema import Expect
from sim.scenario.fault_schema import AnyFault
from sim.scenario.formats import NEWEST
from sim.scenario.given_keys import exactly_one
from sim.scenario.order_schema import AnyOrder
from sim.scenario.payload_schema import PayloadItem
from sim.scenario.place_schema import PlaceRef, PlaceRule, Strict, ZoneItem
from sim.scenario.rights_schema import RightItem
from sim.scenario.task_schema import AnyTask
from sim.scenario.units import AGENT_FORM, COLOUR_FORM, Degrees, Id, Length, Metres, Percent, PointM, Seconds, Text, Utc
from sim.scenario.variant_schema import Key, Seeds, VariantItem

Figure = Annotated[float, Field(ge=0.0, le=1e9)] | None


class SunRule(Strict):
    """The first whole hour at which the Sun stands so high over the site's level horizon."""

    sun_above_deg: Annotated[float, Field(ge=-10.0, le=90.0)]
    after: Utc


class Site(Strict):
    """Where on the Moon the middle of generated ground lies."""

    lat_deg: Annotated[float, Field(ge=-90.0, le=90.0)]
    lon_deg: Annotated[float, Field(ge=-180.0, le=360.0)]


class CraterItem(Strict):
    """A crater asked for."""

    id: Id
    centre_m: PointM
    diameter_m: Length
    depth_ratio: Annotated[float, Field(gt=0.0, le=0.4)] = 0.15
    """Depth by diameter."""


class LevelItem(Strict):
    """Ground made level and free of rocks."""

    centre_m: PointM
    radius_m: Length


class RockItem(Strict):
    """A rock asked for, which no map shows."""

    centre_m: PointM
    radius_m: Length
    """It is as high as that."""


class SoftItem(Strict):
    """Soft ground asked for, which no map shows."""

    centre_m: PointM
    radius_m: Length
    slip: Annotated[float, Field(ge=0.0, le=0.95)]
    """Share of wheel travel lost."""
    firm: bool = False
    """It only looks soft, and whoever drives over it finds that out."""


class Generate(Strict):
    """Seeded synthetic ground."""

    size_m: Annotated[float, Field(ge=50.0, le=20000.0)]
    """Length of a side."""
    pixel_m: Annotated[float, Field(ge=0.25, le=100.0)] = 5.0
    base_height_m: Annotated[float, Field(ge=-10000.0, le=12000.0)] | None = None
    """Above 1737.4 km."""
    roughness_m: Annotated[float, Field(ge=0.0, le=100.0)] | None = None
    """Root mean square height difference over 5 m, before craters."""
    hurst: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """How the roughness grows with distance."""
    map_pixel_m: Length | None = None
    """Metres between heights of the rovers' map, a multiple of pixel_m that parts size_m; the same when not given."""
    crater_density: Annotated[float, Field(ge=0.0, le=0.2)] | None = None
    """Share of geometric saturation."""
    draws: Annotated[int, Field(ge=1, le=100)] = 1
    """How many grounds the seed may draw, one after the other, until one has a place for everything."""
    rocks_per_km2: Annotated[float, Field(ge=0.0, le=100000.0)] | None = None
    rocks: Annotated[list[RockItem], Field(max_length=200)] = Field(default=[])
    soft_per_km2: Annotated[float, Field(ge=0.0, le=100000.0)] | None = None
    """Patches of soft ground, which no map shows."""
    soft: Annotated[list[SoftItem], Field(max_length=200)] = Field(default=[])
    craters: Annotated[list[CraterItem], Field(max_length=200)] = Field(default=[])
    level: Annotated[list[LevelItem], Field(max_length=200)] = Field(default=[])

    @model_validator(mode="after")
    def _cells(self) -> Self:
        cells = self.size_m / self.pixel_m
        if not 16.0 <= cells <= 4096.0:
            raise ValueError(f"size_m / pixel_m must be 16 to 4096 cells, got {cells:g}")
        if self.map_pixel_m is not None:
            factor, side = self.map_pixel_m / self.pixel_m, self.size_m / self.map_pixel_m
            if max(abs(factor - round(factor)), abs(side - round(side))) > 1e-9 or side < 8.0:
                raise ValueError(
                    f"map_pixel_m must be a multiple of pixel_m that parts size_m evenly, got {self.map_pixel_m:g}"
                )
        return self


class FarItem(Strict):
    """Coarser ground around the map, which shades it and hides the sky."""

    file: Text
    """GeoTIFF or PDS3 label, relative to this file."""
    size_km: Annotated[float, Field(gt=0.0, le=1000.0)] | None = None
    """Side of the square around the map; else all there is around it, 300 at most."""
    pixel_m: Annotated[float, Field(gt=0.0, le=2000.0)] | None = None
    """Metres between heights; else the file's own, 100 at least and a thousandth of the side."""


class TerrainItem(Strict):
    """The ground: generated, or a file with heights."""

    model_config = ConfigDict(json_schema_extra=exactly_one("generate", "file"))

    generate: Generate | None = None
    file: Text | None = None
    """GeoTIFF or PDS3 label, relative to this file."""
    centre_m: PointM | None = None
    """Middle of the part to cut out of the file, in its map coordinates."""
    size_m: Length | None = None
    """Side of the part to cut out of the file."""
    rocks_per_km2: Annotated[float, Field(ge=0.0, le=100000.0)] | None = None
    """Rocks strewn over a file's ground."""
    soft_per_km2: Annotated[float, Field(ge=0.0, le=100000.0)] | None = None
    """Patches of soft ground strewn over a file's ground."""
    far: FarItem | None = None
    permanent_shadow_m2: Annotated[float, Field(gt=0.0, le=1e9)] | None = None
    """Ground that the Sun never reaches becomes zones, patches of at least this area; without it none do."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.generate is None) == (self.file is None):
            raise ValueError("needs either generate or file")
        strewn = (self.rocks_per_km2, self.soft_per_km2)
        if self.file is None and (self.centre_m or self.size_m or strewn != (None, None)):
            raise ValueError(
                "centre_m, size_m, rocks_per_km2 and soft_per_km2 go with file; generate has keys of its own"
            )
        return self


class AgencyItem(Strict):
    """Who owns rovers."""

    id: Id
    name: Text = ""
    colour: Annotated[str, Field(pattern=COLOUR_FORM)] | None = None


class RoverItem(Strict):
    """A member of the fleet."""

    id: Id
    title: Text = ""
    agency: Id
    vehicle: Id
    agent: Annotated[str, Field(pattern=AGENT_FORM, max_length=200)]
    """Entry-point name or module:Class."""
    place: PlaceRef
    heading_deg: Degrees = 0.0
    """Counter-clockwise from x of the site frame."""
    charge_percent: Annotated[float, Field(gt=0.0, le=100.0)] = 100.0


class DocksItem(Strict):
    """Places in a ring where a machine that stands charges others."""

    source: Id
    count: Annotated[int, Field(ge=1, le=24)] = 6
    ring_m: Length = 8.0


class RadioItem(Strict):
    """How the radio behaves."""

    loss_percent: Percent = 0.0
    """Of messages that are lost though the link is there."""
    orders_need_earth: bool = False
    """Mission control's orders wait until the coordinator reaches the Earth."""


class ElectionItem(Strict):
    """How another leads when the leader falls silent."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"rule": {"const": "order"}}, "required": ["rule"]},
            "then": {"properties": {"order": {"minItems": 1}}, "required": ["order"]},
            "else": {"properties": {"order": {"maxItems": 0}}},
        }
    )

    rule: ElectionRule = "lowest_id"
    """Who of those that hear each other leads; order: as listed, the others after these."""
    order: Annotated[list[Id], Field(max_length=1000)] = Field(default=[])
    """Best first, with rule order."""
    heartbeat: Seconds = 1800.0
    """All hear of the leader again at least this often."""
    heartbeat_driving: Seconds | None = None
    """The same while anybody has a plan; when not given, no sooner: who asks and gets no answer sees it anyway."""
    may_miss: Annotated[int, Field(ge=0, le=499)] | None = None
    """So many voters may be missing when another is elected, fewer than half; 1, where there are three and more."""
    voters: Voters = "all"
    """Who elects, and keeps in mind what is granted: all members, or those that drive."""

    @model_validator(mode="after")
    def _order(self) -> Self:
        if bool(self.order) != (self.rule == "order"):
            raise ValueError("rule: order needs an order, and an order needs rule: order")
        if len(set(self.order)) < len(self.order):
            raise ValueError("order names a rover twice")
        if min(self.heartbeat, self.heartbeat if self.heartbeat_driving is None else self.heartbeat_driving) < 1.0:
            raise ValueError("heartbeat and heartbeat_driving must be at least 1s")
        return self


def _start_tag(value: object) -> str:
    return "SunRule" if isinstance(value, dict) else "Date"


Start = Annotated[
    Annotated[Utc, Tag("Date")] | Annotated[SunRule, Tag("SunRule")],
    Discriminator(_start_tag),
]


class VehicleItem(Strict):
    """A vehicle class made from one of the catalogue, with some figures of its own."""

    base: Id
    title: Text | None = None
    capabilities: Annotated[list[Id], Field(max_length=50)] | None = None
    mass_kg: Figure = None
    radius_m: Figure = None
    max_speed_m_s: Figure = None
    turn_rate_deg_s: Figure = None
    slope_limit_deg: Figure = None
    roughness_limit_m: Figure = None
    slip_limit: Figure = None
    clearance_m: Figure = None
    panel_efficiency: Figure = None
    battery_wh: Figure = None
    hotel_w: Figure = None
    sleep_w: Figure = None
    heater_w: Figure = None
    rhu_w: Figure = None
    heat_capacity_j_k: Figure = None
    heat_loss_w_k: Figure = None
    radiator_w_k: Figure = None
    work_w: Figure = None
    antenna_m: Figure = None
    radio_mhz: Figure = None
    radio_w: Figure = None
    radio_gain_dbi: Figure = None
    radio_noise_db: Figure = None
    radio_kbit_s: Figure = None
    radio_least_kbit_s: Figure = None
    radio_range_m: Figure = None
    """Beyond which the modem does not listen, whatever the link budget says."""
    relay_kbit_s: Figure = None
    earth_kbit_s: Figure = None
    sensor_range_m: Figure = None
    payload_kg: Figure = None
    charge_w: Figure = None


def _format(value: object) -> int:
    """Refuse what is not the newest format; files of older ones have become that before."""
    if isinstance(value, int) and not isinstance(value, bool) and value > NEWEST:
        fact = f"must be at most {NEWEST}, got {value:.6g}"
        raise ValueError(f"{fact}: the file is for a newer Moonfleet, so install that")
    if isinstance(value, bool) or value != NEWEST:
        raise ValueError(f"must be {NEWEST}, the number of the format, got {value!r:.40}")
    return NEWEST


class ScenarioFile(Strict):
    """One situation: ground, fleet, work, and what is expected."""

    moonfleet: Annotated[int, BeforeValidator(_format), WithJsonSchema({"const": NEWEST})]
    """Number of the format; `moonfleet scenario migrate` rewrites files of older ones."""
    name: Id
    title: Text = ""
    tags: Annotated[list[Id], Field(max_length=50)] = Field(default=[])
    """By which tests are chosen."""
    start: Start
    duration: Seconds
    tick_s: Annotated[float, Field(gt=0.0, le=3600.0)] = 1.0
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    seeds: Seeds | None = None
    """With which it is run as a test; when not given, with its seed."""
    matrix: Annotated[dict[Key, Annotated[list[Any], Field(min_length=1, max_length=1000)]], Field(max_length=20)] = (
        Field(default={})
    )
    """Key of the file to the values it takes when it is run as a test; with several, all combinations."""
    variants: Annotated[list[VariantItem], Field(max_length=200)] = Field(default=[])
    """What else is run when it is run as a test."""
    frame_every: Seconds = 60.0
    """A frame is recorded at least this often."""
    site: Site | None = None
    """Needed for generated ground."""
    terrain: TerrainItem
    zones: Annotated[list[ZoneItem], Field(max_length=1000)] = Field(default=[])
    agencies: Annotated[list[AgencyItem], Field(min_length=1, max_length=100)]
    rights: Annotated[list[RightItem], Field(max_length=1000)] = Field(default=[])
    """Who may do what to whose rover; of two lines about the same, the later counts."""
    vehicles: Annotated[dict[Id, VehicleItem], Field(max_length=100)] = Field(default={})
    rovers: Annotated[list[RoverItem], Field(min_length=1, max_length=1000)]
    coordinator: Id
    """Who leads traffic and auctions work, at the start."""
    election: ElectionItem | None = None
    """How another leads when the leader falls silent; when not given, nobody does."""
    docks: DocksItem | None = None
    payload: PayloadItem | None = None
    """What of the fleet and its instruments the lander carries for partners; when not given, nobody weighs it."""
    stock: Annotated[dict[Id, Metres], Field(max_length=100)] = Field(default={})
    """In store at the start."""
    radio: RadioItem = RadioItem()
    places: Annotated[dict[Id, PlaceRule], Field(max_length=1000)] = Field(default={})
    """Named places, for rovers, zones and tasks."""
    tasks: Annotated[list[AnyTask], Field(max_length=1000)] = Field(default=[])
    faults: Annotated[list[AnyFault], Field(max_length=1000)] = Field(default=[])
    """What goes wrong."""
    orders: Annotated[list[AnyOrder], Field(max_length=1000)] = Field(default=[])
    """What mission control orders while the mission goes on."""
    expect: Annotated[list[Expect], Field(max_length=200)] = Field(default=[])
    planner: Text = "roadmap"
    allocator: Text = "auction"
    allocation: Allocation = "auction"
    """How work is shared out: by the leader, who asks the allocator; or by all, who agree."""
    agent_deadline_s: Annotated[float, Field(gt=0.0, le=3600.0)] = 10.0
    """Wall seconds that one decision may take."""
