"""Minds that break their contract, named by scenarios of the tests as ``broken_minds:Class``."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from fleet.agents import MicroAgent
from fleet.sdk import AgentContext, AgentView, Decision

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


class NeverMade:
    """Cannot even be made."""

    def __init__(self, context: AgentContext) -> NoReturn:
        raise OSError(f"no wheels on {context.rover}")

    def decide(self, view: AgentView) -> Decision:
        """Never asked."""
        return Decision()
