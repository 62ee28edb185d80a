"""Roadmaps and tasks of the public continuous-time benchmarks.

Source
------
Andreychuk, Yakovlev, Surynek, Atzmon, Stern, "Multi-agent pathfinding with continuous time", Artificial Intelligence
305, 2022; file formats of PathPlanning/Continuous-CBS: GraphML whose nodes carry ``x,y``, and a list of agents.
"""

from __future__ import annotations

from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from fleet.core import ConfigError, Point
from fleet.sdk.joint import LaneNetwork
from sim.bench.movingai import read_lines

_LINE: Final = " line"  # An attribute that no file can have.
_LARGEST: Final = 2_000_000  # Waypoints and lanes.


def _parse(file: Path) -> Element:
    """Return the root of an XML file, whose elements know their line."""
    parser = expat.ParserCreate()
    builder = TreeBuilder()

    def start(tag: str, attributes: dict[str, str]) -> None:
        builder.start(tag.rpartition(":")[2], attributes | {_LINE: str(parser.CurrentLineNumber)})

    def refuse(name: str, *_: object) -> None:
        # A type's entities can make a small file grow without end.
        raise ConfigError(str(file), f"declares a document type {name!r}", "roadmaps need none; remove it")

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse("\n".join(read_lines(file)).encode(), True)
    except expat.ExpatError as error:
        raise ConfigError(
            f"{file}:{error.lineno}", f"is not well-formed XML: {expat.ErrorString(error.code)}"
        ) from None
    return builder.close()


def _place(file: Path, element: Element) -> str:
    return f"{file}:{element.get(_LINE)}"


def _attribute(file: Path, element: Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise ConfigError(_place(file, element), f"<{element.tag}> has no {name}")
    return value


def read_roadmap(file: Path) -> LaneNetwork:
    """Return the lanes of a GraphML file; the n-th node in the file is waypoint n."""
    root = _parse(file)
    if root.tag != "graphml":
        raise ConfigError(_place(file, root), f"is a <{root.tag}>, not a <graphml>")
    graph = root.find("graph")
    if graph is None:
        raise ConfigError(_place(file, root), "has no <graph>")
    both_ways = graph.get("edgedefault") == "undirected"
    keys = {key.get("id") for key in root.iter("key") if key.get("attr.name") == "coords"}
    waypoints: dict[str, int] = {}
    points: list[Point] = []
    for node in graph.iter("node"):
        name = _attribute(file, node, "id")
        if name in waypoints:
            raise ConfigError(_place(file, node), f"there is a second node {name!r}")
        waypoints[name] = len(points)
        points.append(_point(file, node, keys))
    lanes: list[tuple[int, int]] = []
    for edge in graph.iter("edge"):
        ends = [_attribute(file, edge, name) for name in ("source", "target")]
        for end in ends:
            if end not in waypoints:
                raise ConfigError(_place(file, edge), f"there is no node {end!r}")
        lane = (waypoints[ends[0]], waypoints[ends[1]])
        lanes += [lane, lane[::-1]] if both_ways else [lane]
    if not points:
        raise ConfigError(str(file), "has no nodes")
    if len(points) + len(lanes) > _LARGEST:
        raise ConfigError(str(file), f"has more than {_LARGEST} nodes and edges")
    return LaneNetwork(points, lanes)


def _point(file: Path, node: Element, keys: set[str | None]) -> Point:
    texts = [data.text or "" for data in node.iter("data") if data.get("key") in keys or not keys]
    if not texts:
        raise ConfigError(_place(file, node), f"node {node.get('id')!r} has no coords")
    try:
        x, y = (float(part) for part in texts[0].split(","))
    except ValueError:
        raise ConfigError(_place(file, node), f"{texts[0][:40]!r} is not x,y") from None
    if not (isfinite(x) and isfinite(y) and abs(x) < 1e9 and abs(y) < 1e9):
        raise ConfigError(_place(file, node), f"{texts[0][:40]!r} is no place on a roadmap")
    return (x, y)


def read_tasks(file: Path, waypoints: int, count: int) -> list[tuple[int, int]]:
    """Return start and goal of the first agents of a task file, for a roadmap of so many waypoints."""
    root = _parse(file)
    agents: list[tuple[int, int]] = []
    for agent in islice(root.iter("agent"), count):
        ends = []
        for name in ("start_id", "goal_id"):
            text = _attribute(file, agent, name)
            if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) < waypoints):
                raise ConfigError(_place(file, agent), f"{name} {text[:20]!r} is none of the {waypoints} nodes")
            ends.append(int(text))
        agents.append((ends[0], ends[1]))
    if len(agents) < count:
        raise ConfigError(str(file), f"has {len(agents)} agents, not {count}", "ask for fewer with -n")
    return agents
