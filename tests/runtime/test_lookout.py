"""When a rover calls that its charge will run out."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from fleet.core import MissionTime, Point, Pose, RoverId
from fleet.messages import Activity, Observation
from fleet.moon import Almanac, Endurance
from fleet.runtime.lookout import Lookout
from fleet.vehicles import catalogue

DAY, NIGHT = datetime(2028, 11, 1, 6, tzinfo=UTC), datetime(2028, 6, 21, 12, tzinfo=UTC)


def _lookout(start: datetime, docks: tuple[Point, ...] = ()) -> Lookout:
    time = MissionTime(start=start, dt=1.0)
    almanac = Almanac(
        latitude=-1.4765, longitude=0.541, north=0.0, time=time, end=86400, heights=np.zeros((9, 9), np.float32),
        pixel=5.0,
    )  # fmt: skip
    vehicle = catalogue()["suparco-rover"]
    return Lookout(Endurance(vehicle, almanac, time), vehicle, 1.0, docks)


def _seen(battery: float = 0.1, activity: Activity = "idle") -> Observation:
    return Observation(
        tick=60, pose=Pose(x=0.0, y=0.0, heading=0.0), battery=battery, light=0.0, power=0.0, activity=activity,
        payload=0.0, links=(RoverId("other"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "docks", "activity", "calls"),
    [
        pytest.param(NIGHT, (), "idle", True, id="night"),
        pytest.param(DAY, (), "idle", False, id="day"),
        pytest.param(NIGHT, ((3.0, 0.0),), "idle", False, id="a charger at hand"),
        pytest.param(NIGHT, ((9000.0, 0.0),), "idle", True, id="a charger too far"),
        pytest.param(NIGHT, (), "charging", False, id="being charged"),
    ],
)
def test_it_calls_when_neither_sun_nor_charger_comes_in_time(
    start: datetime, docks: tuple[Point, ...], activity: Activity, calls: bool
) -> None:
    distress = _lookout(start, docks).look(_seen(activity=activity))

    assert (distress is not None) == calls


def test_it_calls_again_when_help_came_and_was_not_enough() -> None:
    lookout = _lookout(NIGHT)
    doing: tuple[Activity, ...] = ("idle", "idle", "charging", "idle")

    said = [lookout.look(_seen(activity=activity)) for activity in doing]

    assert [word is not None for word in said] == [True, False, False, True]
