"""Whether one machine may begin to charge another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal

from fleet.vehicles import VehicleClass
from sim.world import columns as at
from sim.world.engine import BodyReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One machine as it is now."""

    reading: BodyReading
    vehicle: VehicleClass


def refuse_charge(
    parties: Sequence[Party], i: int, j: int, *, is_granted: bool = True
) -> Literal["source", "far", "full", "right"] | None:
    """Return why machine `i` cannot begin to draw energy from `j`, None when it can.

    Parameters
    ----------
    is_granted
        Whether the agency of `j` gives charge to that of `i`: else its outlet stays locked.

    Notes
    -----
    A source that drives serves one other at a time; each keeps a fifth of its charge for itself.
    """
    taker, source = parties[i], parties[j]
    reach = taker.vehicle.radius + source.vehicle.radius + at.CABLE
    is_busy = source.vehicle.can_drive and any(
        party.reading.activity == at.CHARGING and party.reading.source == j for party in parties
    )
    if (
        j == i
        or is_busy
        or source.vehicle.charge_power <= 0.0
        or source.reading.activity >= at.LOST
        or source.reading.battery <= 0.2 * source.vehicle.battery
    ):
        return "source"
    if hypot(source.reading.x - taker.reading.x, source.reading.y - taker.reading.y) > reach:
        return "far"
    if not is_granted:
        return "right"
    return "full" if taker.reading.battery >= 0.999 * taker.vehicle.battery else None
