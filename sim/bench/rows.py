"""What every benchmark gives: rows, who was skipped and why, and the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured figure."""

    name: str
    value: float
    unit: str
    #: Ratios, peer by peer, from the same call; above 1 ours is better.
    times_better_than: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    #: How far answers differ from those of peers, relative to theirs; above 0 ours is longer or dearer.
    differs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    #: In which the value lies, 95 times in 100, where it was measured often enough to say so.
    interval: tuple[float, float] | None = None
    note: str = ""


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def as_object(bench: str, rows: list[Row], skipped: Mapping[str, str]) -> dict[str, Any]:
    """Return the object that ``bench --json`` prints."""
    return {
        "bench": bench,
        "rows": [
            {
                "name": row.name,
                "value": row.value,
                "unit": row.unit,
                "times_better_than": dict(row.times_better_than),
                **({"differs": dict(row.differs)} if row.differs else {}),
                **({"interval": list(row.interval)} if row.interval else {}),
                "note": row.note,
            }
            for row in rows
        ],
        "skipped": dict(skipped),
        "machine": machine(),
    }


def as_text(rows: list[Row]) -> str:
    """Return one line a row, for people."""
    lines = []
    for row in rows:
        ratios = "".join(f"  {ratio:,.1f} x {peer}" for peer, ratio in row.times_better_than.items())
        if row.interval is not None:
            ratios += f"  {row.interval[0]:.3g} to {row.interval[1]:.3g};"
        lines.append(f"{row.name:<18} {row.value:>14,.4g} {row.unit:<22}{ratios}  {row.note}".rstrip())
    return "\n".join(lines)
