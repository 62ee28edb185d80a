"""`moonfleet keys`, and runs that need them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fleet.core import ConfigError
from sim.cli.app import app
from sim.run import RunOptions
from sim.run.admission import guard_of, lock_of, make_keys


def _call(*words: str) -> Any:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_a_key_is_made_and_shown_without_its_secret(tmp_path: Path) -> None:
    made = json.loads(_call("keys", "new", "ops", "-o", str(tmp_path), "--json").output)

    shown = json.loads(_call("keys", "show", made["private"], made["public"], "--json").output)

    secret = json.loads(Path(made["private"]).read_text(encoding="utf-8"))["secret"]
    assert [key["fingerprint"] for key in shown["keys"]] == [made["fingerprint"]] * 2
    assert secret not in json.dumps([made, shown])


def test_a_locked_feed_needs_keys_of_operators() -> None:
    with pytest.raises(ConfigError, match=r"no keys of operators\n  give a folder of keys"):
        RunOptions(secure=True, feed="tcp://127.0.0.1:7700", control="tcp://127.0.0.1:7701")


def test_who_waives_all_locks_asks_for_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="goes with neither"):
        RunOptions(insecure=True, keys=tmp_path)


def test_a_folder_of_keys_admits_its_operators_and_itself(tmp_path: Path) -> None:
    own = make_keys(tmp_path)
    _call("keys", "new", "ops", "-o", str(tmp_path / "operators"))

    guard = guard_of(tmp_path)

    assert not isinstance(guard, str)
    assert sorted(guard.admitted.values()) == ["hub", "ops"]
    assert guard.admitted[own.key.curve] == "hub"
    ops = lock_of(tmp_path / "operators" / "ops.key", tmp_path / "hub.pub")
    assert ops is not None
    assert ops.server == own.server


def test_a_folder_without_the_runs_own_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"hub\.key: cannot be read.*\n  make one: moonfleet keys new"):
        guard_of(tmp_path)


def test_own_key_and_the_runs_belong_together(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="belong together"):
        lock_of(tmp_path / "ops.key", None)
