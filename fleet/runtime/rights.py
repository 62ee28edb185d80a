"""Whose orders to stand a rover heeds."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.core import GROUND, AgencyId, RoverId
from fleet.messages import Halt


class Rights:
    """Who may have one rover stand: mission control, its own agency, and whoever leads the fleet.

    Parameters
    ----------
    agencies
        Of every rover.

    Examples
    --------
    >>> rights = Rights(RoverId("a"), {RoverId("a"): AgencyId("CNSA"), RoverId("b"): AgencyId("METU")})
    >>> rights.against_halt(Halt(rover=RoverId("a"), by="CNSA", since=0)), rights.against(RoverId("b"), RoverId("b"))
    ('', '')
    >>> rights.against(RoverId("b"), None)
    'a of CNSA stands for mission control, CNSA and the leader, not for b of METU'
    """

    def __init__(self, rover: RoverId, agencies: Mapping[RoverId, AgencyId]) -> None:
        self._rover = rover
        self._agencies = agencies

    def against(self, sender: RoverId, leader: RoverId | None) -> str:
        """Return why another rover's order to stand is not heeded; empty when it is."""
        own = self._agencies[self._rover]
        agency = self._agencies.get(sender)
        return "" if sender == leader or agency == own else self._refusal(f"{sender} of {agency or 'no agency'}")

    def against_halt(self, halt: Halt) -> str:
        """Return why an order of mission control, or of an agency's, is not heeded; empty when it is."""
        return "" if halt.by in (GROUND, self._agencies[self._rover]) else self._refusal(halt.by)

    def _refusal(self, giver: str) -> str:
        own = self._agencies[self._rover]
        return f"{self._rover} of {own} stands for mission control, {own} and the leader, not for {giver}"
