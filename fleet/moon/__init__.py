"""The almanac every rover carries: Sun, Earth, horizon, light, and what radio can pass."""

from fleet.moon.almanac import Almanac, Direction
from fleet.moon.ephemeris import FIRST_YEAR, LAST_YEAR, angles_over, sun_and_earth
from fleet.moon.light import LightField
from fleet.moon.radio import link_possible, radio_horizon, shared_range
from fleet.moon.warm import warm

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Almanac",
    "Direction",
    "LightField",
    "angles_over",
    "link_possible",
    "radio_horizon",
    "shared_range",
    "sun_and_earth",
    "warm",
]
