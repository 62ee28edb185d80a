"""What a rover lets others do with it: the rights table, and its mind where that says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from fleet.core import RoverId, TaskId
from fleet.messages import LEADER, Deed, Halt, Law, Ruling, Suspension, Task
from fleet.runtime.turn import Turn
from fleet.sdk.view import Plea

#: Asks the rover's mind for its consent; returns why it does not give it, empty when it does.
AskMind = Callable[[Plea, Turn], str]


class Rights:
    """Whose orders one rover heeds, and whose work it takes.

    Parameters
    ----------
    law
        At the start of the mission.
    ask
        Where the table leaves it to the mind.

    Examples
    --------
    >>> from fleet.core import AgencyId
    >>> law = Law(agencies={RoverId("a"): AgencyId("CNSA"), RoverId("b"): AgencyId("METU")})
    >>> rights = Rights(RoverId("a"), law, lambda plea, turn: "")
    >>> turn = Turn.__new__(Turn)
    >>> rights.against_halt(Halt(rover=RoverId("a"), by="CNSA", since=0), turn)
    ''
    >>> rights.against(RoverId("b"), RoverId("b"), turn)
    ''
    >>> rights.against(RoverId("b"), None, turn)
    'a of CNSA stands for mission control, CNSA and the leader, not for b of METU'
    """

    def __init__(self, rover: RoverId, law: Law, ask: AskMind) -> None:
        self.law = law  #: As it is now.
        self.rover = rover
        #: Tasks that are paused or cancelled, by who may do that; of several who want it, one that cancels counts.
        self.suspended: Mapping[TaskId, Suspension] = MappingProxyType({})
        self._ask = ask

    def against(self, sender: RoverId, leader: RoverId | None, turn: Turn) -> str:
        """Return why another rover's order to stand is not heeded; empty when it is."""
        agency = self.law.agencies.get(sender)
        by = [agency or "no agency", *([LEADER] if sender == leader else [])]
        return self._against_stop(by, f"{sender} of {agency or 'no agency'}", turn)

    def against_halt(self, halt: Halt, turn: Turn) -> str:
        """Return why an order of mission control, or of an agency's, is not heeded; empty when it is."""
        return self._against_stop([halt.by], halt.by, turn)

    def against_task(self, task: Task, turn: Turn) -> str:
        """Return why a task is not taken, whatever it is worth; empty when it may be."""
        word = self.suspended.get(task.id)
        if word is not None:
            return word.told()
        return self._judged(self.law.of_task(task, self.rover), "task", (task.agency,), turn, task)

    def suspend(self, suspended: Collection[Suspension]) -> None:
        """Take in at which tasks nobody is to work."""
        lawful = sorted(self.law.lawful(suspended), key=lambda word: word.for_good)
        found = {word.task: word for word in lawful}
        if found != self.suspended:
            self.suspended = MappingProxyType(found)

    def withdraw(self, agencies: Collection[str]) -> bool:
        """Take in who has left the mission; return whether that is news."""
        if frozenset(agencies) == self.law.withdrawn:
            return False
        self.law = self.law.without(agencies)
        return True

    def _against_stop(self, by: Collection[str], giver: str, turn: Turn) -> str:
        ruling = self.law.ruling("stop", by, self.rover)
        if ruling.rule == "refuse" and not any(line.what == "stop" for line in self.law.table):
            own = self.law.agencies[self.rover]
            return f"{self.rover} of {own} stands for mission control, {own} and the leader, not for {giver}"
        return self._judged(ruling, "stop", by, turn)

    def _judged(self, ruling: Ruling, deed: Deed, by: Collection[str], turn: Turn, task: Task | None = None) -> str:
        if ruling.rule == "allow":
            return ""
        if ruling.rule == "refuse":
            return ruling.why
        plea = Plea(deed=deed, by=" as ".join(by), observation=turn.observation(()), task=task)
        refused = self._ask(plea, turn)
        return f"{self.rover} does not consent: {refused}" if refused else ""
