"""Peers that are measured beside ours where they are installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module


def missing(modules: Mapping[str, str]) -> dict[str, str]:
    """Return the peers, given with the module of each, that cannot be imported, and why.

    >>> missing({"ours": "sim.bench", "theirs": "no_such_module"})
    {'theirs': "cannot be imported (No module named 'no_such_module'): pip install 'moonfleet[bench]'"}
    """
    reasons = {}
    for peer, module in modules.items():
        try:
            import_module(module)
        except ImportError as error:
            reasons[peer] = f"cannot be imported ({error}): pip install 'moonfleet[bench]'"
    return reasons
