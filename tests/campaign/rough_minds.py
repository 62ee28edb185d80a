"""Minds that take the process that they live in down with them, named as ``rough_minds:Class``."""

from __future__ import annotations

import os

from fleet.agents import MicroAgent
from fleet.sdk import AgentContext, AgentView, Decision


class Ends(MicroAgent):
    """Ends the process at once, as compiled code that goes wrong does."""

    def __init__(self, context: AgentContext) -> None:
        super().__init__(context)

    def decide(self, view: AgentView) -> Decision:
        """Be gone."""
        os._exit(13)


class Stops(MicroAgent):
    """Cannot be interrupted and never returns."""

    def decide(self, view: AgentView) -> Decision:
        """Raise nothing, return nothing, and let no alarm through."""
        while True:
            try:
                while True:
                    pass
            except BaseException:
                continue
