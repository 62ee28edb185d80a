"""Who hears whom: five kinds of fleets, and how many rounds news takes through each where nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot
from typing import Final, Literal, get_args

import networkx as nx

from fleet.core import Rng, stream

Shape = Literal["line", "ring", "star", "random", "changing"]
SHAPES: Final[tuple[Shape, ...]] = get_args(Shape)
KEPT: Final = 3  #: Rounds after which a changing graph is another.


@dataclass(frozen=True, slots=True)
class Graphs:
    """The links between so many rovers, round by round.

    Examples
    --------
    >>> Graphs("line", 4, 0).at(7)
    {0: (1,), 1: (0, 2), 2: (1, 3), 3: (2,)}
    >>> Graphs("line", 4, 0).diameter(), Graphs("ring", 8, 0).diameter(), Graphs("star", 9, 0).diameter()
    (3, 4, 2)
    """

    shape: Shape
    size: int
    seed: int
    _made: dict[int, dict[int, tuple[int, ...]]] = field(default_factory=dict)

    def at(self, round_: int) -> dict[int, tuple[int, ...]]:
        """Return whom each hears in a round."""
        return self._links(round_ // KEPT if self.shape == "changing" else 0)

    def _links(self, number: int) -> dict[int, tuple[int, ...]]:
        if number not in self._made:
            graph = self._graph(number)
            self._made[number] = {node: tuple(sorted(graph[node])) for node in range(self.size)}
        return self._made[number]

    def diameter(self) -> int:
        """Return after how many rounds the last has heard of everyone where nothing is lost.

        Notes
        -----
        Of a graph that stays, its diameter; of one that changes, the time of flooding from its first round on.
        """
        known = [{node} for node in range(self.size)]
        round_ = 0
        while any(len(known[node]) < self.size for node in range(self.size)):
            links = self.at(round_)
            known = [known[node].union(*(known[other] for other in links[node])) for node in range(self.size)]
            round_ += 1
        return round_

    def _graph(self, number: int) -> nx.Graph[int]:
        graph: nx.Graph[int]
        match self.shape:
            case "line":
                graph = nx.path_graph(self.size)
            case "ring":
                graph = nx.cycle_graph(self.size)
            case "star":
                graph = nx.star_graph(self.size - 1)
            case _:
                graph = _geometric(self.size, stream(self.seed, f"graph/{self.shape}/{number}"))
        return graph


def _geometric(size: int, rng: Rng) -> nx.Graph[int]:
    """Return who hears whom of rovers that stand anywhere on a square, as far as it takes for all to be connected.

    Notes
    -----
    That is as far as the longest leg of the shortest tree that connects them.
    """
    places = [(rng.random(), rng.random()) for _ in range(size)]
    metres = {
        (a, b): hypot(x - u, y - v) for a, (x, y) in enumerate(places) for b, (u, v) in enumerate(places) if a < b
    }
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from((a, b, length) for (a, b), length in metres.items())
    tree = nx.minimum_spanning_edges(graph, data=True)
    reach = max(edge[2]["weight"] for edge in tree)
    graph.remove_edges_from([pair for pair, length in metres.items() if length > reach])
    return graph
