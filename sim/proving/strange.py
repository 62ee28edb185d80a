"""Views that may come about and are not pretty: what a mind is asked when nothing is as usual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from msgspec import structs

from fleet.core import EVERYONE, AgencyId, Disc, MissionTime, Point, Pose, RoverId, TaskId, Tick
from fleet.messages import (
    Announcement,
    Arrived,
    BatteryCrossed,
    Blocked,
    Body,
    ChargeStopped,
    Distress,
    EarthChanged,
    Event,
    HazardReport,
    HazardSeen,
    LightChanged,
    LinksChanged,
    Message,
    Step,
    StepDone,
    StopOrder,
    Task,
    TaskReport,
    Telemetry,
    Woke,
    WorkStopped,
)
from fleet.sdk import AgentView
from fleet.sdk.view import Travel

_STRANGER: Final = RoverId("nobody-you-know")
_GONE: Final = TaskId("long-gone")
_FAR: Final[Point] = (1e6, -1e6)


def strange_views(base: AgentView, time: MissionTime, leader: RoverId) -> Iterator[tuple[str, AgentView]]:
    """Give views like `base`, the first of a mission, each with what is strange about it."""
    plain = _felt(base)
    hour = base.tick + time.tick(3600.0)
    yield "an empty inbox", plain
    for what, body in _words(hour):
        yield f"{what} from a stranger", _heard(plain, _STRANGER, body)
        yield f"{what} from the leader, twice", _heard(plain, leader, body, body)
    for event in _events():
        yield f"{event} out of the blue", _felt(plain, event)
    yield "all that can be felt at once", _felt(plain, *_events())
    for what, task in _tasks(hour):
        yield f"{what} of its own", replace(plain, tasks=(task,), steps=MappingProxyType({task.id: 0}))
    yield "nobody in reach", _seen(plain, links=(), neighbours=())
    yield "an empty battery", _seen(plain, battery=0.0)
    yield "a place off the map", _seen(plain, pose=Pose(x=_FAR[0], y=_FAR[1], heading=0.0))
    here = plain.observation.pose
    held = Disc(x=here.x, y=here.y, radius=500.0)
    yield (
        "all ground refused",
        replace(plain, travel=Travel(path=(here.point, _FAR), refused=(held,), refused_by=(leader,))),
    )
    peer = Telemetry(pose=here, battery=1.0, activity="lost", task=_GONE)
    yield (
        "a stranger among the peers, where it stands itself",
        replace(plain, peers=MappingProxyType({_STRANGER: peer})),
    )
    yield (
        "a month later",
        replace(_seen(plain, tick=base.tick + time.tick(30 * 86400.0)), tick=base.tick + time.tick(30 * 86400.0)),
    )


def _words(hour: Tick) -> Iterator[tuple[str, Body]]:
    for what, task in _tasks(hour):
        yield f"an announcement of {what}", Announcement(round=999, tasks=(task,), deadline=hour)
    yield "an announcement of nothing", Announcement(round=0, tasks=(), deadline=0)
    yield "a report of a task of somebody", TaskReport(task=_GONE, state="done")
    yield "a hazard off the map", HazardReport(hazard=Disc(x=_FAR[0], y=_FAR[1], radius=1e5), seen=0, by=_STRANGER)
    yield "a call for help", Distress(pose=Pose(x=_FAR[0], y=_FAR[1], heading=0.0), battery=0.0, empty=0)
    yield "an order to stand", StopOrder(number=7, reason="?")


def _tasks(hour: Tick) -> Iterator[tuple[str, Task]]:
    yield "a task that needs what nobody can", _task("impossible", (0.0, 0.0), capability="levitate")
    yield "a task off the map", _task("off-the-map", _FAR)
    yield "a task that is too late already", structs.replace(_task("too-late", (5.0, 5.0)), latest=1)
    yield (
        "a task with a load that nobody carries",
        structs.replace(
            _task("heavy", (5.0, 5.0)), steps=(structs.replace(_task("heavy", (5.0, 5.0)).steps[0], loads=1e6),)
        ),
    )
    many = tuple(_task("long", (float(n), 5.0)).steps[0] for n in range(100))
    yield "a task of a hundred steps", structs.replace(_task("long", (5.0, 5.0)), steps=many, latest=hour)


def _task(name: str, place: Point, capability: str = "image") -> Task:
    step = Step(place=place, radius=2.0, work=60, capability=capability)
    return Task(id=TaskId(name), kind="image", title=name, agency=AgencyId("?"), steps=(step,))


def _events() -> tuple[Event, ...]:
    return (
        Arrived(),
        Blocked(reason="rock"),
        Blocked(reason="wheel"),
        HazardSeen(hazard=Disc(x=_FAR[0], y=_FAR[1], radius=3.0)),
        StepDone(task=_GONE, step=41, final=True),
        WorkStopped(task=_GONE, reason="taken", step=41),
        BatteryCrossed(level="critical"),
        LightChanged(lit=False),
        LinksChanged(),
        EarthChanged(contact=False),
        ChargeStopped(reason="source"),
        Woke(reason="revived"),
    )


def _felt(view: AgentView, *events: Event) -> AgentView:
    return replace(view, inbox=(), observation=structs.replace(view.observation, events=events))


def _seen(view: AgentView, **values: object) -> AgentView:
    return replace(view, observation=structs.replace(view.observation, **values))


def _heard(view: AgentView, sender: RoverId, *bodies: Body) -> AgentView:
    messages = tuple(
        Message(tick=view.tick, sender=sender, seq=number, to=EVERYONE, body=body) for number, body in enumerate(bodies)
    )
    return replace(view, inbox=messages)
