"""Minds that spoil a run, named as ``rough_minds:Class``."""

from __future__ import annotations

import os

from fleet.agents import MicroAgent
from fleet.sdk import AgentContext, AgentView, Decision, Turn


class Ends(MicroAgent):
    """Ends the process at once, as compiled code that goes wrong does."""

    def __init__(self, context: AgentContext) -> None:
        super().__init__(context)

    def decide(self, view: AgentView) -> Decision:
        """Be gone."""
        os._exit(13)


class Raises(MicroAgent):
    """Breaks its contract."""

    def decide(self, view: AgentView) -> Decision:
        """Fail."""
        raise ValueError("<not & allowed in XML: \x01>")


class Dices(MicroAgent):
    """Looks where the order of a set says, which another process has otherwise."""

    def decide(self, view: AgentView) -> Decision:
        """Decide by chance that nobody gave."""
        first = next(iter({"a", "b", "c", "d", "e", "f", "g", "h"}))
        return Decision(command=Turn(heading=0.1 * ord(first) - 10.0), wake=view.tick + 60)
