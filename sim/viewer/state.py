"""The window's state, and how time changes it: pure, so that it can be tested without a window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Final, NamedTuple

from fleet.core import Path, Point, TaskId
from sim.viewer.camera import Bounds, Camera
from sim.viewer.layout import Layout, layout
from sim.viewer.look import Look
from sim.viewer.menu import Menu, Wish
from sim.viewer.panel import UNTURNED, Rows, Scrolled
from sim.viewer.scene import Scene

Place = tuple[int, int, int, int]  #: Left, top, width and height, pixels.

#: Seconds of mission in a second of watching.
PACES: Final = (1, 5, 10, 30, 60, 120, 300, 600, 1200, 2400, 4800, 9600)
#: How large letters and signs can be.
SCALES: Final = (0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewState:
    """All that a person has done to the window."""

    size: tuple[int, int]  #: Of the window, its pixels.
    camera: Camera  #: Of the map's part of the window.
    scale: float = 1.0  #: One of `SCALES`.
    full: bool = False  #: Whether the window fills the screen.
    playhead: float = 0.0  #: Tick that is shown.
    look: Look = field(default_factory=Look)
    pace: int = PACES.index(300)  #: Place in `PACES`.
    paced: bool = False  #: Whether the pace was chosen here; a live run comes with one of its own.
    paused: bool = False
    following: bool = False  #: Whether the selected rover stays in the middle.
    help: bool = False
    story: bool = True  #: Whether what is selected is told about.
    search: str | None = None  #: What has been typed to find something; None while nobody searches.
    found: int = 0  #: Which of what was found is meant.
    scrolled: Scrolled = UNTURNED
    behind: bool = False  #: Whether a live run is shown as it was, not as it is.
    gantt: bool = False  #: Whether what each rover did and when is shown below the map.
    menu: Menu | None = None  #: That is open; keys and pointer are for it.
    sketch: Path | None = None  #: Corners of ground that is being drawn; None while nobody draws.
    drag: str = ""  #: What the pressed pointer moves: ``map``, ``time``, ``box``, ``small`` map, or nothing.
    pressed: Point = (0.0, 0.0)  #: Where the pointer went down.
    pointer: Point = (0.0, 0.0)
    pictures: int = 0  #: How many were asked for so far.
    wishes: tuple[Wish, ...] = ()  #: What was asked of a live run so far.
    zones: int = 0  #: How many zones were drawn so far.
    done: bool = False

    @property
    def density(self) -> int:
        """Pixels of the picture for each point of the design; what is too large then is shrunk for the screen."""
        return ceil(self.scale)

    @property
    def ratio(self) -> float:
        """Pixels of the picture for each one of the window."""
        return self.density / self.scale

    @property
    def canvas(self) -> tuple[int, int]:
        """How large the picture is, in its own pixels, which all places here are in."""
        return (max(1, round(self.size[0] * self.ratio)), max(1, round(self.size[1] * self.ratio)))

    @property
    def parts(self) -> Layout:
        """Where the parts of the picture lie."""
        return layout(self.canvas, self.density, scrub=True, gantt=self.gantt)

    @property
    def undoable(self) -> Wish | None:
        """The last order, where it can be taken back."""
        return self.wishes[-1] if self.wishes and self.wishes[-1].undo else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What keys and pointer act upon at this moment."""

    scene: Scene
    span: tuple[int, int]
    ground: Bounds
    live: bool = False
    rows: Rows = ()  #: Of the panel.
    minimap: Place | None = None  #: Where all of the ground is seen, left, top, width and height.
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


def pace_text(state: ViewState, *, live: bool, is_over: bool = False) -> str:
    """Return how time goes, for the panel."""
    if is_over and not state.behind:
        return "over"
    if state.paused:
        return "paused" if live and not state.paced else f"paused, {PACES[state.pace]}x"
    if live and state.behind:
        return f"{PACES[state.pace]}x, as it was"
    return "live" if live and not state.paced else f"{PACES[state.pace]}x"


class Request(NamedTuple):
    """Something to ask of a live run."""

    do: str
    values: dict[str, Any]
    told: str = ""  #: What is said once it was taken.


def requests(old: ViewState, new: ViewState) -> list[Request]:
    """Return what to ask of a live run after a change of state."""
    asked: list[Request] = []
    if old.paused != new.paused:
        asked.append(Request("pause" if new.paused else "resume", {}))
    if old.pace != new.pace:
        asked.append(Request("rate", {"factor": float(PACES[new.pace])}))
    for wish in new.wishes[len(old.wishes) :]:
        back = "   (U takes it back)" if wish.undo else ""
        asked.append(Request(wish.do, {wish.do: wish.text}, f"{wish.told}{back}"))
    return asked
