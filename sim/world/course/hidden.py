"""What of the true ground no map shows, and what a vehicle is told of it when it comes near."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Final, Literal

import numpy as np

from fleet.core import Disc
from fleet.messages import HazardSeen
from fleet.terrain import Hazard, Terrain
from fleet.vehicles import VehicleClass
from sim.generate.ground import Ground
from sim.world.course.rocks import Rocks

#: A thing that a rover met, so that it is told once: what it is, how it was met, and its number or name on the site.
Sight = tuple[Literal["rock", "soft", "felt", "steep", "phantom", "denied", "obstacle"], int | str]

_SOFT_SEEN: Final = 0.6  #: How sure eyes are of soft ground; wheels are sure. Assumed.
_DENIED: Final = 0.9  #: How sure wheels are that there is none where they found firm ground. Assumed.


@dataclass(frozen=True, slots=True)
class Hidden:
    """Things in a fixed order: what they are to be known by, and what is told of each."""

    discs: Rocks
    sights: tuple[Sight, ...]
    told: tuple[HazardSeen, ...]


def seen_by(ground: Ground, vehicle: VehicleClass, steep: tuple[Hazard, ...], obstacles: Mapping[str, Disc]) -> Hidden:
    """Return what a vehicle sees within the range of its sensors, these beside what the ground itself tells."""
    rocks = [(k, rock) for k, rock in enumerate(ground.hidden_rocks) if rock.radius > vehicle.clearance]
    return _hidden(
        [
            *((("rock", k), HazardSeen(hazard=rock)) for k, rock in rocks),
            *((("soft", k), _soft(patch, sure=_SOFT_SEEN)) for k, patch in enumerate(ground.soft)),
            *((("phantom", k), _soft(patch, sure=_SOFT_SEEN)) for k, patch in enumerate(ground.phantoms)),
            *(
                (("steep", k), HazardSeen(hazard=patch.disc, kind="steep", tilt=patch.tilt))
                for k, patch in enumerate(steep)
            ),
            *(
                (("obstacle", name), HazardSeen(hazard=disc))
                for name, disc in obstacles.items()
                if disc.radius > vehicle.clearance
            ),
        ]
    )


def felt_in(ground: Ground) -> Hidden:
    """Return what wheels feel that touch it."""
    return _hidden([(("felt", k), _soft(patch, sure=1.0)) for k, patch in enumerate(ground.soft)])


def denied_in(ground: Ground) -> Hidden:
    """Return what wheels find not to be there, once they stand within it."""
    return _hidden(
        [(("denied", k), _soft(patch, sure=_DENIED, there=False)) for k, patch in enumerate(ground.phantoms)]
    )


def _soft(patch: Hazard, *, sure: float, there: bool = True) -> HazardSeen:
    how: Literal["seen", "felt"] = "seen" if there and sure < 1.0 else "felt"
    return HazardSeen(hazard=patch.disc, kind="soft", slip=patch.slip, how=how, sure=sure, there=there)


def _hidden(things: list[tuple[Sight, HazardSeen]]) -> Hidden:
    return Hidden(
        discs=Rocks(tuple(event.hazard for _, event in things)),
        sights=tuple(sight for sight, _ in things),
        told=tuple(event for _, event in things),
    )


def steeper_than_the_map(belief: Terrain, truth: Terrain, limit: float) -> tuple[Hazard, ...]:
    """Return ground that tilts more than a limit where the map says that it tilts less.

    Notes
    -----
    Of each cell of the map the true cells that are too steep make one disc, the least around their outer corners.
    Discs are whole millimetres, tilts whole ten thousandths of a radian.
    """
    rows, columns = np.nonzero(truth.tilts > limit)
    xs, ys = truth.west + columns * truth.pixel, truth.south + rows * truth.pixel
    across = np.floor((xs - belief.west) / belief.pixel + 0.5).astype(np.int64)
    up = np.floor((ys - belief.south) / belief.pixel + 0.5).astype(np.int64)
    is_news = belief.tilts[up, across] <= limit
    cells: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    steepest = truth.tilts[rows, columns]
    for key, x, y, tilt in zip(
        zip(up[is_news].tolist(), across[is_news].tolist(), strict=True),
        xs[is_news].tolist(),
        ys[is_news].tolist(),
        steepest[is_news].tolist(),
        strict=True,
    ):
        cells.setdefault(key, []).append((x, y, tilt))
    return tuple(_around(cells[key], truth.pixel) for key in sorted(cells))


def _around(places: list[tuple[float, float, float]], pixel: float) -> Hazard:
    xs, ys, tilts = zip(*places, strict=True)
    width, height = max(xs) - min(xs) + pixel, max(ys) - min(ys) + pixel
    return Hazard(
        disc=Disc(
            x=round((max(xs) + min(xs)) / 2.0, 3),
            y=round((max(ys) + min(ys)) / 2.0, 3),
            radius=round(hypot(width, height) / 2.0, 3),
        ),
        kind="steep",
        tilt=round(max(tilts), 4),
    )
