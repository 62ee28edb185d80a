"""The almanac every rover carries: Sun, Earth, horizon, light, what radio can pass, and how long charge lasts."""

from fleet.moon.almanac import Almanac, Direction
from fleet.moon.eclipse import Eclipse, apparent_radius, covered_share, eclipses, relative_flux
from fleet.moon.endurance import Endurance
from fleet.moon.ephemeris import FIRST_YEAR, LAST_YEAR, angles_over, places_over, sun_and_earth
from fleet.moon.horizon import Surroundings
from fleet.moon.light import LightField
from fleet.moon.radio import link_possible, radio_horizon, shared_range
from fleet.moon.season import permanent_shadow
from fleet.moon.warm import warm

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Almanac",
    "Direction",
    "Eclipse",
    "Endurance",
    "LightField",
    "Surroundings",
    "angles_over",
    "apparent_radius",
    "covered_share",
    "eclipses",
    "link_possible",
    "permanent_shadow",
    "places_over",
    "radio_horizon",
    "relative_flux",
    "shared_range",
    "sun_and_earth",
    "warm",
]
