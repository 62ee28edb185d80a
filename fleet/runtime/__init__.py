"""The loops around the pure parts: nodes, hosts, the fence around plugins, and how plugins are found."""

from fleet.runtime.deadline import Overdue, within
from fleet.runtime.host import Host, MakeNode, NodeLike, run_host, serve
from fleet.runtime.make import NodeMaker
from fleet.runtime.node import Node
from fleet.runtime.plugins import Found, Group, found, load_plugin

__all__ = [
    "Found",
    "Group",
    "Host",
    "MakeNode",
    "Node",
    "NodeLike",
    "NodeMaker",
    "Overdue",
    "found",
    "load_plugin",
    "run_host",
    "serve",
    "within",
]
