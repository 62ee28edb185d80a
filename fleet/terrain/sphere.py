"""The Moon as a sphere, and the names of its polar map planes."""

from typing import Final

MOON_RADIUS: Final = 1_737_400.0  #: Metres; heights are above this sphere.
SOUTH_POLAR: Final = "IAU_2015:30135"
NORTH_POLAR: Final = "IAU_2015:30130"
