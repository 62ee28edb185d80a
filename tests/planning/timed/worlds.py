"""Small random worlds for searches in time, and a slow exhaustive search over them in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np
from hypothesis import strategies as st

from fleet.planning.timed.arrays import BEARINGS, LEVELS, Net, Sky, Supply
from fleet.planning.timed.backward.kernels import transpose
from fleet.planning.timed.query import Query, Wish

EVERY = 4  # Ticks a layer.


@dataclass(frozen=True, kw_only=True)
class World:
    """A net of waypoints, light in levels, and a vehicle that uses a watt awake."""

    lanes: tuple[tuple[int, int, int, int], ...]  # from, to, ticks, joules
    nodes: int  # without start and goal, which are joined to the first and the last
    light: tuple[tuple[int, ...], ...]  # of each waypoint and layer, 0 to LEVELS
    charge: int
    capacity: int
    reserve: int
    stay: int
    latest: int
    work_light: Literal["any", "lit", "dark"]
    has_haven: bool
    second: int
    joule: int
    join: int = 1  # ticks from the start and to the goal

    @property
    def layers(self) -> int:
        return len(self.light[0])

    @property
    def wish(self) -> Wish:
        return Wish(latest=self.latest, stay=self.stay, light=self.work_light, has_haven=self.has_haven)

    def all_lanes(self) -> list[tuple[int, int, int, int]]:
        """Return lanes with those of start and goal, in the order of the net."""
        start, goal = self.nodes, self.nodes + 1
        ordered = sorted(self.lanes, key=lambda lane: lane[0])
        join, end = self.join, self.nodes - 1
        return [*ordered, (start, 0, join, 0), (goal, end, join, 0), (end, goal, join, 0)]

    def query(self) -> Query:
        """Return the question in arrays."""
        lanes = self.all_lanes()
        base = len(self.lanes)
        source = [lane[0] for lane in lanes[:base]]
        first = np.searchsorted(source, np.arange(self.nodes + 1))
        to = np.array([lane[1] for lane in lanes], np.int32)
        ticks = np.array([lane[2] for lane in lanes], np.int32)
        joules = np.array([lane[3] for lane in lanes], np.float64)
        last = np.full(self.nodes + 2, -1, np.int32)
        last[self.nodes - 1] = base + 2
        begin, sources, which = transpose(first.astype(np.int32), to[:base].copy())
        net = Net(
            x=np.arange(self.nodes + 2.0),
            y=np.zeros(self.nodes + 2),
            first=np.concatenate([first, [base + 1, base + 2]]).astype(np.int32),
            last=last,
            to=to,
            ticks=ticks,
            joules=joules,
            bearing=np.zeros(len(lanes), np.uint8),
            cost=ticks * float(self.second) + self.joule * (joules + ticks),
            open=np.ones(len(lanes), np.uint8),
            begin=begin,
            source=sources,
            which=which,
        )
        layers = self.layers
        sky = Sky(
            every=EVERY,
            sun=np.zeros((layers, 3)),
            horizon=np.zeros((2, 2, 2), np.int16),
            first_heading=0.0,
            heading_step=1.0,
            disc=np.linspace(0.0, 1.0, 257),
            west=0.0,
            south=0.0,
            pixel=1.0,
        )
        supply = Supply(
            dt=1.0,
            sunlight=np.full(layers, 4.0),
            resting=np.ones(layers),
            driving=np.full((layers, BEARINGS), 0.5),
            awake=np.ones(LEVELS + 1),
            asleep=np.full(LEVELS + 1, 0.5),
            working=np.full(LEVELS + 1, 2.0),
            capacity=float(self.capacity),
        )
        query = Query(net, sky, supply, (float(self.second), float(self.joule)))
        levels = np.array(self.light)
        ends = np.array([lane[:2] for lane in lanes])
        query.lamps[: self.nodes + 2] = levels + 1
        query.lamps[self.nodes + 2 :] = (levels[ends[:, 0]] + levels[ends[:, 1]]) // 2 + 1
        return query


@st.composite
def worlds(draw: st.DrawFn, *, whole: bool = False, still: bool = False) -> World:
    """Draw a world.

    Parameters
    ----------
    whole
        All lanes, and the work at the goal, take whole layers.
    still
        Light does not change, and no haven is asked for.
    """
    nodes, layers = draw(st.integers(2, 5)), draw(st.integers(3, 7))
    node, joules = st.integers(0, nodes - 1), st.integers(0, 3)
    ticks = st.sampled_from([EVERY, 2 * EVERY]) if whole else st.integers(1, 6)
    chain = [(end - 1, end, draw(ticks), draw(joules)) for end in range(1, nodes)]
    lanes = chain + draw(st.lists(st.tuples(node, node, ticks, joules), max_size=8))
    level = st.sampled_from([0, LEVELS // 2, LEVELS])
    row = level.map(lambda one: (one,) * layers) if still else st.tuples(*[level] * layers)
    light = draw(st.lists(row, min_size=nodes + 2, max_size=nodes + 2))
    capacity = draw(st.integers(8, 30))
    reserve = draw(st.integers(0, 3))
    return World(
        lanes=tuple(lane for lane in lanes if lane[0] != lane[1]),
        nodes=nodes,
        light=tuple(light),
        charge=draw(st.integers(reserve, capacity)),
        capacity=capacity,
        reserve=reserve,
        stay=draw(st.sampled_from([0, EVERY, 2 * EVERY]) if whole else st.integers(0, 5)),
        work_light=draw(st.sampled_from(["any", "any", "lit", "dark"])),
        latest=draw(st.integers(layers * EVERY // 2, layers * EVERY - 1)),
        has_haven=False if still else draw(st.booleans()),
        join=EVERY if whole else 1,
        second=draw(st.integers(0, 2)),
        joule=draw(st.integers(0, 2)),
    )


def _onto(world: World, node: int, layer: int) -> float:
    return 4.0 * world.light[node][layer] / LEVELS - 0.5


def _lives_on(world: World, node: int, tick: int, charge: float) -> bool:
    for layer in range(tick // EVERY, world.layers):
        end = (layer + 1) * EVERY
        charge = min(world.capacity, charge + _onto(world, node, layer) * (end - tick))
        if charge < world.reserve:
            return False
        tick = end
    return True


def _served(world: World, node: int, tick: int, charge: float) -> float | None:
    for now in range(tick, tick + world.stay):
        layer = now // EVERY
        if layer >= world.layers:
            return None
        is_lit = 2 * world.light[node][layer] >= LEVELS
        if world.work_light != "any" and is_lit != (world.work_light == "lit"):
            return None
        charge = min(world.capacity, charge + 4.0 * world.light[node][layer] / LEVELS - 2.0)
        if ((now + 1) % EVERY == 0 or now + 1 == tick + world.stay) and charge < world.reserve:
            return None
    return charge


def least_cost(world: World, onward: float) -> float:
    """Return the cost of the best plan, infinite when there is none: every plan is looked at."""
    start, goal = world.nodes, world.nodes + 1
    best = inf
    seen: set[tuple[int, bool, int, float, float]] = set()
    ahead = [(start, False, 0, float(world.charge), 0.0)]
    while ahead:
        state = ahead.pop()
        if state in seen:
            continue
        seen.add(state)
        node, is_served, tick, charge, cost = state
        if is_served and _lives_on(world, node, tick, charge):
            best = min(best, cost)
        if node == goal and not is_served:
            left = _served(world, node, tick, charge)
            if left is not None and left >= world.reserve:
                if not world.has_haven:
                    best = min(best, cost)
                elif (tick + world.stay) // EVERY < world.layers:
                    ahead.append((node, True, tick + world.stay, left, cost))
        layer = tick // EVERY
        moves: list[tuple[int, int, float, float | None]] = [
            ((layer + 1) * EVERY, node, _onto(world, node, layer) * ((layer + 1) * EVERY - tick), None)
        ]
        for source, to, ticks, joules in world.all_lanes():
            middle = (tick + ticks // 2) // EVERY
            if source == node and middle < world.layers:
                level = (world.light[node][middle] + world.light[to][middle]) // 2
                dark = 1.0 - level / LEVELS
                if (
                    level > 0
                    and world.light[node][middle] < LEVELS // 2
                    and charge - dark * (ticks + joules) < world.reserve
                ):
                    continue
                gain = (4.0 * 0.5 * level / LEVELS - 1.0) * ticks - joules
                moves.append((tick + ticks, to, gain, world.second * ticks + world.joule * (joules + ticks)))
        for until, to, gain, price in moves:
            left = min(float(world.capacity), charge + gain)
            if left < world.reserve or until // EVERY >= world.layers or (not is_served and until > world.latest):
                continue
            if is_served:
                more = onward * (until - tick)
            elif price is None:
                more = (world.second + world.joule * 0.5) * (until - tick)
            else:
                more = float(price)
            ahead.append((to, is_served, until, round(left, 6), round(cost + more, 6)))
    return best
