"""Minds of somebody else's, of which one keeps what it knows and the others do not as they should."""

from __future__ import annotations

from fleet.agents import MicroAgent
from fleet.sdk import AgentContext, AgentView, Decision


class Forgetful:
    """Works, and offers no snapshot."""

    def __init__(self, context: AgentContext) -> None:
        self._mind = MicroAgent(context)
        self._asked = 0

    def decide(self, view: AgentView) -> Decision:
        """Decide, and wait longer each time it was asked."""
        self._asked += 1
        return Decision(wake=view.tick + self._asked)


class Diligent(Forgetful):
    """Keeps what it knows."""

    def snapshot(self) -> bytes:
        """Return how often it was asked."""
        return str(self._asked).encode()

    def restore(self, data: bytes) -> None:
        """Take in how often it was asked."""
        self._asked = int(data)


class Careless(Diligent):
    """Gives something else than bytes."""

    def snapshot(self) -> bytes:
        """Return what nobody can keep."""
        return self._asked  # type: ignore[return-value]


class Confused(Diligent):
    """Cannot read what it wrote."""

    def restore(self, data: bytes) -> None:
        """Raise what it likes."""
        raise ValueError("what is this?")
