"""Instruments that were set up live on their own power, sleep, and die of cold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import AgencyId, TaskId
from fleet.messages import Step, Task, Work
from sim.scenario.instrument import InstrumentFigures, InstrumentItem, InstrumentSpec, figures_of
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World
from sim.world.instruments import columns as at
from sim.world.instruments.instruments import row_of
from sim.world.instruments.kernels import live
from sim.world.instruments.reference import Station
from sim.world.values import WorldInstrument

NIGHT = datetime(2028, 6, 21, 12, tzinfo=UTC)  # The Sun does not rise at the place of the scenes for days.
ION = TaskId("ion")
_watts = st.floats(0.0, 50.0)
_figures = st.builds(
    InstrumentFigures,
    panel=st.floats(0.0, 1.0),
    panel_efficiency=st.floats(0.1, 0.4),
    battery=st.floats(0.0, 1e6),
    power=_watts,
    sleep_power=_watts,
    heater_power=_watts,
    rhu_power=_watts,
    heat_capacity=st.floats(1.0, 1e5),
    heat_loss=st.floats(0.0, 1.0),
    radiator=st.floats(0.0, 1.0),
    survival=st.floats(0.0, 300.0),
)


def _spec(**figures: float | bool) -> InstrumentSpec:
    item = InstrumentItem.model_validate(figures)
    return InstrumentSpec(id=ION, title="", agency=AgencyId("a"), place=(0.0, 0.0), figures=figures_of(item))


@given(
    figures=_figures,
    share=st.floats(0.0, 1.0),
    temperature=st.floats(100.0, 350.0),
    sky=st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.1)), min_size=1, max_size=8),
    dt=st.sampled_from([60.0, 7.0]),
)
def test_a_step_compiled_has_the_bits_of_one_in_plain_python(
    figures: InstrumentFigures, share: float, temperature: float, sky: list[tuple[float, float]], dt: float
) -> None:
    spec = replace(_spec(), figures=figures)
    row, status = row_of(spec, dt), np.zeros(at.STATUS_COLUMNS, dtype=np.int64)
    row[[at.CHARGE, at.TEMPERATURE]] = share * figures.battery, temperature
    station = Station(spec=spec, charge=share * figures.battery, temperature=temperature, light=1.0, state=at.ALIVE)

    for light, sunshine in sky:
        row[at.LIGHT] = station.light = light
        if status[at.STATE] != at.DEAD:
            live(row, status, sunshine, dt)
            station.live(sunshine, dt)
        assert (row[at.CHARGE], row[at.TEMPERATURE]) == (station.charge, station.temperature)
        assert (status[at.STATE], bool(status[at.HEATING])) == (station.state, station.is_heating)


def _played(scenario: Scenario, until: int, *, reference: bool = False) -> list[tuple[int, WorldInstrument]]:
    """Return each change of an instrument with the tick at which the world stopped for it, one rover setting it up."""
    world, told = World(scenario, reference=reference), []
    rover = scenario.rovers[0].id
    step = Step(place=(0.0, 0.0), radius=9.0, work=100, capability="deploy")
    world.order(Task(id=ION, kind="deploy", title="", agency=AgencyId("a"), steps=(step,)))
    world.apply(rover, Work(task=ION))
    while world.tick < until:
        world.advance(until)
        world.take_events()
        told += [(world.tick, each) for each in world.take_changes() if isinstance(each, WorldInstrument)]
    return [*told, *((world.tick, each) for each in world.instruments())]


@pytest.fixture
def setting_up(make_rover: Callable[..., RoverSpec], make_scenario: Callable[..., Scenario]) -> Callable[..., Scenario]:
    """Return a maker of scenes in which a robot beside its instrument sets it up."""

    def make(start: datetime | None = None, **figures: float | bool) -> Scenario:
        begin = {} if start is None else {"start": start}
        scene = make_scenario([make_rover("r1", "hk-operator")], end=200_000, **begin)
        return replace(scene, instruments=(_spec(**figures),))

    return make


def test_by_day_it_lives_as_long_as_one_looks(setting_up: Callable[..., Scenario]) -> None:
    changes = _played(setting_up(), 100_000)

    assert [each.state for _, each in changes] == ["stowed", "alive", "alive"]
    assert changes[-1][1].charge > 0.9


def test_without_the_sun_it_sleeps_then_freezes_and_the_world_stops(setting_up: Callable[..., Scenario]) -> None:
    changes = _played(setting_up(NIGHT), 200_000)

    assert [each.state for _, each in changes] == ["stowed", "alive", "asleep", "dead", "dead"]
    assert [each.tick for _, each in changes[1:4]] == [tick for tick, _ in changes[1:4]]
    assert changes[3][1].temperature < 233.15
    assert changes[3][1].charge < 0.01


def test_a_mirror_needs_neither_power_nor_warmth(setting_up: Callable[..., Scenario]) -> None:
    changes = _played(setting_up(NIGHT, passive=True), 200_000)

    assert [each.state for _, each in changes] == ["stowed", "alive", "alive"]
    assert changes[-1][1].temperature < 150.0


@pytest.mark.parametrize("start", [None, NIGHT], ids=["day", "night"])
def test_both_worlds_tell_the_same_of_it_at_the_same_ticks(
    setting_up: Callable[..., Scenario], start: datetime | None
) -> None:
    scene = setting_up(start, battery_wh=4.0, heat_capacity_j_k=200.0, panel_m2=0.02)

    assert _played(scene, 20_000) == _played(scene, 20_000, reference=True)
    assert len(_played(scene, 20_000)) >= 3


def test_what_needs_no_instrument_has_none(
    make_rover: Callable[..., RoverSpec], make_scenario: Callable[..., Scenario]
) -> None:
    world = World(make_scenario([make_rover("r1", "hk-operator")]))

    world.advance(5000)

    assert world.instruments() == ()
