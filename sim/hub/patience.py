"""How long hosts are waited for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Wall seconds."""

    greeting: float = 120.0  #: Start of the processes, and making all agents.
    answer: float = 5.0  #: On top of what the agents themselves may take.
