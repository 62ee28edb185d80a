"""Modules are loaded sooner, and what comes after them is as it was."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from pathlib import Path

import pytest

from fleet.core.loading import loading


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "crater_rim.py").write_text("HEIGHT = 41\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MOONFLEET_CACHE", str(tmp_path / "store"))
    monkeypatch.delitem(sys.modules, "crater_rim", raising=False)
    return "crater_rim"


@pytest.mark.parametrize("told", [False, True], ids=["python keeps it", "python keeps none"])
def test_bytecode_is_kept_where_it_belongs(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", told)
    monkeypatch.setattr(sys, "pycache_prefix", None)

    with loading():
        height = import_module(module).HEIGHT

    kept = list(tmp_path.rglob("crater_rim.*.pyc"))
    assert height == 41
    assert [file.is_relative_to(tmp_path / "store") for file in kept] == [told]
    assert (sys.dont_write_bytecode, sys.pycache_prefix) == (told, None)


def test_nothing_is_searched_for_garbage_meanwhile(module: str) -> None:
    with loading():
        meanwhile = gc.isenabled()
        import_module(module)

    assert (meanwhile, gc.isenabled()) == (False, True)
