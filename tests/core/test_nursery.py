"""A process that is forked from a nursery is what it would be if it had been started anew, and starts at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fleet.core.nursery import PARENT, Child, Process, Program, start_process

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are started anew elsewhere")
_PREPARED = "gc:collect"

_SHOW = """
import json, os, signal, sys
json.dump({
    "words": sys.argv[1:-1], "file": sys.argv[0], "name": __name__, "folder": os.getcwd(),
    "path": list(filter(os.path.isdir, sys.path)),
    "said": os.environ["SAID"], "pytest": os.environ.get("PYTEST_VERSION"), "read": sys.stdin.read(),
    "parent": int(sys.argv[-1]) == os.getppid(), "ctrl_c": str(signal.getsignal(signal.SIGINT)),
    "group": os.getpgid(0) == os.getpid(), "descriptors": sorted(map(int, os.listdir("/proc/self/fd")))[:3],
}, sys.stdout)
"""


@contextmanager
def _program(folder: Path, text: str, *words: str, **options: Any) -> Iterator[tuple[Process, Path]]:
    """Start a program, and give it with the file that it writes to."""
    code, out = folder / "program.py", folder / "out"
    code.write_text(textwrap.dedent(text))
    program = Program(code=str(code), words=(*words, PARENT), prepared=_PREPARED, **options)
    with out.open("wb") as stdout:
        process = start_process(program, stdout=stdout.fileno())
    try:
        yield process, out
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("own_group", [False, True], ids=["our group", "own group"])
def test_it_has_the_words_streams_folder_and_environment_of_one_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_group: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "plugins")
    shown = []
    for platform in ("linux", "darwin"):
        monkeypatch.setattr("fleet.core.nursery.nursery.sys.platform", platform)
        with _program(tmp_path, _SHOW, "a", "b c", environment={"SAID": "ü"}, own_group=own_group) as (process, out):
            assert process.wait(60.0) == 0
            shown.append((type(process), json.loads(out.read_text())))

    (forked, first), (anew, second) = shown
    assert (forked, anew) == (Child, subprocess.Popen)
    assert first == second
    assert (first["words"], first["said"], first["parent"], first["group"]) == (["a", "b c"], "ü", True, own_group)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_what_only_a_start_of_python_can_decide_is_decided(tmp_path: Path, seed: str) -> None:
    shown = "print(hash('sand'))"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    expected = subprocess.run([sys.executable, "-c", shown], env=environment, capture_output=True, check=True).stdout

    with _program(tmp_path, shown, environment={"PYTHONHASHSEED": seed}) as (process, out):
        process.wait(60.0)

        assert out.read_bytes() == expected


def test_bytecode_is_kept_in_our_own_store_where_python_keeps_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out = tmp_path / "program.py", tmp_path / "out"
    code.write_text("import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("MOONFLEET_CACHE", str(tmp_path / "store"))

    with out.open("wb") as stdout:
        process = start_process(Program(code=str(code), prepared="getpass:getuser"), stdout=stdout.fileno())
        assert process.wait(60.0) == 0

    assert list((tmp_path / "store" / "bytecode").rglob("getpass.*.pyc"))
    assert out.read_text() == "True None\n"


def test_what_a_program_reads_is_what_it_was_given(tmp_path: Path) -> None:
    code = tmp_path / "reads.py"
    code.write_text("import sys; sys.exit(len(sys.stdin.read()))")
    reading, writing = os.pipe()

    process = start_process(Program(code=str(code), prepared=_PREPARED), stdin=reading, stdout=2)
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        stream.write("x" * 41)

    assert process.wait(60.0) == 41


@pytest.mark.parametrize(
    ("text", "code"),
    [("", 0), ("raise SystemExit(3)", 3), ("import os; os.abort()", -signal.SIGABRT), ("1 / 0", 1)],
    ids=["end", "exit", "crash", "raise"],
)
def test_how_it_ended_is_told(tmp_path: Path, text: str, code: int) -> None:
    with _program(tmp_path, text) as (process, _):
        assert process.wait(60.0) == code
        assert process.poll() == code


def test_what_it_leaves_for_the_end_of_the_process_is_done(tmp_path: Path) -> None:
    text = """
        import atexit, threading
        atexit.register(print, "last")
        threading.Thread(target=print, args=["first"]).start()
    """

    with _program(tmp_path, text) as (process, out):
        process.wait(60.0)

        assert out.read_text().split() == ["first", "last"]


def test_one_that_goes_on_is_waited_for_in_vain_and_killed(tmp_path: Path) -> None:
    with _program(tmp_path, "import threading; threading.Event().wait()") as (process, _):
        with pytest.raises(subprocess.TimeoutExpired, match=r"program\.py"):
            process.wait(0.01)
        assert process.poll() is None

        process.kill()

        assert process.wait(60.0) == -signal.SIGKILL


def test_one_that_is_killed_before_it_is_there_is_over_and_costs_the_others_nothing(tmp_path: Path) -> None:
    own = {"PYTHONHASHSEED": "77"}  # A nursery that is not there yet.

    with _program(tmp_path, "import threading; threading.Event().wait()", environment=own) as (process, _):
        process.kill()

        assert process.wait(60.0) == -signal.SIGKILL
    with _program(tmp_path, "", environment=own) as (process, _):
        assert process.wait(60.0) == 0


def test_two_of_them_have_one_nursery_and_none_when_that_is_gone(tmp_path: Path) -> None:
    nursery = "import os; print(os.getppid())"
    parents = []
    for _ in range(2):
        with _program(tmp_path, nursery) as (process, out):
            process.wait(60.0)
            parents.append(int(out.read_text()))
    os.kill(parents[0], signal.SIGKILL)
    os.waitid(os.P_PID, parents[0], os.WEXITED | os.WNOWAIT)

    with _program(tmp_path, nursery) as (process, out):
        process.wait(60.0)
        parents.append(int(out.read_text()))

    assert parents[0] == parents[1] != os.getpid()
    assert parents[2] == os.getpid()


def test_it_does_not_outlive_the_one_that_started_it(tmp_path: Path) -> None:
    lives, starts = tmp_path / "lives.py", tmp_path / "starts.py"
    lives.write_text(
        "import sys, threading\n"
        "from fleet.core import live_and_die_with\n"
        "live_and_die_with(int(sys.argv[-1]))\n"
        "print('here', flush=True)\n"
        "threading.Event().wait()\n"
    )
    starts.write_text(
        "import threading\n"
        "from fleet.core.nursery import PARENT, Program, start_process\n"
        f"child = start_process(Program(code={str(lives)!r}, words=(PARENT,), prepared={_PREPARED!r}), stdout=1)\n"
        "threading.Event().wait()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, str(starts)], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"

        process.kill()

        # The pipe reads as ended when all who hold it are gone.
        assert process.stdout.read() == b""
