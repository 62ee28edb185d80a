"""The loops around the pure parts: nodes, hosts, the fence around plugins, and how plugins are found."""

from fleet.runtime.deadline import Overdue, within
from fleet.runtime.host import Host, MakeNode, NodeLike, run_host, serve
from fleet.runtime.make import make_node
from fleet.runtime.node import Node
from fleet.runtime.plugins import Found, Group, found, load_plugin

__all__ = [
    "Found",
    "Group",
    "Host",
    "MakeNode",
    "Node",
    "NodeLike",
    "Overdue",
    "found",
    "load_plugin",
    "make_node",
    "run_host",
    "serve",
    "within",
]
