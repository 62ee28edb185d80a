"""What is compiled is known without loading it, and only as long as it is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fleet.core.warmth import forget_warm, is_warm, note_warm
from sim.run import compile_kernels


@pytest.fixture
def _cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOONFLEET_CACHE", str(tmp_path))


@pytest.mark.usefixtures("_cold")
def test_it_is_known_once_it_was_noted() -> None:
    before = is_warm()

    note_warm()

    assert (before, is_warm()) == (False, True)


@pytest.mark.usefixtures("_cold")
def test_what_was_compiled_in_another_way_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    note_warm()

    monkeypatch.setenv("NUMBA_OPT", "1")

    assert not is_warm()


@pytest.mark.usefixtures("_cold")
def test_what_was_removed_does_not_count() -> None:
    note_warm()

    forget_warm()

    assert not is_warm()


def test_loading_compiled_code_loads_no_more_of_numba_than_that_takes() -> None:
    compile_kernels(lambda _: None)  # Of which a process before this one may have to compile much.
    program = (
        "import sys; from sim.run import compile_kernels; compile_kernels(lambda _: None);"
        "print([name for name in ('scipy.linalg', 'numba.np.arraymath') if name in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)

    assert told.stdout == "[]\n"
