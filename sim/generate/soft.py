"""Soft ground: patches in which wheels slip, and that no orbiter sees."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import numpy as np

from fleet.core import Disc, array_stream
from fleet.terrain import GroundMap, Hazard
from sim.generate.spec import LevelSpec, PatchSpec, SoftSpec


def scatter_soft(
    ground: GroundMap, spec: SoftSpec, seed: int, *, clear: Sequence[LevelSpec] = ()
) -> tuple[Hazard, ...]:
    """Return round patches of soft ground: those asked for, then those strewn evenly over a map.

    Parameters
    ----------
    clear
        Places without any of chance.

    Notes
    -----
    Places and radii are whole millimetres, slip whole hundredths. Everything comes from the stream ``ground/soft`` of
    `seed`.

    Source
    ------
    Assumed. That there is such ground is known: Apollo 15's rover dug in at its ALSEP site, Spirit at Troy.
    """
    rng = array_stream(seed, "ground/soft")
    width, height = (ground.columns - 1) * ground.pixel, (ground.rows - 1) * ground.pixel
    count = round(spec.per_km2 * width * height / 1e6)
    places = (rng.random((count, 2)) - 0.5) * (width, height)
    radii = spec.radii[0] + (spec.radii[1] - spec.radii[0]) * rng.random(count)
    slips = spec.slips[0] + (spec.slips[1] - spec.slips[0]) * rng.random(count)
    rows = np.column_stack([np.round(places, 3), np.round(radii, 3), np.round(slips, 2)])
    asked = (soft_ground(patch) for patch in spec.patches if not patch.is_firm)
    strewn = (
        Hazard(disc=Disc(x=x, y=y, radius=radius), kind="soft", slip=slip)
        for x, y, radius, slip in rows.tolist()
        if not any(hypot(x - place.centre[0], y - place.centre[1]) < place.radius + radius for place in clear)
    )
    return (*asked, *strewn)


def soft_ground(patch: PatchSpec) -> Hazard:
    """Return the soft ground that is at a place, or looks as if it were."""
    x, y = patch.centre
    return Hazard(disc=Disc(x=float(x), y=float(y), radius=patch.radius), kind="soft", slip=patch.slip)
