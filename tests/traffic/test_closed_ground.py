"""Closed ground: what the ledger grants near it, whatever is asked, given back, closed and opened, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import cos, pi, sin

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import Disc, MessageError, Path, Point, RoverId
from fleet.messages import AuthorityGrant, AuthorityRefusal, AuthorityRequest, AuthorityReturn, Body
from fleet.traffic import Closure, Ledger, crossings, segment_pieces

RADIUS = 1.0
STARTS: Mapping[RoverId, Point] = {RoverId("a"): (0.0, 0.0), RoverId("b"): (12.0, 0.0), RoverId("c"): (0.0, 12.0)}
_COORDINATE = st.integers(-6, 18).map(float)
_PLACE = st.tuples(_COORDINATE, _COORDINATE)


def _ring(middle: Point, radius: float, corners: int) -> Path:
    angles = [2.0 * pi * corner / corners + 0.1 for corner in range(corners)]
    # Every second corner is drawn in: such a ring is not convex.
    reach = [radius if corner % 2 == 0 else 0.6 * radius for corner in range(corners)]
    return tuple(
        (middle[0] + r * cos(angle), middle[1] + r * sin(angle)) for r, angle in zip(reach, angles, strict=True)
    )


_ZONES = st.builds(_ring, _PLACE, st.floats(0.5, 6.0), st.integers(3, 8))
_ACTS = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(sorted(STARTS)), st.lists(_PLACE, min_size=1, max_size=3)),
    st.tuples(st.just("leave"), st.sampled_from(sorted(STARTS)), st.integers(0, 3)),
    st.tuples(st.just("park"), st.sampled_from(sorted(STARTS)), st.integers(0, 3)),
    st.tuples(st.just("close"), st.sampled_from("xyz"), _ZONES),
    st.tuples(st.just("open"), st.sampled_from("xyz"), st.none()),
)


class _Story:
    """A ledger, and rovers that say what they do, on the ground that they hold."""

    def __init__(self) -> None:
        self.ledger = Ledger({rover: Disc(x=x, y=y, radius=RADIUS) for rover, (x, y) in STARTS.items()})
        self.zones: dict[str, Path] = {}
        self.paths: dict[RoverId, Path] = {}
        self.granted: dict[RoverId, int] = {}
        self.may_leave: dict[RoverId, bool] = {}
        self.plans = dict.fromkeys(STARTS, 0)
        self.places = dict(STARTS)

    @property
    def closure(self) -> Closure:
        return Closure(self.zones)

    def act(self, kind: str, who: str, what: object) -> None:
        rover = RoverId(who)
        match kind, what:
            case "ask", list():
                self._ask(rover, (self.places[rover], *what))
            case (("leave" | "park"), int()) if rover in self.paths:
                upto = min(what, self.granted[rover])
                self.places[rover] = self.paths[rover][upto]
                x, y = self.places[rover]
                ends = Disc(x=x, y=y, radius=RADIUS) if kind == "park" else None
                self._hear(self.ledger.returned(rover, AuthorityReturn(plan=self.plans[rover], upto=upto, ends=ends)))
                if ends is not None:
                    self.paths.pop(rover, None)
            case "close", tuple():
                self.zones[who] = what
                self._hear(self.ledger.close(self.closure))
            case "open", None:
                self.zones.pop(who, None)
                self._hear(self.ledger.close(self.closure))
            case _:
                pass

    def _ask(self, rover: RoverId, path: Path) -> None:
        self.plans[rover] += 1
        self.paths[rover], self.granted[rover] = path, 0
        begins = Disc(x=path[0][0], y=path[0][1], radius=RADIUS)
        self.may_leave[rover] = bool(self.closure.around(begins))
        self._hear(self.ledger.request(rover, AuthorityRequest(plan=self.plans[rover], path=path, radius=RADIUS)))

    def _hear(self, said: tuple[tuple[RoverId, Body], ...]) -> None:
        for rover, body in said:
            if isinstance(body, AuthorityRefusal):
                self.paths.pop(rover, None)
            elif isinstance(body, AuthorityGrant) and body.plan == self.plans[rover] and rover in self.paths:
                fresh = segment_pieces(self.paths[rover], RADIUS)[self.granted[rover] : body.upto]
                if not self.may_leave[rover]:
                    assert not self.closure.crossed(fresh).any(), f"{rover} was granted closed ground"
                self.granted[rover] = max(self.granted[rover], body.upto)

    def check(self) -> None:
        for a, b in combinations(STARTS, 2):
            assert not crossings(self.ledger.ground(a), self.ledger.ground(b)).any()


@settings(max_examples=60)
@given(st.lists(_ACTS, max_size=14))
def test_closed_ground_is_never_granted_and_no_ground_twice(acts: list[tuple[str, str, object]]) -> None:
    story = _Story()
    for act in acts:
        try:
            story.act(*act)
        except MessageError:
            continue  # A rover that says what cannot be changes nothing.
        story.check()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.one_of(st.none(), _ZONES)), max_size=10),
    st.lists(_PLACE, min_size=1, max_size=3),
)
def test_what_is_closed_is_what_the_last_word_of_each_zone_says(
    acts: list[tuple[str, Path | None]], way: list[Point]
) -> None:
    zones: dict[str, Path] = {}
    ledger = Ledger({RoverId("a"): Disc(x=0.0, y=0.0, radius=RADIUS)})
    for name, outline in acts:
        zones.pop(name, None)
        if outline is not None:
            zones[name] = outline
        ledger.close(Closure(zones))
    fresh = Ledger({RoverId("a"): Disc(x=0.0, y=0.0, radius=RADIUS)})
    fresh.close(Closure(dict(reversed(zones.items()))))

    request = AuthorityRequest(plan=1, path=((0.0, 0.0), *way), radius=RADIUS)
    said = ledger.request(RoverId("a"), request)

    assert said == fresh.request(RoverId("a"), request)
    barred = Closure(zones).bars(request.path, RADIUS)
    assert barred == (said[0][1].zones if isinstance(said[0][1], AuthorityRefusal) else ())


@given(_ZONES, st.lists(_PLACE, min_size=2, max_size=2), st.floats(0.0, 3.0))
def test_what_a_zone_overlaps_is_what_the_distance_of_shapes_says(zone: Path, ends: list[Point], radius: float) -> None:
    gap = shapely.LineString(ends).distance(shapely.Polygon(zone))

    crossed = Closure({"z": zone}).crossed(segment_pieces(tuple(ends), radius))[0]

    if abs(gap - radius) > 1e-5:
        assert crossed == (gap < radius)


SQUARE: Path = ((4.0, -4.0), (8.0, -4.0), (8.0, 4.0), (4.0, 4.0))


@pytest.mark.parametrize(
    ("path", "barred"),
    [
        pytest.param(((0.0, 0.0), (12.0, 0.0)), ("z",), id="through"),
        pytest.param(((0.0, 0.0), (6.0, 0.0)), ("z",), id="into"),
        pytest.param(((0.0, 0.0), (0.0, 9.0), (12.0, 9.0)), (), id="around"),
        pytest.param(((6.0, 0.0), (12.0, 0.0)), (), id="out"),
        pytest.param(((6.0, 0.0), (6.0, 2.0)), ("z",), id="within"),
        pytest.param(((6.0, 0.0), (12.0, 0.0), (12.0, 9.0), (6.0, 0.0)), ("z",), id="out and in again"),
        pytest.param(((6.0, 0.0), (12.0, 0.0), (0.0, 0.0)), ("z",), id="out and through"),
        pytest.param(((2.0, 0.0), (4.0, 9.0)), (), id="along its border"),
    ],
)
def test_a_way_may_lead_out_of_closed_ground_and_never_into_it(path: Path, barred: tuple[str, ...]) -> None:
    assert Closure({"z": SQUARE}).bars(path, RADIUS) == barred


def test_a_thousand_requests_each_have_an_answer_or_a_reason() -> None:
    ledger = Ledger({rover: Disc(x=x, y=y, radius=RADIUS) for rover, (x, y) in STARTS.items()})
    ledger.close(Closure({"z": SQUARE}))
    rovers = [*sorted(STARTS), RoverId("stranger")]
    before = {rover: ledger.ground(rover).tolist() for rover in STARTS}

    told = [0, 0]
    for number in range(1000):
        rover = rovers[number % 4]
        x, y = STARTS.get(rover, (50.0, 50.0))
        start = (x, y) if number % 3 else (x + 40.0, y)
        path = (start, (6.0, 0.0)) if number % 5 else (start, (1e6 * (number % 7 - 3), 6.0))
        try:
            said = ledger.request(rover, AuthorityRequest(plan=number, path=path, radius=RADIUS))
        except MessageError as error:
            told[0] += bool(error.fact)
        else:
            assert any(to == rover for to, _ in said)
            told[1] += 1
            x, y = path[0]
            ledger.returned(rover, AuthorityReturn(plan=number, upto=0, ends=Disc(x=x, y=y, radius=RADIUS)))

    assert min(told) > 100
    assert {rover: ledger.ground(rover).tolist() for rover in STARTS} == before
