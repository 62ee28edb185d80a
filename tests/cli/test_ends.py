"""What becomes of errors, whoever made them; and the first command that anybody tries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from fleet.core import ConfigError, PluginError
from sim.cli.app import guarded
from sim.record import Recording

Moonfleet = Callable[..., tuple[int, str, str]]


def raising(error: BaseException) -> Callable[[], object]:
    def call() -> object:
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        pytest.param(
            ConfigError("a.yaml:3:1", "is wrong", "mend it"), 2, "a.yaml:3:1: is wrong\n  mend it\n", id="file"
        ),
        pytest.param(click.UsageError("no such option"), 2, "Error: no such option\n", id="option"),
        pytest.param(PluginError("mine", "r1", 7, "fell"), 3, "plugin mine of rover r1 at tick 7: fell\n", id="plugin"),
        pytest.param(KeyboardInterrupt(), 130, "interrupted\n", id="ctrl-c"),
        pytest.param(click.Abort(), 130, "interrupted\n", id="abort"),
        pytest.param(click.exceptions.Exit(5), 5, "", id="exit"),
    ],
)
def test_an_end_has_its_code_and_its_sentence(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, said: str
) -> None:
    assert guarded(raising(error)) == code
    assert capsys.readouterr() == ("", said)


def test_a_bug_of_ours_is_shown_whole_and_asked_to_be_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(ZeroDivisionError("oops"))) == 4

    _, err = capsys.readouterr()
    assert "Traceback" in err
    assert err.endswith("internal error: oops\nPlease report this with the lines above.\n")


def test_what_a_command_returns_is_its_code() -> None:
    assert [guarded(lambda: 1), guarded(lambda: None), guarded(lambda: "text")] == [1, 0, 0]


def test_the_demo_leaves_a_recording_a_picture_and_a_report(moonfleet: Moonfleet) -> None:
    code, out, err = moonfleet("demo", "--headless")

    folder = Path("moonfleet-out")
    closing = Recording(folder / "demo.mcap").closing
    assert code == 0
    assert "mons-mouton (seed 8) passed" in out
    assert "moonfleet view moonfleet-out/demo.mcap" in err
    assert closing is not None
    assert closing.reason == "finished"
    assert (folder / "demo.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "demo.html").stat().st_size > 10_000
