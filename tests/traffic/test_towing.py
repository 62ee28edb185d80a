"""Ground of two machines of which one has the other in tow: never more than one's, never nobody's."""

from __future__ import annotations

import pytest

from fleet.core import Disc, MessageError, RoverId
from fleet.messages import AuthorityGrant, AuthorityRequest, AuthorityReturn, TowAnswer, TowClaim
from fleet.traffic import TowingLedger

TUG, CAR, OTHER = RoverId("tug"), RoverId("car"), RoverId("other")
BOTH = Disc(x=0.0, y=0.0, radius=4.0)


def _ledger(other: float = 20.0) -> TowingLedger:
    places = {TUG: 0.0, CAR: 3.0, OTHER: other}
    return TowingLedger({rover: Disc(x=x, y=0.0, radius=1.0) for rover, x in places.items()})


def _claim(number: int = 1, left: Disc | None = None, ground: Disc = BOTH) -> TowClaim:
    return TowClaim(number=number, rover=CAR, ground=ground, left=left)


def test_a_tower_drives_on_ground_as_wide_as_both_from_where_the_other_stood() -> None:
    ledger = _ledger()
    alone = ledger.request(TUG, AuthorityRequest(plan=1, path=((0.0, 0.0), (8.0, 0.0)), radius=1.0))

    ledger = _ledger()
    heard = ledger.claim(TUG, _claim())
    both = ledger.request(TUG, AuthorityRequest(plan=1, path=((0.0, 0.0), (8.0, 0.0)), radius=4.0))

    assert [type(word).__name__ for _, word in alone] == ["AuthorityRefusal"]
    assert heard == ((TUG, TowAnswer(number=1)),)
    assert both == ((TUG, AuthorityGrant(plan=1, upto=1)),)


def test_who_is_set_down_has_ground_of_its_own_again_and_the_rest_is_free() -> None:
    ledger = _ledger()
    ledger.claim(TUG, _claim())
    ledger.request(TUG, AuthorityRequest(plan=1, path=((0.0, 0.0), (8.0, 0.0)), radius=4.0))
    ledger.returned(TUG, AuthorityReturn(plan=1, upto=0, ends=Disc(x=8.0, y=0.0, radius=4.0)))

    here, there = Disc(x=8.0, y=0.0, radius=1.0), Disc(x=5.0, y=0.0, radius=1.0)
    said = ledger.claim(TUG, _claim(2, left=there, ground=here))
    again = ledger.claim(TUG, _claim(2, left=there, ground=here))
    freed = ledger.request(CAR, AuthorityRequest(plan=1, path=((5.0, 0.0), (0.0, 0.0)), radius=1.0))

    assert said == again == ((TUG, TowAnswer(number=2)),)
    assert ledger.rests() == {CAR: Disc(x=0.0, y=0.0, radius=1.0), OTHER: Disc(x=20.0, y=0.0, radius=1.0), TUG: here}
    assert freed == ((CAR, AuthorityGrant(plan=1, upto=1)),)


def test_a_claim_waits_for_who_is_in_the_way_and_takes_nothing_from_it() -> None:
    ledger = _ledger(other=-4.5)

    said = ledger.claim(TUG, _claim())

    assert said == ((TUG, TowAnswer(number=1, by=(OTHER,))),)
    assert sorted(ledger.rests()) == [CAR, OTHER, TUG]


def test_who_would_cross_the_ground_of_a_tow_plans_anew() -> None:
    ledger = _ledger(other=-9.0)
    ledger.request(OTHER, AuthorityRequest(plan=1, path=((-9.0, 0.0), (-9.0, 3.0), (9.0, 3.0)), radius=1.0))

    said = ledger.claim(TUG, _claim())

    assert next((to, type(word).__name__) for to, word in said) == (TUG, "TowAnswer")


def test_who_is_in_tow_says_nothing_that_counts() -> None:
    ledger = _ledger()
    ledger.claim(TUG, _claim())

    assert ledger.request(CAR, AuthorityRequest(plan=1, path=((3.0, 0.0), (9.0, 0.0)), radius=1.0)) == ()
    assert ledger.returned(CAR, AuthorityReturn(plan=1, upto=0, ends=Disc(x=3.0, y=0.0, radius=1.0))) == ()


@pytest.mark.parametrize("place", [30.0, -30.0])
def test_nobody_sets_another_down_on_ground_that_it_does_not_hold(place: float) -> None:
    ledger = _ledger()
    ledger.claim(TUG, _claim())

    with pytest.raises(MessageError, match="holds no ground"):
        ledger.claim(TUG, _claim(2, left=Disc(x=place, y=0.0, radius=1.0)))


def test_a_claim_that_was_overtaken_by_a_later_one_changes_nothing() -> None:
    ledger = _ledger()
    here, there = Disc(x=0.0, y=0.0, radius=1.0), Disc(x=3.0, y=0.0, radius=1.0)
    ledger.claim(TUG, _claim(2, left=there, ground=here))

    assert ledger.claim(TUG, _claim(1)) == ()
    assert sorted(ledger.rests()) == [CAR, OTHER, TUG]
