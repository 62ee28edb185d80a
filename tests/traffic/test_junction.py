"""Ways made jointly: whoever wants to go arrives, whatever is delayed, and nobody is ever on ground of another."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
import pytest

from fleet.core import Disc, Path, Point, Rng, RoverId, distance, stream
from fleet.messages import AuthorityGrant, AuthorityRequest, AuthorityReturn
from fleet.planning.joint import RepairingJointPlanner
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.terrain.ground_map import MapZone
from fleet.traffic import CONTROL_MARGIN, Agreement, Ledger, Party, agree, crossings
from fleet.vehicles import catalogue

VEHICLE = catalogue()["metu-micro"]
RADIUS = VEHICLE.radius + CONTROL_MARGIN


def terrain(*walls: tuple[float, float, float, float]) -> Terrain:
    """Return level ground with walls: west, south, east, north."""
    zones = [
        MapZone(id=f"wall-{i}", kind="keep-out", outline=((w, s), (e, s), (e, n), (w, n)))
        for i, (w, s, e, n) in enumerate(walls)
    ]
    level = np.zeros((41, 41), np.float32)
    return Terrain(ground_map_from_heights(level, 3.0, latitude=-1.47, longitude=0.5, north=0.0, zones=zones))


OPEN = terrain()
CORRIDOR = terrain((-15.0, 1.2, 15.0, 59.0), (-15.0, -59.0, 15.0, -1.2))


def party(name: str, place: Point, goal: Point | None = None) -> Party:
    wish: Path = (place, goal) if goal is not None else ()
    return Party(rover=RoverId(name), vehicle=VEHICLE, place=place, radius=RADIUS, wish=wish)


def together(parties: Sequence[Party], ground: Terrain = OPEN, rests: Sequence[Disc] = ()) -> Agreement | None:
    return agree(parties, rests, ground, RepairingJointPlanner(seed=1))


def driven(parties: Sequence[Party], agreement: Agreement, rng: Rng) -> dict[RoverId, Point]:
    """Drive an agreement with delays by chance, holding all to the rules; return where everybody comes to rest."""
    ledger = Ledger({p.rover: Disc(x=p.place[0], y=p.place[1], radius=p.radius) for p in parties})
    radius = {p.rover: p.radius for p in parties}
    requests = {
        rover: AuthorityRequest(plan=1, path=path, radius=radius[rover]) for rover, path in agreement.paths.items()
    }
    said = ledger.agree(requests, agreement.entries)
    assert said is not None
    granted = {to: body.upto for to, body in said if isinstance(body, AuthorityGrant)}
    passed = dict.fromkeys(requests, 0)
    while ledger.plans():
        assert nx.is_directed_acyclic_graph(ledger.dependencies())
        grounds = [ledger.ground(p.rover) for p in parties]
        assert not any(crossings(a, b).any() for i, a in enumerate(grounds) for b in grounds[:i])
        able = [rover for rover in sorted(ledger.plans()) if passed[rover] < granted.get(rover, 0)]
        assert able, "everybody waits"
        rover = rng.choice(able)
        passed[rover] += 1
        path = agreement.paths[rover]
        is_there = passed[rover] == len(path) - 1
        ends = Disc(x=path[-1][0], y=path[-1][1], radius=radius[rover]) if is_there else None
        back = ledger.returned(rover, AuthorityReturn(plan=1, upto=passed[rover], ends=ends))
        granted |= {to: body.upto for to, body in back if isinstance(body, AuthorityGrant)}
    return {rover: (disc.x, disc.y) for rover, disc in ledger.rests().items()}


def test_two_who_want_each_others_places_both_arrive() -> None:
    parties = [party("a", (-10.0, 0.0), (10.0, 0.0)), party("b", (10.0, 0.0), (-10.0, 0.0))]

    agreement = together(parties)

    assert agreement is not None
    assert driven(parties, agreement, stream(1, "swap")) == {"a": (10.0, 0.0), "b": (-10.0, 0.0)}


def test_head_on_in_a_corridor_somebody_waits_outside() -> None:
    parties = [party("a", (-17.0, 0.0), (17.0, 0.0)), party("b", (17.0, 0.0), (-17.0, 0.0))]

    agreement = together(parties, CORRIDOR)

    assert agreement is not None
    assert driven(parties, agreement, stream(1, "corridor")) == {"a": (17.0, 0.0), "b": (-17.0, 0.0)}


def test_who_stands_in_a_corridor_and_wants_nothing_gives_way_into_free_ground() -> None:
    parties = [party("a", (-20.0, 0.0), (20.0, 0.0)), party("b", (0.0, 0.0))]

    agreement = together(parties, CORRIDOR)

    assert agreement is not None
    rests = driven(parties, agreement, stream(1, "aside"))
    assert rests[RoverId("a")] == (20.0, 0.0)
    assert abs(rests[RoverId("b")][0]) > 15.0


def test_who_is_in_nobodys_way_stays() -> None:
    parties = [party("a", (-20.0, 0.0), (20.0, 0.0)), party("b", (0.0, 20.0))]

    agreement = together(parties)

    assert agreement is not None
    assert set(agreement.paths) == {"a"}


def test_there_is_no_agreement_past_one_who_will_not_move_in_a_corridor() -> None:
    assert together([party("a", (-20.0, 0.0), (20.0, 0.0))], CORRIDOR, [Disc(x=0.0, y=0.0, radius=RADIUS)]) is None


def test_of_two_who_want_one_place_the_first_gets_it() -> None:
    parties = [party("a", (-20.0, 0.0), (20.0, 0.0)), party("b", (19.0, 4.0), (20.0, 0.0))]

    agreement = together(parties)

    assert agreement is not None
    assert agreement.paths[RoverId("a")][-1] == (20.0, 0.0)
    assert "b" not in agreement.paths


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_delayed_all_arrive_and_nobody_shares_ground(seed: int) -> None:
    rng = stream(seed, "junction")
    cells = rng.sample([(6.0 * x, 6.0 * y) for x in range(-4, 5) for y in range(-4, 5)], 12)
    count = rng.randint(2, 6)
    starts, goals = cells[:count], rng.sample(cells, count)
    parties = [party(f"r{i}", start, goal) for i, (start, goal) in enumerate(zip(starts, goals, strict=True))]

    agreement = together(parties)

    assert agreement is not None
    rests = driven(parties, agreement, rng)
    assert all(distance(rests[RoverId(f"r{i}")], goal) == 0.0 for i, goal in enumerate(goals))


def test_an_order_with_a_cycle_is_not_accepted() -> None:
    # Each means to enter the other's ground before the other has left it: round and round.
    ledger = Ledger({RoverId("a"): Disc(x=0.0, y=0.0, radius=1.0), RoverId("b"): Disc(x=10.0, y=0.0, radius=1.0)})
    ways = {RoverId("a"): ((0.0, 0.0), (10.0, 0.0)), RoverId("b"): ((10.0, 0.0), (0.0, 0.0))}
    requests = {rover: AuthorityRequest(plan=1, path=path, radius=1.0) for rover, path in ways.items()}

    assert ledger.agree(requests, dict.fromkeys(ways, (0.0,))) is None
    assert ledger.plans() == {}
