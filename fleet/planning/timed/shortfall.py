"""Why there is no plan in time: how much is short, where and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from fleet.core import MissionTime, Point, Tick
from fleet.planning.timed.query import Answer, Query, Spot, wish_of
from fleet.sdk.timed import Demand, NoTimedPlan, Outset
from fleet.terrain import Terrain

_HALVINGS: Final = 4
_WH: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """What is missing for a plan."""

    short: float
    spot: Spot  #: Where the charge comes below the reserve.


class Shortfall:
    """Looks for the reason of one refusal."""

    def __init__(self, query: Query, terrain: Terrain, time: MissionTime, outset: Outset, budget: int) -> None:
        self._budget = budget  # Labels for each search after a reason.
        self._query, self._terrain, self._time, self._outset = query, terrain, time, outset

    def told(self, answer: Answer, demand: Demand, until: Tick) -> NoTimedPlan:
        """Return why there is no plan, after a search that found none."""
        outset, soonest = self._outset, self._query.soonest()
        if soonest > until - outset.tick:
            at = self._date(outset.tick + int(soonest))
            return NoTimedPlan(reason=f"too late: on the quickest way it is there at {at}, not by {self._date(until)}")
        if demand.has_haven and self._gap(replace(demand, has_haven=False), until) is None:
            gap = self._gap(demand, until)
            return self._tell("there, but with no haven in reach afterwards: ", gap, answer)
        return self._tell("", self._gap(demand, until), answer)

    def _gap(self, demand: Demand, until: Tick) -> _Gap | None:
        """Return the least charge that is missing, as near as a few searches tell; None for nothing."""
        if self._answer(demand, until, 0.0).spots:
            return None
        # More than could be used up in all the time that is looked at.
        supply, sky = self._query.supply, self._query.sky
        found = self._answer(demand, until, float(supply.working.max()) * len(sky.sun) * sky.every * supply.dt * 10.0)
        if not found.spots:
            return _Gap(short=0.0, spot=Spot(node=0, tick=0, charge=0.0))
        least, most = 0.0, self._lack(found, demand)
        for _ in range(_HALVINGS):
            middle = 0.5 * (least + most)
            trial = self._answer(demand, until, middle)
            if trial.spots:
                most, found = min(middle, self._lack(trial, demand)), trial
            else:
                least = middle
        below = next((spot for spot in found.spots if spot.charge < self._outset.reserve), found.spots[-1])
        return _Gap(short=most, spot=below)

    def _lack(self, answer: Answer, demand: Demand) -> float:
        return self._outset.reserve - self._query.least(answer.spots, has_haven=demand.has_haven)

    def _answer(self, demand: Demand, until: Tick, less: float) -> Answer:
        """Return the plan with a reserve that is lower by so much."""
        wish = wish_of(demand, until - self._outset.tick)
        return self._query.plan(self._outset.charge, self._outset.reserve - less, wish, self._budget)

    def _tell(self, lead: str, gap: _Gap | None, answer: Answer) -> NoTimedPlan:
        if gap is None or gap.short <= 0.0:
            spent = f"the search's budget of {answer.labels} partial plans is used up" if answer.spent else ""
            return NoTimedPlan(reason=lead + (spent or "no plan keeps the reserve in this time"))
        tick, point = self._outset.tick + gap.spot.tick, self._place(gap.spot)
        where = self._where(gap.spot, point)
        reserve = self._outset.reserve / _WH
        fact = f"{gap.short / _WH:.1f} Wh short: the charge is down to the reserve of {reserve:.1f} Wh at "
        return NoTimedPlan(reason=f"{lead}{fact}{self._date(tick)}, {where}", short=gap.short, tick=tick, point=point)

    def _place(self, spot: Spot) -> Point:
        node = spot.node % len(self._query.net.x)
        return (float(self._query.net.x[node]), float(self._query.net.y[node]))

    def _where(self, spot: Spot, point: Point) -> str:
        zones = [zone.id for zone in self._terrain.zones_at(point)]
        lamp = int(self._query.lamps[spot.node % len(self._query.net.x), spot.tick // self._query.sky.every])
        ground = "in shadow" if 0 < lamp <= 100 else "in the light"
        spell = f"{ground} at ({point[0]:.0f}, {point[1]:.0f})"
        return f"in zone {', '.join(zones)}, {spell}" if zones else spell

    def _date(self, tick: Tick) -> str:
        return f"{self._time.utc(tick):%Y-%m-%d %H:%M} UTC"
