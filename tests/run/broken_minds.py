"""Minds that break their contract, named by scenarios of the tests as ``broken_minds:Class``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

from fleet.agents import MicroAgent
from fleet.sdk import AgentView, Bid, Decision, RoverId, Task, TaskId

BREAKS_AT = 40  #: Seconds into the mission, when it has work and is on its way.


class _Good(MicroAgent):
    """Works as it should, asked every second so that it can break when it is to."""

    def decide(self, view: AgentView) -> Decision:
        """Break at the time, be good before."""
        if view.tick >= BREAKS_AT:
            return self.break_contract()
        decision = super().decide(view)
        return replace(decision, wake=view.tick + 1)

    def break_contract(self) -> Decision:
        """Return what no mind may, or do not return."""
        raise NotImplementedError


class Raises(_Good):
    """Falls over."""

    def break_contract(self) -> Decision:
        """Raise what it likes."""
        raise LookupError("lost the map")


class Hangs(_Good):
    """Never comes to an end."""

    def break_contract(self) -> Decision:
        """Go round for ever."""
        while True:
            pass


class Babbles(_Good):
    """Answers what is no decision."""

    def break_contract(self) -> Decision:
        """Return a string."""
        return "forward!"  # type: ignore[return-value]  # the point of it


class Exits(_Good):
    """Wants to end the process that it shares with others."""

    def break_contract(self) -> Decision:
        """Exit."""
        sys.exit(7)


class Chats(MicroAgent):
    """Does what it should and talks about it."""

    def decide(self, view: AgentView) -> Decision:
        """Print, then decide."""
        print(f"{view.rover} was asked")  # noqa: T201 - the point of it
        return super().decide(view)


class Loses:
    """An allocator that raises."""

    def award(self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]) -> tuple[()]:
        """Raise."""
        raise LookupError("lost the bids")


class Invents:
    """An allocator that gives work to somebody who does not exist."""

    def award(
        self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]
    ) -> tuple[tuple[TaskId, RoverId, float], ...]:
        """Return what nobody bid for."""
        return ((tasks[0].id, RoverId("nobody"), 1.0),)


class NeverMade:
    """Cannot even be made, neither as a mind nor as a planner nor as an allocator."""

    def __init__(self, *given: object) -> NoReturn:
        raise OSError("no wheels")

    def decide(self, view: AgentView) -> Decision:
        """Never asked."""
        return Decision()

    plan = costs = award = decide
