"""What a link carries, and how that depends on distance and masts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.moon import link_budget
from fleet.vehicles import VehicleClass, catalogue

vehicles = st.sampled_from(sorted(catalogue())).map(lambda name: catalogue()[name])


def _whip(height: float) -> VehicleClass:
    """A radio of 1 W on 435 MHz without a modem's limits."""
    plain = catalogue()["cnsa-rover"]
    return replace(plain, antenna=height, radio_rate=1e18, radio_least=1.0, radio_range=1e9)


@pytest.mark.parametrize(
    ("metres", "bits_a_second"),
    [
        pytest.param(500.0, 92e6, id="0.5 km"),
        pytest.param(1000.0, 5.7e6, id="1 km"),
        pytest.param(2000.0, 360e3, id="2 km"),
        pytest.param(5000.0, 9e3, id="5 km"),
    ],
)
def test_the_published_table_of_a_mast_and_a_micro_rover(metres: float, bits_a_second: float) -> None:
    budget = link_budget(_whip(4.0), _whip(0.3))

    assert budget.rate(metres) == pytest.approx(bits_a_second, rel=0.02)


def test_nearby_free_space_counts_and_not_the_reflection() -> None:
    budget = link_budget(_whip(4.0), _whip(4.0))

    assert budget.rate(50.0) * 4.0 == pytest.approx(budget.rate(25.0))
    assert budget.rate(4000.0) * 16.0 == pytest.approx(budget.rate(2000.0))


@given(a=vehicles, b=vehicles, near=st.floats(0.0, 3e4), more=st.floats(0.0, 3e4))
def test_the_rate_falls_with_distance_and_is_the_same_both_ways(
    a: VehicleClass, b: VehicleClass, near: float, more: float
) -> None:
    budget = link_budget(a, b)

    assert budget.rate(near) >= budget.rate(near + more)
    assert link_budget(b, a) == budget


@given(a=vehicles, b=vehicles, more=st.floats(0.0, 20.0), metres=st.floats(0.0, 2e4))
def test_a_higher_mast_never_carries_less(a: VehicleClass, b: VehicleClass, more: float, metres: float) -> None:
    raised = replace(a, antenna=a.antenna + more)

    assert link_budget(raised, b).reach >= link_budget(a, b).reach
    assert link_budget(raised, b).rate(metres) >= link_budget(a, b).rate(metres)


@given(a=vehicles, b=vehicles)
def test_at_the_end_of_its_reach_a_link_has_its_least_rate(a: VehicleClass, b: VehicleClass) -> None:
    budget = link_budget(replace(a, radio_range=1e9), replace(b, radio_range=1e9))

    assert budget.rate(budget.reach) == pytest.approx(budget.least)
    assert budget.rate(budget.reach * 1.001) == 0.0
    assert budget.rate(0.0) == budget.most


def test_an_own_range_ends_a_link_before_the_budget_does() -> None:
    short = replace(catalogue()["metu-micro"], radio_range=300.0)

    assert link_budget(short, catalogue()["change8-lander"]).reach == 300.0


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(catalogue()["hk-operator"], radio_frequency=2.4e9), id="other frequency"),
        pytest.param(replace(catalogue()["hk-operator"], radio_power=0.0), id="no power"),
        pytest.param(replace(catalogue()["hk-operator"], radio_rate=1e3), id="modem slower than the least"),
    ],
)
def test_radios_that_do_not_fit_have_no_link(other: VehicleClass) -> None:
    budget = link_budget(catalogue()["cnsa-rover"], other)

    assert budget.reach == 0.0
    assert budget.rate(1.0) == 0.0
