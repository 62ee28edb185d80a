"""Who drives though it is to stand, or enters closed ground, is found, once it knew."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fleet.core import EVERYONE, AgencyId, Point, Pose, RoverId, Tick
from fleet.messages import Bulletin, BulletinHeeded, ClosedGround, Halt, Message, Notified
from sim.record import Frame, Happened, Opening, RoverEntry, RoverFrame
from sim.verdict.obedience import ObedienceWatch

LEADER, A = RoverId("leader"), RoverId("a")
PIT = ClosedGround(zone="pit", outline=((10.0, -5.0), (20.0, -5.0), (20.0, 5.0), (10.0, 5.0)))
CLOSED = Bulletin(version=1, closed=(PIT,))


def _opening() -> Opening:
    rovers = tuple(
        RoverEntry(
            rover=rover, title="", agency=AgencyId("X"), vehicle="v", vehicle_title="V", radius=1.0, battery=1.0,
            can_drive=True, pose=Pose(x=0.0, y=y, heading=0.0),
        )
        for rover, y in ((LEADER, 50.0), (A, 0.0))
    )  # fmt: skip
    return Opening(
        scenario="s", title="S", file="s.yaml", text="", seed=1, start="2029-10-24T00:00:00+00:00", dt=1.0, end=1000,
        coordinator=LEADER, agencies=(), rovers=rovers, tasks=(), docks=(),
    )  # fmt: skip


def _frame(tick: Tick, place: Point) -> Frame:
    body = RoverFrame(
        rover=A, x=place[0], y=place[1], heading=0.0, battery=1.0, light=1.0, power=0.0, activity="driving", task=None,
        payload=0.0, distance=0.0, energy=0.0,
    )  # fmt: skip
    return Frame(tick=tick, sun=(0.0, 0.1), rovers=(body,), links=(), stock={})


def _found(bulletin: Bulletin, places: Sequence[Point], *, heard_at: Tick = 1) -> list[tuple[Tick, str]]:
    """Return what is found of a rover that hears a bulletin at a tick, and is in these places at ticks 0, 1, ..."""
    watch = ObedienceWatch(_opening())
    watch.happen(Happened(tick=0, rover=LEADER, event=Notified(bulletin=bulletin)))
    for tick, place in enumerate(places):
        if tick == heard_at:
            heeded = BulletinHeeded(version=bulletin.version)
            watch.hear(Message(tick=tick, sender=A, seq=1, to=EVERYONE, body=heeded))
        watch.look(_frame(tick, place))
    return [(found.tick, found.against) for found in watch.found]


@pytest.mark.parametrize(
    ("places", "found"),
    [
        pytest.param([(0, 0), (1, 0), (1, 0), (1, 0)], [], id="stands"),
        pytest.param([(0, 0), (1, 0), (1, 0), (2, 0)], [(3, "driving though it was to stand")], id="drives"),
    ],
)
def test_who_drives_though_it_is_to_stand_is_found(places: list[Point], found: list[tuple[Tick, str]]) -> None:
    halt = Halt(rover=A, by="X", since=0)

    assert _found(Bulletin(version=1, halts=(halt,)), places) == found
    assert _found(Bulletin(version=1, halts=(halt,)), places, heard_at=9) == []
    assert _found(Bulletin(version=1, halts=(Halt(rover=A, by="METU", since=0),)), places) == []


@pytest.mark.parametrize(
    ("places", "found"),
    [
        pytest.param([(0, 0), (5, 0), (8.9, 0), (5, 0)], [], id="before it"),
        pytest.param([(0, 0), (5, 0), (9.5, 0), (15, 0)], [(2, "in closed ground pit")], id="into it"),
        pytest.param([(12, 0), (15, 0), (19, 0), (25, 0)], [], id="out of it"),
        pytest.param([(12, 0), (15, 0), (25, 0), (19, 0)], [(3, "in closed ground pit")], id="out and in again"),
    ],
)
def test_who_enters_closed_ground_is_found(places: list[Point], found: list[tuple[Tick, str]]) -> None:
    assert _found(CLOSED, places) == found
    assert _found(CLOSED, places, heard_at=9) == []
