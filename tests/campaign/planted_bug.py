"""A mind with a bug that shows only when it is made anew at a certain time, named as ``planted_bug:Forgetful``."""

from __future__ import annotations

from fleet.agents import MicroAgent
from fleet.sdk import AgentContext, AgentView, Decision

_UNDER_WAY = range(20, 40)  # Ticks at which it would have had something to remember.


class Forgetful(MicroAgent):
    """Looks up what it noted when it set out, also when it was made anew since."""

    def __init__(self, context: AgentContext) -> None:
        super().__init__(context)
        self._notes: dict[str, int] = {}

    def decide(self, view: AgentView) -> Decision:
        """Decide as a micro-rover does, if it knows since when it is there."""
        if not self._notes and view.tick in _UNDER_WAY:
            raise KeyError("set out")
        self._notes["set out"] = view.tick
        return super().decide(view)
