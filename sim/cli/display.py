"""Whether a window can be opened."""

from __future__ import annotations

import os
import sys

from fleet.core import ConfigError


def has_display() -> bool:
    """Whether a window can be expected to open here."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check_display() -> None:
    """Raise a ConfigError that says what to do instead, where no window can be opened."""
    if not has_display():
        remedy = "run with --headless, and draw the recording with: moonfleet render RECORDING -o picture.png"
        raise ConfigError("display", "there is none here, so no window can be opened", remedy)
