"""How it travels: between the hub and its hosts in lockstep, and from a run to those who look on."""

from fleet.bus.control import (
    ControlClient,
    ControlServer,
    Direct,
    End,
    Inject,
    Pause,
    Rate,
    Reply,
    Request,
    Resume,
    Snapshot,
)
from fleet.bus.endpoint import INPROC, LOOPBACK, is_free_endpoint, private_ipc
from fleet.bus.feed import FeedPublisher, FeedSubscriber
from fleet.bus.memory import MemoryBus
from fleet.bus.port import Handler, HostBus, HubBus
from fleet.bus.zeromq import ZmqHostBus, ZmqHubBus

__all__ = [
    "INPROC",
    "LOOPBACK",
    "ControlClient",
    "ControlServer",
    "Direct",
    "End",
    "FeedPublisher",
    "FeedSubscriber",
    "Handler",
    "HostBus",
    "HubBus",
    "Inject",
    "MemoryBus",
    "Pause",
    "Rate",
    "Reply",
    "Request",
    "Resume",
    "Snapshot",
    "ZmqHostBus",
    "ZmqHubBus",
    "is_free_endpoint",
    "private_ipc",
]
