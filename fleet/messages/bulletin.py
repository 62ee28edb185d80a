"""What mission control has in force: who is to stand, and which ground is closed."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from fleet.core import GROUND, AgencyId, Path, RoverId, TaskId, Tick
from fleet.messages.body import Content
from fleet.terrain.ground_map import MapZone
from fleet.terrain.zone import CLOSED, Zone

MOST_CLOSED: Final = 32  #: Zones that may be closed at one time,
MOST_CORNERS: Final = 64  #: and corners that each may have: a bulletin must pass a slow radio.
MOST_SUSPENDED: Final = 100  #: Tasks that may be paused or cancelled in a mission.

Inside = Literal["leave", "stop"]


class Halt(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A rover that is to stand."""

    rover: RoverId
    by: str  #: Who wants it: `fleet.core.GROUND`, which is mission control of the whole fleet, or an agency.
    since: Tick
    reason: str = ""


class ClosedGround(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Ground that nobody enters."""

    zone: str
    outline: Path  #: Corners in order.
    inside: Inside = "leave"  #: What is to be done by whoever is in it.
    since: Tick = 0
    reason: str = ""

    def __post_init__(self) -> None:
        if len(self.outline) > MOST_CORNERS:
            raise ValueError(f"zone {self.zone} has more than {MOST_CORNERS} corners")
        self.ground()

    def ground(self) -> Zone:
        """Return it as a zone of the map."""
        return Zone.of(MapZone(id=self.zone, kind=CLOSED, outline=self.outline))


class Suspension(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A task at which nobody is to work."""

    task: TaskId
    agency: AgencyId  #: Whose work it is.
    by: str  #: Who wants that: `fleet.core.GROUND`, or an agency.
    since: Tick
    reason: str = ""
    for_good: bool = False  #: Cancelled; else paused, until whoever wants that lets it go on.

    def told(self, when: str = "") -> str:
        """Return in words what it is, `when` as something like ``at noon``.

        >>> Suspension(task=TaskId("t"), agency=AgencyId("METU"), by="METU", since=3, reason="dust").told()
        'paused by METU: dust'
        """
        who = "mission control" if self.by == GROUND else self.by
        said = f"{'cancelled' if self.for_good else 'paused'} by {who}{f' {when}' if when else ''}"
        return f"{said}: {self.reason}" if self.reason else said


class Bulletin(Content, frozen=True):
    """All that mission control has in force, each time anew: of two the one of the later version counts."""

    version: int  #: Orders that mission control has given until then.
    halts: tuple[Halt, ...] = ()
    closed: tuple[ClosedGround, ...] = ()
    withdrawn: tuple[AgencyId, ...] = ()  #: Agencies that have left the mission, sorted.
    suspended: tuple[Suspension, ...] = ()  #: By task, then by whom.

    def __post_init__(self) -> None:
        if self.version < 0:
            raise ValueError(f"Bulletin.version must be >= 0, got {self.version}")
        names = {ground.zone for ground in self.closed}
        if len(names) < len(self.closed) or len(names) > MOST_CLOSED:
            raise ValueError(f"Bulletin.closed must be at most {MOST_CLOSED} zones of different names")
        if len({word.task for word in self.suspended}) > MOST_SUSPENDED:
            raise ValueError(f"Bulletin.suspended must be about at most {MOST_SUSPENDED} tasks")


class BulletinHeeded(Content, frozen=True):
    """I know the bulletin of this version and do as it says; wakes nobody."""

    version: int
    refused: str = ""  #: What I do not, and why.
