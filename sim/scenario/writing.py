"""Plain data as a scenario file, as people would write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.scenario.settings import flow
from sim.scenario.yaml_tree import Plain


def scenario_text(tree: Mapping[str, Plain], comment: Sequence[str]) -> str:
    """Return a scenario file that says what a tree holds, beneath a comment of so many lines.

    >>> print(scenario_text({"name": "a", "site": {"lat_deg": -84.6}}, ["Short."]), end="")
    # Short.
    name: a
    site:
      lat_deg: -84.6
    """
    lines = [f"# {line}".rstrip() for line in comment]
    for key, value in tree.items():
        lines += _block(flow(key), value)
    return "\n".join(lines if tree else [*lines, "{}"]) + "\n"


def _block(key: str, value: Plain) -> list[str]:
    if isinstance(value, list) and value:
        return [f"{key}:", *(f"  - {flow(item)}" for item in value)]
    if isinstance(value, dict) and value:
        return [f"{key}:", *(f"  {flow(name)}: {flow(inner)}" for name, inner in value.items())]
    return [f"{key}: {flow(value)}"]
