"""The loops around the pure parts: nodes, hosts, the fence around plugins, and how plugins are found."""

from fleet.runtime.blame import is_of_a_value, place_of, said_of
from fleet.runtime.contract import Breach, breach_of
from fleet.runtime.deadline import Overdue, within
from fleet.runtime.far_mind import FarMind, is_endpoint
from fleet.runtime.fence import FencedAllocator, fenced
from fleet.runtime.guest import Visit, visit
from fleet.runtime.host import Host, MakeNode, NodeLike, run_host, serve
from fleet.runtime.make import MakeAgent, NodeMaker, Seat
from fleet.runtime.node import Node
from fleet.runtime.plugins import Found, Group, found, load_plugin, look_up

__all__ = [
    "Breach",
    "FarMind",
    "FencedAllocator",
    "Found",
    "Group",
    "Host",
    "MakeAgent",
    "MakeNode",
    "Node",
    "NodeLike",
    "NodeMaker",
    "Overdue",
    "Seat",
    "Visit",
    "breach_of",
    "fenced",
    "found",
    "is_endpoint",
    "is_of_a_value",
    "load_plugin",
    "look_up",
    "place_of",
    "run_host",
    "said_of",
    "serve",
    "visit",
    "within",
]
