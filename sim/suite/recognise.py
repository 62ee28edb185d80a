"""Which YAML files are scenarios, told without reading them as YAML, and without importing anything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_MOST: Final = 1_000_000  # Bytes; a larger file is no scenario.
_VERSION: Final = re.compile(rb"""^(?:\xef\xbb\xbf)?(?:\{\s*)?["']?moonfleet["']?\s*:\s*["']?(\d{1,9})""", re.MULTILINE)


def is_scenario(file: Path) -> bool:
    """Whether a file says at its outermost level that it is a scenario: ``moonfleet:`` and a version.

    What else is in it may be wrong; that is told when it is read. Parts that others include have no version.
    """
    return file.suffix in (".yaml", ".yml") and format_said(file) is not None


def format_said(file: Path) -> int | None:
    """Return the format that a file says it has; None when it says none or cannot be read."""
    try:
        with file.open("rb") as stream:
            said = _VERSION.search(stream.read(_MOST))
    except (OSError, ValueError):
        return None
    return int(said[1]) if said is not None else None
