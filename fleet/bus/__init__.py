"""How it travels: between the hub and its hosts in lockstep, and from a run to those who look on."""

from fleet.bus.audit import Audit, Refusal
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
from fleet.bus.endpoint import INPROC, LOOPBACK, is_free_endpoint, is_within, private_ipc
from fleet.bus.feed import FeedPublisher, FeedSubscriber
from fleet.bus.gate import Guard
from fleet.bus.guests import as_guests, guest_name, key_of
from fleet.bus.keys import (
    ClientLock,
    PrivateKey,
    PublicKey,
    ServerLock,
    fingerprint,
    new_key,
    new_locks,
    read_admitted,
    read_handed,
    read_private,
    read_public,
    read_signing,
    seed_of,
    write_key,
)
from fleet.bus.local import LocalHostBus, is_local
from fleet.bus.local_hub import LocalHubBus
from fleet.bus.memory import MemoryBus
from fleet.bus.mind_line import MindLine
from fleet.bus.opening import open_hub
from fleet.bus.port import Handler, HostBus, HubBus
from fleet.bus.signing import KEY_BYTES, Notary, new_session, opened, sealed
from fleet.bus.zeromq import Contact, ZmqHostBus, ZmqHubBus

__all__ = [
    "INPROC",
    "KEY_BYTES",
    "LOOPBACK",
    "Audit",
    "ClientLock",
    "Contact",
    "ControlClient",
    "ControlServer",
    "Direct",
    "End",
    "FeedPublisher",
    "FeedSubscriber",
    "Guard",
    "Handler",
    "HostBus",
    "HubBus",
    "Inject",
    "LocalHostBus",
    "LocalHubBus",
    "MemoryBus",
    "MindLine",
    "Notary",
    "Pause",
    "PrivateKey",
    "PublicKey",
    "Rate",
    "Refusal",
    "Reply",
    "Request",
    "Resume",
    "ServerLock",
    "Snapshot",
    "ZmqHostBus",
    "ZmqHubBus",
    "as_guests",
    "fingerprint",
    "guest_name",
    "is_free_endpoint",
    "is_local",
    "is_within",
    "key_of",
    "new_key",
    "new_locks",
    "new_session",
    "open_hub",
    "opened",
    "private_ipc",
    "read_admitted",
    "read_handed",
    "read_private",
    "read_public",
    "read_signing",
    "sealed",
    "seed_of",
    "write_key",
]
