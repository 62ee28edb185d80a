"""Follow the light: stand where the Sun will be longest, and move on when it leaves."""

from __future__ import annotations

from itertools import product

from fleet.sdk import AgentContext, AgentView, Decision, Point
from fleet.sdk.skills import GoTo, Sleeping, first_of

_AHEAD = 6.0 * 3600.0  # Seconds for which light is counted.
_ACROSS = 11  # Places that are looked at in each direction,
_REACH = 80.0  # metres to each side of where it stands.
_WORTH = 1.1  # Times as long in the light that a place must be to be worth a drive.
_AGAIN = 3600.0  # Seconds until it looks again.


class LightFollower:
    """Look once an hour where the Sun will be longest within reach, go there, and rest in it."""

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._go = GoTo(context)
        self._rest = Sleeping(context)
        self._place: Point | None = None
        self._look_at = 0

    def decide(self, view: AgentView) -> Decision:
        here = view.observation.pose.point
        if view.tick >= self._look_at:
            self._place = self._brightest(here, view.tick)
            self._look_at = view.tick + self._context.time.tick(_AGAIN)
        going = self._go.toward(view, self._place or here)
        if going is not None:
            return going
        rest = first_of(view, [self._rest])
        return Decision(command=rest.command, wake=self._look_at)

    def _brightest(self, here: Point, tick: int) -> Point:
        until = tick + self._context.time.tick(_AHEAD)
        offsets = [_REACH * (2.0 * number / (_ACROSS - 1) - 1.0) for number in range(_ACROSS)]
        around = [(here[0] + dx, here[1] + dy) for dx, dy in product(offsets, offsets)]
        terrain, vehicle, almanac = self._context.terrain, self._context.vehicle, self._context.almanac
        free = [place for place in around if terrain.contains(place) and terrain.is_free(place, vehicle)]
        costs = self._context.planner.costs(here, free)
        reached = [place for place, cost in zip(free, costs, strict=True) if cost is not None]
        best = max(reached, key=lambda place: (almanac.lit_ticks(place, tick, until), place), default=here)
        is_worth_it = almanac.lit_ticks(best, tick, until) > _WORTH * almanac.lit_ticks(here, tick, until)
        return best if is_worth_it else here
