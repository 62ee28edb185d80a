"""What a rover foresees of its charge is what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from math import pi, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import MissionTime, Pose
from fleet.moon import Almanac, Endurance
from fleet.vehicles import catalogue, heat

HERE = Pose(x=0.0, y=0.0, heading=0.0)
DAY, NIGHT = datetime(2028, 11, 1, 6, tzinfo=UTC), datetime(2028, 6, 21, 12, tzinfo=UTC)


def _endurance(name: str, start: datetime = NIGHT, dt: float = 1.0) -> Endurance:
    time = MissionTime(start=start, dt=dt)
    almanac = Almanac(
        latitude=radians(-84.6), longitude=radians(31.0), north=0.0, time=time, end=5 * 86400,
        heights=np.zeros((9, 9), dtype=np.float32), pixel=5.0,
    )  # fmt: skip
    return Endurance(catalogue()[name], almanac, time)


def test_awake_in_the_dark_charge_lasts_as_long_as_the_hotel_load_lets_it() -> None:
    assert _endurance("metu-micro").end(HERE, 100, 18_000.0) == 100 + 3600


def test_the_sun_comes_to_the_rescue() -> None:
    facing = Pose(x=0.0, y=0.0, heading=pi / 2)
    swivel = _endurance("cnsa-rover", DAY)

    assert swivel.end(facing, 0, 100.0) is None
    assert swivel.income(facing, 0) == pytest.approx(1.2 * 1361.0 * 0.29, rel=0.01)


def test_nothing_left_ends_at_once() -> None:
    assert _endurance("metu-micro").end(HERE, 7, -1.0) == 7


@given(st.sampled_from(sorted(catalogue())), st.floats(0.05, 0.5), st.sampled_from([1.0, 10.0]))
def test_asleep_lasts_longer_than_awake(name: str, share: float, dt: float) -> None:
    endurance = _endurance(name, dt=dt)
    charge = share * catalogue()[name].battery

    awake, asleep = endurance.end(HERE, 0, charge), endurance.end(HERE, 0, charge, asleep=True)

    assert awake is not None
    assert asleep is None or asleep > awake


def test_a_cold_start_ends_sooner_for_the_heater_must_run() -> None:
    endurance = _endurance("suparco-rover")

    warm = endurance.end(HERE, 0, 2e5, asleep=True)
    cold = endurance.end(HERE, 0, 2e5, heat.SLEEP_HEATER_ON, asleep=True)

    assert warm is not None
    assert cold is not None
    assert cold < warm


def test_a_charger_is_in_reach_of_who_can_pay_the_way() -> None:
    endurance = _endurance("metu-micro")

    assert endurance.reaches((0.0, 0.0), [(100.0, 0.0), (900.0, 0.0)], 30_000.0)
    assert not endurance.reaches((0.0, 0.0), [(100.0, 0.0)], 3000.0)
    assert not endurance.reaches((0.0, 0.0), [], 30_000.0)
    assert not _endurance("change8-lander").reaches((0.0, 0.0), [(1.0, 0.0)], 30_000.0)
