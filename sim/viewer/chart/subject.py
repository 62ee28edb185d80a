"""What charts are drawn of: a ground, and what a scenario knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from math import degrees
from pathlib import Path
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace as with_fields

from fleet.core import ConfigError, MissionTime, Point, Tick, distance
from fleet.moon import Almanac, Direction
from fleet.terrain import KEEP_OUT, GroundMap, Terrain
from fleet.vehicles import VehicleClass, catalogue
from sim.scenario import load_scenario
from sim.viewer.chart.chart import Mark, Outline, Sign

_SAME_PLACE: Final = 5.0  # metres
_LONGEST_NAME: Final = 24  # letters of a coordinate system
_WORK: Final = "site"  # kind of the zones in which there is something to do


@dataclass(frozen=True, kw_only=True)
class Mast:
    """An antenna that stands."""

    point: Point
    vehicle: VehicleClass  #: Whose antenna and radio it has.
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Mission:
    """When something happens on the ground."""

    time: MissionTime
    end: Tick


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A ground with whatever is known of it."""

    name: str
    title: str = ""
    ground: GroundMap
    mission: Mission | None = None
    mast: Mast | None = None
    vehicles: tuple[VehicleClass, ...] = ()  #: That drive, by name.
    starts: Mapping[str, Point] = field(default_factory=lambda: MappingProxyType({}))  #: Of each vehicle class.
    places: Mapping[str, Point] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def terrain(self) -> Terrain:
        """The ground, unpacked."""
        return Terrain(self.ground)

    @cached_property
    def _almanac(self) -> Almanac:
        assert self.mission is not None
        return self._make_almanac(self.mission)

    def almanac_over(self, mission: Mission) -> Almanac:
        """Return the almanac of a span of time.

        Raises
        ------
        ConfigError
            When there is none for those dates.
        """
        return self._almanac if mission == self.mission else self._make_almanac(mission)

    def _make_almanac(self, mission: Mission) -> Almanac:
        ground = self.ground
        try:
            return Almanac.over(ground, mission.time, mission.end, self.terrain.heights)
        except ValueError as error:
            raise ConfigError("--at", str(error)) from None

    def sky(self, utc: datetime) -> tuple[Almanac, Tick]:
        """Return an almanac that knows a date, and its tick there: that of the mission where the date lies in it.

        Raises
        ------
        ConfigError
            When there is no almanac for that date.
        """
        if self.mission is not None:
            tick = (utc - self.mission.time.start).total_seconds() / self.mission.time.dt
            if 0 <= tick <= self.mission.end and tick == int(tick):
                return self._almanac, int(tick)
        return self._make_almanac(Mission(time=MissionTime(start=utc, dt=1.0), end=0)), 0

    def sun(self, utc: datetime) -> Direction:
        """Return where the Sun stands."""
        almanac, tick = self.sky(utc)
        return almanac.sun(tick)

    def vehicle(self, name: str) -> VehicleClass:
        """Return a class of the scenario, or of the catalogue.

        Raises
        ------
        ConfigError
            When there is none of that name.
        """
        known = {**catalogue(), **{vehicle.name: vehicle for vehicle in self.vehicles}}
        if name not in known:
            raise ConfigError("--vehicle", f"there is no class {name!r}", "one of " + ", ".join(sorted(known)))
        return known[name]

    def lines(self) -> tuple[str, ...]:
        """Return which ground this is, for people."""
        ground = self.ground
        latitude, longitude = degrees(ground.latitude), degrees(ground.longitude)
        sides = f"{_length(ground.columns * ground.pixel)} × {_length(ground.rows * ground.pixel)} km"
        low, high = float(self.terrain.heights.min()), float(self.terrain.heights.max())
        where = f"{abs(latitude):.3f}° {'S' if latitude < 0 else 'N'}, {longitude % 360.0:.3f}° E"
        what = f"{self.name} · {where} · {sides}, a height every {ground.pixel:g} m · "
        what += f"{low:.0f} to {high:.0f} m".replace("-", "−")
        named = ground.crs and len(ground.crs) <= _LONGEST_NAME  # others are whole descriptions
        plane = f" · centre at {ground.origin[0]:.0f}, {ground.origin[1]:.0f} in {ground.crs}" if named else ""
        lines = [what + plane]
        if self.mission is not None:
            time = self.mission.time
            lines.append(f"Mission from {spell_utc(time.start)} to {spell_utc(time.utc(self.mission.end))}")
        return tuple(lines)

    def marks(self) -> tuple[Mark, ...]:
        """Return what has a name on the ground: the mast, and the places of a scenario."""
        if self.mast is None:
            return ()
        away = {name: point for name, point in self.places.items() if distance(point, self.mast.point) > _SAME_PLACE}
        places = (Mark(point=point, text=name, sign=Sign.PLACE) for name, point in sorted(away.items()))
        return (Mark(point=self.mast.point, text=self.mast.name, sign=Sign.MAST), *places)

    def outlines(self) -> tuple[Outline, ...]:
        """Return the borders of zones but those of work; keep-out zones are hatched."""
        return tuple(
            Outline(ring=zone.outline, sign=Sign.HATCH if zone.kind == KEEP_OUT else Sign.OUTLINE)
            for zone in self.ground.zones
            if zone.kind != _WORK
        )


def _length(metres: float) -> str:
    return f"{metres / 1000.0:.3g}"


def subject_of(file: Path, far: Path | None = None) -> Subject:
    """Return the ground in a GeoTIFF, behind a PDS3 label or of a scenario.

    Parameters
    ----------
    far
        File of the ground around, instead of what the scenario knows.

    Raises
    ------
    ConfigError
        When a file cannot be read as what its name says, or `far` is not around the ground.
    """
    subject = _subject(file)
    if far is None:
        return subject
    from fleet.terrain.geotiff import FarCut, read_far  # noqa: PLC0415 - GDAL takes long to load

    return replace(subject, ground=with_fields(subject.ground, far=read_far(far, subject.ground, FarCut())))


def _subject(file: Path) -> Subject:
    if file.suffix.lower() not in (".yaml", ".yml"):
        from fleet.terrain.geotiff import read_ground  # noqa: PLC0415 - GDAL takes long to load

        return Subject(name=file.name, ground=read_ground(file))
    scenario = load_scenario(file)
    lead = next(rover for rover in scenario.rovers if rover.id == scenario.coordinator)
    driving = {rover.vehicle.name: rover for rover in reversed(scenario.rovers) if rover.vehicle.can_drive}
    return Subject(
        name=scenario.name,
        title=scenario.title,
        ground=scenario.ground.map,
        mission=Mission(time=scenario.time, end=scenario.end),
        mast=Mast(point=lead.pose.point, vehicle=lead.vehicle, name=str(lead.id)),
        vehicles=tuple(driving[name].vehicle for name in sorted(driving)),
        starts={name: rover.pose.point for name, rover in driving.items()},
        places=scenario.places,
    )


def spell_utc(utc: datetime) -> str:
    """Return a date for people.

    >>> spell_utc(datetime(2029, 10, 24, 6, tzinfo=UTC))
    '2029-10-24 06:00 UTC'
    """
    utc = utc.astimezone(UTC)
    return f"{utc:%Y-%m-%d %H:%M}" + (f":{utc:%S}" if utc.second else "") + " UTC"
