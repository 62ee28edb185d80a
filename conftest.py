"""Modules of an extra are looked at where it is installed, and long campaigns run when they are asked for."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

_RL = ("greenlet", "gymnasium", "pettingzoo")
collect_ignore_glob = ["sim/*/*.yaml"]  # Templates: what is made of them is tested.
collect_ignore_glob += [] if all(find_spec(name) for name in _RL) else ["sim/learning/*.py", "sim/bench/rl.py"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Run long campaigns, of tests and of scenarios, when they are asked for."""
    if item.get_closest_marker("slow") is not None and "slow" not in item.config.option.markexpr:
        pytest.skip("a long campaign; `-m slow` runs it")
