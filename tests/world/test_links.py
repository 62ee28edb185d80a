"""Who hears whom, and that the same scene always runs the same."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import RoverId
from fleet.messages import Event, FollowPath, LinksChanged
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World, warm
from sim.world.links import Links

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1, R2, R3 = RoverId("r1"), RoverId("r2"), RoverId("r3")


@given(
    st.integers(1, 7).flatmap(
        lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))).map(lambda e: (n, e))
    )
)
def test_hops_are_those_of_a_breadth_first_search(case: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = case
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((a, b) for a, b in edges if a != b)

    links = Links([[graph.has_edge(a, b) for b in range(count)] for a in range(count)])

    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    assert all(links.hops(a, b) == lengths[a].get(b) for a in range(count) for b in range(count))
    assert all(links.reachable(a) == tuple(sorted(set(lengths[a]) - {a})) for a in range(count))
    assert links.pairs() == tuple(sorted((min(e), max(e)) for e in graph.edges))


def test_a_chain_of_rovers_relays(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    rovers = [make_rover(f"r{i + 1}", at=(30.0 * i, 0.0), radio_range=40.0) for i in range(3)]

    world = World(make_scenario(rovers))

    assert world.link_pairs() == ((R1, R2), (R2, R3))
    assert (world.hops(R1, R3), world.hops(R1, R1), world.reachable(R1)) == (2, 0, (R2, R3))
    assert sorted(world.link_graph().edges) == [(R1, R2), (R2, R3)]
    assert world.observe(R1, ()).links == (R2, R3)


def test_words_take_the_quickest_way(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    far = {"radio_least": 10.0, "antenna": 20.0}
    slow = {"radio_power": 1e-9, **far}
    rovers = [
        make_rover("r1", at=(-90.0, 0.0), **slow),
        make_rover("r2", at=(90.0, 0.0), **slow),
        make_rover("r3", at=(0.0, 10.0), **far),
    ]
    world = World(make_scenario(rovers))

    times = world.travel_times(R1, 500)

    graph = world.link_graph()
    for _, _, edge in graph.edges(data=True):
        edge["seconds"] = 8 * 500 / edge["rate"] + edge["length"] / 299_792_458.0
    expected = nx.single_source_dijkstra_path_length(graph, R1, weight="seconds")
    assert times == {rover: pytest.approx(seconds) for rover, seconds in expected.items()}
    assert graph.has_edge(R1, R2)
    assert nx.dijkstra_path(graph, R1, R2, weight="seconds") == [R1, R3, R2]
    assert world.travel_times(R1, 5000)[R2] > 5 * times[R2]


def test_a_ridge_between_them_cuts_the_link(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    ridge = np.zeros((41, 41), dtype=np.float32)
    ridge[:, 22] = 20.0

    world = World(make_scenario([make_rover("r1"), make_rover("r2", at=(30.0, 0.0))], heights=ridge))

    assert world.link_pairs() == ()
    assert world.hops(R1, R2) is None


def test_driving_out_of_range_is_told_to_both_at_the_next_look(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rovers = [make_rover("r1"), make_rover("r2", at=(30.0, 0.0), radio_range=31.0), make_rover("r3", at=(0.0, 9.0))]
    world = World(make_scenario(rovers))
    world.apply(R2, FollowPath(path=((60.0, 0.0),)))

    told = [(tick, who) for tick, who, event in happenings(world, 2000) if event == LinksChanged()]

    assert told == [(60, "r1"), (60, "r2"), (60, "r3")]


def test_the_same_scene_runs_the_same(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    runs = []
    for _ in range(2):
        world = World(make_scenario([make_rover("r1", charge=0.35), make_rover("r2", at=(9.0, 3.0))]))
        world.apply(R1, FollowPath(path=((12.0, 3.0), (40.0, 8.0))))
        runs.append((happenings(world, 3000), world.state(R1), world.state(R2), world.ledger(R1)))

    assert runs[0] == runs[1]


def test_nothing_happens_before_the_tick_asked_for(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    world = World(make_scenario([make_rover("r1", battery=1e9)]))

    assert (world.advance(777), world.advance(777), world.advance(5)) == (777, 777, 777)
    assert world.take_events() == ()


def test_kernels_can_be_compiled_beforehand() -> None:
    warm()
