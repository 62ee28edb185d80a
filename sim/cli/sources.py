"""Files that minds are made of, and whether they have changed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_OURS: Final = ("fleet", "sim")
_GROUPS: Final = ("fleet.agents", "fleet.planners", "fleet.allocators")

Print = tuple[tuple[Path, int, int], ...]  # Each file with its time of change and its size.


def places_of(plugins: Iterable[str]) -> tuple[Path, ...]:
    """Return the modules and packages that plugins of others are written in: files, or folders.

    Parameters
    ----------
    plugins
        Names of entry points, or ``module:Class``.

    Examples
    --------
    >>> places_of(["lander", "fleet.agents:MicroAgent"])
    ()
    """
    modules = {_value(plugin).partition(":")[0].partition(".")[0] for plugin in plugins}
    found = {place for module in modules - {*_OURS, ""} for place in _places(find_spec(module))}
    return tuple(sorted(found))


def _value(plugin: str) -> str:
    if ":" in plugin:
        return plugin
    points = [point for group in _GROUPS for point in entry_points(group=group, name=plugin)]
    return points[0].value if points else ""


def _places(spec: ModuleSpec | None) -> tuple[Path, ...]:
    if spec is None:
        return ()
    if spec.submodule_search_locations:
        return tuple(Path(place) for place in spec.submodule_search_locations)
    return (Path(spec.origin),) if spec.origin and spec.has_location else ()


class Sources:
    """Looks whether files, or Python files in folders, are as they were."""

    def __init__(self, places: Iterable[Path]) -> None:
        self._places = tuple(places)
        self._print = self._look()

    def changed(self) -> tuple[Path, ...]:
        """Return the files that are new, gone or other than at the last call."""
        before, self._print = self._print, self._look()
        return tuple(sorted({file for file, *_ in {*before} ^ {*self._print}}))

    def _look(self) -> Print:
        files = [file for place in self._places for file in (place.rglob("*.py") if place.is_dir() else (place,))]
        looked = []
        for file in sorted(files):
            try:
                status = file.stat()
            except OSError:
                continue  # Between an editor's two strokes a file may be gone.
            looked.append((file, status.st_mtime_ns, status.st_size))
        return tuple(looked)
