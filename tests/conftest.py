"""What all tests share: patience with slow machines, and a made-up mission for those who read recordings."""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import Callable, Iterator
from math import atan2, cos, pi, sin

import numpy as np
import pytest
from hypothesis import settings
from msgspec.structs import replace

from fleet.core import EVERYONE, AgencyId, Disc, Point, Pose, RoverId, TaskId
from fleet.messages import (
    Activity,
    Announcement,
    Arrived,
    AuthorityGrant,
    AuthorityRequest,
    AuthorityReturn,
    Award,
    Body,
    FollowPath,
    HazardSeen,
    LightChanged,
    Message,
    Step,
    Task,
    TaskReport,
    Telemetry,
    Work,
)
from fleet.terrain import GroundMap, MapZone
from sim.record.channels import tick_of
from sim.record.entries import (
    Closing,
    Collided,
    Commanded,
    Directed,
    Entry,
    FaultBegan,
    Faulted,
    FaultEnded,
    Frame,
    Happened,
    InstrumentChanged,
    Opening,
    RoverEntry,
    RoverFrame,
    Said,
    TaskChanged,
    TaskEntry,
)
from sim.run import RunOptions, RunResult, compile_kernels, run
from sim.scenario import Scenario
from sim.scenario.fault import Silent
from sim.scenario.order import StopRovers


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden pictures be drawn anew."""
    parser.addoption("--draw-golden", action="store_true", help="Draw the golden pictures of the window anew.")


# A law is judged by what holds, not by how long an example took on a busy machine; and one commit passes or fails alike
# wherever it is judged. `pytest -m hypothesis --hypothesis-profile search` looks for what no example has shown yet.
settings.register_profile("moonfleet", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("moonfleet")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile before there are workers: on all cores, once for all, and in nobody's decision that has a deadline."""
    if session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput"):
        compile_kernels(lambda _: None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Run tests that raise in the midst of anything without a tracer only.

    These could hit the tracer's own code, and lock it.
    """
    if item.get_closest_marker("slow") is not None:
        faulthandler.cancel_dump_traceback_later()  # It names its own timeout.
    if item.get_closest_marker("untraced") is not None and sys.gettrace() is not None:
        pytest.skip("runs without coverage only")


class _Tape:
    """A sink that keeps all it is told."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def write(self, entry: Entry) -> None:
        self.entries.append(entry)

    def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def run_and_keep() -> Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]:
    """How to run a scenario and have its entries beside the result."""

    def keep(scenario: Scenario, options: RunOptions) -> tuple[RunResult, list[Entry]]:
        tape = _Tape()
        return run(scenario, options, sinks=[tape]), tape.entries

    return keep


LANDER = RoverId("lander")
AGENCIES = ((AgencyId("CNSA"), "China National Space Administration", "#D55E00"), (AgencyId("METU"), "METU", "#E69F00"))


class Mission:
    """Everything that a run of some hours might have recorded; no dataclass, so that hypothesis prints it short."""

    def __init__(self, opening: Opening, ground: GroundMap, entries: tuple[Entry, ...]) -> None:
        self.opening = opening
        self.ground = ground
        self.entries = entries  #: The opening first, the closing last.


@pytest.fixture(scope="session")
def made_up_mission() -> Callable[..., Mission]:
    """How to make a mission of so many drives."""
    return _mission


def _mission(*, drives: int = 4, rovers: int = 2, title: str = "A made-up mission", frame_every: int = 30) -> Mission:
    ids = [RoverId(f"r{number}") for number in range(1, rovers + 1)]
    tasks = tuple(_task(number, drives) for number in range(drives))
    opening = Opening(
        scenario="made-up",
        title=title,
        file="made-up.yaml",
        text="moonfleet: 1\n",
        seed=8,
        start="2029-10-20T00:00:00+00:00",
        dt=1.0,
        end=drives * 600,
        coordinator=LANDER,
        agencies=AGENCIES,
        rovers=(_machine(LANDER, "CNSA", can_drive=False), *(_machine(rover, "METU") for rover in ids)),
        tasks=tuple(
            TaskEntry(
                task=task.id, kind=task.kind, title=task.title, agency=task.agency, places=(task.steps[0].place,),
                after=(), at=0,
            )
            for task in tasks
        ),
        docks=((LANDER, 8.0, 0.0),),
    )  # fmt: skip
    entries: list[Entry] = [opening]
    for drive in range(drives):
        entries += _drive(drive, ids[drive % rovers], ids, tasks[drive], frame_every)
    entries += _ending(opening, ids)
    return Mission(opening, _ground(), tuple(sorted(entries, key=tick_of)))


def _place(drive: int) -> tuple[float, float]:
    return (40.0 * cos(drive * 2.4) + 5.0, 40.0 * sin(drive * 2.4))


def _task(number: int, drives: int) -> Task:
    step = Step(place=_place(number), radius=1.0, work=60, capability="image")
    return Task(
        id=TaskId(f"pan-{number}"), kind="image", title=f"Panorama {number} of {drives}", agency=AgencyId("METU"),
        steps=(step,),
    )  # fmt: skip


def _machine(rover: RoverId, agency: str, *, can_drive: bool = True) -> RoverEntry:
    x = 0.0 if not can_drive else 6.0 * int(rover[1:])
    return RoverEntry(
        rover=rover, title=f"Machine {rover}", agency=AgencyId(agency), vehicle="metu-micro", vehicle_title="Micro",
        radius=0.4, battery=2e5, can_drive=can_drive, pose=Pose(x=x, y=0.0, heading=0.0),
    )  # fmt: skip


def _drive(drive: int, rover: RoverId, ids: list[RoverId], task: Task, frame_every: int) -> Iterator[Entry]:
    """One task: announced, awarded, driven to and done."""
    start, goal = (_place(drive - 2) if drive >= 2 else (6.0 * int(rover[1:]), 0.0)), task.steps[0].place
    tick, path = drive * 600, (start, ((start[0] + goal[0]) / 2, (start[1] + goal[1]) / 2), goal)
    yield TaskChanged(tick=tick, task=task.id, state="open", rover=None, step=0)
    yield _said(tick, LANDER, EVERYONE, 4 * drive, Announcement(round=drive, tasks=(task,), deadline=tick + 30))
    yield _said(tick + 5, LANDER, EVERYONE, 4 * drive + 1, Award(round=drive, task=task, rover=rover, cost=1250.0))
    yield _said(tick + 6, rover, LANDER, 9 * drive, TaskReport(task=task.id, state="accepted"))
    yield _said(tick + 7, rover, LANDER, 9 * drive + 1, AuthorityRequest(plan=drive, path=path, radius=0.9))
    waits = tuple(other for other in ids if other != rover)
    yield _said(tick + 8, LANDER, rover, 4 * drive + 2, AuthorityGrant(plan=drive, upto=1, waits_for=waits))
    yield Commanded(tick=tick + 9, rover=rover, command=FollowPath(path=path[:2]))
    for now in range(tick, tick + 600, frame_every):
        yield _frame(now, drive, rover, ids, path)
        if now == tick + 120:
            yield _said(now, LANDER, rover, 4 * drive + 3, AuthorityGrant(plan=drive, upto=2))
            yield Commanded(tick=now, rover=rover, command=FollowPath(path=path[1:]))
            yield Happened(tick=now, rover=rover, event=HazardSeen(hazard=Disc(x=3.0 * drive, y=20.0, radius=0.3)))
        if now % (2 * frame_every) == 0:
            body = Telemetry(pose=Pose(x=0.0, y=0.0, heading=0.0), battery=0.5, activity="driving")
            yield _said(now, rover, EVERYONE, 9 * drive + 2 + now % 7, body)
        if now == tick + 300:
            yield Happened(tick=now, rover=rover, event=Arrived())
            back = AuthorityReturn(plan=drive, upto=2, ends=Disc(x=1.0, y=1.0, radius=0.9))
            yield _said(now, rover, LANDER, 9 * drive + 3, back)
            yield Commanded(tick=now, rover=rover, command=Work(task=task.id))
            yield TaskChanged(tick=now, task=task.id, state="running", rover=rover, step=0)
        if now == tick + 480:
            yield TaskChanged(tick=now, task=task.id, state="done", rover=rover, step=1)
            yield Happened(tick=now, rover=rover, event=LightChanged(lit=drive % 2 == 0))


def _frame(tick: int, drive: int, driver: RoverId, ids: list[RoverId], path: tuple[tuple[float, float], ...]) -> Frame:
    share = min(1.0, max(0.0, (tick % 600 - 10) / 290))
    (ax, ay), (bx, by) = path[0], path[-1]
    place = (ax + (bx - ax) * share, ay + (by - ay) * share)
    doing: Activity = "driving" if 0.0 < share < 1.0 else "working"
    rovers = [_body(LANDER, (0.0, 0.0), 0.0, 1.0, tick)]
    for rover in ids:
        battery = 0.6 + 0.35 * sin(tick / 9000.0 + len(rovers))
        if rover == driver:
            body = _body(rover, place, atan2(by - ay, bx - ax), battery, tick)
            rovers.append(replace(body, activity=doing, task=TaskId(f"pan-{drive}")))
        else:
            rest = drive - 1 if drive and len(ids) == 2 else -1
            rovers.append(_body(rover, _place(rest) if rest >= 0 else (6.0 * int(rover[1:]), 0.0), 0.0, battery, tick))
    links = tuple((LANDER, rover) for rover in ids)
    return Frame(
        tick=tick, sun=(1.0 + tick * 1e-5, 0.05), rovers=tuple(rovers), links=links, stock={"bricks": drive * 1.0}
    )


def _body(rover: RoverId, place: Point, heading: float, battery: float, tick: int) -> RoverFrame:
    return RoverFrame(
        rover=rover, x=place[0], y=place[1], heading=heading, battery=battery, light=0.5 + 0.5 * cos(tick / 5000.0),
        power=-12.5 + 10 * sin(tick / 777.0), activity="idle", task=None, payload=0.0, distance=tick * 0.02,
        energy=tick * 12.5,
    )  # fmt: skip


def _said(tick: int, sender: RoverId, to: RoverId, seq: int, body: Body) -> Said:
    message = Message(tick=tick, sender=sender, seq=seq, to=to, body=body, quiet=isinstance(body, Telemetry))
    heard = RoverId("r1") if to == EVERYONE else to
    return Said(message=message, heard=((heard, tick + 1),), lost=())


def _ending(opening: Opening, ids: list[RoverId]) -> Iterator[Entry]:
    end = opening.end
    fault = Silent(id="silent-1", begin=end - 1, end=end, rover=ids[0])
    yield FaultBegan(tick=end, fault=fault)
    yield FaultEnded(tick=end, fault=fault)
    yield Directed(tick=end, order=StopRovers(id="stop-1", at=end, rovers=(ids[0],), by="ground", reason="dust"))
    name = opening.tasks[0].task if opening.tasks else TaskId("mirror")
    yield InstrumentChanged(tick=end, instrument=name, state="asleep", charge=0.1, temperature=260.0, light=0.0)
    yield Collided(tick=end, a=LANDER, b=ids[0])
    yield Faulted(tick=end, rover=ids[0], plugin="micro", fact="raised ValueError('<b>no</b>')")
    path = (_place(0), _place(1))
    yield _frame(end, len(opening.tasks) - 1, ids[(len(opening.tasks) - 1) % len(ids)], ids, path)
    yield Closing(tick=end, reason="finished", digest="0" * 64, wakes=123)


def _ground() -> GroundMap:
    y, x = np.mgrid[-15:16, -15:16] * 5.0
    heights = 4.0 * np.sin(x / 20.0) * np.cos(y / 17.0) - 8.0 * np.exp(-((x - 30.0) ** 2 + (y + 30.0) ** 2) / 300.0)
    return GroundMap(
        heights=heights.astype("<f4").tobytes(), rows=31, columns=31, pixel=5.0, latitude=-84.6 * pi / 180,
        longitude=31.0 * pi / 180, north=0.6, crs="", origin=(0.0, 0.0), rocks=(Disc(x=-20.0, y=5.0, radius=0.8),),
        zones=(MapZone(id="blast", kind="keep-out", outline=((-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0))),),
    )  # fmt: skip
