"""Expectations over moments: always, eventually, within, until, how long, and what was said.

A moment is a frame: there is one whenever anything happened, and at least every ``frame_every``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Protocol

from fleet.core import RoverId, Tick, format_elapsed
from sim.record.entries import Said
from sim.scenario.condition_schema import Always, Condition, Eventually, Lasts, Until, Window, Within, Words
from sim.verdict.conditions import holds, rover_of, told, value_told, with_rover
from sim.verdict.finding import Finding
from sim.verdict.signals import Present


class Monitor(Protocol):
    """Follows one expectation."""

    def look(self, now: Present) -> None:
        """Take in the present."""
        ...

    def finding(self, now: Present) -> Finding:
        """Return what came of it, at the end."""
        ...


class _Windowed:
    """What is looked at from a time on, until another."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def _is_open(self, now: Present) -> bool:
        seconds, window = now.tick * now.dt, self._window
        return seconds >= window.from_ and (window.until is None or seconds <= window.until)

    def _when(self) -> str:
        window = self._window
        words = f" from {format_elapsed(window.from_)}" if window.from_ else ""
        return words + (f" until {format_elapsed(window.until)}" if window.until is not None else "")


def _at(now: Present) -> str:
    return format_elapsed(now.tick * now.dt)


def _rover(condition: Condition) -> RoverId | None:
    rover = rover_of(condition)
    return RoverId(rover) if rover is not None else None


class _AlwaysMonitor(_Windowed):
    def __init__(self, rule: Always) -> None:
        super().__init__(rule)
        self._condition = rule
        self._broken: tuple[Tick, str] | None = None

    def look(self, now: Present) -> None:
        if self._broken is None and self._is_open(now) and not holds(self._condition, now):
            self._broken = now.tick, f"{value_told(self._condition, now)} at {_at(now)}"

    def finding(self, now: Present) -> Finding:  # noqa: ARG002 - as others do
        expected = f"always {told(self._condition)}{self._when()}"
        if self._broken is None:
            return Finding(True, expected, "always so")
        return Finding(False, expected, self._broken[1], self._broken[0], _rover(self._condition))


class _EventuallyMonitor(_Windowed):
    def __init__(self, rule: Eventually) -> None:
        super().__init__(rule)
        self._condition = rule
        self._found: Tick | None = None
        self._last: tuple[Tick, str] | None = None

    def look(self, now: Present) -> None:
        if self._found is not None or not self._is_open(now):
            return
        if holds(self._condition, now):
            self._found = now.tick
        self._last = now.tick, f"{value_told(self._condition, now)} at {_at(now)}"

    def finding(self, now: Present) -> Finding:
        expected = f"at some moment {told(self._condition)}{self._when()}"
        if self._found is not None:
            return Finding(True, expected, f"at {format_elapsed(self._found * now.dt)}", self._found)
        tick, got = self._last or (now.tick, "no such moment")
        return Finding(False, expected, f"never; {got}", tick, _rover(self._condition))


class _WithinMonitor(_Windowed):
    def __init__(self, rule: Within) -> None:
        super().__init__(rule)
        self._rule = rule
        self._was = False
        self._waits: list[Tick] = []  # When it came to be, of those that nothing followed yet.
        self._answered = 0
        self._late: tuple[Tick, Tick, str] | None = None

    def look(self, now: Present) -> None:
        self._give_up(now)
        is_so = holds(self._rule.after, now)
        if is_so and not self._was and self._is_open(now):
            self._waits.append(now.tick)
        self._was = is_so
        if self._waits and holds(self._rule.then, now):
            self._answered += len(self._waits)
            self._waits = []

    def _give_up(self, now: Present) -> None:
        for began in self._waits:
            if self._late is None and (now.tick - began) * now.dt > self._rule.time:
                self._late = began, now.tick, value_told(self._rule.then, now)
        self._waits = [began for began in self._waits if (now.tick - began) * now.dt <= self._rule.time]

    def finding(self, now: Present) -> Finding:
        rule = self._rule
        expected = f"{told(rule.then)} within {format_elapsed(rule.time)} of {told(rule.after)}{self._when()}"
        if self._late is not None:
            began, tick, value = self._late
            got = f"{told(rule.after)} at {format_elapsed(began * now.dt)}, and then {value}"
            return Finding(False, expected, got, tick, _rover(rule.then))
        open_still = f", {len(self._waits)} open at the end" if self._waits else ""
        return Finding(True, expected, f"{self._answered} times so{open_still}")


class _UntilMonitor(_Windowed):
    def __init__(self, rule: Until) -> None:
        super().__init__(rule)
        self._rule = rule
        self._came: Tick | None = None
        self._broken: tuple[Tick, str] | None = None

    def look(self, now: Present) -> None:
        if self._came is not None or self._broken is not None or not self._is_open(now):
            return
        if holds(self._rule.then, now):
            self._came = now.tick
        elif not holds(self._rule.hold, now):
            self._broken = now.tick, f"{value_told(self._rule.hold, now)} at {_at(now)}, before that"

    def finding(self, now: Present) -> Finding:
        rule = self._rule
        expected = f"{told(rule.hold)} until {told(rule.then)}{self._when()}"
        if self._came is not None:
            return Finding(True, expected, f"until {format_elapsed(self._came * now.dt)}", self._came)
        if self._broken is not None:
            return Finding(False, expected, self._broken[1], self._broken[0], _rover(rule.hold))
        return Finding(False, expected, f"{value_told(rule.then, now)} at the end", now.tick, _rover(rule.then))


class _LastsMonitor(_Windowed):
    def __init__(self, rule: Lasts) -> None:
        super().__init__(rule)
        self._rule = rule
        self._ticks = 0
        self._since: Tick | None = None  # The last moment, where it was so then.
        self._over: Tick | None = None  # When it had lasted longer than it may.

    def look(self, now: Present) -> None:
        if self._since is not None:
            self._ticks += now.tick - self._since
            if self._over is None and self._rule.at_most is not None and self._ticks * now.dt > self._rule.at_most:
                self._over = now.tick
        self._since = now.tick if self._is_open(now) and holds(self._rule.when, now) else None

    def finding(self, now: Present) -> Finding:
        rule, seconds = self._rule, self._ticks * now.dt
        low, high = rule.at_least, rule.at_most
        words = [f"at least {format_elapsed(low)}" if low is not None else ""]
        words += [f"at most {format_elapsed(high)}" if high is not None else ""]
        expected = f"{told(rule.when)} for {' and '.join(word for word in words if word)}{self._when()}"
        passed = (low is None or seconds >= low) and (high is None or seconds <= high)
        tick = None if passed else self._over if self._over is not None else now.tick
        return Finding(passed, expected, f"for {format_elapsed(seconds)}", tick, _rover(rule.when))


class WordsMonitor(_Windowed):
    """Counts what is said."""

    def __init__(self, rule: Words, dt: float) -> None:
        super().__init__(rule)
        self._rule = rule
        self._dt = dt
        self._count = 0
        self._last: tuple[Tick, RoverId] | None = None

    def hear(self, said: Said) -> None:
        """Take in what was said."""
        rule, message = self._rule, said.message
        seconds = message.tick * self._dt
        if seconds < rule.from_ or (rule.until is not None and seconds > rule.until):
            return
        if type(message.body).__name__ != rule.kind or rule.sender not in (None, message.sender):
            return
        if rule.to not in (None, message.to) or (
            rule.heard_by is not None and all(rover != rule.heard_by for rover, _ in said.heard)
        ):
            return
        self._count += 1
        if rule.at_most is None or self._count <= rule.at_most + 1:
            self._last = message.tick, message.sender

    def finding(self, now: Present) -> Finding:
        """Return whether it was said so often."""
        rule = self._rule
        low, high = rule.at_least, rule.at_most
        words = [f"at least {low}" if low is not None else "", f"at most {high}" if high is not None else ""]
        whose = f" of {rule.sender}" if rule.sender else ""
        whose += f" to {rule.to}" if rule.to else ""
        whose += f" heard by {rule.heard_by}" if rule.heard_by else ""
        expected = f"{' and '.join(word for word in words if word)} {rule.kind}{whose}{self._when()}"
        passed = (low is None or self._count >= low) and (high is None or self._count <= high)
        if self._last is None:
            return Finding(passed, expected, "none", None if passed else now.tick)
        got = f"{self._count}, {'the last' if high is None else 'one'} at {format_elapsed(self._last[0] * self._dt)}"
        return Finding(passed, expected, got, *self._last)


class EachMonitor:
    """One monitor for each rover; the first that is not as expected tells."""

    def __init__(self, each: Monitor, monitors: Sequence[Monitor]) -> None:
        self._each = each  # Tells what is expected.
        self._monitors = monitors

    def look(self, now: Present) -> None:
        for monitor in self._monitors:
            monitor.look(now)

    def finding(self, now: Present) -> Finding:
        findings = [monitor.finding(now) for monitor in self._monitors]
        failed = [finding for finding in findings if not finding.passed]
        if failed:
            return min(failed, key=lambda finding: now.tick if finding.tick is None else finding.tick)
        return Finding(True, self._each.finding(now).expected, "so for each")


MONITORS: Final[Mapping[str, Callable[[Any], Monitor]]] = MappingProxyType(
    {
        "always": _AlwaysMonitor,
        "eventually": _EventuallyMonitor,
        "within": _WithinMonitor,
        "until": _UntilMonitor,
        "lasts": _LastsMonitor,
    }
)
_CONDITIONS: Final = MappingProxyType({"within": ("after", "then"), "until": ("hold", "then"), "lasts": ("when",)})


def conditions_of(name: str, rule: Any) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions in a rule, each with its key; the rule may itself be one."""
    if isinstance(rule, Condition):
        yield "", rule
    else:
        yield from ((key, getattr(rule, key)) for key in _CONDITIONS[name])


def of_rover(name: str, rule: Any, rover: str) -> Any:
    """Return a rule about each rover as one about this one."""
    changed = {key: with_rover(condition, rover) for key, condition in conditions_of(name, rule)}
    return changed[""] if "" in changed else rule.model_copy(update=changed)
