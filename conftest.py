"""Modules that come with an extra are looked at where it is installed."""

from __future__ import annotations

from importlib.util import find_spec

_RL = ("greenlet", "gymnasium", "pettingzoo")
collect_ignore_glob = ["sim/*/*.yaml"]  # Templates: what is made of them is tested.
collect_ignore_glob += [] if all(find_spec(name) for name in _RL) else ["sim/learning/*.py", "sim/bench/rl.py"]
