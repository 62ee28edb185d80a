"""Small grounds to draw charts of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from math import radians

import numpy as np
import pytest

from fleet.core import Disc, MissionTime, array_stream
from fleet.terrain import MapZone, ground_map_from_heights
from fleet.vehicles import catalogue
from sim.viewer.chart.subject import Mast, Mission, Subject


def _subject_with(heights: np.ndarray, *, pixel: float = 5.0, mission: bool = True) -> Subject:
    """Return a subject near Mons Mouton with a rock, a keep-out zone, a mast and two vehicle classes."""
    ground = ground_map_from_heights(
        heights.astype(np.float32),
        pixel,
        latitude=radians(-84.6),
        longitude=radians(31.0),
        north=radians(59.0),
        rocks=(Disc(x=4.0 * pixel, y=0.0, radius=0.6 * pixel),),
        zones=(MapZone(id="quiet", kind="keep-out", outline=((-30.0, -30.0), (-15.0, -30.0), (-15.0, -15.0))),),
    )
    if not mission:
        return Subject(name="hills.tif", ground=ground)
    vehicles = (catalogue()["cnsa-rover"], catalogue()["metu-micro"])
    return Subject(
        name="hills",
        title="Some hills",
        ground=ground,
        mission=Mission(time=MissionTime(start=datetime(2029, 10, 24, tzinfo=UTC), dt=1.0), end=86400),
        mast=Mast(point=(0.0, 0.0), vehicle=catalogue()["change8-lander"], name="lander"),
        vehicles=vehicles,
        starts={vehicle.name: (0.0, 10.0) for vehicle in vehicles},
        places={"rim": (40.0, 20.0)},
    )


def _hills(rows: int = 31, columns: int = 41, seed: int = 3) -> np.ndarray:
    """Return a crater with steep walls in rough ground; in it is level ground that nothing can get to."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float64)
    away = np.hypot(x - columns * 0.75, y - rows * 0.7)
    bowl = -9.0 * np.clip((6.0 - away) / 3.0, 0.0, 1.0)
    rough: np.ndarray = bowl + array_stream(seed, "hills").random((rows, columns)) * 0.4
    return rough


@pytest.fixture
def subject() -> Subject:
    """A scenario's ground of 200 m by 150 m."""
    return _subject_with(_hills())


@pytest.fixture
def bare() -> Subject:
    """The same ground as from a terrain file."""
    return _subject_with(_hills(), mission=False)


@pytest.fixture(scope="session")
def subject_of_seed() -> Callable[[int], Subject]:
    """Other grounds of the same kind."""
    return lambda seed: _subject_with(_hills(seed=seed))
