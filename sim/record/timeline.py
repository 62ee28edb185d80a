"""The state of everything at any tick, from a recording or from a run that goes on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import floor
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from fleet.core import Pose, RoverId, TaskId, Tick
from fleet.messages import (
    Activity,
    Arrived,
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Award,
    Command,
    HazardSeen,
    Leading,
    Message,
    Ordered,
    Pledge,
    TaskReport,
    TowBegan,
    TowEnded,
)
from fleet.terrain import Hazard
from sim.record.channels import tick_of
from sim.record.control import ControlHistory
from sim.record.diary import IN_TOW, Diary
from sim.record.entries import (
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
)
from sim.record.fault_words import fault_on
from sim.record.frames import between, first_frame
from sim.record.history import History, Trail
from sim.record.moment import Moment, MomentRover, MomentTask, News
from sim.record.opening import with_task
from sim.record.recording import Recording, StoredEntry
from sim.record.sentences import gravity, is_news, sentence
from sim.record.ways import Way, way_after_command, way_after_message
from sim.scenario.fault import Fault
from sim.scenario.in_force import InForce
from sim.scenario.order import CancelTasks, PauseTasks, ResumeTasks, SendTask

_LAST_NEWS: Final = 200
# What says nothing about the state here; together most of a recording. In JSON a quote inside a text is escaped, so
# these bytes stand nowhere else.
_CHATTER: Final = re.compile(
    rb'"event":\{"type":"(Passed|LinksChanged)"|"body":\{"type":"(Telemetry|Bids|HazardReport|Announcement|'
    rb'Gossip|Call|Heartbeat|Standing|Witness|Witnessed)"'
)


class _Place(msgspec.Struct, gc=False):
    rover: RoverId
    x: float
    y: float
    battery: float
    light: float
    activity: Activity
    task: TaskId | None


class _Places(msgspec.Struct):
    tick: Tick
    rovers: tuple[_Place, ...]


_READ_PLACES: Final = msgspec.json.Decoder(_Places).decode


class Timeline:
    """The fleet in time.

    `Timeline.of(recording)` knows all of it; a live one is made from the opening and fed entries as they come.

    Notes
    -----
    Each value that changes keeps its own history, so any tick costs the same and going back is no different from
    going on. Frames of a recording are read only when they are looked at.
    """

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self._frame_ticks: Sequence[Tick] = []
        self._frame: Callable[[int], Frame] = self._fed_frame
        self._fed_frames: list[Frame] = []
        self._fed_ticks: list[Tick] = []
        self._last: Tick = 0
        self._trails = {rover.rover: Trail() for rover in opening.rovers}
        self._diaries = {rover.rover: Diary() for rover in opening.rovers}
        self._ways = {rover.rover: History(Way()) for rover in opening.rovers}
        self._epochs = {
            rover.rover: History[int | None](0 if rover.rover == opening.coordinator else None)
            for rover in opening.rovers
        }
        self._towers = {rover.rover: History[RoverId | None](None) for rover in opening.rovers}  # Who has it in tow.
        self._tasks = {
            task.task: History(MomentTask(entry=task, state="open", step=0, holder=None)) for task in opening.tasks
        }
        self._hazards: dict[Hazard, tuple[Tick, RoverId]] = {}  # In order of sight.
        self._denied: dict[Hazard, Tick] = {}  # Who went there found none.
        self._collisions = History(0)
        self._faults = History(0)
        self._suffered = History[tuple[Fault, ...]](())  # At one time.
        self._force = InForce()  # Of what is paused and cancelled.
        self._control = ControlHistory({rover.rover: rover.agency for rover in opening.rovers})
        self._known: set[TaskId | int] = {0}  # Tasks ordered, epochs begun; asked for membership only.
        self._news: list[Entry] = []
        self._sentences: dict[int, News] = {}  # Of those that were asked for.
        self._news_ticks: list[Tick] = []
        self._marks: list[tuple[Tick, str]] = []
        self._frame_ticks = self._fed_ticks

    @classmethod
    def of(cls, recording: Recording) -> Timeline:
        """Return the timeline of a whole recording."""
        timeline = cls(recording.opening)
        timeline._frame_ticks = recording.frame_ticks
        timeline._frame = recording.frame
        for stored in recording.stored():
            timeline._feed_stored(stored, recording)
        return timeline

    @property
    def last_tick(self) -> Tick:
        """The latest tick that anything is known of."""
        return self._last

    def feed(self, entry: Entry) -> None:
        """Take in the next entry of a run that goes on."""
        if isinstance(entry, Frame):
            self._fed_ticks.append(entry.tick)
            self._fed_frames.append(entry)
            self._last = max(self._last, entry.tick)
            for rover in entry.rovers:
                self._leave(entry.tick, rover)
        else:
            self._note(entry)

    def at(self, tick: float) -> Moment:
        """Return everything at `tick`, which may lie between two ticks."""
        frame, later, share = self._frames_around(tick)
        after = {rover.rover: rover for rover in later.rovers}
        now = {rover.rover: between(rover, after.get(rover.rover, rover), share) for rover in frame.rovers}
        end = bisect_right(self._news_ticks, tick)
        news = [self._told(number) for number in range(max(0, end - _LAST_NEWS), end)]
        return Moment(
            tick=tick,
            sun=frame.sun,
            rovers=tuple(
                self._rover(entry, now[entry.rover], tick) for entry in self.opening.rovers if entry.rover in now
            ),
            tasks=tuple(_as_planned(history.at(tick), tick) for history in self._tasks.values()),
            links=frame.links,
            stock=frame.stock,
            hazards=tuple(
                (hazard, by)
                for hazard, (seen, by) in self._hazards.items()
                if seen <= tick and self._denied.get(hazard, tick + 1) > tick
            ),
            news=tuple(news),
            collisions=self._collisions.at(tick),
            faults=self._faults.at(tick),
            closed=self._control.closed(tick),
            instruments=frame.instruments,
            dt=self.opening.dt,
        )

    def _told(self, number: int) -> News:
        told = self._sentences.get(number)
        if told is None:
            entry = self._news[number]
            told = News(tick=tick_of(entry), text=sentence(entry), gravity=gravity(entry))
            self._sentences[number] = told
        return told

    def trail(self, rover: RoverId, until: float, since: float = 0.0) -> NDArray[np.float64]:
        """Return where a rover has been, oldest first, (N, 2) float64; the pose at `until` itself is not in it."""
        return self._trails[rover].until(until, since)

    @property
    def marks(self) -> Sequence[tuple[Tick, str]]:
        """When work was ``done`` or ``failed``, and when something went ``wrong``, in order."""
        return self._marks

    def trail_of(self, rover: RoverId) -> Trail:
        """Return all of a rover's trail, as far as it is known by now."""
        return self._trails[rover]

    def diary(self, rover: RoverId) -> Diary:
        """Return what a rover did and how it was, as far as it is known by now."""
        return self._diaries[rover]

    def _fed_frame(self, number: int) -> Frame:
        return self._fed_frames[number]

    def _feed_stored(self, stored: StoredEntry, recording: Recording) -> None:
        self._last = max(self._last, stored.tick)
        if stored.kind is Frame:
            places = _READ_PLACES(stored.json)
            for rover in places.rovers:
                self._leave(places.tick, rover)
        elif not _CHATTER.search(stored.json):
            self._note(recording.decode(stored))

    def _leave(self, tick: Tick, place: _Place | RoverFrame) -> None:
        trail = self._trails.get(place.rover)
        if trail is not None:
            trail.put(tick, (place.x, place.y))
            doing = place.activity if self._towers[place.rover].last is None else IN_TOW
            self._diaries[place.rover].put(tick, doing, place.task, (place.battery, place.light))

    def _note(self, entry: Entry) -> None:
        tick = self._last = max(self._last, tick_of(entry))
        match entry:
            case Happened():
                self._note_event(tick, entry)
            case Commanded():
                self._note_command(tick, entry.rover, entry.command)
            case Said():
                self._note_message(tick, entry.message)
            case TaskChanged():
                self._note_task(tick, entry)
            case Collided():
                self._collisions.put(tick, self._collisions.last + 1)
            case Directed(order=SendTask(task=task)):
                self.opening = with_task(self.opening, tick, task)
                sent = self.opening.tasks[-1]
                self._tasks[sent.task] = History(MomentTask(entry=sent, state="open", step=0, holder=None))
            case Directed(order=PauseTasks() | ResumeTasks() | CancelTasks()):
                self._suspend(tick, entry)
            case FaultBegan(fault=fault):
                self._suffered.put(tick, (*self._suffered.last, fault))
            case FaultEnded(fault=fault):
                self._suffered.put(tick, tuple(other for other in self._suffered.last if other.id != fault.id))
            case Faulted():
                self._faults.put(tick, self._faults.last + 1)
        self._control.note(tick, entry)
        match entry:
            case Collided() | FaultBegan() | Faulted() | InstrumentChanged(state="dead"):
                self._marks.append((tick, "wrong"))
            case TaskChanged(state="done" | "failed" as state):
                self._marks.append((tick, state))
        if is_news(entry) and not self._is_known(entry):
            self._news_ticks.append(tick)
            self._news.append(entry)

    def _is_known(self, entry: Entry) -> bool:
        """Whether an entry tells once more what was told: tasks to a new leader, or who leads to those it meets."""
        match entry:
            case Happened(event=Ordered() as event):
                news: TaskId | int = event.task.id
            case Said(message=message) if isinstance(message.body, Leading):
                news = message.body.epoch
            case _:
                return False
        known = news in self._known
        self._known.add(news)
        return known

    def _note_event(self, tick: Tick, entry: Happened) -> None:
        if isinstance(entry.event, Arrived):
            self._note_command(tick, entry.rover, None)
        elif isinstance(entry.event, HazardSeen):
            if entry.event.there:
                self._hazards.setdefault(entry.event.what(), (tick, entry.rover))
            else:
                self._denied.setdefault(entry.event.what(), tick)
        elif isinstance(entry.event, TowBegan | TowEnded) and entry.event.towed in self._towers:
            tower = entry.event.tower if isinstance(entry.event, TowBegan) else None
            self._towers[entry.event.towed].put(tick, tower)

    def _note_command(self, tick: Tick, rover: RoverId, command: Command | None) -> None:
        way = self._ways.get(rover)
        if way is not None:
            way.put(tick, way_after_command(way.last, command))

    def _note_message(self, tick: Tick, message: Message) -> None:
        epochs = self._epochs.get(message.sender)
        if epochs is not None and isinstance(message.body, Leading | Pledge):
            epochs.put(tick, message.body.epoch if isinstance(message.body, Leading) else None)
        match message.body:
            case AuthorityRequest() | AuthorityReturn() | Pledge():
                rover = message.sender
            case AuthorityGrant() | AuthorityRefusal() | AuthorityWithdrawal():
                rover = message.to
            case Award(task=task, rover=holder):
                self._note_holder(tick, task.id, holder)
                return
            case TaskReport(task=task_id, state="returned"):
                self._note_holder(tick, task_id, None)
                return
            case _:
                return
        way = self._ways.get(rover)
        if way is not None:
            way.put(tick, way_after_message(way.last, message))

    def _note_holder(self, tick: Tick, task: TaskId, holder: RoverId | None) -> None:
        history = self._tasks.get(task)
        if history is not None and history.last.state in ("open", "awarded", "running"):
            state = history.last.state if history.last.state == "running" else "awarded" if holder else "open"
            history.put(tick, replace(history.last, holder=holder, state=state))

    def _suspend(self, tick: Tick, entry: Directed) -> None:
        self._force.give([entry.order])
        words = {word.task: word.told() for word in self._force.bulletin.suspended}
        for task, history in self._tasks.items():
            if history.last.suspended != words.get(task, ""):
                history.put(tick, replace(history.last, suspended=words.get(task, "")))

    def _note_task(self, tick: Tick, entry: TaskChanged) -> None:
        history = self._tasks.get(entry.task)
        if history is not None:
            holder = entry.rover if entry.rover is not None else history.last.holder
            state = "awarded" if entry.state == "open" and holder is not None else entry.state
            history.put(tick, replace(history.last, state=state, step=entry.step, holder=holder))

    def _frames_around(self, tick: float) -> tuple[Frame, Frame, float]:
        """Return the frames before and after `tick`, and the share of the way from one to the other."""
        ticks = self._frame_ticks
        if not ticks:
            frame = first_frame(self.opening)
            return frame, frame, 0.0
        number = max(0, bisect_right(ticks, tick) - 1)
        frame = self._frame(number)
        if number + 1 == len(ticks) or tick <= ticks[number]:
            return frame, frame, 0.0
        return frame, self._frame(number + 1), (tick - ticks[number]) / (ticks[number + 1] - ticks[number])

    def _rover(self, entry: RoverEntry, now: RoverFrame, tick: float) -> MomentRover:
        way = self._ways[entry.rover].at(floor(tick))
        return MomentRover(
            entry=entry,
            pose=Pose(x=now.x, y=now.y, heading=now.heading),
            battery=now.battery,
            light=now.light,
            power=now.power,
            temperature=now.temperature,
            earth=now.earth,
            activity=now.activity,
            task=now.task,
            payload=now.payload,
            distance=now.distance,
            energy=now.energy,
            path=way.ahead((now.x, now.y)),
            corridor=way.corridor,
            corridor_radius=way.radius,
            waits_for=way.waits_for,
            faults=tuple(words for fault in self._suffered.at(floor(tick)) if (words := fault_on(fault, entry.rover))),
            halts=self._control.halts(entry.rover, tick),
            unheard=self._control.unheard(entry.rover, tick),
            epoch=self._epochs[entry.rover].at(floor(tick)),
            tower=self._towers[entry.rover].at(floor(tick)),
        )


def _as_planned(task: MomentTask, tick: float) -> MomentTask:
    if task.state == "open" and tick < task.entry.at:
        return replace(task, state="planned")
    return replace(task, state="paused") if task.suspended and task.state in ("open", "awarded", "running") else task
