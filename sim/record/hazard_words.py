"""Hazards in words."""

from __future__ import annotations

from math import degrees

from fleet.terrain import Hazard


def spelt(hazard: Hazard) -> str:
    """Return a hazard for people.

    >>> from fleet.core import Disc
    >>> from fleet.terrain import Hazard
    >>> spelt(Hazard(disc=Disc(x=0.0, y=0.0, radius=1.0), kind="soft", slip=0.4))
    'soft ground that takes 40% of wheel travel'
    """
    return f"{'a ' if hazard.kind == 'rock' else ''}{unnamed(hazard)}"


def unnamed(hazard: Hazard) -> str:
    """Return what kind of hazard it is, and how bad."""
    match hazard.kind:
        case "rock":
            return "rock"
        case "soft":
            return f"soft ground that takes {hazard.slip:.0%} of wheel travel"
        case "steep":
            return f"ground {degrees(hazard.tilt):.0f} degrees steep"
