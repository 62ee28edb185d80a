"""Networks of lanes made from grids and from graphs."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from fleet.sdk.joint import LaneNetwork


def grid_network(free: NDArray[np.bool_]) -> tuple[LaneNetwork, NDArray[np.int32]]:
    """Return lanes between free cells that share a side, and the waypoint of each cell, -1 where it is not free.

    Parameters
    ----------
    free
        ``(H, W)``; the waypoint of cell ``[row, column]`` stands at ``(column, row)``.

    Examples
    --------
    >>> network, waypoints = grid_network(np.array([[True, True], [False, True]]))
    >>> waypoints.tolist(), network.points.tolist(), network.to.tolist()
    ([[0, 1], [-1, 2]], [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]], [1, 0, 2, 1])
    """
    waypoints = np.full(free.shape, -1, np.int32)
    waypoints[free] = np.arange(int(free.sum()))
    rows, columns = np.nonzero(free)
    pairs = [(waypoints[:, :-1], waypoints[:, 1:]), (waypoints[:-1], waypoints[1:])]
    lanes = [np.stack([low[both], high[both]], axis=1) for low, high in pairs for both in [(low >= 0) & (high >= 0)]]
    there = np.concatenate(lanes)
    return LaneNetwork(np.stack([columns, rows], axis=1), np.concatenate([there, there[:, ::-1]])), waypoints


def lane_network(roadmap: nx.DiGraph[Any]) -> LaneNetwork:
    """Return the lanes of a graph whose nodes carry their place as ``point``; waypoints are its nodes in their order.

    Raises
    ------
    ValueError
        When a node has no point, or one that is not finite.

    Examples
    --------
    >>> roadmap = nx.DiGraph([("a", "b")])
    >>> nx.set_node_attributes(roadmap, {"a": (0.0, 0.0), "b": (0.0, 2.0)}, "point")
    >>> lane_network(roadmap).lengths.tolist()
    [2.0]
    """
    missing = [node for node, point in roadmap.nodes(data="point") if point is None]
    if missing:
        raise ValueError(f"waypoint {missing[0]!r} has no point")
    index = {node: number for number, node in enumerate(roadmap)}
    points = np.array([point for _, point in roadmap.nodes(data="point")], np.float64)
    return LaneNetwork(points, [(index[before], index[after]) for before, after in roadmap.edges])
