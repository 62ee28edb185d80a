"""Orders of mission control to a mission that goes on: who is to stand and who may go on, which ground is closed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from fleet.core import AgencyId, Path, RoverId, TaskId, Tick
from fleet.messages import Inside, Task


class _Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="order"):
    """Given at a tick; of two about one rover, or one zone, the later counts."""

    id: str  #: Of this order in its run.
    at: Tick
    reason: str = ""


class StopRovers(_Order, frozen=True, kw_only=True, tag="stop"):
    """Rovers are to stand until whoever says so lets them go on."""

    rovers: tuple[RoverId, ...]  #: Sorted.
    by: str  #: `fleet.core.GROUND`, or an agency.


class ReleaseRovers(_Order, frozen=True, kw_only=True, tag="go"):
    """As far as this giver is concerned, rovers may go on."""

    rovers: tuple[RoverId, ...]  #: Sorted.
    by: str


class CloseGround(_Order, frozen=True, kw_only=True, tag="close"):
    """Nobody enters this ground."""

    zone: str
    outline: Path  #: Corners in order.
    inside: Inside  #: What is to be done by whoever is in it.


class OpenGround(_Order, frozen=True, kw_only=True, tag="open"):
    """Ground is open again."""

    zone: str


class WithdrawAgency(_Order, frozen=True, kw_only=True, tag="withdraw"):
    """An agency leaves the mission: its rovers take no more work of others, its own tasks are cancelled."""

    agency: AgencyId


class SendTask(_Order, frozen=True, kw_only=True, tag="task"):
    """Work is to be done that the scenario does not know of."""

    task: Task


class _TasksOrder(_Order, frozen=True, kw_only=True):
    """About tasks."""

    tasks: tuple[tuple[TaskId, AgencyId], ...]  #: Each with the agency whose work it is, sorted.
    by: str  #: `fleet.core.GROUND`, or an agency.


class PauseTasks(_TasksOrder, frozen=True, kw_only=True, tag="pause"):
    """Nobody is to work at these until whoever says so lets them go on; who has one keeps it and what is done of it."""


class ResumeTasks(_TasksOrder, frozen=True, kw_only=True, tag="resume"):
    """As far as this giver is concerned, work at these goes on."""


class CancelTasks(_TasksOrder, frozen=True, kw_only=True, tag="cancel"):
    """Nobody is to work at these any more."""


ControlOrder = (
    StopRovers
    | ReleaseRovers
    | CloseGround
    | OpenGround
    | WithdrawAgency
    | SendTask
    | PauseTasks
    | ResumeTasks
    | CancelTasks
)


def in_sequence(orders: Iterable[ControlOrder]) -> tuple[ControlOrder, ...]:
    """Return orders by tick, then as they are given."""
    return tuple(sorted(orders, key=lambda order: order.at))
