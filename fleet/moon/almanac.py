"""Sun, Earth, horizon and light over one map and mission, as every rover carries them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import atan2, hypot, isfinite, pi
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.core import MissionTime, Point, Tick, wrap_angle
from fleet.moon.eclipse import covered_share, relative_flux
from fleet.moon.ephemeris import places_over
from fleet.moon.horizon import Headings, Heights, Horizon, Surroundings, stored_horizon_of
from fleet.moon.kernels import first_tick, light_at, light_over, sun_at
from fleet.moon.light import FarField, LightField, disc_table
from fleet.moon.relay import relay_over
from fleet.moon.season import permanent_shadow
from fleet.moon.sight.far import far_of
from fleet.moon.sight.kernels import RELAY_OVER, direction_at, is_earth_up, sky_in_view, sky_over_far, tops_of
from fleet.terrain.ground_map import GroundMap
from fleet.terrain.heights import heights_of

FloatArray: TypeAlias = NDArray[np.float64]

#: Between entries of the tables. Linear between is within 2e-7 rad of where the Sun stands, and within 0.02 of the
#: share of it that the Earth leaves free.
SAMPLE_SECONDS: Final = 600.0
RELAY_SECONDS: Final = 60.0  #: Between entries of the relay satellite's table.


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Where something stands in the sky, radians."""

    azimuth: float  #: Clockwise from true north, in [0, 2 pi).
    elevation: float  #: Over the level plane at the map's centre.
    heading: float  #: The same direction in the site frame, counter-clockwise from x, in (-pi, pi].


class Almanac:
    """What can be known beforehand about light on a map during a mission.

    Parameters
    ----------
    latitude, longitude
        Of the map's centre, radians, planetocentric, east.
    north
        Heading of true north in the site frame, radians.
    time, end
        What a tick means, and the last one. Before tick 0 and after `end` the sky stands still.
    heights, pixel
        ``(H, W) float32``, row 0 at the lowest y; metres between neighbours.
    surroundings
        What is known of the ground around the map; without it nothing around shades the map.

    Raises
    ------
    ValueError
        When an angle, the date or the heights are out of range, or the surroundings do not surround the map.

    Notes
    -----
    The horizon is worked out when light is first asked for. It knows heights only, not rocks. A place is lit when half
    the Sun's disc or more shines on it: over the horizon, and not behind the Earth.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from math import radians
    >>> time = MissionTime(start=datetime(2028, 11, 1, 6, tzinfo=UTC), dt=1.0)
    >>> flat = np.zeros((9, 9), dtype=np.float32)
    >>> site = {"latitude": radians(-84.6), "longitude": radians(31.0), "north": radians(59.0)}
    >>> almanac = Almanac(**site, time=time, end=3600, heights=flat, pixel=5.0)
    >>> round(almanac.sun(0).elevation, 3), almanac.light((0.0, 0.0), 0), almanac.always_dark((0.0, 0.0))
    (0.114, 1.0, False)
    """

    def __init__(
        self,
        *,
        latitude: float,
        longitude: float,
        north: float,
        time: MissionTime,
        end: Tick,
        heights: Heights,
        pixel: float,
        surroundings: Surroundings | None = None,
    ) -> None:
        if not isfinite(north):
            raise ValueError(f"north must be finite, got {north!r}")
        if end < 0:
            raise ValueError(f"end must be >= 0, got {end!r}")
        if surroundings is not None:
            surroundings.check_around(heights.shape, pixel)
        self._north = north
        self._latitude, self._longitude, self._time = latitude, longitude, time
        self._end = end
        self._heights = heights
        self._pixel = pixel
        self._surroundings = surroundings
        self._every = max(1, round(SAMPLE_SECONDS / time.dt))
        rows = -(-end // self._every) + 2
        seconds = [row * self._every * time.dt for row in range(rows)]
        sun, earth = places_over(time.start, seconds, latitude, longitude)
        self._sun = self._table(sun[:, 0], sun[:, 1])
        self._earth = self._table(earth[:, 0], earth[:, 1])
        self._sunshine = np.stack([1.0 - covered_share(sun, earth), relative_flux(sun[:, 2])], axis=1).round(9)

    @classmethod
    def over(cls, ground: GroundMap, time: MissionTime, end: Tick, heights: Heights | None = None) -> Almanac:
        """Return the almanac of a map and of the ground that it knows around.

        Parameters
        ----------
        heights
            Those of the map, where they are unpacked already.

        Raises
        ------
        ValueError
            As when it is made.
        """
        return cls(
            latitude=ground.latitude,
            longitude=ground.longitude,
            north=ground.north,
            time=time,
            end=end,
            heights=heights_of(ground) if heights is None else heights,
            pixel=ground.pixel,
            surroundings=Surroundings.of(ground),
        )

    def _table(self, azimuth: FloatArray, elevation: FloatArray) -> FloatArray:
        """Return continuous headings and elevations, rounded: the last bits of sines differ by platform."""
        headings: FloatArray = self._north - np.unwrap(azimuth)
        table: FloatArray = np.stack([headings, elevation], axis=1)
        return table.round(9)

    @property
    def end(self) -> Tick:
        """The last tick that it knows of; afterwards the sky stands still."""
        return self._end

    def sun(self, tick: Tick) -> Direction:
        """Return where the Sun's centre stands."""
        return self._direction(self._sun, tick)

    def earth(self, tick: Tick) -> Direction:
        """Return where the Earth's centre stands."""
        return self._direction(self._earth, tick)

    def _direction(self, table: FloatArray, tick: Tick) -> Direction:
        heading, elevation = sun_at(tick, table, self._every)
        azimuth = (self._north - heading) % (2.0 * pi)
        return Direction(azimuth=azimuth, elevation=float(elevation), heading=wrap_angle(float(heading)))

    def uncovered(self, tick: Tick) -> float:
        """Return the share of the Sun's disc that the Earth leaves free, 0 to 1."""
        return float(sun_at(tick, self._sunshine, self._every)[0])

    def flux(self, tick: Tick) -> float:
        """Return how strong sunlight is, in units of that at 1 AU: 0.965 to 1.037 over a year."""
        return float(sun_at(tick, self._sunshine, self._every)[1])

    def light(self, point: Point, tick: Tick) -> float:
        """Return the share of the Sun's disc that shines on a point, 0 to 1: over the horizon, not behind the Earth.

        The nearest cell counts; beyond the map, that of the border.
        """
        heading, elevation = sun_at(tick, self._sun, self._every)
        uncovered = self.uncovered(tick)
        return float(light_at(point[0], point[1], heading, elevation, uncovered, *self._horizon_arguments))

    def light_map(self, tick: Tick) -> NDArray[np.float32]:
        """Return `light` for every cell, ``(H, W) float32``."""
        field = self.field()
        heading, elevation = sun_at(tick, field.sun, field.every)
        light: NDArray[np.float32] = light_over(
            heading,
            elevation,
            self.uncovered(tick),
            field.horizon,
            field.first_heading,
            field.heading_step,
            field.disc,
        )
        return light

    def mean_light_map(self, tick: Tick, until: Tick) -> NDArray[np.float32]:
        """Return the mean of `light` for every cell over a window, ``(H, W) float32``, sampled every ten minutes."""
        ticks = range(tick, until + 1, self._every)
        total = np.zeros(self._heights.shape)
        for sample in ticks:
            total += self.light_map(sample)
        mean: NDArray[np.float32] = (total / max(1, len(ticks))).astype(np.float32)
        return mean

    def lit_from(self, point: Point, tick: Tick, until: Tick) -> Tick | None:
        """Return the first tick from `tick` to `until` at which a point is lit, if there is one."""
        return self._first(point, tick, until, is_lit=True)

    def dark_from(self, point: Point, tick: Tick, until: Tick) -> Tick | None:
        """Return the first tick from `tick` to `until` at which a point is not lit, if there is one."""
        return self._first(point, tick, until, is_lit=False)

    def _first(self, point: Point, tick: Tick, until: Tick, *, is_lit: bool) -> Tick | None:
        first, last = max(0, tick), min(until, self._end)
        if first > last:
            return None
        table = (self._sun, self._sunshine, self._every, *self._horizon_arguments)
        found = int(first_tick(is_lit, float(point[0]), float(point[1]), first, last, *table))
        return None if found < 0 else found

    def sunrise(self, point: Point, tick: Tick, until: Tick) -> Tick | None:
        """Return the first tick after `tick`, up to `until`, at which a point is lit and was not one tick before."""
        dark = self.dark_from(point, tick, until)
        return None if dark is None else self.lit_from(point, dark, until)

    def sunset(self, point: Point, tick: Tick, until: Tick) -> Tick | None:
        """Return the first tick after `tick`, up to `until`, at which a point is not lit and was one tick before."""
        lit = self.lit_from(point, tick, until)
        return None if lit is None else self.dark_from(point, lit, until)

    def lit_spells(self, point: Point, tick: Tick, until: Tick) -> tuple[tuple[Tick, Tick], ...]:
        """Return first and last tick of each spell in which a point is lit, within `tick` to `until`."""
        spells: list[tuple[Tick, Tick]] = []
        last = min(until, self._end)
        begin = self.lit_from(point, tick, last)
        while begin is not None:
            end = self.dark_from(point, begin, last)
            spells.append((begin, last if end is None else end - 1))
            begin = None if end is None else self.lit_from(point, end, last)
        return tuple(spells)

    def lit_ticks(self, point: Point, tick: Tick, until: Tick) -> int:
        """Return at how many ticks from `tick` to `until` a point is lit."""
        return sum(last - first + 1 for first, last in self.lit_spells(point, tick, until))

    def longest_dark(self, point: Point, tick: Tick, until: Tick) -> tuple[Tick, Tick] | None:
        """Return first and last tick of the longest spell in which a point is not lit, if there is one."""
        first, last = max(0, tick), min(until, self._end)
        edges = [first - 1]
        for begin, end in self.lit_spells(point, first, last):
            edges += [begin, end]
        edges.append(last + 1)
        spells = [(edges[at] + 1, edges[at + 1] - 1) for at in range(0, len(edges), 2)]
        longest = max(spells, key=lambda spell: spell[1] - spell[0])
        return longest if longest[0] <= longest[1] else None

    def always_dark(self, point: Point) -> bool:
        """Whether there is no tick of the mission at which a point is lit."""
        return self.lit_from(point, 0, self._end) is None

    def permanent_shadow(self) -> NDArray[np.bool_]:
        """Return which cells no part of the Sun's disc ever shines on, ``(H, W) bool``; see `fleet.moon.season`."""
        return self._permanent_shadow

    @cached_property
    def _permanent_shadow(self) -> NDArray[np.bool_]:
        return permanent_shadow(
            self._heights, self._pixel, latitude=self._latitude, north=self._north, surroundings=self._surroundings
        )

    def relay(self, tick: Tick) -> Direction:
        """Return where the relay satellite stands."""
        far = self.far_field()
        x, y, z = direction_at(tick, far.relay, far.relay_every)
        heading = atan2(y, x)
        azimuth = (self._north - heading) % (2.0 * pi)
        return Direction(azimuth=azimuth, elevation=atan2(z, hypot(x, y)), heading=heading)

    def is_relay_in_view(self, point: Point, tick: Tick, antenna: float) -> bool:
        """Whether an antenna so high over the ground has the relay satellite in view, 5 degrees high at least."""
        far = self.far_field()
        towards = direction_at(tick, far.relay, far.relay_every)
        return towards[2] > RELAY_OVER and self._is_in_view(point, antenna, towards)

    def is_earth_in_view(self, point: Point, tick: Tick, antenna: float) -> bool:
        """Whether an antenna so high over the ground has the Earth's centre over its horizon."""
        towards = direction_at(tick, self.far_field().earth, self._every)
        return bool(is_earth_up(towards[2], self.far_field().ground)) and self._is_in_view(point, antenna, towards)

    def relay_from(self, point: Point, tick: Tick, until: Tick, antenna: float) -> Tick | None:
        """Return the first tick from `tick` to `until` with the relay satellite in view, to the minute, or None."""
        step = self.far_field().relay_every
        for at in range(max(0, tick), min(until, self._end) + 1, step):
            if self.is_relay_in_view(point, at, antenna):
                return at
        return None

    def _is_in_view(self, point: Point, antenna: float, towards: tuple[float, float, float]) -> bool:
        rows, columns = self._heights.shape
        west, south = -(columns - 1) / 2.0 * self._pixel, -(rows - 1) / 2.0 * self._pixel
        frame, look = (west, south, self._pixel), (*point, antenna, *towards)
        return bool(
            sky_in_view(self._heights, self._tops, self._highest, *frame, *look)
            and sky_over_far(self._heights, *frame, self.far_field().ground, *look)
        )

    def far_field(self) -> FarField:
        """Return Earth, relay satellite and the ground before them as plain arrays."""
        return self._far_field

    @cached_property
    def _highest(self) -> float:
        return float(self._heights.max())

    @cached_property
    def _tops(self) -> NDArray[np.float32]:
        return tops_of(self._heights)

    @cached_property
    def _far_field(self) -> FarField:
        every = max(1, round(RELAY_SECONDS / self._time.dt))
        rows = -(-self._end // every) + 2
        seconds = [row * every * self._time.dt for row in range(rows)]
        angles = relay_over(self._time.start, seconds, self._latitude, self._longitude)
        return FarField(
            earth=_vectors(self._earth[:, 0], self._earth[:, 1]),
            relay=_vectors(self._north - angles[:, 0], angles[:, 1]),
            relay_every=every,
            ground=far_of(self._surroundings),
        )

    def field(self) -> LightField:
        """Return the light as plain arrays."""
        return self._field

    @cached_property
    def _field(self) -> LightField:
        headings = Headings.spanning(float(self._sun[:, 0].min()), float(self._sun[:, 0].max()))
        rows, columns = self._heights.shape
        return LightField(
            horizon=stored_horizon_of(self._heights, self._pixel, headings, self._surroundings),
            first_heading=headings.first,
            heading_step=headings.step,
            sun=self._sun,
            sunshine=self._sunshine,
            every=self._every,
            disc=disc_table(),
            west=-(columns - 1) / 2.0 * self._pixel,
            south=-(rows - 1) / 2.0 * self._pixel,
            pixel=self._pixel,
        )

    @cached_property
    def _horizon_arguments(self) -> tuple[Horizon, float, float, FloatArray, float, float, float]:
        field = self._field
        return (
            field.horizon,
            field.first_heading,
            field.heading_step,
            field.disc,
            field.west,
            field.south,
            field.pixel,
        )


def _vectors(heading: FloatArray, elevation: FloatArray) -> FloatArray:
    """Return unit vectors, rounded: the last bits of sines differ by platform."""
    flat = np.cos(elevation)
    vectors: FloatArray = np.stack([flat * np.cos(heading), flat * np.sin(heading), np.sin(elevation)], axis=1)
    return vectors.round(9)
