"""The window, driven as a person would."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fleet.core import ConfigError, ManualClock, RoverId
from sim.record import RecordWriter
from sim.viewer import Layer, Scene, Showing, show
from sim.viewer.palette import RAISED
from sim.viewer.quiet import pygame
from sim.viewer.remembered import recalled

# Says so on standard output when the window is there and its first picture is about to be drawn.
_CHILD = """
import sys
from pathlib import Path
from sim.record import Recording
from sim.viewer import RecordedRun, Showing, show

class Announced(RecordedRun):
    said = False

    def poll(self):
        if not self.said:
            print("ready", flush=True)
        self.said = True
        return super().poll()

show(Announced(Recording(Path(sys.argv[1]))), Showing(size=(1000, 640), at=1000.0, pictures=Path(sys.argv[2])))
"""


class Pressing:
    """A clock whose sleeper presses keys: one list of events a frame."""

    def __init__(self, *frames: list[tuple[int, dict[str, Any]]]) -> None:
        self._frames = list(frames)
        self._clock = ManualClock()

    def now(self) -> float:
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(0.1)
        for kind, values in self._frames.pop(0) if self._frames else [(pygame.QUIT, {})]:
            pygame.event.post(pygame.event.Event(kind, values))


def _key(key: int, text: str = "") -> list[tuple[int, dict[str, Any]]]:
    return [(pygame.KEYDOWN, {"key": key, "unicode": text, "mod": 0})]


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """SDL's dummy display: a window that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.mark.usefixtures("no_screen")
def test_a_window_closes_when_it_is_told(run: Any) -> None:
    show(run, Showing(size=(400, 300)), Pressing(_key(pygame.K_q, "q")))

    assert not pygame.display.get_init()


@pytest.mark.usefixtures("no_screen")
def test_a_picture_of_the_window_is_what_it_showed(run: Any, tmp_path: Path) -> None:
    showing = Showing(size=(900, 600), at=600.0, pictures=tmp_path / "out", select=RoverId("cnsa"))

    show(run, showing, Pressing(_key(pygame.K_SPACE, " "), _key(pygame.K_p, "p"), _key(pygame.K_q, "q")))

    (file,) = (tmp_path / "out").iterdir()
    assert file.name.startswith("moonfleet-0000")
    assert pygame.image.load(file).get_size() == (900, 600)


@pytest.mark.usefixtures("no_screen")
def test_a_folder_that_cannot_be_made_does_not_end_the_window(run: Any, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")

    show(run, Showing(size=(400, 300), pictures=tmp_path / "out"), Pressing(_key(pygame.K_p, "p"), []))

    assert (tmp_path / "out").is_file()


@pytest.mark.usefixtures("no_screen")
def test_a_live_run_hears_of_pause_and_pace_and_of_nothing_else(run: Any) -> None:
    run.live = True

    show(run, Showing(size=(400, 300)), Pressing(_key(0, "+"), _key(pygame.K_SPACE, " "), _key(pygame.K_q, "q")))

    assert run.asked == [("rate", {"factor": 4800.0}), ("pause", {})]


@pytest.mark.usefixtures("no_screen")
@pytest.mark.parametrize("refusal", ["", "order:1:2: there is no such rover"], ids=["taken", "refused"])
def test_what_became_of_an_order_is_told(run: Any, monkeypatch: pytest.MonkeyPatch, refusal: str) -> None:
    run.live, run.refusal = True, refusal
    said: list[str] = []
    monkeypatch.setattr("sim.viewer.picture.draw_note", lambda _target, note, *_: said.append(note))

    show(run, Showing(size=(900, 600)), Pressing(_key(pygame.K_TAB, "\t"), _key(pygame.K_h, "h"), [], _key(pygame.K_q)))

    assert run.asked == [("order", {"order": "{order: stop, rover: cnsa}"})]
    assert set(said) == {f"Refused: {refusal}" if refusal else "cnsa: stand   (U takes it back)"}


@pytest.mark.usefixtures("no_screen")
def test_a_paused_window_is_not_drawn_again(run: Any, scene: Scene) -> None:
    drawn: list[float] = []
    shown = run.scene

    def noted(tick: float) -> Scene:
        drawn.append(tick)
        scene: Scene = shown(tick)
        return scene

    run.scene = noted

    show(run, Showing(size=(400, 300)), Pressing(_key(pygame.K_SPACE, " "), *([[]] * 20)))

    assert len(set(drawn)) < 5
    assert replace(scene, tick=0.0) == shown(0.0)


@pytest.mark.usefixtures("no_screen")
def test_a_window_opens_as_the_last_one_was_left(run: Any, tmp_path: Path) -> None:
    memory, pictures = tmp_path / "settings" / "window.json", tmp_path / "out"
    larger = [(pygame.KEYDOWN, {"key": pygame.K_PLUS, "unicode": "+", "mod": pygame.KMOD_LCTRL})]
    showing = Showing(size=(900, 600), scale=1.0, memory=memory, pictures=pictures)

    show(run, showing, Pressing(larger, _key(pygame.K_g, "g"), _key(0, "2"), _key(pygame.K_p, "p"), []))
    kept = recalled(memory)
    show(run, Showing(memory=memory, pictures=tmp_path / "again"), Pressing(_key(pygame.K_p, "p"), []))

    assert kept is not None
    assert (kept.size, kept.scale, kept.gantt) == ((900, 600), 1.25, True)
    assert Layer.CONTOURS in kept.shown
    before, after = (next(folder.iterdir()) for folder in (pictures, tmp_path / "again"))
    images = [pygame.surfarray.array3d(pygame.image.load(file)).astype(int) for file in (before, after)]
    assert abs(images[0] - images[1]).mean() < 8.0  # Time has gone on a little.


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"size": [1, 1], "scale": 1.0}', '{"size": [900, 600], "scale": 1e9}', "\x00"]
)
def test_a_broken_memory_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "window.json").write_text(text)

    assert recalled(tmp_path / "window.json") is None


@pytest.mark.usefixtures("no_screen")
def test_a_window_that_nobody_can_remember_opens_and_closes(run: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    show(run, Showing(size=(400, 300), memory=tmp_path / "file" / "window.json"), Pressing(_key(pygame.K_q, "q")))

    assert (tmp_path / "file").read_text() == "in the way"


@pytest.mark.usefixtures("no_screen")
def test_a_window_fills_the_screen_and_comes_back(run: Any, tmp_path: Path) -> None:
    sizes: list[tuple[int, int]] = []

    class Looking(Pressing):
        def sleep(self, seconds: float) -> None:
            sizes.append(pygame.display.get_window_size())
            super().sleep(seconds)

    full = _key(pygame.K_F11)
    show(run, Showing(size=(900, 600), memory=tmp_path / "window.json"), Looking([], full, [], full, []))

    kept = recalled(tmp_path / "window.json")
    assert sizes[0] == sizes[-1] == (900, 600)
    assert kept is not None
    assert kept.size == (900, 600)


def test_without_a_display_one_sentence_says_what_to_do(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")

    with pytest.raises(ConfigError, match=r"(?s)no window can be opened here.*moonfleet render"):
        show(run)


@pytest.fixture
def pictures_after(display: str, made_up_mission: Callable[..., Any], tmp_path: Path) -> Callable[..., list[Path]]:
    """How to open a recording in a window, do something there, and have the pictures that were taken meanwhile."""

    def call(*doings: tuple[str, ...]) -> list[Path]:
        mission = made_up_mission(drives=4)
        writer = RecordWriter(tmp_path / "run.mcap", ground=mission.ground)
        for entry in mission.entries:
            writer.write(entry)
        writer.close()
        command = [sys.executable, "-c", _CHILD, str(tmp_path / "run.mcap"), str(tmp_path / "out")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            try:
                assert child.stdout is not None
                assert child.stdout.readline() == "ready\n"
                for words in doings:
                    _type(*words)
                child.wait(timeout=90)
            finally:
                child.kill()
        assert child.returncode == 0
        return sorted((tmp_path / "out").iterdir())

    return call


@pytest.mark.window
def test_a_person_can_watch_a_recording_in_a_window(pictures_after: Callable[..., list[Path]]) -> None:
    pictures = pictures_after(
        ("mousemove", "300", "300", "key", "space", "Tab", "Tab", "2", "p", "question", "End", "p", "q")
    )

    assert len(pictures) == 2
    colours = pygame.surfarray.array3d(pygame.image.load(pictures[0])).reshape(-1, 3).astype(int)
    assert (abs(colours - (230, 159, 0)).max(axis=1) < 12).sum() > 50


@pytest.mark.window
def test_a_person_can_scrub_back_and_select_with_the_mouse(pictures_after: Callable[..., list[Path]]) -> None:
    # In the window of 1000 x 640, which stands in the corner, the bar of time goes from x 110 to x 572.
    pictures = pictures_after(
        (*_at(450, 620), "mousedown", "1", *_at(300, 620), *_at(168, 620), "mouseup", "1", "key", "space", "p"),
        (*_at(800, 190), "click", "1", "key", "p", "q"),
    )

    ticks = [int(picture.stem.split("-")[1]) for picture in pictures]
    assert all(250 < tick < 350 for tick in ticks)  # An eighth of 2400.
    rows = pygame.surfarray.array3d(pygame.image.load(pictures[-1]))[690:990, 150:260].reshape(-1, 3)
    assert (rows == RAISED).all(axis=1).sum() > 5000  # The row of the rover that was clicked stands out.


def _at(x: int, y: int) -> tuple[str, ...]:
    return ("mousemove", str(x), str(y))


def _type(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True, timeout=60, stdout=subprocess.DEVNULL)
