"""Scenes from what was recorded, or is being told by a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from fleet.core import MissionTime, Path, RoverId, Tick
from fleet.terrain import CLOSED, GroundMap, MapZone
from sim.record import (
    Closing,
    Diary,
    Entry,
    Frame,
    Moment,
    MomentRover,
    Opening,
    Recording,
    Timeline,
    spelt_giver,
)
from sim.viewer.palette import MUTED, parse_colour
from sim.viewer.scene import Colour, Scene, SceneEvent, SceneMark, SceneRover, SceneTask, Story, Subject
from sim.viewer.stories import Stories

_TRAIL: Final = 240  # points of a trail, at most
_GRAVE: Final = 2


class LiveSource(Protocol):
    """A run as a viewer meets it; nothing that is done here may hold the run up."""

    def poll(self) -> list[Entry]:
        """Return what has come since the last call, without waiting."""
        ...

    def control(self, do: str, **values: object) -> str:
        """Ask the run to ``pause``, ``resume``, set its ``rate`` to a ``factor``, or take an ``order`` or a ``fault``.

        Returns why it was not done; empty when it was.
        """
        ...


class Narrator:
    """Turns moments of a timeline into scenes."""

    def __init__(self, timeline: Timeline) -> None:
        opening = timeline.opening
        self._timeline = timeline
        self._opening = opening
        self._time = MissionTime(start=datetime.fromisoformat(opening.start), dt=opening.dt)
        self._colours: dict[str, Colour] = {agency: parse_colour(colour) for agency, _, colour in opening.agencies}
        self._trails: dict[RoverId, tuple[int, Path]] = {}  # The last ones, with their steps.
        present = {rover.agency for rover in opening.rovers} | {task.agency for task in opening.tasks}
        self._agencies = tuple((agency, self._colours[agency]) for agency, *_ in opening.agencies if agency in present)
        self._docks = tuple((x, y) for _, x, y in opening.docks)

    def scene(self, tick: float, marks: tuple[SceneMark, ...] = ()) -> Scene:
        """Return the fleet at `tick`."""
        moment = self._timeline.at(tick)
        instruments = {each.instrument: each.state for each in moment.instruments}
        return Scene(
            title=self._opening.title,
            time=self._time,
            tick=tick,
            end=self._opening.end,
            sun=moment.sun,
            rovers=tuple(self._rover(rover, moment) for rover in moment.rovers),
            tasks=tuple(
                SceneTask(
                    id=task.entry.task,
                    kind=task.entry.kind,
                    title=task.entry.title,
                    colour=self._colours.get(task.entry.agency, MUTED),
                    places=task.entry.places,
                    state=task.state,
                    step=task.step,
                    holder=task.holder,
                    instrument=instruments.get(task.entry.task, ""),
                )
                for task in moment.tasks
            ),
            links=moment.links,
            hazards=moment.hazards,
            closed=tuple(MapZone(id=it.zone, kind=CLOSED, outline=it.outline) for it in moment.closed),
            docks=self._docks,
            agencies=self._agencies,
            stock=tuple(sorted(moment.stock.items())),
            events=tuple(
                SceneEvent(tick=news.tick, text=news.text, grave=news.gravity >= _GRAVE) for news in moment.news
            ),
            marks=marks,
        )

    def _rover(self, rover: MomentRover, moment: Moment) -> SceneRover:
        entry = rover.entry
        return SceneRover(
            id=entry.rover,
            agency=entry.agency,
            colour=self._colours.get(entry.agency, MUTED),
            vehicle=entry.vehicle,
            can_drive=entry.can_drive,
            radius=entry.radius,
            x=rover.pose.x,
            y=rover.pose.y,
            heading=rover.pose.heading,
            battery=rover.battery,
            light=rover.light,
            power=rover.power,
            temperature=rover.temperature,
            earth=rover.earth,
            activity=rover.activity,
            task=rover.task,
            trail=self._trail(entry.rover, moment.tick),
            path=rover.path,
            corridor=rover.corridor,
            corridor_radius=rover.corridor_radius,
            waits_for=rover.waits_for,
            faults=rover.faults,
            stands_for=tuple(spelt_giver(halt.by) for halt in rover.halts),
            unheard=tuple(spelt_giver(halt.by) for halt in rover.unheard),
            tower=rover.tower,
            leads=_leads(rover, moment),
        )

    def _trail(self, rover: RoverId, tick: float) -> Path:
        trail = self._timeline.trail_of(rover)
        count = trail.count(tick)
        # Powers of two: as the trail grows, points are dropped from it but none ever moves.
        step = 1
        while count > step * _TRAIL:
            step *= 2
        length = -(-count // step)
        kept_step, kept = self._trails.get(rover, (step, ()))
        if kept_step != step or len(kept) > length:
            kept = ()
        if len(kept) < length:
            more = trail.points(len(kept) * step, count, step).tolist()
            kept = (*kept, *((x, y) for x, y in more))
        self._trails[rover] = (step, kept)
        return kept


def _leads(rover: MomentRover, moment: Moment) -> str:
    if rover.epoch is None:
        return ""
    latest = max(other.epoch for other in moment.rovers if other.epoch is not None)
    return "leads" if rover.epoch == latest else "leads, cut off"


def _told(stories: Stories, subject: Subject, tick: float) -> Story | None:
    if subject.rover is not None:
        return stories.of_rover(subject.rover, tick)
    if subject.task is not None:
        return stories.of_task(subject.task, tick)
    return None if subject.link is None else stories.of_link(subject.link, tick)


def _marks(timeline: Timeline) -> tuple[SceneMark, ...]:
    return tuple(SceneMark(tick=tick, kind=kind) for tick, kind in timeline.marks)


class RecordedRun:
    """A recording as a source of scenes."""

    live: Final = False

    def __init__(self, recording: Recording) -> None:
        timeline = Timeline.of(recording)
        self._timeline = timeline
        self._narrator = Narrator(timeline)
        self._recording = recording
        self._entries: list[Entry] = []
        self._stories = Stories(timeline, self._all_entries)
        self._marks = _marks(timeline)
        self._last: Scene | None = None
        self.ground: GroundMap = recording.ground
        self.span: tuple[Tick, Tick] = (0, timeline.last_tick)

    def poll(self) -> bool:
        """Nothing new ever comes into a recording."""
        return False

    def scene(self, tick: float) -> Scene:
        """Return the fleet at a tick, or between two."""
        if self._last is None or self._last.tick != tick:
            self._last = self._narrator.scene(tick, self._marks)
        return self._last

    def story(self, subject: Subject, tick: float) -> Story | None:
        """Return what there is to say of it."""
        return _told(self._stories, subject, tick)

    def _all_entries(self) -> list[Entry]:
        if not self._entries:
            stored = self._recording.stored()
            self._entries = [self._recording.decode(entry) for entry in stored if entry.kind is not Frame]
        return self._entries

    def diary(self, rover: RoverId) -> Diary:
        """Return what a rover did."""
        return self._timeline.diary(rover)

    def control(self, do: str, **values: object) -> str:  # noqa: ARG002 - the port's
        """Nobody listens in a recording."""
        return ""


class LiveRun:
    """A run that is going on as a source of scenes."""

    live: Final = True

    def __init__(self, source: LiveSource, opening: Opening, ground: GroundMap) -> None:
        self._source = source
        self._timeline = Timeline(opening)
        self._narrator = Narrator(self._timeline)
        self._entries: list[Entry] = [opening]
        self._stories = Stories(self._timeline, lambda: self._entries)
        self._last: Scene | None = None
        self._is_over = False
        self.ground = ground

    @property
    def span(self) -> tuple[Tick, Tick]:
        """The newest tick is the last."""
        return (0, self._timeline.last_tick)

    def poll(self) -> bool:
        """Take in what has come."""
        entries = self._source.poll()
        for entry in entries:
            self._timeline.feed(entry)
            self._is_over |= isinstance(entry, Closing)
            if not isinstance(entry, Frame):
                self._entries.append(entry)
        if entries:
            self._last = None
        return bool(entries)

    def scene(self, tick: float) -> Scene:
        """Return the fleet at a tick."""
        if self._last is None or self._last.tick != tick:
            scene = self._narrator.scene(tick, _marks(self._timeline))
            self._last = replace(scene, is_over=self._is_over)
        return self._last

    def story(self, subject: Subject, tick: float) -> Story | None:
        """Return what there is to say of it."""
        return _told(self._stories, subject, tick)

    def diary(self, rover: RoverId) -> Diary:
        """Return what a rover did so far."""
        return self._timeline.diary(rover)

    def control(self, do: str, **values: object) -> str:
        """Ask the run."""
        return self._source.control(do, **values)
