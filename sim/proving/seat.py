"""Who a candidate is in the proving mission."""

from __future__ import annotations

from typing import Final

from fleet.core import ConfigError, RoverId
from fleet.vehicles import catalogue

_LANDER: Final = RoverId("lander")
_GUEST: Final = RoverId("candidate")


def seat_of(vehicle: object) -> RoverId:
    """Return who the candidate is in the proving mission: what stands is the lander.

    Raises
    ------
    ConfigError
        When there is no such class of vehicles.
    """
    classes = catalogue()
    if not isinstance(vehicle, str) or vehicle not in classes:
        raise ConfigError(f"vehicle {vehicle!r}", "is no class of vehicles", f"there are: {', '.join(classes)}")
    return _GUEST if classes[vehicle].can_drive else _LANDER
