"""Arrays kept on disk: never wrong, whatever becomes of the files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fleet.core import store_folder, stored


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOONFLEET_CACHE", str(tmp_path / "cache"))


def _never() -> np.ndarray:
    raise AssertionError("computed again")


def test_what_was_computed_is_read_the_next_time() -> None:
    stored("kind", b"ground", lambda: np.arange(5))

    again = stored("kind", b"ground", _never)

    assert again.tolist() == [0, 1, 2, 3, 4]


def test_other_input_is_computed_for_itself() -> None:
    stored("kind", b"ground", lambda: np.arange(5))

    other = stored("kind", b"other ground", lambda: np.arange(3))

    assert other.tolist() == [0, 1, 2]


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"nonsense" * 100], ids=["empty", "cut", "nonsense"])
def test_a_damaged_file_is_computed_anew(damage: bytes) -> None:
    stored("kind", b"ground", lambda: np.arange(5))
    (file,) = store_folder().iterdir()
    file.write_bytes(damage)

    again = stored("kind", b"ground", lambda: np.arange(5))

    assert again.tolist() == [0, 1, 2, 3, 4]
    assert stored("kind", b"ground", _never).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("place", [-1, -5, -30])
def test_a_file_in_which_a_single_bit_fell_over_is_written_anew(place: int) -> None:
    stored("kind", b"ground", lambda: np.arange(5))
    (file,) = store_folder().iterdir()
    damaged = bytearray(file.read_bytes())
    damaged[place] ^= 1
    file.write_bytes(bytes(damaged))

    again = stored("kind", b"ground", lambda: np.arange(5))

    assert again.tolist() == [0, 1, 2, 3, 4]
    assert stored("kind", b"ground", _never).tolist() == [0, 1, 2, 3, 4]


def test_files_that_are_too_large_together_go_but_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet.core.store._KEPT_BYTES", 1000)
    for number in range(4):
        stored("kind", bytes([number]), lambda: np.zeros(100))

    assert len(list(store_folder().iterdir())) == 1


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")

    array = stored("kind", b"ground", lambda: np.arange(5))

    assert array.tolist() == [0, 1, 2, 3, 4]


def test_the_store_does_not_grow_for_ever() -> None:
    for number in range(40):
        stored("kind", bytes([number]), lambda: np.zeros(1))

    assert len(list(store_folder().iterdir())) <= 32
