"""Whatever a person writes: exit 2 and a sentence that says what is wrong, never a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Moonfleet = Callable[..., tuple[int, str, str]]

_RUN = ("run", "SMOKE", "--headless", "--bus", "memory")
_ALMANAC = ("almanac", "--lat", "-84.6", "--lon", "31.0", "--at", "2029-10-18T12:00Z")


@pytest.fixture
def here(smoke: Path, recording: Path, tmp_path: Path) -> Path:
    """A folder with a scenario and a recording in it."""
    shutil.copy(smoke, tmp_path / "SMOKE")
    shutil.copy(recording, tmp_path / "RECORDING")
    (tmp_path / "TEXT").write_text("no scenario, no recording, no terrain: only words\n", encoding="utf-8")
    (tmp_path / "FOLDER").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("run", "nosuch.yaml", "--headless"), "nosuch.yaml: cannot be read", id="no-scenario"),
        pytest.param(("run", "FOLDER", "--headless"), "FOLDER: cannot be read: Is a directory", id="folder"),
        pytest.param(("run", "RECORDING", "--headless"), "RECORDING", id="binary"),
        pytest.param(("run", "TEXT", "--headless"), "TEXT", id="text"),
        pytest.param((*_RUN, "--until", "soon"), "'soon' is neither a time like 90s, 15m, 2h, 3d", id="until"),
        pytest.param((*_RUN, "--until", "9" * 400), "is neither a time like 90s", id="until-for-ever"),
        pytest.param((*_RUN, "--until", "2029-10-19"), "lies before the start of the mission, 2029-10-20", id="before"),
        pytest.param((*_RUN, "--until", "0001-01-01T00:00+14:00"), "nor a UTC date", id="before-all-time"),
        pytest.param((*_RUN, "--rate", "0"), "'0' is neither max nor a factor above 0", id="rate"),
        pytest.param((*_RUN, "--rate", "nan"), "'nan' is neither max nor a factor above 0", id="rate-nan"),
        pytest.param((*_RUN, "--hosts", "0"), "'0' is neither agency nor a number of at least 1", id="hosts"),
        pytest.param((*_RUN, "--hosts", "²"), "is neither agency nor a number", id="hosts-superscript"),
        pytest.param((*_RUN, "--bus", "mqtt"), "'memory', 'inproc', 'ipc', 'tcp'", id="bus"),
        pytest.param((*_RUN, "--seed", "-1"), "-1 is not in the range", id="seed"),
        pytest.param((*_RUN, "--seed", "9" * 30), "is not in the range", id="seed-too-large"),
        pytest.param((*_RUN, "--terrain", "nosuch.tif"), "nosuch.tif: there is no such file", id="no-terrain"),
        pytest.param((*_RUN, "--terrain", "TEXT"), "TEXT", id="terrain-is-none"),
        pytest.param((*_RUN, "--record", "FOLDER"), "FOLDER: cannot be written", id="record-folder"),
        pytest.param((*_RUN, "--record", "TEXT/x.mcap"), "TEXT: the folder cannot be made", id="record-in-file"),
        pytest.param((*_RUN, "--report", "TEXT/x.html"), "TEXT: the folder cannot be made", id="report-in-file"),
        pytest.param((*_RUN, "--no-record", "--report", "x.html"), "goes with neither --record nor", id="no-record"),
        pytest.param((*_RUN, "--paused"), "give a --feed too", id="paused"),
        pytest.param((*_RUN, "--feed", "here"), "is no place for a feed", id="feed"),
        pytest.param((*_RUN, "--feed", "tcp://256.1.1.1:7700", "--insecure"), "cannot be bound", id="feed-nowhere"),
        pytest.param((*_RUN, "two.yaml"), "unexpected extra argument", id="two-scenarios"),
        pytest.param(("run", "--headless"), "name a scenario file", id="none"),
        pytest.param(("test", "nosuch"), "nosuch: there is no such file or folder", id="test"),
        pytest.param((*_ALMANAC[:-1], "1899-12-31"), "1900 to 2100", id="almanac-early"),
        pytest.param((*_ALMANAC[:-1], "2101-01-02"), "1900 to 2100", id="almanac-late"),
        pytest.param((*_ALMANAC, "--until", "2029-10-17"), "--until is before --at", id="almanac-until"),
        pytest.param((*_ALMANAC[:-1], "yesterday"), "'yesterday' is not a date like", id="almanac-date"),
        pytest.param((_ALMANAC[0], *_ALMANAC[3:]), "Missing option '--lat'", id="almanac-no-lat"),
        pytest.param(("almanac", "--lat", "-91", *_ALMANAC[3:]), "-91.0 is not in the range", id="almanac-lat"),
        pytest.param(("almanac", "--lat", "nan", *_ALMANAC[3:]), "latitude", id="almanac-nan"),
        pytest.param(("render", "nosuch.mcap", "-o", "x.png"), "nosuch.mcap: cannot be read", id="render"),
        pytest.param(("render", "TEXT", "-o", "x.png"), "TEXT: is no recording", id="render-text"),
        pytest.param(("render", "RECORDING", "-o", "x.jpg"), "cannot draw a picture as .jpg; .png can", id="jpg"),
        pytest.param(("render", "RECORDING", "-o", "x.png", "--size", "9x"), "is not WIDTHxHEIGHT", id="size"),
        pytest.param(("render", "RECORDING", "-o", "x.png", "--size", "0x9"), "is not within 1x1", id="size-0"),
        pytest.param(("render", "RECORDING", "-o", "x.png", "--at", "noon"), "'noon' is neither a time", id="at"),
        pytest.param(("render", "RECORDING", "-o", "TEXT/x.png"), "TEXT/x.png: cannot be written", id="render-out"),
        pytest.param(("view", "RECORDING"), "moonfleet render RECORDING", id="view"),
        pytest.param(("view", "tcp://127.0.0.1:1"), "moonfleet render RECORDING", id="view-live"),
        pytest.param(("diff", "RECORDING", "nosuch.mcap"), "nosuch.mcap: cannot be read", id="diff"),
        pytest.param(("diff", "RECORDING"), "Missing argument 'B'", id="diff-one"),
        pytest.param(
            ("plan", "nosuch.tif", "--from", "0,0", "--to", "1,1", "--vehicle", "metu-micro"),
            "nosuch.tif: there is no such file", id="plan",
        ),
        pytest.param(
            ("plan", "TEXT", "--from", "0", "--to", "1,1", "--vehicle", "metu-micro"), "'0' is not X,Y", id="plan-point"
        ),
        pytest.param(
            ("plan", "TEXT", "--from", "0,0", "--to", "1,1", "--vehicle", "bicycle"),
            "one of change8-lander, ", id="plan-vehicle",
        ),
        pytest.param(
            ("plan", "TEXT", "--from", "0,0", "--to", "1,1", "--vehicle", "metu-micro", "--objective", "speed"),
            "is not time, energy, risk or a sum", id="plan-objective-0",
        ),
        pytest.param(
            ("plan", "TEXT", "--from", "0,0", "--to", "1,1", "--vehicle", "metu-micro", "--objective", "time=-1"),
            "is not time, energy, risk or a sum", id="plan-objective-1",
        ),
        pytest.param(
            ("plan", "TEXT", "--from", "0,0", "--to", "1,1", "--vehicle", "metu-micro", "--objective", "time=1,time=2"),
            "is not time, energy, risk or a sum", id="plan-objective-2",
        ),
        pytest.param(
            ("plan", "TEXT", "--from", "0,0", "--to", "1,1", "--vehicle", "metu-micro", "--objective", "risk=nan"),
            "is not time, energy, risk or a sum", id="plan-objective-3",
        ),
        pytest.param(
            ("plan", "TEXT", "--from", "0,0", "--to", "1,1", "--vehicle", "metu-micro", "--objective", "energy="),
            "is not time, energy, risk or a sum", id="plan-objective-4",
        ),
        pytest.param(
            ("plan", "TEXT", "--from", "0,0", "--to", "1,1", "--vehicle", "metu-micro", "--objective", "time=0"),
            "is not time, energy, risk or a sum", id="plan-objective-5",
        ),
        pytest.param(("scenario", "check", "nosuch.yaml"), "nosuch.yaml: cannot be read", id="check"),
        pytest.param(("scenario", "show", "nosuch.yaml"), "nosuch.yaml: cannot be read", id="show"),
        pytest.param(("scenario", "new", "TEXT"), "TEXT: the file exists", id="new-exists"),
        pytest.param(("scenario", "new", "nowhere/x.yaml"), "cannot be written", id="new-nowhere"),
        pytest.param(("scenario", "paint"), "No such command 'paint'", id="subcommand"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(
    moonfleet: Moonfleet, here: Path, words: tuple[str, ...], said: str
) -> None:
    code, out, err = moonfleet(*words)

    assert (code, out) == (2, ""), err
    assert said in err
    assert "Traceback" not in err


def test_a_start_for_which_there_is_no_almanac_is_an_error_of_the_file(
    moonfleet: Moonfleet, smoke: Path, here: Path
) -> None:
    text = smoke.read_text(encoding="utf-8").replace("start: 2029-10-20T00:00:00Z", "start: 1802-10-20T00:00:00Z")
    (here / "old.yaml").write_text(text, encoding="utf-8")

    code, _, err = moonfleet("run", "old.yaml", "--headless")

    assert code == 2
    assert "old.yaml:5:" in err
    assert "1802" in err


def test_a_rover_that_is_not_there_is_an_error_where_it_is_to_be_shown(
    moonfleet: Moonfleet, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":97531")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")

    code, _, err = moonfleet("view", "RECORDING", "--select", "micro-7")

    assert code == 2
    assert "did you mean 'micro-" in err


# Lines that are right, to be spoilt in one word. All end soon.
_RIGHT = (
    (*_RUN, "--no-record", "--until", "1s", "--seed", "8", "--hosts", "2", "--rate", "max"),
    _ALMANAC,
    ("plan", "TEXT", "--from", "0,0", "--to", "1,1", "--vehicle", "metu-micro"),
    ("render", "RECORDING", "-o", "x.png", "--size", "64x48", "--at", "1m"),
    ("terrain", "render", "TEXT", "-o", "x.png", "--layer", "light", "--at", "2029-10-24", "--size", "64x48"),
    ("diff", "RECORDING", "RECORDING", "--json"),
    ("scenario", "check", "SMOKE", "--json"),
    ("agent", "list", "--json"),
    ("doctor", "--json"),
    ("terrain", "import", "TEXT", "-o", "x.tif", "--centre", "-84.6,31", "--size", "500", "--pixel", "5", "--json"),
    (
        "terrain",
        "generate",
        "-o",
        "x.tif",
        "--seed",
        "1",
        "--size",
        "100",
        "--pixel",
        "5",
        "--lat",
        "-84",
        "--lon",
        "0",
    ),
)
_JUNK = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.sampled_from(
        ["", "-", "--", "..", "nan", "inf", "-1", "0", "1e999", "9" * 50, "²", "TEXT", "FOLDER", "RECORDING", "a,b"]
    ),
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.sampled_from(_RIGHT), place=st.integers(1, 20), junk=_JUNK)
def test_one_spoilt_word_never_shows_a_traceback(
    moonfleet: Moonfleet, here: Path, line: tuple[str, ...], place: int, junk: str
) -> None:
    words = list(line)
    words[min(place, len(words) - 1)] = junk

    code, out, err = moonfleet(*words)

    assert code in (0, 1, 2)
    assert code != 2 or err or '"valid":false' in out
    assert "Traceback" not in err
