from __future__ import annotations

from typing import Any, get_args

import pytest

from fleet.core import EVERYONE, AgencyId, Disc, Pose, RoverId, TaskId
from fleet.messages import (
    AuthorityGrant,
    AuthorityRefusal,
    Award,
    Blocked,
    Body,
    Command,
    Event,
    FollowPath,
    HazardReport,
    HazardSeen,
    Message,
    Step,
    StepDone,
    Task,
    TaskReport,
    Telemetry,
    WorkStopped,
)
from sim.record import Commanded, Entry, Faulted, Happened, Said, TaskChanged, gravity, is_news, sentence
from sim.record.sentences import _ANSWERS, _BODIES, _COMMANDS, _ENTRIES, _EVENTS

STEP = Step(place=(0.0, 0.0), radius=1.0, work=1, capability="image")
TASK = Task(id=TaskId("map-north"), kind="survey", title="Map", agency=AgencyId("METU"), steps=(STEP,))
MICRO = RoverId("micro-1")


def _said(body: Body, *, to: RoverId = EVERYONE, lost: tuple[RoverId, ...] = ()) -> Said:
    return Said(message=Message(tick=1, sender=RoverId("lander"), seq=0, to=to, body=body), heard=(), lost=lost)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        pytest.param(
            _said(Award(round=1, task=TASK, rover=MICRO, cost=1250.0)),
            "lander awards map-north to micro-1 (1 250 s)",
            id="award",
        ),
        pytest.param(
            _said(AuthorityGrant(plan=1, upto=4, waits_for=(RoverId("a"), RoverId("b"))), to=MICRO),
            "lander lets micro-1 drive to waypoint 4, the rest when a and b left",
            id="grant",
        ),
        pytest.param(
            _said(AuthorityRefusal(plan=1, held=(Disc(x=0.0, y=0.0, radius=1.0),), by=(RoverId("a"),)), to=MICRO),
            "lander cannot let micro-1 drive there: a stays in the way",
            id="refusal",
        ),
        pytest.param(
            _said(TaskReport(task=TaskId("t"), state="returned", reason="no way"), to=MICRO, lost=(MICRO,)),
            "lander gives back t: no way (to micro-1) - not heard by micro-1",
            id="lost report",
        ),
        pytest.param(
            Happened(tick=1, rover=MICRO, event=HazardSeen(hazard=Disc(x=4.0, y=5.0, radius=0.6))),
            "micro-1: sees a rock of 0.6 m at (4, 5), 100% sure",
            id="rock",
        ),
        pytest.param(
            _said(HazardReport(hazard=Disc(x=4.0, y=5.0, radius=3.0), seen=1, kind="steep", tilt=0.5, by=MICRO)),
            "lander reports ground 29 degrees steep at (4, 5), seen by micro-1 at tick 1, 100% sure",
            id="steep",
        ),
        pytest.param(
            Happened(
                tick=1,
                rover=MICRO,
                event=HazardSeen(
                    hazard=Disc(x=4.0, y=5.0, radius=3.0), kind="soft", slip=0.5, how="felt", sure=0.9, there=False
                ),
            ),
            "micro-1: finds firm ground at (4, 5): there is no soft ground that takes 50% of wheel travel, 90% sure",
            id="denial",
        ),
        pytest.param(
            Happened(tick=1, rover=MICRO, event=Blocked(reason="edge")),
            "micro-1: stopped before the edge of the map",
            id="blocked",
        ),
        pytest.param(
            Happened(tick=1, rover=MICRO, event=WorkStopped(task=TaskId("ice"), reason="light")),
            "micro-1: cannot work on ice: the light is wrong",
            id="work stopped",
        ),
        pytest.param(
            Happened(tick=1, rover=MICRO, event=StepDone(task=TaskId("ice"), step=0, final=False)),
            "micro-1: step 1 of ice done",
            id="step",
        ),
        pytest.param(
            TaskChanged(tick=1, task=TaskId("ice"), state="running", rover=MICRO, step=0),
            "ice is begun by micro-1",
            id="begun",
        ),
        pytest.param(
            Commanded(tick=1, rover=MICRO, command=FollowPath(path=((0.0, 0.0), (12.4, -3.6)))),
            "micro-1 is told to drive to (12, -4)",
            id="command",
        ),
    ],
)
def test_an_entry_is_one_plain_sentence(entry: Entry, told: str) -> None:
    assert sentence(entry) == told


@pytest.mark.parametrize(
    ("union", "tables"),
    [(Entry, (_ENTRIES,)), (Event, (_EVENTS,)), (Command, (_COMMANDS,)), (Body, (_BODIES, _ANSWERS))],
    ids=["entries", "events", "commands", "bodies"],
)
def test_everything_has_a_sentence(union: Any, tables: tuple[dict[type, Any], ...]) -> None:
    assert set(get_args(union)) == set().union(*tables)


@pytest.mark.parametrize("reason", ["rock", "slope", "edge", "body", "soft", "wheel"])
def test_every_reason_to_stop_can_be_told(reason: Any) -> None:
    assert "stopped b" in sentence(Happened(tick=1, rover=MICRO, event=Blocked(reason=reason)))


def test_chatter_is_no_news() -> None:
    telemetry = Telemetry(pose=Pose(x=0.0, y=0.0, heading=0.0), battery=1.0, activity="idle")

    assert not is_news(_said(telemetry))
    assert is_news(_said(Award(round=1, task=TASK, rover=MICRO, cost=1.0)))


def test_a_fault_is_grave() -> None:
    assert gravity(Faulted(tick=1, rover=MICRO, plugin="", fact="hung")) == 2
    assert gravity(Happened(tick=1, rover=MICRO, event=Blocked(reason="rock"))) == 1
