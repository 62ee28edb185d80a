"""Plugins that lie in the working directory, for commands on which a person names one."""

from __future__ import annotations

import sys
from pathlib import Path


def look_here() -> None:
    """Let modules in the working directory be imported, after all others; host processes then find them as well."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
