"""Light: how fast and how true horizon maps are, against ray marches and a library."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from math import pi, radians
from statistics import median
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.core import Clock
from fleet.moon.horizon import DEGREE, UNIT, Headings, Heights, horizon_of
from fleet.moon.horizon.surroundings import lowest_border
from fleet.moon.kernels import light_over
from fleet.moon.light import disc_table
from sim.bench.marching import march, march_abreast
from sim.bench.rows import Row

Peer: TypeAlias = Callable[[float], NDArray[Any]]  #: The horizon in one heading.

SIZES = (128, 512)
_PAIRS = 5  # Times that ours and a peer are measured in turn.
_OURS = 40  # Headings of ours at a time, every ninth degree.
_AGREES = radians(0.1)


def bench_light(
    heights: Heights, pixel: float, clock: Clock, say: Callable[[str], None]
) -> tuple[list[Row], dict[str, str]]:
    """Measure horizon maps of a ground's corner squares, 128 and 512 cells a side, in 360 headings.

    Returns
    -------
    tuple
        Rows, and the peers that are not installed with the reason.

    Notes
    -----
    ``horizon-N``: seconds for all 360 headings on one core. Peers take as long for each heading, give or take what the
    heading does; they are timed on a few headings spread over the circle, in turn with ours on 40 of them, and times a
    heading are compared. ``agreement-N``: per cent of cells, over the headings of the numba march, in which ours is
    within 0.1 degrees of it. ``illumination-512``: one map of light from the horizon.
    """
    skipped: dict[str, str] = {}
    rows: list[Row] = []
    for size in SIZES:
        if min(heights.shape) >= size:
            ground = np.ascontiguousarray(heights[:size, :size])
            rows += _horizon(ground, pixel, clock, say, skipped)
    rows.append(_illumination(np.ascontiguousarray(heights[:512, :512]), pixel, clock))
    return rows, skipped


def _horizon(
    ground: Heights, pixel: float, clock: Clock, say: Callable[[str], None], skipped: dict[str, str]
) -> list[Row]:
    size = ground.shape[0]
    beyond = lowest_border(ground)
    peers: dict[str, Peer] = {
        "numba march": lambda heading: march(ground, pixel, heading, beyond),
        "numpy march": lambda heading: march_abreast(ground, pixel, heading, beyond),
    }
    try:
        peers["topocalc"] = _topocalc(ground, pixel)
    except ImportError as error:
        skipped["topocalc"] = str(error)
    ratios: dict[str, float] = {}
    agreements: list[float] = []
    for name, peer in peers.items():
        say(f"{size} x {size}: ours and {name} in turn ...")
        found: list[float] = []
        for pair in range(_PAIRS if name == "numba march" else 2):
            heading = radians((17 + 77 * pair) % 360)
            begun = clock.now()
            horizon_of(ground, pixel, Headings(first=pair * DEGREE, step=9 * DEGREE, count=_OURS), threads=1)
            ours = (clock.now() - begun) / _OURS
            begun = clock.now()
            theirs = peer(heading)
            found.append((clock.now() - begun) / ours)
            if name == "numba march":
                here = horizon_of(ground, pixel, Headings(first=heading, step=DEGREE, count=1), threads=1)[0]
                agreements.append(float((np.abs(here * UNIT - theirs) < _AGREES).mean()))
        ratios[name] = median(found)
    say(f"{size} x {size}: all 360 headings ...")
    begun = clock.now()
    horizon_of(ground, pixel, Headings.full_circle(), threads=1)
    seconds = clock.now() - begun
    begun = clock.now()
    horizon_of(ground, pixel, Headings.full_circle())
    each = seconds / 360.0 / ground.size * 1e9
    note = f"one core, {each:.0f} ns a cell and heading; all cores {clock.now() - begun:.2f} s"
    share = 100.0 * float(np.mean(agreements))
    return [
        Row(name=f"horizon-{size}", value=seconds, unit="s for 360 headings", times_better_than=ratios, note=note),
        Row(name=f"agreement-{size}", value=share, unit="% of cells", note="within 0.1 degrees of the numba march"),
    ]


def _topocalc(ground: Heights, pixel: float) -> Peer:
    """Return the horizon of topocalc, which knows no curvature and wants degrees from south, east positive."""
    horizon = import_module("topocalc.horizon").horizon
    from_north = np.ascontiguousarray(ground[::-1].astype(np.float64))

    def look(heading: float) -> NDArray[Any]:
        azimuth = (np.degrees(heading - 1.5 * pi) + 180.0) % 360.0 - 180.0
        found: NDArray[Any] = horizon(float(azimuth), from_north, pixel)
        return found

    return look


def _illumination(ground: Heights, pixel: float, clock: Clock) -> Row:
    horizon = horizon_of(ground, pixel, Headings.full_circle())
    disc = disc_table()
    times: list[float] = []
    for heading in range(0, 360, 10):
        begun = clock.now()
        light_over(heading * DEGREE, 0.02, 1.0, horizon, 0.0, DEGREE, disc)
        times.append(clock.now() - begun)
    seconds = median(times)
    note = f"{seconds / ground.size * 1e9:.1f} ns a cell"
    return Row(name=f"illumination-{ground.shape[0]}", value=1.0 / seconds, unit="maps a second", note=note)
