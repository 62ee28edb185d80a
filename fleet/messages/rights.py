"""Who may do what to whose rover: the mission's law, as every rover knows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple

import msgspec

from fleet.core import GROUND, AgencyId, RoverId, TaskId
from fleet.messages.body import Content
from fleet.messages.bulletin import Suspension
from fleet.messages.task import Task

#: What one agency may do to a rover of another: give it work, have it stand, draw charge from it, film it, tow it;
#: and to work of another: pause or cancel it.
Deed = Literal["task", "stop", "charge", "film", "tow", "cancel"]
DEEDS: Final[tuple[Deed, ...]] = ("task", "stop", "charge", "film", "tow", "cancel")
Rule = Literal["allow", "refuse", "ask"]
ALL: Final = "all"  #: Every agency, whoever leads, and mission control.
LEADER: Final = "leader"  #: Whoever leads the fleet.


class Right(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One line of the rights table."""

    who: str  #: An agency, `LEADER`, `fleet.core.GROUND` or `ALL`.
    what: Deed
    whose: str  #: The agency whose rovers they are, or whose work it is, or `ALL`.
    rule: Rule  #: ``ask``: the rover's mind decides.
    reason: str = ""


class Declined(Content, frozen=True):
    """I take no such work, whatever it is worth: its agency has no right to it, or I do not consent; wakes nobody."""

    task: TaskId
    reason: str


class Ruling(NamedTuple):
    """What the table says of one deed."""

    rule: Rule
    why: str = ""  #: Whose right is missing; empty where it is allowed.


ALLOWED: Final = Ruling("allow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The rights table and what it is about.

    Parameters
    ----------
    table
        Of two lines about the same, the later counts.
    agencies
        Of every rover.
    withdrawn
        Agencies that have left the mission: nobody works for them, and they for nobody.

    Notes
    -----
    Where no line is about a deed, an agency's own and all but stopping is allowed; a rover stands for its own agency,
    mission control and the leader. An agency always has the say over its own rovers.

    Examples
    --------
    >>> fleet = {RoverId("a"): AgencyId("CNSA"), RoverId("b"): AgencyId("METU")}
    >>> law = Law(table=(Right(who="CNSA", what="charge", whose="METU", rule="refuse"),), agencies=fleet)
    >>> law.ruling("charge", ["CNSA"], RoverId("b"))
    Ruling(rule='refuse', why='CNSA has no right to draw charge from b of METU')
    >>> law.ruling("charge", ["METU"], RoverId("b")).rule, law.ruling("charge", ["METU"], RoverId("a")).rule
    ('allow', 'allow')
    >>> law.ruling("stop", ["METU"], RoverId("a")).rule, law.ruling("stop", ["METU", LEADER], RoverId("a")).rule
    ('refuse', 'allow')
    """

    table: tuple[Right, ...] = ()
    agencies: Mapping[RoverId, AgencyId] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()

    @property
    def is_silent(self) -> bool:
        """Whether all is as where there is no table."""
        return not self.table and not self.withdrawn

    def without(self, withdrawn: Iterable[str]) -> Law:
        """Return the law once these agencies have withdrawn."""
        return replace(self, withdrawn=frozenset(withdrawn))

    def ruling(self, deed: Deed, by: Collection[str], rover: RoverId) -> Ruling:
        """Return whether something may be done to a rover.

        Parameters
        ----------
        by
            All that the one who wants it is: an agency, the leader, mission control.
        """
        owner = self.agencies.get(rover, AgencyId(""))
        gone = [agency for agency in (owner, *by) if agency in self.withdrawn] if deed == "task" else []
        if owner in by and not gone:
            return ALLOWED
        if gone:
            return Ruling("refuse", f"{gone[0]} has withdrawn from the mission")
        line = self._line(deed, by, owner)
        rule = self._default(deed, by) if line is None else line.rule
        if rule == "allow":
            return ALLOWED
        why = f"{_names(by)} has no right to {_DOING[deed]} {rover} of {owner or 'no agency'}"
        return Ruling(rule, f"{why}: {line.reason}" if line is not None and line.reason else why)

    def of_task(self, task: Task, rover: RoverId) -> Ruling:
        """Return whether a rover may be given a task, for itself and for whom it is done to."""
        asked = [self.ruling("task", (task.agency,), rover), *self._of_others(task, rover)]
        return next((ruling for ruling in asked if ruling.rule == "refuse"), asked[0])

    def of_suspension(self, by: str, agency: AgencyId) -> Ruling:
        """Return whether somebody may pause or cancel work of an agency: its own may, and mission control.

        >>> law = Law(table=(Right(who="CNSA", what="cancel", whose="METU", rule="allow"),))
        >>> [law.of_suspension(by, AgencyId("METU")).rule for by in ("ground", "METU", "CNSA", "ISA")]
        ['allow', 'allow', 'allow', 'refuse']
        """
        line = self._line("cancel", (by,), agency)
        if by in (GROUND, agency) or (line is not None and line.rule == "allow"):
            return ALLOWED
        why = f"{by} has no right to pause or cancel work of {agency}"
        return Ruling("refuse", f"{why}: {line.reason}" if line is not None and line.reason else why)

    def lawful(self, suspended: Iterable[Suspension]) -> tuple[Suspension, ...]:
        """Return those suspensions that whoever wants them may want."""
        return tuple(word for word in suspended if self.of_suspension(word.by, word.agency).rule == "allow")

    def may_draw(self, taker: RoverId, source: RoverId) -> bool:
        """Whether a rover may draw charge from another."""
        return self.ruling("charge", (self.agencies.get(taker, AgencyId("")),), source).rule == "allow"

    def _of_others(self, task: Task, rover: RoverId) -> Iterator[Ruling]:
        """Yield what the table says of those who are filmed, or towed."""
        match task.kind:
            case "film" | "tow" as deed:
                others = {step.bond.rover for step in task.steps if step.bond is not None}
                for other in sorted(name for name in others - {rover} if name is not None):
                    yield self.ruling(deed, (task.agency,), other)
            case _:
                pass

    def _line(self, deed: Deed, by: Collection[str], owner: AgencyId) -> Right | None:
        fits = (
            line
            for line in reversed(self.table)
            if line.what == deed and line.whose in (owner, ALL) and (line.who == ALL or line.who in by)
        )
        return next(fits, None)

    @staticmethod
    def _default(deed: Deed, by: Collection[str]) -> Rule:
        return "allow" if deed != "stop" or GROUND in by or LEADER in by else "refuse"


_DOING: Final[Mapping[Deed, str]] = {
    "task": "task",
    "stop": "stop",
    "charge": "draw charge from",
    "film": "film",
    "tow": "tow",
    "cancel": "cancel work of",
}


def _names(by: Collection[str]) -> str:
    return " as ".join("mission control" if who == GROUND else f"the {who}" if who == LEADER else who for who in by)
