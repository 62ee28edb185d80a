"""All expectations over moments of a scenario, followed while it runs or over its recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.record.entries import Entry, Frame, Opening, Said, TaskChanged
from sim.scenario import Expectation
from sim.scenario.expect_schema import Expect
from sim.verdict.conditions import speaks_of_each
from sim.verdict.finding import Finding
from sim.verdict.moments import MONITORS, EachMonitor, Monitor, WordsMonitor, conditions_of, of_rover
from sim.verdict.plugin_check import PluginCheck
from sim.verdict.signals import Present

MOMENT_RULES: Final = frozenset((*MONITORS, "said", "check"))


class MomentWatch:
    """A sink that judges moments; ask `findings` at the end.

    Parameters
    ----------
    expectations
        Of the scenario; those about the run as a whole are passed over.
    """

    def __init__(self, expectations: Sequence[Expectation]) -> None:
        self._now = Present()
        self._rules = {
            index: (item.name, _rule(item)) for index, item in enumerate(expectations) if item.name in MOMENT_RULES
        }
        self._monitors: dict[int, Monitor] = {}
        self._words: dict[int, WordsMonitor] = {}
        self._checks = {index: PluginCheck(rule) for index, (name, rule) in self._rules.items() if name == "check"}

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self._rules)

    def write(self, entry: Entry) -> None:
        """Take in the next entry of the recording."""
        match entry:
            case Opening():
                self._open(entry)
            case Frame():
                self._now.look(entry)
                for monitor in self._monitors.values():
                    monitor.look(self._now)
            case TaskChanged():
                self._now.change(entry)
            case Said():
                for words in self._words.values():
                    words.hear(entry)
            case _:  # what else happens shows in the frames
                pass
        for check in self._checks.values():
            check.write(entry)

    def close(self) -> None:
        """Nothing is held open."""

    def findings(self) -> Mapping[int, Finding]:
        """Return what came of each, by its place among all expectations."""
        found = {index: monitor.finding(self._now) for index, monitor in self._monitors.items()}
        found |= {index: words.finding(self._now) for index, words in self._words.items()}
        return found | {index: check.finding() for index, check in self._checks.items()}

    def _open(self, opening: Opening) -> None:
        self._now.open(opening)
        for index, (name, rule) in self._rules.items():
            if name == "said":
                self._words[index] = WordsMonitor(rule, opening.dt)
            elif name in MONITORS:
                self._monitors[index] = self._monitor(name, rule)

    def _monitor(self, name: str, rule: Any) -> Monitor:
        make = MONITORS[name]
        if not any(speaks_of_each(condition) for _, condition in conditions_of(name, rule)):
            return make(rule)
        return EachMonitor(make(rule), [make(of_rover(name, rule, rover)) for rover in self._now.rovers])


def _rule(item: Expectation) -> Any:
    return getattr(Expect.model_validate({item.name: _thawed(item.value)}), item.name)


def _thawed(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _thawed(inner) for key, inner in value.items()}
    return [_thawed(inner) for inner in value] if isinstance(value, tuple) else value
