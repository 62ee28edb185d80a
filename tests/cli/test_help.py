"""Whoever asks for help is shown an example, and one slip of the pen is not the end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import click
import pytest

from sim.cli.app import app

Moonfleet = Callable[..., tuple[int, str, str]]


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _commands(inner, (*words, name))


ALL = tuple(_commands(app))
_LIGHT = [name for name in app.list_commands(click.Context(app)) if name != "agent"]  # Which names the kinds of plugin.


@pytest.mark.parametrize("words", ALL, ids=" ".join)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_explains_itself_with_an_example(moonfleet: Moonfleet, words: tuple[str, ...], flag: str) -> None:
    code, out, err = moonfleet(*words, flag)

    example = " ".join(out.split()).partition("Example: moonfleet")[2]
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: moonfleet {' '.join(words)}".rstrip())
    assert example.split()[: len(words)] == list(words) or not words


def test_who_asks_what_a_command_takes_waits_for_no_library() -> None:
    heavy = ("numba", "numpy", "networkx", "shapely", "pydantic", "zmq", "mcap", "rich", "pygame")
    program = (
        "import sys; from sim.cli.app import app; import click;"
        f"[app.get_command(click.Context(app), name) for name in {_LIGHT!r}];"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)

    assert told.stdout == "[]\n"


@pytest.mark.parametrize("name", ["run", "test", "almanac", "plan", "explain", "diff", "doctor"])
def test_what_gives_data_gives_it_as_json_too(name: str) -> None:
    command = app.get_command(click.Context(app), name)

    assert command is not None
    assert "as_json" in [parameter.name for parameter in command.params]


def test_a_misspelt_command_is_recognised(moonfleet: Moonfleet) -> None:
    code, out, err = moonfleet("dokter")

    assert (code, out) == (2, "")
    assert "There is no command 'dokter'. Did you mean 'doctor'?" in err


def test_a_misspelt_option_is_recognised(moonfleet: Moonfleet) -> None:
    code, _, err = moonfleet("run", "x.yaml", "--headles")

    assert code == 2
    assert "--headless" in err


def test_no_command_is_answered_with_the_help(moonfleet: Moonfleet) -> None:
    code, out, err = moonfleet()

    assert code == 2
    assert "Usage: moonfleet" in out + err


def test_the_version_is_told(moonfleet: Moonfleet) -> None:
    code, out, _ = moonfleet("--version")

    assert code == 0
    assert out.startswith("moonfleet, version ")
