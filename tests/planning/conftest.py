"""Small grounds, drawn as text."""

from collections.abc import Callable

import numpy as np
import pytest

from fleet.core import Disc
from fleet.terrain import MapZone, Terrain, ground_map_from_heights
from fleet.vehicles import VehicleClass, catalogue

Draw = Callable[..., Terrain]


def square(name: str, x: float, y: float, half: float) -> MapZone:
    """Return a keep-out square."""
    corners = ((x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half))
    return MapZone(id=name, kind="keep-out", outline=corners)


@pytest.fixture(scope="session")
def rover() -> VehicleClass:
    """A rover of 0.9 m radius that may take 20 degrees."""
    return catalogue()["cnsa-rover"]


@pytest.fixture(scope="session")
def draw() -> Draw:
    """Make ground from rows of characters, top row first: ``.`` free, ``#`` keep-out, ``o`` rock; a cell each."""

    def ground(*rows: str, cell: float = 10.0) -> Terrain:
        tall, wide = len(rows), len(rows[0])
        pixel = 2.0
        shape = (round(tall * cell / pixel) + 1, round(wide * cell / pixel) + 1)
        zones, rocks = [], []
        for down, row in enumerate(rows):
            for right, mark in enumerate(row):
                x, y = (right + 0.5 - wide / 2.0) * cell, (tall / 2.0 - down - 0.5) * cell
                if mark == "#":
                    zones.append(square(f"wall-{down}-{right}", x, y, cell / 2.0))
                elif mark == "o":
                    rocks.append(Disc(x=x, y=y, radius=cell / 2.0))
        return Terrain(
            ground_map_from_heights(
                np.zeros(shape, np.float32),
                pixel,
                latitude=-1.47,
                longitude=0.5,
                north=0.0,
                zones=zones,
                rocks=rocks,
            )
        )

    return ground
