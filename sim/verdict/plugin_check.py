"""Checks of somebody else's: a plugin that reads the entries of a run and says what it thinks of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from fleet.core import ConfigError, PluginError
from fleet.runtime import load_plugin
from sim.record.entries import Entry
from sim.scenario.expect_schema import CheckItem
from sim.verdict.finding import Finding

T = TypeVar("T")


class RunCheck(Protocol):
    """What a plugin of the group ``moonfleet.checks`` makes, from the arguments that the scenario gives it.

    Nothing is inherited. What it raises fails the expectation, with what it was.
    """

    def write(self, entry: Entry) -> None:
        """Take in the next entry of the recording, from the `Opening` to the `Closing`."""
        ...

    def finding(self) -> Finding:
        """Return what came of it, when there will be no more entries."""
        ...


class PluginCheck:
    """One check, and the fence around it."""

    def __init__(self, item: CheckItem) -> None:
        self._item = item
        self._broken = ""
        self._check: RunCheck | None = None
        arguments: Mapping[str, Any] = MappingProxyType(dict(item.arguments))
        try:
            make = load_plugin("moonfleet.checks", item.plugin)
        except (ConfigError, PluginError) as error:
            self._broken = str(error).partition("\n")[0]
        else:
            self._check = self._fenced(lambda: make(arguments))

    def write(self, entry: Entry) -> None:
        """Give it an entry."""
        check = self._check
        if check is not None and not self._broken:
            self._fenced(lambda: check.write(entry))

    def finding(self) -> Finding:
        """Return what it found, or how it broke."""
        check = self._check
        found = self._fenced(check.finding) if check is not None and not self._broken else None
        if not self._broken and not isinstance(found, Finding):
            self._broken = f"gave {type(found).__name__}, which is no Finding"
        if self._broken or found is None:
            return Finding(False, f"check {self._item.plugin}", f"it broke: {self._broken}")
        return found

    def _fenced(self, call: Callable[[], T]) -> T | None:
        try:
            return call()
        except Exception as error:  # the fence around a plugin, which may raise anything
            self._broken = f"{type(error).__name__}: {error}"
            return None
