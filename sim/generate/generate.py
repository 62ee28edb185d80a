"""Seeded synthetic ground."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fleet.core import array_stream
from fleet.terrain import ground_map_from_heights
from sim.generate.coarse import coarser
from sim.generate.craters import add_craters, random_craters
from sim.generate.ground import Ground
from sim.generate.place import polar_spot
from sim.generate.relief import make_level, rough_ground
from sim.generate.rocks import scatter_rocks
from sim.generate.soft import scatter_soft, soft_ground
from sim.generate.spec import GroundSpec


def generate_ground(spec: GroundSpec, seed: int) -> Ground:
    """Return the ground that belongs to `spec` and `seed`.

    Notes
    -----
    Heights are whole millimetres, so the last bits of other machines' Fourier transforms do not show. Asked-for craters
    come after the random ones, level places last. Where a coarser map is asked for, the fleet gets that, and all the
    heights are the true relief.

    Examples
    --------
    >>> spec = GroundSpec(size=200.0, latitude=-1.4765, longitude=0.541)
    >>> ground = generate_ground(spec, seed=7)
    >>> ground.map.rows, ground.map.crs, ground == generate_ground(spec, seed=7)
    (41, 'IAU_2015:30135', True)
    """
    heights = rough_ground(spec.cells, spec, array_stream(seed, "ground/relief"))
    chance = array_stream(seed, "ground/craters")
    add_craters(heights, random_craters(spec, chance), spec.pixel, chance)
    add_craters(heights, spec.craters, spec.pixel)
    make_level(heights, spec.level, spec.pixel)
    spot = polar_spot(spec.latitude, spec.longitude)
    relief = ground_map_from_heights(
        np.round(heights + spec.base_height, 3).astype(np.float32),
        spec.pixel,
        latitude=spec.latitude,
        longitude=spec.longitude,
        north=spot.north,
        crs=spot.crs,
        origin=spot.point,
    )
    ground = relief if spec.map_factor == 1 else coarser(relief, spec.map_factor)
    strewn = scatter_rocks(ground, spec.rocks, seed, clear=spec.level)
    return replace(
        strewn,
        soft=scatter_soft(ground, spec.soft, seed, clear=spec.level),
        phantoms=tuple(soft_ground(patch) for patch in spec.soft.patches if patch.is_firm),
        relief=None if spec.map_factor == 1 else relief,
    )
