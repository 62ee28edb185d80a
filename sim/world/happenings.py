"""What the engines record without more to say, as events."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fleet.messages import BatteryCrossed, Blocked, ChargeStopped, Event, Froze, LightChanged, WentDown, Woke
from sim.world import columns as at

#: Code of the record -> event; equal values are shared.
PLAIN_EVENTS: Mapping[int, Event] = MappingProxyType(
    {
        at.BODY_AHEAD: Blocked(reason="body"),
        at.LIGHT_ON: LightChanged(lit=True),
        at.LIGHT_OFF: LightChanged(lit=False),
        at.BATTERY_LOW: BatteryCrossed(level="low"),
        at.BATTERY_CRITICAL: BatteryCrossed(level="critical"),
        at.BATTERY_FULL: BatteryCrossed(level="full"),
        at.CHARGE_FULL: ChargeStopped(reason="full"),
        at.CHARGE_FAR: ChargeStopped(reason="far"),
        at.CHARGE_SOURCE: ChargeStopped(reason="source"),
        at.WOKE_TIME: Woke(reason="time"),
        at.WOKE_LIGHT: Woke(reason="light"),
        at.WOKE_CHARGE: Woke(reason="charge"),
        at.REVIVED: Woke(reason="revived"),
        at.BATTERY_EMPTY: WentDown(reason="empty"),
        at.TOO_COLD: WentDown(reason="cold"),
        at.FROZEN: Froze(),
    }
)
