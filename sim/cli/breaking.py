"""`run --break-at`: the debugger inside one agent's decision."""

from __future__ import annotations

import os
import sys
from bdb import BdbQuit
from pdb import Pdb
from typing import Final

from fleet.core import RoverId, Tick
from fleet.runtime import MakeAgent, Seat
from fleet.sdk import Agent, AgentContext, AgentView, Decision

_OURS: Final = ("fleet.runtime.*", "fleet.core.*", "fleet.bus.*", "sim.*")


def halting_seat(rover: RoverId, tick: Tick) -> Seat:
    """Return a seat in which the agent of one rover is looked into from a tick on; the others are as ever."""

    def seat(make: MakeAgent, context: AgentContext) -> Agent:
        agent = make(context)
        return _Halting(agent, tick) if context.rover == rover else agent

    return seat


class _Halting:
    """An agent whose first decision at or after a tick is made in the debugger."""

    def __init__(self, agent: Agent, tick: Tick) -> None:
        self._agent = agent
        self._tick: Tick | None = tick

    def decide(self, view: AgentView) -> Decision:
        """Return what the agent decides.

        Raises
        ------
        KeyboardInterrupt
            When the person has quit the debugger.
        """
        if self._tick is None or view.tick < self._tick:
            return self._agent.decide(view)
        self._tick = None
        try:
            return self._look_into(view)
        except BdbQuit:
            raise KeyboardInterrupt from None

    def _look_into(self, view: AgentView) -> Decision:
        if os.environ.get("PYTHONBREAKPOINT"):
            breakpoint()
            return self._agent.decide(view)
        # Stops at the first line of the decision; breakpoints that are set there are met in later ones, too.
        debugger = Pdb(skip=_OURS)
        debugger.reset()
        sys.settrace(debugger.trace_dispatch)
        return self._agent.decide(view)
