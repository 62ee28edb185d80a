"""When two antennas can hear each other, as far as it does not depend on the ground.

Whether ground lies between them is `fleet.moon.kernels.line_of_sight`.
"""

from __future__ import annotations

from math import sqrt

from fleet.terrain.sphere import MOON_RADIUS


def shared_range(range_a: float, range_b: float) -> float:
    """Return how far apart two radios may be: a link needs both directions, so the weaker one decides.

    >>> shared_range(2000.0, 500.0)
    500.0
    """
    return min(range_a, range_b)


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


def link_possible(separation: float, range_a: float, range_b: float) -> bool:
    """Whether two radios reach each other when nothing is in the way.

    >>> link_possible(400.0, 2000.0, 500.0), link_possible(600.0, 2000.0, 500.0)
    (True, False)
    """
    return separation <= shared_range(range_a, range_b)
