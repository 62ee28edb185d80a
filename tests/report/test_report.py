from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet.core import EVERYONE, ConfigError, RoverId
from fleet.messages import Call, EarthWay, Leading, Message
from sim.record import Directed, Entry, Frame, Recording, RecordWriter, RoverFrame, Said, tick_of
from sim.report import report, write_report
from sim.report.earth import over_whom
from sim.scenario.order import CloseGround, OpenGround
from sim.verdict import Check, Verdict

NOTHING = Verdict(outcome="none", checks=())
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;"


class _Page(HTMLParser):
    """Checks that elements close in the order they were opened, and keeps what it saw."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture
def recorded(tmp_path: Path) -> Callable[..., Recording]:
    """How to record a mission."""

    def record(mission: Any, entries: tuple[Entry, ...]) -> Recording:
        file = tmp_path / "run.mcap"
        writer = RecordWriter(file, ground=mission.ground)
        for entry in entries:
            writer.write(entry)
        writer.close()
        return Recording(file)

    return record


@pytest.fixture(scope="session")
def mission(made_up_mission: Callable[..., Any]) -> Any:
    return made_up_mission(drives=5, rovers=3)


def test_a_report_is_well_formed_and_needs_no_network(mission: Any, recorded: Callable[..., Recording]) -> None:
    page = _Page(report(recorded(mission, mission.entries), NOTHING))

    addresses = [value for name, value in page.attributes if name in ("src", "href", "action", "data")]
    assert page.open == []
    assert not {"script", "link", "iframe", "object"} & page.tags
    assert addresses
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert "@import" not in report(recorded(mission, mission.entries), NOTHING)


def test_no_text_of_a_mission_becomes_part_of_the_page(mission: Any, recorded: Callable[..., Recording]) -> None:
    opening = replace(
        mission.opening,
        title=HOSTILE,
        scenario=HOSTILE,
        file=HOSTILE,
        text=HOSTILE,
        agencies=tuple((agency, HOSTILE, f"#fff;}}{HOSTILE}") for agency, _, _ in mission.opening.agencies),
        rovers=tuple(replace(rover, title=HOSTILE, vehicle_title=HOSTILE) for rover in mission.opening.rovers),
        tasks=tuple(replace(task, title=HOSTILE, kind=HOSTILE) for task in mission.opening.tasks),
    )
    failed = Check(name=HOSTILE, passed=False, expected=HOSTILE, got=HOSTILE, line=3)

    page = _Page(report(recorded(mission, (opening, *mission.entries[1:])), Verdict(outcome="fail", checks=(failed,))))

    assert not {"script", "img"} & page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [value for name, value in page.attributes if name in ("style", "stroke", "fill") and "<" in value]
    assert page.text.count("<script>alert(1)</script>") > 10


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=40))
def test_any_title_can_be_read_in_the_report(mission: Any, recorded: Callable[..., Recording], title: str) -> None:
    title = title.encode("utf-8", "ignore").decode()
    opening = replace(mission.opening, title=f"[{title}]")

    page = _Page(report(recorded(mission, (opening, *mission.entries[1:40])), NOTHING))

    kept = "".join(page.words)
    assert f"[{title}]".replace("\r\n", "\n").replace("\r", "\n") in kept.replace("\r\n", "\n").replace("\r", "\n")


def test_every_expectation_is_told_with_what_came_of_it(mission: Any, recorded: Callable[..., Recording]) -> None:
    checks = (
        Check(name="tasks_done", passed=True, expected="all", got="5 of 5", line=40),
        Check(name="collisions", passed=False, expected="0", got="1", line=41),
    )

    text = _Page(report(recorded(mission, mission.entries), Verdict(outcome="fail", checks=checks))).text

    assert "Failed: 1 of 2 expectations" in text
    for told in ("✓", "tasks done", "5 of 5", "line 40", "✗", "collisions", "line 41"):
        assert told in text
    assert text.index("✗") < text.index("✓")  # What was not met comes first.


def test_the_figures_are_those_of_the_last_frame(mission: Any, recorded: Callable[..., Recording]) -> None:
    text = _Page(report(recorded(mission, mission.entries), NOTHING)).text

    assert "60 m" in text
    assert "5 / 5" in text
    assert "raised ValueError('<b>no</b>')" in text


def test_a_run_that_was_killed_has_a_report_that_says_so(mission: Any, tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path / "killed.mcap", ground=mission.ground)
    for entry in mission.entries[:100]:
        writer.write(entry)
    writer.flush()

    text = _Page(report(Recording(tmp_path / "killed.mcap"), NOTHING)).text

    assert "The recording is not whole" in text
    writer.close()


def test_a_run_that_was_interrupted_says_so(mission: Any, recorded: Callable[..., Recording]) -> None:
    closing = replace(mission.entries[-1], reason="interrupted")

    text = _Page(report(recorded(mission, (*mission.entries[:-1], closing)), NOTHING)).text

    assert "did not end by itself: interrupted" in text


@pytest.mark.parametrize("kept", [1, 2], ids=["opening only", "one entry"])
def test_a_run_that_hardly_began_has_a_report(mission: Any, recorded: Callable[..., Recording], kept: int) -> None:
    page = _Page(report(recorded(mission, mission.entries[:kept]), NOTHING))

    assert page.open == []


def test_a_fleet_that_stands_still_has_a_report(mission: Any, recorded: Callable[..., Recording]) -> None:
    frame = next(entry for entry in mission.entries if isinstance(entry, Frame))
    opening = replace(mission.opening, tasks=(), docks=())

    page = _Page(report(recorded(mission, (opening, frame, replace(frame, tick=9))), NOTHING))

    assert page.open == []


def test_a_report_that_cannot_be_written_names_the_file(
    mission: Any, recorded: Callable[..., Recording], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write_report(recorded(mission, mission.entries), NOTHING, tmp_path / "nowhere" / "report.html")


def test_the_same_recording_gives_the_same_report(
    mission: Any, recorded: Callable[..., Recording], tmp_path: Path
) -> None:
    recording = recorded(mission, mission.entries)
    one, other = tmp_path / "one.html", tmp_path / "other.html"

    write_report(recording, NOTHING, one)
    write_report(recording, NOTHING, other)

    assert one.read_bytes() == other.read_bytes()


def test_who_led_is_told_with_when_and_since_when_the_one_before_was_missed(
    mission: Any, recorded: Callable[..., Recording]
) -> None:
    new = mission.opening.rovers[1].rover
    words = ((600, Call(epoch=1, fitness=1.0)), (606, Leading(epoch=1)))
    said = [
        Said(message=Message(tick=tick, sender=new, seq=9000 + tick, to=EVERYONE, body=body), heard=(), lost=())
        for tick, body in words
    ]
    entries = tuple(sorted((*mission.entries, *said), key=tick_of))

    page = _Page(report(recorded(mission, entries), NOTHING))

    told = page.text[page.text.index("Who led") : page.text.index("Messages")].split()
    assert told.index("lander") < told.index(new)
    assert told[-6:] == ["0d", "00:10:06", "0d", "00:50:00", "0d", "00:10:00"]


def test_the_way_to_the_earth_is_told_with_when_and_over_whom(mission: Any, recorded: Callable[..., Recording]) -> None:
    frames = [entry for entry in mission.entries if isinstance(entry, Frame)]
    first, second = frames[0].rovers[0].rover, frames[0].rovers[1].rover
    half = frames[len(frames) // 2].tick

    def at(frame: Frame) -> Frame:
        ways = {first: "relay", second: "others" if frame.tick < half else "none"}
        rovers = tuple(replace(rover, earth=ways.get(rover.rover, "none")) for rover in frame.rovers)
        return replace(frame, rovers=rovers, links=((first, second),) if frame.tick < half else ())

    entries = tuple(at(entry) if isinstance(entry, Frame) else entry for entry in mission.entries)

    text = report(recorded(mission, entries), NOTHING)

    page = _Page(text)
    assert "The way to the Earth" in page.text
    assert f"over {first}, 0 to " in page.text
    assert text.count('class="earth way-none"') >= 2
    assert "by its own radio over the relay satellite" in page.text


def test_whom_the_earth_is_reached_over_is_the_nearest_that_reaches_it_itself() -> None:
    a, b, c, d, e = (RoverId(name) for name in "abcde")
    ways: dict[RoverId, EarthWay] = {a: "direct", b: "others", c: "others", d: "relay", e: "none"}
    frame = Frame(
        tick=0,
        sun=(0.0, 0.1),
        rovers=tuple(_stands(rover, way) for rover, way in ways.items()),
        links=((a, b), (b, c), (c, d)),
        stock={},
    )

    assert over_whom(frame) == {a: None, b: a, c: d, d: None, e: None}
    assert over_whom(replace(frame, links=((b, d), (a, b))))[b] == a


def _stands(rover: RoverId, earth: EarthWay) -> RoverFrame:
    return RoverFrame(
        rover=rover,
        x=0.0,
        y=0.0,
        heading=0.0,
        battery=1.0,
        light=1.0,
        power=0.0,
        activity="idle",
        task=None,
        payload=0.0,
        distance=0.0,
        energy=0.0,
        earth=earth,
    )


def test_the_worst_moments_come_with_the_commands_that_show_them(
    mission: Any, recorded: Callable[..., Recording]
) -> None:
    failed = Check(name="collisions", passed=False, expected="0", got="1", line=41, tick=900, rover=RoverId("r1"))

    def drained(entry: Entry) -> Entry:
        if not isinstance(entry, Frame) or entry.tick < 600:
            return entry
        first, *others = entry.rovers
        return replace(entry, rovers=(replace(first, battery=0.07), *others))

    entries = tuple(drained(entry) for entry in mission.entries)
    recording = recorded(mission, entries)

    text = _Page(report(recording, Verdict(outcome="fail", checks=(failed,)))).text

    lowest = next(entry.tick for entry in entries if isinstance(entry, Frame) and entry.rovers[0].battery == 0.07)
    rover = mission.opening.rovers[0].rover
    assert f"moonfleet view {recording.file} --at 900s --select r1" in text
    assert f"moonfleet view {recording.file} --at {lowest}s --select {rover}" in text
    assert f"{rover} has 7% of its charge, its least" in text


def test_ground_that_was_closed_is_on_the_map_with_its_times(mission: Any, recorded: Callable[..., Recording]) -> None:
    outline = ((0.0, 0.0), (9.0, 0.0), (0.0, 9.0))
    close = CloseGround(id="c", at=300, zone="pit", outline=outline, inside="leave")
    opened = OpenGround(id="o", at=1200, zone="pit")
    orders = [Directed(tick=order.at, order=order) for order in (close, opened)]
    entries = sorted((*mission.entries[1:], *orders), key=tick_of)

    page = report(recorded(mission, (mission.entries[0], *entries)), NOTHING)

    assert "<title>pit: closed from 5m to 20m</title>" in page
