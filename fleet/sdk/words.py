"""What rovers say to each other: the bodies of `view.inbox`, and those that a mind may put into its outbox.

A mind may say `Bids`, `HazardReport`, `StopOrder`, `Telemetry`, and `TaskReport` with state ``returned`` or ``failed``;
all else is said by the node that knows of it.

Examples
--------
>>> from fleet.core import TaskId
>>> TaskReport(task=TaskId("core-7"), state="returned", reason="no way there").state
'returned'
"""

from fleet.messages import (
    Announcement,
    Bid,
    Bids,
    Body,
    Distress,
    HazardReport,
    Message,
    Step,
    StopOrder,
    Task,
    TaskReport,
    Telemetry,
)

__all__ = [
    "Announcement",
    "Bid",
    "Bids",
    "Body",
    "Distress",
    "HazardReport",
    "Message",
    "Step",
    "StopOrder",
    "Task",
    "TaskReport",
    "Telemetry",
]
