"""Minds that take the process that they live in down with them, named as ``rough_minds:Class``."""

from __future__ import annotations

import os
import signal

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
    """Stands still with its whole process, where no alarm of the process's own reaches it."""

    def decide(self, view: AgentView) -> Decision:
        """Stop, as compiled code that waits for ever does."""
        os.kill(os.getpid(), signal.SIGSTOP)
        return super().decide(view)
