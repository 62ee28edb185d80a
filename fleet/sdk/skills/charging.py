"""Charging in time: at a dock or beside a machine that has some to spare."""

from __future__ import annotations

from fleet.sdk import AgentContext, AgentView, Charge, Decision, Point, RoverId, Tick
from fleet.sdk.events import ChargeStopped
from fleet.sdk.skills.driving import PATIENCE
from fleet.sdk.skills.going import GoTo
from fleet.sdk.skills.upkeep import Upkeep


class Charging:
    """Goes to charge before the charge runs short, and stays until the battery is full.

    Parameters
    ----------
    reserve
        Share of the battery, 0 to 1, that is never planned with.

    Notes
    -----
    What counts is what the way to the charger, and the work that is about to begin, would use in the light they have.
    Where the fleet has no docks it has nothing to do.
    """

    def __init__(self, context: AgentContext, *, reserve: float = 0.3) -> None:
        self._context = context
        self._upkeep = Upkeep(context, reserve)
        self._go = GoTo(context)
        self._chosen: tuple[RoverId, Point] | None = None
        self._retry: Tick | None = None

    def onward(self, view: AgentView) -> Decision | None:
        """Return what to do for the charge; None while there is enough."""
        self._upkeep.notice(view)
        is_charged = view.observation.activity == "charging"
        if not self._upkeep.is_charging:
            if is_charged and self._chosen is None:
                return Decision()  # Another has come to charge it.
            self._chosen, self._retry = (self._chosen if is_charged else None), None
            return None
        self._chosen = source, place = self._upkeep.charger(view, self._chosen)
        going = self._go.toward(view, place)
        if going is not None:
            if self._go.waits:
                self._upkeep.bar(self._chosen)
            return going
        if is_charged:
            return Decision()
        if any(isinstance(event, ChargeStopped) and event.reason != "full" for event in view.observation.events):
            self._retry = view.tick + self._context.time.tick(PATIENCE)
        if self._retry is not None and view.tick < self._retry:
            return Decision(wake=self._retry)
        return Decision(command=Charge(source=source))


class Sleeping:
    """Sleeps while it is dark; by day lets the panels face the Sun. Always has something to do: ask it last."""

    def __init__(self, context: AgentContext, *, reserve: float = 0.3) -> None:
        self._upkeep = Upkeep(context, reserve)

    def onward(self, view: AgentView) -> Decision | None:
        """Return how to rest here."""
        return self._upkeep.wait_for_sun(view) if self._upkeep.is_dark(view) else self._upkeep.rest(view)
