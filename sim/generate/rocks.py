"""Rocks: the large ones are in the map, the small ones are met."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import msgspec
import numpy as np

from fleet.core import Disc, array_stream
from fleet.terrain import GroundMap
from sim.generate.ground import Ground
from sim.generate.spec import LevelSpec, RockSpec


def scatter_rocks(ground: GroundMap, spec: RockSpec, seed: int, *, clear: Sequence[LevelSpec] = ()) -> Ground:
    """Return the ground with rocks strewn evenly over it and those asked for, beside those the map has.

    Parameters
    ----------
    clear
        Places without rocks.

    Notes
    -----
    Places and radii are whole millimetres. Everything comes from the stream ``ground/rocks`` of `seed`.

    Source
    ------
    Exponential in diameter: Golombek & Rapp, "Size-frequency distributions of rocks on Mars", JGR 102(E2), 1997, found
    on the Moon by Li & Wu, JGR Planets 123, 2018. Numbers are assumed.
    """
    rng = array_stream(seed, "ground/rocks")
    width, height = (ground.columns - 1) * ground.pixel, (ground.rows - 1) * ground.pixel
    count = round(spec.per_km2 * width * height / 1e6)
    places = (rng.random((count, 2)) - 0.5) * (width, height)
    diameters = spec.smallest - spec.falloff * np.log(1.0 - rng.random(count))
    rocks = [
        Disc(x=x, y=y, radius=radius)
        for x, y, radius in np.round(np.column_stack([places, diameters / 2.0]), 3).tolist()
        if not any(hypot(x - place.centre[0], y - place.centre[1]) < place.radius + radius for place in clear)
    ]
    seen = tuple(rock for rock in rocks if 2.0 * rock.radius >= spec.seen_from)
    hidden = tuple(rock for rock in rocks if 2.0 * rock.radius < spec.seen_from)
    return Ground(
        map=msgspec.structs.replace(ground, rocks=(*ground.rocks, *seen)), hidden_rocks=(*hidden, *spec.asked)
    )
