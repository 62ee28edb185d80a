"""Relief finer than the map stops bodies and is told; firm ground that looks soft is found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import atan, hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import Disc, RoverId, array_stream
from fleet.messages import Arrived, Blocked, Event, FollowPath, HazardSeen
from fleet.terrain import Hazard, Terrain, ground_map_from_heights
from sim.generate.coarse import coarser
from sim.generate.ground import Ground
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World
from sim.world.course.hidden import steeper_than_the_map

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1 = RoverId("r1")


def _with_wall(make_scenario: MakeScenario, rover: RoverSpec) -> Scenario:
    """Return a scene whose map, a height each 5 m, is level, and whose ground has a wall from x = 20 to 22."""
    scenario = make_scenario([rover])
    heights = np.zeros((201, 201), np.float32)
    heights[95:106, 121:] = 1.0
    relief = ground_map_from_heights(heights, 1.0, latitude=-1.4765, longitude=0.541, north=0.0)
    return replace(scenario, ground=replace(scenario.ground, relief=relief))


def _told(told: list[tuple[int, str, Event]]) -> list[Event]:
    return [event for _, _, event in told if isinstance(event, Arrived | Blocked | HazardSeen)]


def test_a_wall_that_the_map_leaves_out_is_seen_and_then_stops(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(_with_wall(make_scenario, make_rover("r1", sensor_range=4.0)))
    world.apply(R1, FollowPath(path=((40.0, 0.0),)))

    *seen, last = _told(happenings(world, 3000))

    assert last == Blocked(reason="slope")
    assert 18.0 < world.state(R1).x < 20.5
    assert seen
    assert {event.kind for event in seen if isinstance(event, HazardSeen)} == {"steep"}
    assert all(atan(0.5) - 1e-4 < event.tilt < 0.7 for event in seen if isinstance(event, HazardSeen))
    assert all(event.how == "seen" and event.there for event in seen if isinstance(event, HazardSeen))


def test_ground_beside_the_wall_is_driven_over(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(_with_wall(make_scenario, make_rover("r1")))
    world.apply(R1, FollowPath(path=((0.0, 15.0), (18.0, 15.0), (18.0, 0.0))))

    assert _told(happenings(world, 3000))[-1] == Arrived()


@pytest.mark.parametrize("way", [((40.0, 0.0),), ((18.0, 4.0), (20.0, -9.0), (-5.0, -3.0))])
def test_the_compiled_world_equals_its_reference_on_finer_relief(
    make_rover: MakeRover,
    make_scenario: MakeScenario,
    happenings: Happenings,
    way: tuple[tuple[float, float], ...],
) -> None:
    worlds = [World(_with_wall(make_scenario, make_rover("r1")), reference=plain) for plain in (False, True)]
    for world in worlds:
        world.apply(R1, FollowPath(path=way))

    told = [happenings(world, 2500) for world in worlds]

    assert told[0] == told[1]
    assert worlds[0].state(R1) == worlds[1].state(R1)


def test_light_and_radio_are_those_of_the_map(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    rovers = [make_rover("r1"), make_rover("r2", at=(60.0, 0.0))]
    fine, plain = (World(replace(make_scenario(rovers), ground=ground)) for ground in _grounds(make_scenario, rovers))

    assert fine.link_pairs() == plain.link_pairs()
    assert fine.state(R1).light == plain.state(R1).light


def _grounds(make_scenario: MakeScenario, rovers: list[RoverSpec]) -> tuple[Ground, Ground]:
    plain = make_scenario(rovers).ground
    return _with_wall(make_scenario, rovers[0]).ground, plain


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), factor=st.sampled_from([2, 3, 4]), limit=st.floats(0.05, 0.5))
def test_all_that_is_steeper_than_the_map_lies_in_a_disc_and_every_disc_holds_some(
    seed: int, factor: int, limit: float
) -> None:
    heights = (array_stream(seed, "relief").standard_normal((25, 25)) * 0.6).astype(np.float32)
    relief = ground_map_from_heights(heights, 2.0, latitude=-1.5, longitude=0.5, north=0.0)
    belief, truth = Terrain(coarser(relief, factor)), Terrain(relief)

    found = steeper_than_the_map(belief, truth, limit)

    steep = []
    for row in range(25):
        for column in range(25):
            place = (truth.west + 2.0 * column, truth.south + 2.0 * row)
            if truth.tilts[row, column] > limit and belief.tilt(place) <= limit:
                steep.append((place, float(truth.tilts[row, column])))
    for (x, y), _ in steep:
        assert any(hypot(x - h.disc.x, y - h.disc.y) + 1.0 <= h.disc.radius + 0.01 for h in found)
    for hazard in found:
        within = [t for (x, y), t in steep if hypot(x - hazard.disc.x, y - hazard.disc.y) <= hazard.disc.radius]
        assert hazard.tilt == pytest.approx(max(within), abs=1e-4) or hazard.tilt < max(within)
    assert (found == ()) == (steep == [])


PHANTOM = Hazard(disc=Disc(x=20.0, y=0.0, radius=5.0), kind="soft", slip=0.5)


def test_who_drives_over_firm_ground_that_looks_soft_says_that_there_is_none(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    scenario = make_scenario([make_rover("r1")])
    world = World(replace(scenario, ground=replace(scenario.ground, phantoms=(PHANTOM,))))
    world.apply(R1, FollowPath(path=((40.0, 0.0),)))

    told = happenings(world, 3000)

    seen, denied, arrived = _told(told)
    assert isinstance(seen, HazardSeen)
    assert isinstance(denied, HazardSeen)
    assert (seen.what(), seen.how, seen.sure, seen.there) == (PHANTOM, "seen", 0.6, True)
    assert (denied.what(), denied.how, denied.sure, denied.there) == (PHANTOM, "felt", 0.9, False)
    assert arrived == Arrived()
    # It costs no time: there is nothing.
    assert told[-1][0] == np.ceil(40.0 / 0.0475)


def test_who_only_passes_by_denies_nothing(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    scenario = make_scenario([make_rover("r1")])
    world = World(replace(scenario, ground=replace(scenario.ground, phantoms=(PHANTOM,))))
    world.apply(R1, FollowPath(path=((0.0, 6.0), (40.0, 6.0))))

    assert [event.there for event in _told(happenings(world, 3000)) if isinstance(event, HazardSeen)] == [True]
