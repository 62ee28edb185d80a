"""The window's state, and how time changes it: pure, so that it can be tested without a window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from fleet.core import Point, TaskId
from sim.viewer.camera import Bounds, Camera
from sim.viewer.look import Look
from sim.viewer.panel import Rows
from sim.viewer.scene import Scene

#: Seconds of mission in a second of watching.
PACES: Final = (1, 5, 10, 30, 60, 120, 300, 600, 1200, 2400, 4800, 9600)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewState:
    """All that a person has done to the window."""

    size: tuple[int, int]
    camera: Camera  #: Of the map's part of the window.
    playhead: float = 0.0  #: Tick that is shown.
    look: Look = field(default_factory=Look)
    pace: int = PACES.index(300)  #: Place in `PACES`.
    paced: bool = False  #: Whether the pace was chosen here; a live run comes with one of its own.
    paused: bool = False
    following: bool = False  #: Whether the selected rover stays in the middle.
    help: bool = False
    story: bool = True  #: Whether what is selected is told about.
    search: str | None = None  #: What has been typed to find something; None while nobody searches.
    behind: bool = False  #: Whether a live run is shown as it was, not as it is.
    drag: str = ""  #: What the pressed pointer moves: ``map``, ``time``, or nothing.
    pressed: Point = (0.0, 0.0)  #: Where the pointer went down.
    pointer: Point = (0.0, 0.0)
    pictures: int = 0  #: How many were asked for so far.
    faults: tuple[str, ...] = ()  #: What was to go wrong in a live run so far, as a scenario file has it.
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What keys and pointer act upon at this moment."""

    scene: Scene
    span: tuple[int, int]
    ground: Bounds
    live: bool = False
    rows: Rows = ()  #: Of the panel.
    badges: tuple[tuple[TaskId, Point], ...] = ()  #: Tasks on the map, and the middles of their badges.


def advanced(state: ViewState, seconds: float, stage: Stage) -> ViewState:
    """Return the state after so many seconds of watching: time goes on, and the camera with who is followed."""
    first, last = stage.span
    newest = stage.live and not state.behind
    playhead = float(last) if newest else state.playhead
    if not (newest or state.paused or state.drag == "time"):
        playhead += seconds * PACES[state.pace] / stage.scene.time.dt
    paused = state.paused or (not stage.live and playhead >= last)
    behind = state.behind and (playhead < last or state.drag == "time")
    state = replace(state, playhead=min(max(playhead, float(first)), float(last)), paused=paused, behind=behind)
    rover = stage.scene.rover(state.look.selected)
    if state.following and rover is not None and state.drag != "map":
        return replace(state, camera=state.camera.centred(rover.point))
    return state


def pace_text(state: ViewState, *, live: bool) -> str:
    """Return how time goes, for the panel."""
    if state.paused:
        return "paused"
    if live and state.behind:
        return f"{PACES[state.pace]}x, as it was"
    return "live" if live and not state.paced else f"{PACES[state.pace]}x"


def requests(old: ViewState, new: ViewState) -> list[tuple[str, dict[str, object]]]:
    """Return what to ask of a live run after a change of state."""
    asked: list[tuple[str, dict[str, object]]] = []
    if old.paused != new.paused:
        asked.append(("pause" if new.paused else "resume", {}))
    if old.pace != new.pace:
        asked.append(("rate", {"factor": float(PACES[new.pace])}))
    asked += [("fault", {"fault": fault}) for fault in new.faults[len(old.faults) :]]
    return asked
