"""How a scenario is run; nothing here changes what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fleet.core import Tick
from sim.hub import BusKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a person may choose beside the scenario."""

    bus: BusKind = "ipc"
    hosts: int | Literal["agency"] = "agency"  #: Host processes: a number, or one an agency.
    reference: bool = False  #: Advance the world by the plain per-tick reference instead of compiled code.
    rate: float | None = None  #: Mission seconds a second of the wall; None: as fast as it goes.
    paused: bool = False  #: Wait at tick 0 until somebody says go.
    until: Tick | None = None
    record: Path | None = None
    report: Path | None = None  #: Needs `record`.
    feed: str | None = None  #: Endpoint on which viewers are told what happens,
    control: str | None = None  #: and on which they steer.
