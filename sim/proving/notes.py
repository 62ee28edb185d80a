"""What is noted while a plugin is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fleet.sdk.testing import Breach

#: What a plugin decided, in order: tick, and what it was, in words.
Trace = list[tuple[int, str]]


@dataclass(slots=True)
class Notes:
    """Rules that something was seen of, those that were broken, and what the plugin decided."""

    tell: Callable[[str], None] = lambda _: None  #: Told what is being looked at.
    breaches: list[Breach] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    trace: Trace = field(default_factory=list)

    def judge(self, *rules: str) -> None:
        """Note that there was something to judge these rules by."""
        self.judged.update(rules)

    def breach(self, rule: str, seen: str) -> None:
        """Note that a rule is broken."""
        self.judged.add(rule)
        self.breaches.append(Breach(rule=rule, seen=seen))


def first_difference(one: Trace, other: Trace) -> str:
    """Return where two traces part, in words; empty when they are the same.

    >>> first_difference([(3, "Stop()")], [(3, "Stop()"), (9, "Work()")])
    'at tick 9: nothing, and Work()'
    """
    for index in range(max(len(one), len(other))):
        mine = one[index] if index < len(one) else None
        theirs = other[index] if index < len(other) else None
        if mine != theirs:
            tick = min(entry[0] for entry in (mine, theirs) if entry is not None)
            a, b = ("nothing" if entry is None or entry[0] != tick else entry[1] for entry in (mine, theirs))
            return f"at tick {tick}: {a}, and {b}"
    return ""
