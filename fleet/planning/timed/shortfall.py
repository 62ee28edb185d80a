"""Why there is no plan in time: how much is short, where and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from fleet.core import MissionTime, Point, Tick
from fleet.planning.timed.query import NEVER, Answer, Query, Spot
from fleet.sdk import Demand, NoTimedPlan, Outset
from fleet.terrain import Terrain

_HALVINGS: Final = 5
_BUDGET: Final = 150_000  # Labels for each search after a reason.
_WH: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """What is missing for a plan."""

    short: float
    spot: Spot  #: Where the charge comes below the reserve.


class Shortfall:
    """Looks for the reason of one refusal."""

    def __init__(self, query: Query, terrain: Terrain, time: MissionTime, outset: Outset) -> None:
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
        """Return the least charge that is missing, to a thirtieth of what the quickest way lacks; None for nothing."""
        least, most = 0.0, 0.0
        found = self._answer(demand, until, 0.0)
        if found.spots:
            return None
        found = self._answer(demand, until, None)
        if not found.spots:
            return _Gap(short=0.0, spot=Spot(node=0, tick=0, charge=0.0))
        most = self._outset.reserve - min(spot.charge for spot in found.spots)
        for _ in range(_HALVINGS):
            middle = 0.5 * (least + most)
            trial = self._answer(demand, until, middle)
            if trial.spots:
                most, found = min(middle, self._outset.reserve - min(spot.charge for spot in trial.spots)), trial
            else:
                least = middle
        below = next((spot for spot in found.spots if spot.charge < self._outset.reserve), found.spots[-1])
        return _Gap(short=most, spot=below)

    def _answer(self, demand: Demand, until: Tick, less: float | None) -> Answer:
        """Return the plan with a reserve that is lower by so much; None for no reserve at all."""
        reserve = NEVER if less is None else self._outset.reserve - less
        return self._query.answer(
            self._outset.charge,
            reserve,
            latest=until - self._outset.tick,
            stay=demand.stay,
            has_haven=demand.has_haven,
            budget=_BUDGET,
        )

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
