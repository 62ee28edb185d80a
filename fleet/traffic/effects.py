"""What follows for a rover's radio and body from what its holder was told."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import Path
from fleet.messages import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """What the body may drive now; replaces what it was given before, without a stop."""

    path: Path  #: From the next waypoint on; begins with a straight run from wherever the body is.
    report: tuple[int, ...]  #: Waypoints of this path whose passing the holder must be told.


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What to say and what to do; never both a drive and a halt."""

    send: tuple[Body, ...] = ()  #: To the traffic leader, in order.
    drive: Drive | None = None
    halt: bool = False  #: Stop, then tell the holder `on_halted`: at once where the body stands at once.
    finished: bool = False  #: The path that was wanted has been driven to its end, or the way back out of touch has.
