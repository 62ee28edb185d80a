"""Which end a hub has on which endpoint."""

from __future__ import annotations

from fleet.bus.audit import Audit
from fleet.bus.gate import Guard
from fleet.bus.local import is_local
from fleet.bus.local_hub import LocalHubBus
from fleet.bus.zeromq import ZmqHubBus


def open_hub(endpoint: str, guard: Guard = "none", audit: Audit | None = None) -> ZmqHubBus | LocalHubBus:
    """Bind a hub's end: without a thread in between where nobody needs a key and nobody comes from elsewhere.

    Raises
    ------
    ConfigError
        When nothing can be bound there.
    """
    if guard == "none" and is_local(endpoint):
        return LocalHubBus(endpoint, audit)
    return ZmqHubBus(endpoint, guard, audit)
