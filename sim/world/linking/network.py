"""The radio links between all machines and to the Earth, as they were last looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

import networkx as nx

from fleet.core import RoverId
from fleet.messages import Contact, EarthChanged, EarthWay, Event, LinksChanged
from fleet.moon import LIGHT_SPEED, link_budget
from sim.scenario.scenario import RoverSpec
from sim.world.engine import Engine
from sim.world.links import Links


class Network:
    """Who reaches whom, and how fast.

    Parameters
    ----------
    rovers
        By id, as the engine numbers them.
    coordinator
        Whom work may need contact with.
    """

    def __init__(self, rovers: Sequence[RoverSpec], coordinator: RoverId, engine: Engine) -> None:
        self._ids = tuple(spec.id for spec in rovers)
        self._index = {rover: i for i, rover in enumerate(self._ids)}
        self._budgets = [[link_budget(a.vehicle, b.vehicle) for b in rovers] for a in rovers]
        self._coordinator = self._index[coordinator]
        self._engine = engine
        self._linked = engine.links()
        self._links = Links(self._linked)
        self._reached: dict[int, tuple[RoverId, ...]] = {}  # Over these links, of whom that was asked,
        self._heard: dict[int, tuple[RoverId, ...]] = {}  # and directly.
        self._earth = self._ways_to_earth()

    def look(self) -> list[tuple[int, Event]]:
        """Take in what the engine found of links; return what is to be told to whom."""
        links, earth, linked = self._links, self._earth, self._engine.links()
        if linked != self._linked:
            self._linked, self._links, self._reached, self._heard = linked, Links(linked), {}, {}
        self._earth = self._ways_to_earth()
        told: list[tuple[int, Event]] = []
        for i, way in enumerate(self._earth):
            if self._links is not links and not self._links.is_same_for(links, i):
                told.append((i, LinksChanged()))
            if (way == "none") != (earth[i] == "none"):
                told.append((i, EarthChanged(contact=way != "none")))
        return told

    def _ways_to_earth(self) -> list[EarthWay]:
        own: list[EarthWay] = [
            "direct" if earth else "relay" if relay else "none" for earth, relay in self._engine.contact()
        ]
        return [
            way if way != "none" else "others" if any(own[j] != "none" for j in self._links.reachable(i)) else "none"
            for i, way in enumerate(own)
        ]

    def earth(self, i: int) -> EarthWay:
        """Return how a rover reaches the Earth."""
        return self._earth[i]

    def contacts(self, i: int) -> frozenset[Contact]:
        """Return the kinds of contact that a rover has."""
        has: set[Contact] = {"none"}
        if self._earth[i] != "none":
            has.add("earth")
        if i == self._coordinator or self._coordinator in self._links.reachable(i):
            has.add("coordinator")
        return frozenset(has)

    def hops(self, a: RoverId, b: RoverId) -> int | None:
        """Return over how many hops one rover hears another, None when it does not, or one of them is a stranger."""
        if a not in self._index or b not in self._index:
            return None
        return self._links.hops(self._index[a], self._index[b])

    def reachable(self, i: int) -> tuple[RoverId, ...]:
        """Return whom a rover reaches over any number of hops, sorted."""
        if i not in self._reached:
            self._reached[i] = tuple(self._ids[j] for j in self._links.reachable(i))
        return self._reached[i]

    def neighbours(self, i: int) -> tuple[RoverId, ...]:
        """Return whom a rover hears directly, sorted."""
        if i not in self._heard:
            self._heard[i] = tuple(self._ids[j] for j in self._links.neighbours(i))
        return self._heard[i]

    def pairs(self) -> tuple[tuple[RoverId, RoverId], ...]:
        """Return the pairs that hear each other directly, sorted."""
        return tuple((self._ids[i], self._ids[j]) for i, j in self._links.pairs())

    def graph(self) -> nx.Graph[RoverId]:
        """Return the links as a graph of rover ids, with `rate`, bits a second, and `length`, metres."""
        graph: nx.Graph[RoverId] = nx.Graph()
        graph.add_nodes_from(self._ids)
        places = self._engine.places()
        for i, j in self._links.pairs():
            rate, length = self._carries(places, i, j)
            graph.add_edge(self._ids[i], self._ids[j], rate=rate, length=length)
        return graph

    def travel_times(self, sender: RoverId, size: int) -> Mapping[RoverId, float]:
        """Return the seconds that so many bytes need to each rover that is reached now, along the quickest way.

        Notes
        -----
        Whoever passes a message on has all of it first: the times over the links of a way add up.
        """
        places = self._engine.places()

        def seconds(i: int, j: int) -> float:
            rate, length = self._carries(places, i, j)
            return 8.0 * size / rate + length / LIGHT_SPEED

        times = self._links.quickest(self._index[sender], seconds)
        return {self._ids[i]: time for i, time in times.items()}

    def _carries(self, places: Sequence[Sequence[float]], i: int, j: int) -> tuple[float, float]:
        """Return the bits a second of a link, and its length."""
        budget = self._budgets[i][j]
        dx, dy = places[j][0] - places[i][0], places[j][1] - places[i][1]
        length = sqrt(dx * dx + dy * dy)
        # A link that was there at the last look is there until the next one, though one may have driven on.
        return max(budget.rate(length), budget.least, 1.0), length
