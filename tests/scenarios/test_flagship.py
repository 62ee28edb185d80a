"""The flagship mission lives by true light: some of its work can be done in one window only, and is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import hypot
from pathlib import Path

import msgspec
import pytest

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import WorkStopped
from fleet.moon import Almanac
from fleet.terrain import Terrain
from sim.record import Entry, TaskChanged
from sim.record.entries import Frame, Happened
from sim.run import RunOptions, RunResult
from sim.scenario import Order, Scenario, load_scenario
from sim.scenario.fault import HostLoss

FILE = Path(__file__).parents[2] / "scenarios" / "mons_mouton.yaml"


Keep = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(FILE)


@pytest.fixture(scope="module")
def told(scenario: Scenario, run_and_keep: Keep) -> list[Entry]:
    return run_and_keep(scenario, RunOptions(bus="memory"))[1]


def _lit(scenario: Scenario, place: str) -> list[Tick]:
    """Return the ticks, ten minutes apart, at which a place has at least half of the Sun's disc in view."""
    ground = scenario.ground.map
    terrain = Terrain(ground)
    almanac = Almanac(
        latitude=ground.latitude,
        longitude=ground.longitude,
        north=ground.north,
        time=scenario.time,
        end=scenario.end,
        heights=terrain.heights,
        pixel=terrain.pixel,
    )
    return [tick for tick in range(0, scenario.end, 600) if almanac.light(scenario.places[place], tick) >= 0.5]


def _done(told: list[Entry], task: str) -> Tick | None:
    changes = (entry for entry in told if isinstance(entry, TaskChanged) and entry.task == TaskId(task))
    return next((change.tick for change in changes if change.state == "done"), None)


def test_the_warm_wall_is_seen_in_the_hours_in_which_alone_it_can_be(scenario: Scenario, told: list[Entry]) -> None:
    (order,) = (order for order in scenario.orders if order.task.id == "warm-wall")
    lit = _lit(scenario, "last-light")

    done = _done(told, "warm-wall")

    assert 0 < len(lit) < 0.5 * scenario.end / 600
    assert done is not None
    assert order.task.earliest + order.task.steps[0].work <= done <= lit[-1] + 600


def test_after_these_hours_nobody_can_do_it_any_more(scenario: Scenario, run_and_keep: Keep) -> None:
    (order,) = (order for order in scenario.orders if order.task.id == "warm-wall")
    late = scenario.time.tick(30 * 3600.0)
    too_late = Order(task=msgspec.structs.replace(order.task, earliest=late), at=order.at)
    orders = tuple(too_late if item is order else item for item in scenario.orders)

    _, entries = run_and_keep(replace(scenario, orders=orders), RunOptions(bus="memory"))

    assert _lit(scenario, "last-light")[-1] < late
    assert _done(entries, "warm-wall") is None


def test_the_ice_is_drilled_out_of_sight_of_lander_and_earth_by_way_of_the_relay_satellite(
    scenario: Scenario, told: list[Entry]
) -> None:
    changes = [entry for entry in told if isinstance(entry, TaskChanged) and entry.task in {"ice-core", "ice-core-2"}]
    drilled = {entry.task for entry in changes if entry.step >= 1}
    frames = [entry for entry in told if isinstance(entry, Frame)]
    ice = scenario.places["ice"]

    work = [
        (frame, rover)
        for frame in frames
        for rover in frame.rovers
        if rover.activity == "working" and hypot(rover.x - ice[0], rover.y - ice[1]) < 5.0
    ]

    assert drilled == {"ice-core", "ice-core-2"}
    assert len(work) > 400
    assert all(rover.earth == "relay" for _, rover in work)
    assert all(rover.rover not in pair for frame, rover in work for pair in frame.links)
    (lander,) = (rover for rover in frames[0].rovers if rover.rover == "lander")
    assert lander.earth == "direct"


def test_while_the_satellite_is_down_the_drill_rests(told: list[Entry]) -> None:
    stops = [
        entry
        for entry in told
        if isinstance(entry, Happened)
        and isinstance(entry.event, WorkStopped)
        and entry.event.reason == "contact"
        and entry.event.task in {"ice-core", "ice-core-2"}
    ]
    frames = [entry for entry in told if isinstance(entry, Frame)]

    assert stops
    resting = [rover.earth for frame in frames if frame.tick == stops[0].tick for rover in frame.rovers if rover.task]
    assert "none" in resting


@pytest.mark.parametrize(
    "killed",
    [
        "lander",  # which leads, and links all others
        *(
            pytest.param(rover, marks=pytest.mark.slow)
            for rover in ("cnsa-rover", "hk-robot", "micro-1", "micro-2", "suparco")
        ),
    ],
)
@pytest.mark.timeout(600)
def test_when_a_rover_dies_others_do_all_that_they_can(scenario: Scenario, run_and_keep: Keep, killed: str) -> None:
    death = HostLoss(id="death", begin=scenario.time.tick(24 * 3600.0), end=None, rover=RoverId(killed))

    _, told = run_and_keep(replace(scenario, faults=(*scenario.faults, death)), RunOptions(bus="memory"))

    tasks = {order.task.id: order.task for order in scenario.orders}
    undone = {task for task in tasks if _done(told, task) is None}
    able = [spec.vehicle for spec in scenario.rovers if spec.id != killed]
    for task in undone:
        of = tasks[task]
        bonds = [step.bond for step in of.steps if step.bond is not None]
        about = {rover for bond in bonds for rover in (bond.rover, *(bond.hears or ()))}
        can = any(of.capabilities <= set(vehicle.capabilities) and of.payload <= vehicle.payload for vehicle in able)
        assert not can or undone & set(of.after) or killed in about, f"{task} is not done, though others can"
    assert all(_done(told, task) is not None for task in ("ranging", "exosphere", "hydrogen"))
