"""Sun, Earth, horizon and light over one map and mission, as every rover carries them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isfinite, pi
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.core import MissionTime, Point, Tick, wrap_angle
from fleet.moon.ephemeris import angles_over
from fleet.moon.horizon import Headings, Heights, stored_horizon_of
from fleet.moon.kernels import first_lit, light_at, light_over, sun_at
from fleet.moon.light import LightField, disc_table

FloatArray: TypeAlias = NDArray[np.float64]

SAMPLE_SECONDS: Final = 600.0  #: Between entries of the tables; linear between is within 2e-7 rad.


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

    Raises
    ------
    ValueError
        When an angle, the date or the heights are out of range.

    Notes
    -----
    The horizon is worked out when light is first asked for. It knows heights only, not rocks.

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
    ) -> None:
        if not isfinite(north):
            raise ValueError(f"north must be finite, got {north!r}")
        if end < 0:
            raise ValueError(f"end must be >= 0, got {end!r}")
        self._north = north
        self._end = end
        self._heights = heights
        self._pixel = pixel
        self._every = max(1, round(SAMPLE_SECONDS / time.dt))
        rows = -(-end // self._every) + 2
        seconds = [row * self._every * time.dt for row in range(rows)]
        angles = angles_over(time.start, seconds, latitude, longitude)
        self._sun = self._table(angles[:, 0], angles[:, 1])
        self._earth = self._table(angles[:, 2], angles[:, 3])

    def _table(self, azimuth: FloatArray, elevation: FloatArray) -> FloatArray:
        """Return continuous headings and elevations, rounded: the last bits of sines differ by platform."""
        headings: FloatArray = self._north - np.unwrap(azimuth)
        table: FloatArray = np.stack([headings, elevation], axis=1)
        return table.round(9)

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

    def light(self, point: Point, tick: Tick) -> float:
        """Return the share of the Sun's disc over the terrain's horizon at a point, 0 to 1.

        The nearest cell counts; beyond the map, that of the border.
        """
        field = self.field()
        heading, elevation = sun_at(tick, field.sun, field.every)
        return float(light_at(point[0], point[1], heading, elevation, *self._horizon_arguments))

    def light_map(self, tick: Tick) -> NDArray[np.float32]:
        """Return `light` for every cell, ``(H, W) float32``."""
        field = self.field()
        heading, elevation = sun_at(tick, field.sun, field.every)
        light: NDArray[np.float32] = light_over(
            heading, elevation, field.horizon, field.first_heading, field.heading_step, field.disc
        )
        return light

    def lit_from(self, point: Point, tick: Tick, until: Tick) -> Tick | None:
        """Return the first tick from `tick` to `until` with at least half the Sun's disc in view, if there is one."""
        field = self.field()
        first, last = max(0, tick), min(until, self._end)
        if first > last:
            return None
        found = int(first_lit(point[0], point[1], first, last, field.sun, field.every, *self._horizon_arguments))
        return None if found < 0 else found

    def always_dark(self, point: Point) -> bool:
        """Whether there is no tick of the mission with half the Sun's disc in view."""
        return self.lit_from(point, 0, self._end) is None

    def field(self) -> LightField:
        """Return the light as plain arrays."""
        return self._field

    @cached_property
    def _field(self) -> LightField:
        headings = Headings.spanning(float(self._sun[:, 0].min()), float(self._sun[:, 0].max()))
        rows, columns = self._heights.shape
        return LightField(
            horizon=stored_horizon_of(self._heights, self._pixel, headings),
            first_heading=headings.first,
            heading_step=headings.step,
            sun=self._sun,
            every=self._every,
            disc=disc_table(),
            west=-(columns - 1) / 2.0 * self._pixel,
            south=-(rows - 1) / 2.0 * self._pixel,
            pixel=self._pixel,
        )

    @cached_property
    def _horizon_arguments(self) -> tuple[NDArray[np.float32], float, float, FloatArray, float, float, float]:
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
