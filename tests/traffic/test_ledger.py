"""The ledger's rule, drawn small.

In the drawings a, b and c are where rovers stand; other letters are waypoints. A character is 10 m wide and 10 m high,
bodies with their margin are 2 m in radius, the origin is below on the left.
"""

from __future__ import annotations

import networkx as nx
import pytest

from fleet.core import Disc, MessageError, Path, Point, RoverId
from fleet.messages import (
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Body,
)
from fleet.traffic import Closure, Ledger, Wait

RADIUS = 2.0
A, B, C = RoverId("a"), RoverId("b"), RoverId("c")


class Yard:
    """A ledger over a drawing, and rovers that say what they do."""

    def __init__(self, drawing: str) -> None:
        rows = [line.strip() for line in drawing.strip().splitlines()]
        self.places: dict[str, Point] = {
            mark: (10.0 * column, 10.0 * row)
            for row, line in enumerate(reversed(rows))
            for column, mark in enumerate(line)
            if mark != "."
        }
        self.ledger = Ledger({RoverId(mark): self.disc(mark) for mark in self.places if mark in "abc"})

    def disc(self, mark: str) -> Disc:
        return Disc(x=self.places[mark][0], y=self.places[mark][1], radius=RADIUS)

    def path(self, marks: str) -> Path:
        return tuple(self.places[mark] for mark in marks)

    def ask(self, rover: RoverId, marks: str, plan: int = 1) -> tuple[tuple[RoverId, Body], ...]:
        return self.ledger.request(rover, AuthorityRequest(plan=plan, path=self.path(marks), radius=RADIUS))

    def zone(self, mark: str) -> Path:
        """Return a square of 4 m around a place."""
        x, y = self.places[mark]
        return ((x - 2.0, y - 2.0), (x + 2.0, y - 2.0), (x + 2.0, y + 2.0), (x - 2.0, y + 2.0))

    def close(self, *marks: str) -> tuple[tuple[RoverId, Body], ...]:
        return self.ledger.close(Closure({f"zone-{mark}": self.zone(mark) for mark in marks}))

    def leave(self, rover: RoverId, upto: int, plan: int = 1) -> tuple[tuple[RoverId, Body], ...]:
        return self.ledger.returned(rover, AuthorityReturn(plan=plan, upto=upto))

    def park(self, rover: RoverId, place: Point, plan: int = 1) -> tuple[tuple[RoverId, Body], ...]:
        ends = Disc(x=place[0], y=place[1], radius=RADIUS)
        return self.ledger.returned(rover, AuthorityReturn(plan=plan, upto=0, ends=ends))


def grant(upto: int, *waits_for: RoverId, plan: int = 1) -> AuthorityGrant:
    return AuthorityGrant(plan=plan, upto=upto, waits_for=waits_for)


CROSSING = """
    ..B...
    a.x.yA
    ..b...
"""


def test_a_free_path_is_granted_as_a_whole() -> None:
    yard = Yard(CROSSING)

    assert yard.ask(A, "axyA") == ((A, grant(3)),)


def test_the_later_of_two_that_cross_waits_for_the_earlier_to_leave() -> None:
    yard = Yard(CROSSING)
    yard.ask(A, "axyA")

    asked = yard.ask(B, "bxB")
    left_first = yard.leave(A, 1)
    left_second = yard.leave(A, 2)

    assert asked == ((B, grant(0, A)),)
    assert left_first == ()
    assert left_second == ((B, grant(2)),)


def test_who_waits_for_whom_is_told() -> None:
    yard = Yard(CROSSING)
    yard.ask(A, "axyA")
    yard.ask(B, "bxB")

    graph = yard.ledger.dependencies()

    assert yard.ledger.explain() == (Wait(rover=B, segment=0, holder=A, until=2),)
    assert list(graph.edges((B, 0), data=True)) == [((B, 0), (A, 2), {"left": 1})]
    assert nx.is_directed_acyclic_graph(graph)


def test_head_on_in_a_corridor_both_are_refused_while_the_other_is_parked_in_it() -> None:
    yard = Yard("Ba...bA")

    assert yard.ask(A, "aA") == ((A, AuthorityRefusal(plan=1, held=(yard.disc("b"),), by=(B,))),)
    assert yard.ask(B, "bB") == ((B, AuthorityRefusal(plan=1, held=(yard.disc("a"),), by=(A,))),)


def test_head_on_in_a_corridor_the_second_goes_when_the_first_has_parked_aside() -> None:
    yard = Yard("""
        ..y...
        a.x..b
    """)
    yard.ask(B, "bxy")
    asked = yard.ask(A, "ab")
    yard.leave(B, 1)
    parked = yard.park(B, yard.places["y"])

    assert asked == ((A, grant(0, B)),)
    assert parked[1:] == ((A, grant(1)),)


def test_a_follower_gets_each_segment_as_the_leader_leaves_it() -> None:
    yard = Yard("""
        ........
        b.awxyzA
    """)
    yard.ask(A, "awxyzA")

    asked = yard.ask(B, "bawxy")
    steps = [yard.leave(A, upto) for upto in (1, 2, 3, 4)]

    assert asked == ((B, grant(0, A)),)
    assert steps == [((B, grant(1, A)),), ((B, grant(2, A)),), ((B, grant(3, A)),), ((B, grant(4)),)]


def test_a_goal_on_the_way_of_an_earlier_plan_is_reached_after_that_has_passed() -> None:
    yard = Yard("""
        ....b..
        a...xyA
    """)
    yard.ask(A, "axyA")

    asked = yard.ask(B, "bx")
    passed = yard.leave(A, 2)

    assert asked == ((B, grant(0, A)),)
    assert passed == ((B, grant(1)),)


def test_a_path_over_the_goal_of_an_earlier_plan_is_refused() -> None:
    yard = Yard("""
        ....b..
        a...A..
        ....B..
    """)
    yard.ask(A, "aA")

    asked = yard.ask(B, "bB")

    assert asked == ((B, AuthorityRefusal(plan=1, held=(yard.disc("A"),), by=(A,))),)


def test_a_refused_number_stays_refused() -> None:
    yard = Yard("a...b...A")
    first = yard.ask(A, "aA")
    yard.ask(B, "bA")

    again = yard.ask(A, "aA")

    assert again == first


def test_an_end_midway_and_out_of_the_way_frees_those_who_waited() -> None:
    yard = Yard(CROSSING)
    yard.ask(A, "axyA")
    yard.ask(B, "bxB")
    yard.leave(A, 1)

    said = yard.park(A, (30.0, 10.0))

    assert said[1:] == ((B, grant(2)),)


def test_an_end_on_the_crossing_withdraws_who_waits_there_and_who_waits_for_those() -> None:
    yard = Yard("""
        ..B....
        a.x.yA.
        ..b..c.
    """)
    yard.ask(A, "axyA")
    yard.ask(B, "bxB")
    # c wants to where b stands; it would wait until b has left.
    yard.ask(C, "cb")

    said = yard.park(A, yard.places["x"])

    end = AuthorityReturn(plan=1, upto=0, ends=yard.disc("x"))
    assert said == ((A, end), (B, AuthorityWithdrawal(plan=1)), (C, AuthorityWithdrawal(plan=1)))
    assert yard.ledger.plans() == {}


def test_a_withdrawn_plan_keeps_what_it_holds() -> None:
    yard = Yard("""
        ..B...
        a.x.yA
        ......
        ..z...
        ..b...
    """)
    yard.ask(A, "axyA")
    asked = yard.ask(B, "bzxB")

    said = yard.park(A, yard.places["x"])

    assert asked == ((B, grant(1, A)),)
    assert said[1:] == ((B, AuthorityWithdrawal(plan=1)),)
    assert yard.ledger.plans() == {B: (1, 0, 1)}
    assert yard.ledger.rests()[B] == yard.disc("z")


def test_what_is_withdrawn_is_free_for_others_at_once() -> None:
    yard = Yard("""
        ..B...
        c...C.
        a.x..A
        ..y...
        ..b...
    """)
    yard.ask(A, "aA")
    yard.ask(B, "byxB")
    asked = yard.ask(C, "cC")

    said = yard.park(A, yard.places["x"])

    assert asked == ((C, grant(0, B)),)
    assert said[1:] == ((B, AuthorityWithdrawal(plan=1)), (C, grant(1)))


def test_the_ground_stood_on_is_held_until_the_first_segment_is_left() -> None:
    yard = Yard("""
        ...x.
        a..y.
        b..z.
    """)
    # It starts a little up from where it was parked, as its localisation says now, and waits for nobody.
    up: Path = ((0.0, 10.4), (30.0, 20.0), (30.0, 10.0))
    yard.ledger.request(A, AuthorityRequest(plan=1, path=up, radius=RADIUS))
    # Crosses the ground where a was parked, but not that of its first segment.
    near: Path = ((0.0, 0.0), (0.0, 6.3), (-20.0, 6.3))

    asked = yard.ledger.request(B, AuthorityRequest(plan=1, path=near, radius=RADIUS))
    left = yard.leave(A, 1)

    assert asked == ((B, grant(0, A)),)
    assert left == ((B, grant(2)),)


def test_a_new_request_ends_the_plan_before() -> None:
    yard = Yard(CROSSING)
    yard.ask(A, "axA")
    yard.ask(B, "bxB")

    said = yard.ask(A, "ax", plan=2)

    assert said == ((B, grant(2)), (A, grant(0, B, plan=2)))


def test_a_late_request_does_not_bring_an_ended_plan_back() -> None:
    yard = Yard("a.x.A")
    yard.park(A, yard.places["a"], plan=1)

    said = yard.ask(A, "aA", plan=1)

    assert said == ((A, AuthorityWithdrawal(plan=1)),)
    assert yard.ledger.plans() == {}


def test_repeated_words_change_nothing_and_are_answered() -> None:
    yard = Yard("a.x.A")
    first = yard.ask(A, "axA")
    yard.leave(A, 1)
    end = yard.park(A, yard.places["A"])

    assert first == ((A, grant(2)),)
    assert yard.park(A, yard.places["A"]) == end
    assert yard.leave(A, 1) == ((A, AuthorityWithdrawal(plan=1)),)


def test_a_return_that_is_no_news_is_answered_with_how_the_plan_stands() -> None:
    yard = Yard("a.x.A")
    yard.ask(A, "axA")
    yard.leave(A, 1)

    assert yard.leave(A, 0) == ((A, grant(2)),)


def test_the_segment_that_a_rover_stands_on_is_never_taken_back() -> None:
    yard = Yard("a.x.A")
    yard.ask(A, "axA")

    yard.leave(A, 9)

    assert yard.ledger.plans()[A] == (1, 1, 2)


def test_a_body_beside_its_line_keeps_the_part_of_its_ground_that_is_its_own() -> None:
    yard = Yard("a.x.A")
    yard.ask(A, "axA")

    yard.park(A, (15.0, 0.3))

    assert yard.ledger.rests()[A] == Disc(x=15.0, y=0.3, radius=1.7)


@pytest.mark.parametrize("place", [(15.0, 0.6), (60.0, 0.0)], ids=["beside", "beyond"])
def test_a_rover_that_stands_on_no_ground_of_its_own_is_not_believed(place: Point) -> None:
    yard = Yard("a.x.A")
    yard.ask(A, "axA")

    with pytest.raises(MessageError, match="holds no ground"):
        yard.park(A, place)

    assert yard.ledger.plans()[A] == (1, 0, 2)


def test_a_path_that_does_not_begin_where_the_rover_stands_is_not_believed() -> None:
    yard = Yard("a.x.A")

    with pytest.raises(MessageError, match="message from a"):
        yard.ask(A, "xA")


def test_a_stranger_is_not_answered() -> None:
    yard = Yard("a.x.A")

    with pytest.raises(MessageError, match="no member"):
        yard.ask(B, "xA")


def test_one_number_means_one_path() -> None:
    yard = Yard("a.x.A")
    yard.ask(A, "ax")

    with pytest.raises(MessageError, match="another path"):
        yard.ask(A, "axA")


def test_rovers_cannot_begin_on_each_others_ground() -> None:
    with pytest.raises(ValueError, match="rovers a and b"):
        Ledger({A: Disc(x=0.0, y=0.0, radius=2.0), B: Disc(x=3.0, y=0.0, radius=2.0)})


def test_nobody_is_let_into_closed_ground_and_who_stands_in_it_may_leave() -> None:
    yard = Yard("""
        ..B...
        a.x.yA
        ..b...
    """)
    yard.close("x", "b")

    assert yard.ask(A, "axyA") == ((A, AuthorityRefusal(plan=1, held=(), by=(), zones=("zone-x",))),)
    assert yard.ask(B, "bA") == ((B, grant(1)),)


def test_ground_that_closes_takes_what_is_not_granted_yet_and_leaves_what_is_held() -> None:
    yard = Yard(CROSSING)
    yard.ask(A, "axyA")
    yard.ask(B, "bxB")

    closed = yard.close("x")

    assert closed == ((B, AuthorityWithdrawal(plan=1)),)
    assert yard.ledger.plans()[A] == (1, 0, 3)
