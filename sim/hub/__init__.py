"""Where the world meets the bus: the lockstep, the radio, hosts, pace and the live feed."""

from sim.hub.desk import Desk
from sim.hub.failure import Failure
from sim.hub.hosts import HOST_PROGRAM, BusKind, Door, OpenHosts, assign_hosts, open_bus
from sim.hub.hub import Hub
from sim.hub.link import HostLink
from sim.hub.live import LiveFeed, News, Present, read_feed
from sim.hub.lobby import Invitation
from sim.hub.pace import Pace
from sim.hub.past import Past
from sim.hub.patience import Patience
from sim.hub.ports import Hosts, Journal, Sink, Truth
from sim.hub.radio import Radio
from sim.hub.values import HubResult, Outside, Reason
from sim.hub.wakes import Wakes

__all__ = [
    "HOST_PROGRAM",
    "BusKind",
    "Desk",
    "Door",
    "Failure",
    "HostLink",
    "Hosts",
    "Hub",
    "HubResult",
    "Invitation",
    "Journal",
    "LiveFeed",
    "News",
    "OpenHosts",
    "Outside",
    "Pace",
    "Past",
    "Patience",
    "Present",
    "Radio",
    "Reason",
    "Sink",
    "Truth",
    "Wakes",
    "assign_hosts",
    "open_bus",
    "read_feed",
]
