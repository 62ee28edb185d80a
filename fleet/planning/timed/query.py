"""One question to the search in time: its arrays, made once, and the searches over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from fleet.planning.ground import Bytes, Floats
from fleet.planning.timed.arrays import Aim, Labels, Net, Sky, Supply
from fleet.planning.timed.backward.kernels import costs_to_goal
from fleet.planning.timed.kernels import EXHAUSTED, FOUND, outlook, search
from fleet.planning.timed.living.kernels import least_standing

BUDGET: Final = 400_000  #: Labels that a search may make.
CLOSE: Final = 1e-3  #: Share of the battery by which charges may differ and count as the same.
GREED: Final = 1.01  #: A plan costs at most so many times what the best costs.
_ONWARD: Final = 0.05  # What a second on the way to a haven counts, as a share of one on the way to the goal.
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
    spent: bool = False  #: Whether the budget was used up.
    labels: int = 0  #: How many were made.


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
        self._lamps: Bytes = np.zeros((len(net.x), len(sky.sun)), np.uint8)
        ticks = net.ticks.astype(np.float64)
        self._soonest: Floats = costs_to_goal(net, ticks)
        timely = np.array_equal(net.cost, ticks * supply.dt)
        self._left: Floats = self._soonest * supply.dt if timely else costs_to_goal(net, net.cost)

    @property
    def lamps(self) -> Bytes:
        """``(V, K)`` light that was looked at; see `fleet.planning.timed.kernels.level_at`."""
        return self._lamps

    def soonest(self) -> float:
        """Return the ticks that the quickest way takes, whatever the charge."""
        return float(self._soonest[len(self.net.x) - 2])

    def answer(
        self,
        charge: float,
        reserve: float,
        *,
        latest: int,
        stay: int = 0,
        has_haven: bool = True,
        budget: int = BUDGET,
        close: float = CLOSE,
        greed: float = GREED,
    ) -> Answer:
        """Return a plan that keeps the reserve and costs at most `greed` times what the cheapest does.

        Parameters
        ----------
        charge, reserve
            Joules.
        latest
            Ticks after departure until which it is at the goal.
        close
            Share of the battery by which a partial plan may have less charge than another and is still not looked at;
            only with 0 is the bound a proven one.
        """
        aim = self._aim(charge, reserve, latest)._replace(
            stay=int(stay), has_haven=has_haven, budget=int(budget), tolerance=close * self.supply.capacity
        )
        labels = _room(budget + _MOST_LANES * 64)
        heads = np.zeros(2 * len(self.net.x) * len(self.sky.sun), np.int32)
        state, last, count = search(
            self.net, self.sky, self.supply, aim, labels, heads, self._lamps, self._left * greed, self._soonest
        )
        spots: list[Spot] = []
        while last >= 0:
            spots.append(
                Spot(node=int(labels.node[last]), tick=int(labels.tick[last]), charge=float(labels.charge[last]))
            )
            last = int(labels.parent[last])
        return Answer(spots=tuple(reversed(spots)), spent=state not in (FOUND, EXHAUSTED), labels=int(count))

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
            has_haven=True,
            second=float(self._second),
            joule=float(self._joule),
            onward=_ONWARD * max(self._second + self._joule * float(self.supply.awake[0]), 1e-3),
            tolerance=CLOSE * self.supply.capacity,
            budget=BUDGET,
        )


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
