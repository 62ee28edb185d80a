"""Ground that no map warned of is felt, told, gone around by others, and found not to be there."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from pathlib import Path

import pytest

from fleet.core import Disc, Point, RoverId, Tick, distance_to_path
from fleet.messages import FollowPath, HazardReport, HazardSeen
from fleet.planning import RoadmapPlanner
from fleet.sdk import Plan
from fleet.terrain import Terrain
from sim.record import Commanded, Entry, Frame, Happened, RoverFrame, Said, sentence
from sim.run import RunOptions, RunResult, compile_kernels, run
from sim.scenario import Scenario, load_scenario

FILE = Path(__file__).parents[2] / "scenarios" / "unknown_ground.yaml"
CNSA, HK, MICRO = RoverId("cnsa-rover"), RoverId("hk-robot"), RoverId("micro-1")
SAND = Disc(x=62.0, y=4.0, radius=9.0)  #: Soft, in the east.
PHANTOM = Disc(x=-70.0, y=21.0, radius=9.0)  #: Looks soft, in the west.
HOLE = Disc(x=100.0, y=6.0, radius=6.0)  #: Too small for the map.


Keep = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    compile_kernels(lambda _: None)
    return load_scenario(FILE)


@pytest.fixture(scope="module")
def told(scenario: Scenario, run_and_keep: Keep) -> list[Entry]:
    return run_and_keep(scenario, RunOptions(bus="memory"))[1]


def seen(told: list[Entry], rover: RoverId, disc: Disc) -> list[tuple[Tick, HazardSeen]]:
    return [
        (entry.tick, entry.event)
        for entry in told
        if isinstance(entry, Happened)
        and entry.rover == rover
        and isinstance(entry.event, HazardSeen)
        and entry.event.hazard == disc
    ]


def heard(told: list[Entry], rover: RoverId, disc: Disc, *, there: bool) -> list[tuple[Tick, RoverId, HazardReport]]:
    """Return when a rover heard whom say what of a hazard."""
    return [
        (tick, entry.message.sender, entry.message.body)
        for entry in told
        if isinstance(entry, Said) and isinstance(entry.message.body, HazardReport)
        for name, tick in entry.heard
        if name == rover and entry.message.body.hazard == disc and entry.message.body.there == there
    ]


def ways(told: list[Entry], rover: RoverId) -> list[tuple[Tick, tuple[Point, ...]]]:
    return [
        (entry.tick, entry.command.path)
        for entry in told
        if isinstance(entry, Commanded) and entry.rover == rover and isinstance(entry.command, FollowPath)
    ]


def track(told: list[Entry], rover: RoverId) -> list[tuple[Tick, RoverFrame]]:
    return [(e.tick, r) for e in told if isinstance(e, Frame) for r in e.rovers if r.rover == rover]


def gap(disc: Disc, path: tuple[Point, ...]) -> float:
    return distance_to_path((disc.x, disc.y), path) - disc.radius


def unwarned(scenario: Scenario, rover: RoverId, start: Point, goal: Point) -> tuple[Point, ...]:
    """Return the way of a rover that was told nothing."""
    spec = next(spec for spec in scenario.rovers if spec.id == rover)
    plan = RoadmapPlanner(spec.vehicle, Terrain(scenario.ground.map)).plan(start, goal)
    assert isinstance(plan, Plan)
    return plan.path


def test_the_map_shows_nothing_of_the_hole_that_is_really_there(scenario: Scenario) -> None:
    relief = scenario.ground.relief
    assert relief is not None
    belief, truth = Terrain(scenario.ground.map), Terrain(relief)
    steepest = 0.6 * HOLE.radius

    assert (relief.pixel, scenario.ground.map.pixel, truth.extent) == (2.0, 8.0, belief.extent)
    for place in ((HOLE.x + steepest, HOLE.y), (HOLE.x - steepest, HOLE.y)):
        assert belief.tilt(place) < 0.2
        assert truth.tilt(place) > 0.35


def test_one_rover_feels_soft_ground_and_drives_slower_at_more_energy_a_metre(told: list[Entry]) -> None:
    (_, view), (tick, felt) = seen(told, CNSA, SAND)
    assert (view.how, view.sure, felt.how, felt.sure) == ("seen", 0.6, "felt", 1.0)

    inside = [(t, f) for t, f in track(told, CNSA) if t > tick and hypot(f.x - SAND.x, f.y - SAND.y) < SAND.radius]
    before = [(t, f) for t, f in track(told, CNSA) if 60 < t < tick]

    def pace(frames: list[tuple[Tick, RoverFrame]]) -> tuple[float, float]:
        (t0, a), (t1, b) = frames[0], frames[4]
        return (b.distance - a.distance) / (t1 - t0), (b.energy - a.energy) / (b.distance - a.distance)

    (slow, dear), (quick, cheap) = pace(inside), pace(before)
    assert slow < 0.6 * quick
    assert dear > 1.6 * cheap


def test_another_goes_around_what_it_was_told_of_and_never_came_near_before(
    scenario: Scenario, told: list[Entry]
) -> None:
    tick, way = next((tick, path) for tick, path in ways(told, HK) if path[-1][0] > 100.0)
    places = [(frame.x, frame.y) for at, frame in track(told, HK) if at <= tick]

    reports = [report for at, who, report in heard(told, HK, SAND, there=True) if at <= tick and who == CNSA]
    ignorant = unwarned(scenario, HK, places[-1], way[-1])

    # It was told where, when, by whom, how and how sure, and had not been near.
    assert {(report.how, report.sure) for report in reports} == {("seen", 0.6), ("felt", 1.0)}
    assert all(report.seen < tick for report in reports)
    assert all(at > tick for at, _ in seen(told, HK, SAND))
    assert all(hypot(x - SAND.x, y - SAND.y) > SAND.radius + 10.0 for x, y in places)
    # Without that its way leads through; with it, around, and so does its track.
    assert gap(SAND, ignorant) < -3.0
    assert gap(HOLE, ignorant) < 0.0
    assert gap(SAND, (places[-1], *way)) > 0.0
    after = [(frame.x, frame.y) for at, frame in track(told, HK) if at > tick]
    assert min(hypot(x - SAND.x, y - SAND.y) for x, y in after) > SAND.radius
    assert min(hypot(x - HOLE.x, y - HOLE.y) for x, y in after) > HOLE.radius


def test_one_goes_to_doubtful_ground_and_says_that_it_is_not_there(told: list[Entry]) -> None:
    ((doubt, first),) = seen(told, MICRO, PHANTOM)[:1]
    denials = [(tick, event) for tick, event in seen(told, CNSA, PHANTOM) if not event.there]
    ((tick, denial),) = denials

    assert (first.there, first.sure) == (True, 0.6)
    assert (denial.how, denial.sure) == ("felt", 0.9)
    assert doubt < heard(told, CNSA, PHANTOM, there=True)[0][0] < tick
    words = [sentence(entry) for entry in told if isinstance(entry, Said) and entry.message.tick == tick]
    assert (
        "cnsa-rover reports that there is no soft ground that takes 50% of wheel travel at (-70, 21), "
        f"felt by cnsa-rover at tick {tick}, 90% sure" in words
    )


def test_afterwards_the_others_use_that_ground_again(told: list[Entry]) -> None:
    (doubt, _), *_ = seen(told, MICRO, PHANTOM)
    denied, who, _ = heard(told, MICRO, PHANTOM, there=False)[0]
    west = [(tick, path) for tick, path in ways(told, MICRO) if path[-1][0] < -100.0]

    between = [path for tick, path in west if doubt < tick < denied]
    after = [path for tick, path in west if tick > denied]

    assert who == CNSA
    assert all(gap(PHANTOM, path) > 0.0 for path in between)
    assert between
    assert gap(PHANTOM, after[0]) < -5.0
    spots = [(frame.x, frame.y) for tick, frame in track(told, MICRO) if tick > denied]
    assert min(hypot(x - PHANTOM.x, y - PHANTOM.y) for x, y in spots) < 0.5 * PHANTOM.radius


def test_the_plain_reference_gives_the_same_digest(scenario: Scenario) -> None:
    until = 4000

    compiled, plain = (run(scenario, RunOptions(bus="memory", until=until, reference=flag)) for flag in (False, True))

    assert compiled.hub.digest == plain.hub.digest
