"""How a window was left, kept for the next one; a file that is broken is as none."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import msgspec

from sim.viewer.look import Layer

_LEAST: Final = 320  # pixels of a side
_MOST: Final = 16384

Side = Annotated[int, msgspec.Meta(ge=_LEAST, le=_MOST)]


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What outlives a window."""

    size: tuple[Side, Side]
    scale: Annotated[float, msgspec.Meta(ge=0.75, le=3.0)]
    gantt: bool = False
    layers: tuple[str, ...] = ()  #: Names of those that were shown.

    @property
    def shown(self) -> frozenset[Layer]:
        """The layers that were shown, as far as they are known."""
        return frozenset(layer for layer in Layer if layer.name in self.layers)


def layout_file() -> Path:
    """Return where windows are remembered: in ``MOONFLEET_CONFIG``, or in the user's folder for settings."""
    if chosen := os.environ.get("MOONFLEET_CONFIG"):
        return Path(chosen) / "window.json"
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "moonfleet" / "window.json"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / "moonfleet" / "window.json"
    return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "moonfleet" / "window.json"


def recalled(file: Path) -> Remembered | None:
    """Return how the last window was left; None where that is not known, or cannot be."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Remembered)
    except (OSError, ValueError):  # also what msgspec raises
        return None


def remember(file: Path, left: Remembered) -> None:
    """Keep how a window was left, where that can be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        whole = file.with_suffix(f".{os.getpid()}")  # Two windows may close at once.
        whole.write_bytes(msgspec.json.encode(left))
        whole.replace(file)
    except OSError:
        return
