"""Plugins that break rules, where Python finds them, and compiled code ready before anybody is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.run import compile_kernels


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


@pytest.fixture(autouse=True)
def _bad_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``bad_plugins`` be imported by name."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
