"""What a radio link carries, as far as it does not depend on the ground between.

Whether ground lies between two antennas is `fleet.moon.sight.kernels.line_of_sight`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.terrain.sphere import MOON_RADIUS
from fleet.vehicles import VehicleClass

LIGHT_SPEED: Final = 299_792_458.0  #: m/s.
NOISE: Final = 1.380649e-23 * 290.0  #: Watts a hertz, of a receiver without noise of its own.
MARGIN_DB: Final = 15.0  #: Energy a bit that decoding needs over the noise, with what is kept in hand; assumed.


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBudget:
    """What two radios carry, by their distance; the same both ways, the weaker one counts.

    Examples
    --------
    >>> budget = LinkBudget(free=4.0e12, ground=5.7e18, most=2e6, least=8e3, reach=5e3)
    >>> budget.rate(200.0), round(budget.rate(2000.0)), budget.rate(5001.0)
    (2000000.0, 356250, 0.0)
    """

    free: float  #: Bits a second times square metres, in free space.
    ground: float  #: Bits a second times metres to the fourth, where the ground's reflection is heard too.
    most: float  #: Bits a second.
    least: float  #: Bits a second.
    reach: float  #: Metres within which the rate is at least `least`.

    def rate(self, separation: float) -> float:
        """Return the bits a second over so many metres; 0 out of reach."""
        if separation > self.reach:
            return 0.0
        square = separation * separation
        if square < 1.0:
            return self.most
        return max(self.least, min(self.most, self.free / square, self.ground / (square * square)))

    def rates(self, separations: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return `rate` for many lengths at once, bits a second."""
        square = np.maximum(separations * separations, 1.0)
        carried = np.minimum(self.free / square, self.ground / (square * square))
        rates: NDArray[np.float64] = np.maximum(np.minimum(carried, self.most), self.least)
        rates[separations * separations < 1.0] = self.most
        rates[separations > self.reach] = 0.0
        return rates


def link_budget(a: VehicleClass, b: VehicleClass) -> LinkBudget:
    """Return what two vehicles' radios carry to each other.

    Notes
    -----
    Two-ray loss: ``max(free space, 40 log d - 20 log(h1 h2))`` decibels with distance and heights in metres. What is
    sent, less the loss, over noise and `MARGIN_DB`, is the rate. Figures are rounded to nine digits, so that nothing
    hangs on the last bits of a power.

    Source
    ------
    Rappaport, "Wireless Communications", 2nd ed., 2002, section 4.6; over lunar ground: Foore and Ida, "Path Loss
    Prediction Over the Lunar Surface Utilizing a Modified Longley-Rice Irregular Terrain Model", NASA/TM-2007-214825.
    """
    most, least = min(a.radio_rate, b.radio_rate), max(a.radio_least, b.radio_least)
    strength = min(_strength(a, b), _strength(b, a))
    if a.radio_frequency != b.radio_frequency or min(strength, a.radio_frequency) <= 0.0 or most < least:
        return LinkBudget(free=0.0, ground=0.0, most=most, least=least, reach=0.0)
    free = strength * (LIGHT_SPEED / a.radio_frequency / (4.0 * pi)) ** 2
    ground = strength * (a.antenna * b.antenna) ** 2
    farthest = inf if least <= 0.0 else min(sqrt(free / least), sqrt(sqrt(ground / least)))
    return LinkBudget(
        free=_rounded(free),
        ground=_rounded(ground),
        most=most,
        least=least,
        reach=_rounded(min(farthest, a.radio_range, b.radio_range)),
    )


def _strength(sender: VehicleClass, receiver: VehicleClass) -> float:
    """Return the bits a second if nothing were lost on the way."""
    gained = sender.radio_gain + receiver.radio_gain - receiver.radio_noise - MARGIN_DB
    return float(sender.radio_power * 10.0 ** (gained / 10.0) / NOISE)


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")


def radio_horizon(height_a: float, height_b: float) -> float:
    """Return how far two antennas see each other over a smooth Moon.

    Parameters
    ----------
    height_a, height_b
        Of the antennas over the ground, metres, >= 0.

    >>> round(radio_horizon(4.0, 0.3))
    4749
    """
    if height_a < 0.0 or height_b < 0.0:
        raise ValueError(f"antennas must not be below the ground, got {height_a!r} and {height_b!r}")
    return sqrt(2.0 * MOON_RADIUS * height_a) + sqrt(2.0 * MOON_RADIUS * height_b)
