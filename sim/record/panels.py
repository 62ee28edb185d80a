"""What programs that show robots, such as Foxglove and Lichtblick, show of a run, made of its entries.

The site is a plane, seen from above or aslant; the ground's heights are a grid in it. Whoever jumps in time is given
the last message of each topic, so each message says all that its topic has to say then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import atan2, ceil, cos, sin
from typing import Final

import numpy as np

from fleet.core import Point, RoverId, TaskId
from fleet.messages import Arrived, FollowPath
from fleet.terrain import GroundMap
from sim.record.entries import Commanded, Directed, Entry, Frame, Happened, Opening, RoverEntry, TaskChanged, TaskEntry
from sim.record.opening import entry_of_task
from sim.record.well_known import (
    ArrowPrimitive,
    Color,
    CylinderPrimitive,
    FrameTransform,
    FrameTransforms,
    Grid,
    LinePrimitive,
    LineType,
    NumericType,
    PackedElementField,
    Pose,
    PosesInFrame,
    Quaternion,
    SceneEntity,
    SceneUpdate,
    TextPrimitive,
    Time,
    Vector2,
    Vector3,
    WellKnown,
)
from sim.scenario.order import SendTask

SITE: Final = "site"  #: The frame that all lies in; a rover's own is named after it.
TRANSFORMS: Final = "moonfleet.transforms"
FLEET: Final = "moonfleet.fleet"
WORK: Final = "moonfleet.work"
GROUND: Final = "moonfleet.ground"
WAY: Final = "moonfleet.way."  #: And the rover.

_MOST_CELLS: Final = 256  #: Of the grid, a side.
_STEP: Final = 8.0  #: Heights are told in steps of a metre's eighth, which packs well.
_PALE: Final = {"done": 0.2, "cancelled": 0.1}  #: How much of its colour work still has.
_FAILED: Final = Color(0.85, 0.1, 0.1)
_KEEP_OUT: Final = Color(0.85, 0.3, 0.1)
_OUTLINE: Final = Color(0.5, 0.5, 0.5)
_WORDS: Final = Color(1.0, 1.0, 1.0)

Panel = tuple[str, WellKnown]


class Panels:
    """Makes messages of entries, in their order.

    Parameters
    ----------
    ground
        The map that the fleet had.
    """

    def __init__(self, ground: GroundMap) -> None:
        self._ground = ground
        self._colours: dict[str, Color] = {}
        self._tasks: dict[TaskId, TaskEntry] = {}
        self._states: dict[TaskId, str] = {}
        self._driving: set[RoverId] = set()

    def of(self, entry: Entry, time: int) -> Iterator[Panel]:
        """Yield topic and message of each that an entry gives rise to; `time` in nanoseconds since 1970."""
        match entry:
            case Frame():
                yield TRANSFORMS, _transforms(entry, Time.at(time))
            case Commanded():
                yield from self._way(entry, Time.at(time))
            case Happened(event=Arrived()):
                yield from self._stood(entry.rover, Time.at(time))
            case TaskChanged() if self._states.get(entry.task) not in (None, entry.state):
                self._states[entry.task] = entry.state
                yield WORK, self._work(Time.at(time))
            case Directed(order=SendTask(task=task)):
                self._tasks[task.id] = entry_of_task(task, entry.tick)
                self._states[task.id] = "open"
                yield WORK, self._work(Time.at(time))
            case Opening():
                yield from self._opening(entry, Time.at(time))
            case _:
                pass

    def _opening(self, opening: Opening, stamp: Time) -> Iterator[Panel]:
        self._colours = {agency: _colour(colour) for agency, _, colour in opening.agencies}
        self._tasks = {task.task: task for task in opening.tasks}
        self._states = dict.fromkeys(self._tasks, "open")
        yield GROUND, _grid(self._ground, stamp)
        machines = [self._machine(rover, stamp) for rover in opening.rovers]
        yield FLEET, SceneUpdate(entities=(*self._zones(stamp), *machines))
        if self._tasks:
            yield WORK, self._work(stamp)

    def _machine(self, rover: RoverEntry, stamp: Time) -> SceneEntity:
        colour = self._colours.get(rover.agency, _OUTLINE)
        wide, high = 2.0 * rover.radius, rover.radius
        body = CylinderPrimitive(
            pose=Pose(Vector3(z=high / 2.0)), size=Vector3(wide, wide, high), color=colour, top_scale=0.8
        )
        ahead = ArrowPrimitive(
            pose=Pose(Vector3(z=high)),
            color=colour,
            shaft_length=wide,
            shaft_diameter=0.2 * rover.radius,
            head_length=0.6 * rover.radius,
            head_diameter=0.6 * rover.radius,
        )
        name = TextPrimitive(
            pose=Pose(Vector3(z=high + wide)), text=rover.title or rover.rover, font_size=14.0, color=_WORDS
        )
        arrows = (ahead,) if rover.can_drive else ()
        return SceneEntity(
            timestamp=stamp, frame_id=rover.rover, id=rover.rover, cylinders=(body,), arrows=arrows, texts=(name,)
        )

    def _zones(self, stamp: Time) -> Iterator[SceneEntity]:
        for zone in self._ground.zones:
            colour = _KEEP_OUT if zone.kind == "keep-out" else _OUTLINE
            line = LinePrimitive(
                type=LineType.LINE_LOOP,
                points=tuple(_above(point) for point in zone.outline),
                color=colour,
                thickness=2.0,
            )
            yield SceneEntity(timestamp=stamp, frame_id=SITE, id=f"zone {zone.id}", lines=(line,))

    def _work(self, stamp: Time) -> SceneUpdate:
        return SceneUpdate(entities=tuple(self._site(task, stamp) for task in self._tasks.values()))

    def _site(self, task: TaskEntry, stamp: Time) -> SceneEntity:
        state = self._states[task.task]
        colour = _FAILED if state == "failed" else self._colours.get(task.agency, _OUTLINE)
        colour = Color(colour.r, colour.g, colour.b, _PALE.get(state, 0.8))
        marks = tuple(
            CylinderPrimitive(pose=Pose(_above(place, 0.1)), size=Vector3(2.0, 2.0, 0.2), color=colour)
            for place in dict.fromkeys(task.places)
        )
        is_told = task.places and state in ("open", "running")
        name = TextPrimitive(
            pose=Pose(_above(task.places[-1], 2.0)) if is_told else Pose(), text=task.task, font_size=10.0, color=_WORDS
        )
        return SceneEntity(
            timestamp=stamp, frame_id=SITE, id=task.task, cylinders=marks, texts=(name,) if is_told else ()
        )

    def _way(self, entry: Commanded, stamp: Time) -> Iterator[Panel]:
        if isinstance(entry.command, FollowPath):
            self._driving.add(entry.rover)
            yield WAY + entry.rover, PosesInFrame(timestamp=stamp, frame_id=SITE, poses=_poses(entry.command.path))
        else:
            yield from self._stood(entry.rover, stamp)

    def _stood(self, rover: RoverId, stamp: Time) -> Iterator[Panel]:
        if rover in self._driving:
            self._driving.remove(rover)
            yield WAY + rover, PosesInFrame(timestamp=stamp, frame_id=SITE, poses=())


def _transforms(frame: Frame, stamp: Time) -> FrameTransforms:
    return FrameTransforms(
        tuple(
            FrameTransform(
                timestamp=stamp,
                parent_frame_id=SITE,
                child_frame_id=rover.rover,
                translation=Vector3(round(rover.x, 3), round(rover.y, 3)),
                rotation=_turned(rover.heading),
            )
            for rover in frame.rovers
        )
    )


def _poses(path: Sequence[Point]) -> tuple[Pose, ...]:
    headings = [atan2(b[1] - a[1], b[0] - a[0]) for a, b in pairwise(path)] or [0.0]
    return tuple(
        Pose(_above(point), _turned(heading)) for point, heading in zip(path, [*headings, headings[-1]], strict=False)
    )


def _turned(heading: float) -> Quaternion:
    return Quaternion(z=round(sin(heading / 2.0), 5), w=round(cos(heading / 2.0), 5))


def _above(point: Point, height: float = 0.05) -> Vector3:
    return Vector3(round(point[0], 3), round(point[1], 3), height)


def _colour(told: str) -> Color:
    """Return a colour told as ``#RRGGBB``; grey for any other."""
    try:
        red, green, blue = (int(told[at : at + 2], 16) / 255.0 for at in (1, 3, 5))
    except ValueError:
        return _OUTLINE
    return Color(red, green, blue)


def _grid(ground: GroundMap, stamp: Time) -> Grid:
    """Return the heights over the map's lowest, and how bright the ground is under a Sun in the north-west."""
    every = ceil(max(ground.rows, ground.columns) / _MOST_CELLS)
    whole = np.frombuffer(ground.heights, dtype="<f4").reshape(ground.rows, ground.columns)
    heights = whole[::every, ::every].astype(np.float64)
    cell = ground.pixel * every
    rise_y, rise_x = np.gradient(heights, cell)
    shade = (1.0 + rise_x - rise_y) / np.sqrt(3.0 * (1.0 + rise_x**2 + rise_y**2))
    cells = np.zeros(heights.shape, dtype=[("elevation", "<f4"), ("grey", "u1", (3,)), ("alpha", "u1")])
    cells["elevation"] = np.round((heights - heights.min()) * _STEP) / _STEP
    cells["grey"] = np.clip(np.round(shade * 255.0), 0, 255)[..., None]
    cells["alpha"] = 255
    rows, columns = heights.shape
    colours = ("red", "green", "blue", "alpha")
    return Grid(
        timestamp=stamp,
        frame_id=SITE,
        pose=Pose(
            Vector3(
                -(ground.columns - 1) / 2.0 * ground.pixel - cell / 2.0,
                -(ground.rows - 1) / 2.0 * ground.pixel - cell / 2.0,
            )
        ),
        column_count=columns,
        cell_size=Vector2(cell, cell),
        row_stride=columns * cells.itemsize,
        cell_stride=cells.itemsize,
        fields=(
            PackedElementField("elevation", 0, NumericType.FLOAT32),
            *(PackedElementField(name, 4 + at, NumericType.UINT8) for at, name in enumerate(colours)),
        ),
        data=cells.tobytes() if rows else b"",
    )
