"""Grids and scenarios of the MovingAI benchmarks.

Source
------
Stern et al., "Multi-Agent Pathfinding: Definitions, Variants, and Benchmarks", SoCS 2019; file formats as described at
movingai.com/benchmarks/formats.html.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import ConfigError

_FREE: Final = ".GS"
_BLOCKED: Final = "@OTW"
_FIELDS: Final = 9  # bucket, map, width, height, start x and y, goal x and y, length
_LARGEST: Final = 100_000_000  # Cells.


def read_lines(file: Path) -> list[str]:
    """Return the lines of a text file; a `ConfigError` says why it cannot be read."""
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(str(file), error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise ConfigError(str(file), "is not a text file") from None


def read_map(file: Path) -> NDArray[np.bool_]:
    """Return ``(height, width)``: which cells are free."""
    lines = read_lines(file)
    sizes = {"height": 0, "width": 0}
    begin = 0
    for number, line in enumerate(lines, 1):
        words = line.split()
        if words == ["map"]:
            begin = number
            break
        if len(words) != 2 or words[0] not in ("type", *sizes):
            raise ConfigError(f"{file}:{number}", f"{line[:60]!r} is none of 'type T', 'height H', 'width W', 'map'")
        if words[0] in sizes:
            sizes[words[0]] = _number(f"{file}:{number}", words[0], words[1])
    if not begin:
        raise ConfigError(str(file), "has no line 'map'", "a MovingAI map begins with type, height, width and map")
    height, width = sizes["height"], sizes["width"]
    if not 0 < height * width <= _LARGEST:
        raise ConfigError(str(file), f"is {width} x {height} cells", "name both width and height before 'map'")
    rows = lines[begin : begin + height]
    if len(rows) < height:
        raise ConfigError(f"{file}:{len(lines)}", f"ends after {len(rows)} of {height} rows")
    for number, row in enumerate(rows, begin + 1):
        if len(row) != width:
            raise ConfigError(f"{file}:{number}", f"has {len(row)} cells, not {width}")
        strange = [cell for cell in row if cell not in _FREE + _BLOCKED]
        if strange:
            raise ConfigError(f"{file}:{number}", f"cell {strange[0]!r} is none of {_FREE + _BLOCKED}")
    for number, line in enumerate(lines[begin + height :], begin + height + 1):
        if line.strip():
            raise ConfigError(f"{file}:{number}", f"goes on after {height} rows")
    return np.array([[cell in _FREE for cell in row] for row in rows], bool)


def read_scenario(file: Path, free: NDArray[np.bool_], count: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return start and goal cells ``(x, y)`` of the first agents of a scenario on a map."""
    lines = read_lines(file)
    if not lines or lines[0].split()[:1] != ["version"]:
        raise ConfigError(f"{file}:1", "does not begin with 'version 1'")
    height, width = free.shape
    agents: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for number, line in enumerate(lines[1:], 2):
        if len(agents) == count:
            break
        if not line.strip():
            continue
        place = f"{file}:{number}"
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) != _FIELDS:
            raise ConfigError(place, f"has {len(fields)} fields, not {_FIELDS}")
        columns, rows, *cells = (_number(place, "field", field) for field in fields[2:8])
        if (columns, rows) != (width, height):
            raise ConfigError(place, f"is for a map of {columns} x {rows} cells, not {width} x {height}")
        start, goal = (cells[0], cells[1]), (cells[2], cells[3])
        for name, (x, y) in (("start", start), ("goal", goal)):
            if not (x < width and y < height):
                raise ConfigError(place, f"{name} ({x}, {y}) lies outside the map")
            if not free[y, x]:
                raise ConfigError(place, f"{name} ({x}, {y}) lies in an obstacle")
        agents.append((start, goal))
    if len(agents) < count:
        raise ConfigError(str(file), f"has {len(agents)} agents, not {count}", "ask for fewer with -n")
    return agents


def _number(place: str, name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ConfigError(place, f"{name} {text[:20]!r} is no whole number")
    return int(text)
