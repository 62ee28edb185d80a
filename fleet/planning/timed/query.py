"""One question to the search in time: its arrays, made once, and the searches over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Final, Literal

import numpy as np

from fleet.planning.ground import Bytes, Floats, Indices
from fleet.planning.timed.arrays import Aim, Labels, Net, Sky, Supply
from fleet.planning.timed.backward.kernels import costs_to_goal
from fleet.planning.timed.corridor.kernels import (
    brightest,
    lanes_near,
    mark_refuge,
    mark_way,
    needs_of,
    shade_of,
    weights_of,
)
from fleet.planning.timed.kernels import EXHAUSTED, FOUND, outlook, search
from fleet.planning.timed.living.kernels import least_standing
from fleet.sdk.timed import Demand

BUDGET: Final = 400_000  #: Labels that a search may make.
CLOSE: Final = 4e-3  #: Share of the battery by which charges may differ and count as the same.
GREED: Final = 1.01  #: A plan costs at most so many times what the best costs.
_ONWARD: Final = 0.05  # What a second on the way to a haven counts, as a share of one on the way to the goal.
_GLANCE: Final = 12_000  # Labels of the first, short search.
_DREADS: Final = (0.0, 0.5, 2.0, 8.0, 32.0)  # How much more than its time a way in shade counts.
_GLIMPSES: Final = 25  # At the light, to tell what is never lit.
_LOOKS: Final = 4  # At the light, to tell what is in shade.
_LIGHTS: Final = {"any": 0, "lit": 1, "dark": 2}
_MOST_LANES = 16  # From one waypoint, beyond the budget.


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A partial plan: somewhere at some tick after departure with some charge."""

    node: int  #: Of the net; `V` more once the goal was served.
    tick: int
    charge: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a search ended."""

    spots: tuple[Spot, ...] = ()  #: From the start to the end of the plan; none when there is no plan.
    cost: float = inf  #: What the search added up, living on included.
    least_cost: float = 0.0  #: No plan costs less.
    spent: bool = False  #: Whether the budget was used up.
    labels: int = 0  #: How many were made.


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a plan shall come to."""

    latest: int  #: Ticks after departure until which it is at the goal.
    stay: int = 0  #: Ticks of work there,
    light: Literal["any", "lit", "dark"] = "any"  #: in this light.
    has_haven: bool = True  #: Whether the vehicle must be able to live on.


class Query:
    """Searches over one net and one span of time.

    Parameters
    ----------
    layers
        How many there are for the way to the goal; the sky has more, for living on.
    weights
        What a second and a joule count while waiting.
    """

    def __init__(self, net: Net, sky: Sky, supply: Supply, weights: tuple[float, float]) -> None:
        self.net, self.sky, self.supply = net, sky, supply
        self._second, self._joule = weights
        self._lamps: Bytes = np.zeros((len(net.x) + len(net.to), len(sky.sun)), np.uint8)
        ticks = net.ticks.astype(np.float64)
        self._soonest: Floats = costs_to_goal(net, ticks)
        timely = np.array_equal(net.cost, ticks * supply.dt)
        self._left: Floats = self._soonest * supply.dt if timely else costs_to_goal(net, net.cost)

    @property
    def lamps(self) -> Bytes:
        """``(V + L, K)`` light that was looked at; see `fleet.planning.timed.living.kernels.level_at`."""
        return self._lamps

    def soonest(self) -> float:
        """Return the ticks that the quickest way takes, whatever the charge."""
        return float(self._soonest[len(self.net.x) - 2])

    def plan(self, charge: float, reserve: float, wish: Wish, budget: int = BUDGET) -> Answer:
        """Return a plan that keeps the reserve, or how the search for it ended.

        Notes
        -----
        A short search first, which settles most questions. Then one along quick ways and ways that keep to the light,
        and with what that finds as the most that a plan may cost, the whole search with what is left of the budget.
        """

        def searched(labels: int, lanes: Bytes | None = None, most: float = inf) -> Answer:
            return self.answer(charge, reserve, wish, budget=labels, lanes=lanes, most=most)

        first = searched(min(budget, _GLANCE))
        if not first.spent:
            return first
        along = searched(budget // 2, lanes=self._corridor(wish.latest))
        rest = budget - min(budget, _GLANCE) - along.labels
        if rest <= 0:
            return replace(along, spent=True, labels=budget)
        whole = searched(rest, most=along.cost)
        labels = budget - rest + whole.labels
        if whole.spots or not along.spots:
            return replace(whole, labels=labels)
        return replace(along, spent=whole.spent, labels=labels, least_cost=min(along.cost, whole.least_cost))

    @property
    def _glimpses(self) -> Indices:
        """Layers spread over all the time that is looked at."""
        layers: Indices = np.unique(np.linspace(0, len(self.sky.sun) - 1, _GLIMPSES).astype(np.int32))
        return layers

    @cached_property
    def _needs(self) -> Floats:
        """``(V,)`` joules that it takes at the least from each waypoint into light to live on in."""
        most = brightest(self.net, self.sky, self._glimpses, self._lamps)
        needs: Floats = needs_of(self.net, self.supply, most)
        return needs

    def _corridor(self, latest: int) -> Bytes:
        """Return the lanes around ways that are worth a look first."""
        net, sky = self.net, self.sky
        soon = min(2.0 * self.soonest(), float(latest))
        layers = np.unique(np.linspace(0.0, soon / sky.every, _LOOKS).astype(np.int32).clip(0, len(sky.sun) - 1))
        shade = shade_of(net, sky, layers, self._lamps)
        near = np.zeros(len(net.x), np.uint8)
        for dread in _DREADS:
            weight = weights_of(net, shade, dread)
            mark_way(net, weight, costs_to_goal(net, weight), near)
        lasting = shade_of(net, sky, self._glimpses, self._lamps)
        for source in (len(net.x) - 2, len(net.x) - 1):
            mark_refuge(net, lasting, source, near)
        lanes: Bytes = lanes_near(net, near)
        return lanes

    def answer(
        self,
        charge: float,
        reserve: float,
        wish: Wish,
        *,
        budget: int = BUDGET,
        close: float = CLOSE,
        greed: float = GREED,
        lanes: Bytes | None = None,
        most: float = inf,
    ) -> Answer:
        """Return a plan that keeps the reserve and costs at most `greed` times what the cheapest does.

        Parameters
        ----------
        charge, reserve
            Joules.
        close
            Share of the battery by which a partial plan may have less charge than another and is still not looked at;
            only with 0 is the bound a proven one.
        lanes
            ``(L,)`` those that may be driven; None for all that are open.
        most
            What a plan may cost; one that costs as much or more is not looked for.
        """
        aim = self._aim(charge, reserve, wish.latest)._replace(
            stay=int(wish.stay), light=_LIGHTS[wish.light], has_haven=wish.has_haven, budget=int(budget),
            tolerance=close * self.supply.capacity,
            most=float(most),
        )  # fmt: skip
        labels = _room(budget + _MOST_LANES * 64)
        heads = np.zeros(2 * len(self.net.x) * len(self.sky.sun), np.int32)
        net = self.net if lanes is None else self.net._replace(open=lanes)
        state, last, count, least = search(
            net,
            self.sky,
            self.supply,
            aim,
            labels,
            heads,
            self._lamps,
            self._left * greed,
            self._soonest,
            self._needs if wish.has_haven else np.zeros(len(self.net.x)),
        )
        spots: list[Spot] = []
        cost = float(labels.cost[last]) if last >= 0 else inf
        while last >= 0:
            spots.append(
                Spot(node=int(labels.node[last]), tick=int(labels.tick[last]), charge=float(labels.charge[last]))
            )
            last = int(labels.parent[last])
        return Answer(
            spots=tuple(reversed(spots)),
            cost=cost,
            least_cost=min(cost, float(least)) / greed,
            spent=state not in (FOUND, EXHAUSTED),
            labels=int(count),
        )

    def least(self, spots: Sequence[Spot], *, has_haven: bool) -> float:
        """Return the least charge of a plan; with that of living on where it ends."""
        least, end = min(spot.charge for spot in spots), spots[-1]
        if has_haven:
            place = (end.node % len(self.net.x), end.tick, end.charge)
            standing = least_standing(*place, self.net, self.sky, self.supply, -inf, self._lamps)
            least = min(least, float(standing))
        return least

    def outlook(self, charge: float, reserve: float, until: int) -> Answer:
        """Return the plan that drives to where there is most charge at a tick after departure, and waits there."""
        node, parents, ticks, charges, last = outlook(
            self.net, self.sky, self.supply, self._aim(charge, reserve, until), self._lamps
        )
        if node < 0:
            return Answer()
        spots = [Spot(node=node, tick=until, charge=float(last))]
        while node >= 0:
            spots.append(Spot(node=node, tick=int(ticks[node]), charge=float(charges[node])))
            node = int(parents[node])
        return Answer(spots=tuple(reversed(spots)))

    def _aim(self, charge: float, reserve: float, latest: int) -> Aim:
        return Aim(
            start=len(self.net.x) - 2,
            goal=len(self.net.x) - 1,
            charge=float(charge),
            reserve=float(reserve),
            latest=int(latest),
            stay=0,
            light=0,
            has_haven=True,
            second=float(self._second),
            joule=float(self._joule),
            onward=_ONWARD * max(self._second + self._joule * float(self.supply.awake[0]), 1e-3),
            tolerance=CLOSE * self.supply.capacity,
            budget=BUDGET,
            most=inf,
        )


def wish_of(demand: Demand, latest: int, *, has_haven: bool = True) -> Wish:
    """Return what a demand asks of a search; without a haven where that is not asked for."""
    return Wish(latest=latest, stay=demand.stay, light=demand.light, has_haven=has_haven and demand.has_haven)


def _room(size: int) -> Labels:
    """Return room for labels; memory is only taken when it is written to."""
    return Labels(
        node=np.empty(size, np.int32),
        tick=np.empty(size, np.int32),
        charge=np.empty(size),
        cost=np.empty(size),
        parent=np.empty(size, np.int32),
        under=np.empty(size, np.int32),
        behind=np.empty(size, np.int32),
        alive=np.empty(size, np.uint8),
    )
