"""The almanac every rover carries: Sun, Earth, horizon, light, what radio can pass, and how long charge lasts."""

from fleet.moon.almanac import Almanac, Direction
from fleet.moon.eclipse import Eclipse, apparent_radius, covered_share, eclipses, relative_flux
from fleet.moon.endurance import Endurance
from fleet.moon.ephemeris import FIRST_YEAR, LAST_YEAR, angles_over, places_over, sun_and_earth
from fleet.moon.hearing import is_heard
from fleet.moon.horizon import Surroundings
from fleet.moon.light import FarField, LightField
from fleet.moon.radio import LIGHT_SPEED, LinkBudget, link_budget, radio_horizon
from fleet.moon.relay import Pass, relay_over, relay_passes
from fleet.moon.season import permanent_shadow
from fleet.moon.warm import warm

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "LIGHT_SPEED",
    "Almanac",
    "Direction",
    "Eclipse",
    "Endurance",
    "FarField",
    "LightField",
    "LinkBudget",
    "Pass",
    "Surroundings",
    "angles_over",
    "apparent_radius",
    "covered_share",
    "eclipses",
    "is_heard",
    "link_budget",
    "permanent_shadow",
    "places_over",
    "radio_horizon",
    "relative_flux",
    "relay_over",
    "relay_passes",
    "sun_and_earth",
    "warm",
]
