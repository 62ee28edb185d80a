"""The names by which things are known across the fleet."""

from typing import Final, NewType

RoverId = NewType("RoverId", str)  #: A member of the fleet that decides for itself; a lander is one that cannot drive.
AgencyId = NewType("AgencyId", str)
TaskId = NewType("TaskId", str)

EVERYONE: Final = RoverId("*")  #: Addressee of a message that is meant for all who can hear it.
GROUND: Final = RoverId("ground")  #: Sender of what mission control says; no rover may have this id.
