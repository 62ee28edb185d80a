"""Which YAML files are scenarios, told without reading them as YAML, and without importing anything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_MOST: Final = 1_000_000  # Bytes; a larger file is no scenario.
_VERSION: Final = re.compile(rb"""^(?:\xef\xbb\xbf)?(?:\{\s*)?["']?moonfleet["']?\s*:\s*["']?\d""", re.MULTILINE)


def is_scenario(file: Path) -> bool:
    """Whether a file says at its outermost level that it is a scenario: ``moonfleet:`` and a version.

    What else is in it may be wrong; that is told when it is read. Parts that others include have no version.
    """
    if file.suffix not in (".yaml", ".yml"):
        return False
    try:
        with file.open("rb") as stream:
            return _VERSION.search(stream.read(_MOST)) is not None
    except OSError:
        return False
