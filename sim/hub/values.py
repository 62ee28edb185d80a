"""What goes into a run beside its scenario, and what comes out of it beside its recording."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fleet.core import Clock, Tick
from sim.hub.desk import Desk
from sim.hub.live import LiveFeed
from sim.hub.pace import Pace
from sim.hub.past import Past
from sim.hub.patience import Patience
from sim.hub.ports import Journal
from sim.hub.telling import SunAt

Reason = Literal["finished", "until", "interrupted", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubResult:
    """How a run went."""

    reason: Reason
    ticks: Tick
    digest: str
    wakes: int  #: How often a rover was asked.
    sent: int  #: Messages said.
    delivered: int  #: Messages times receivers whom the radio carries them to.
    lost: int  #: Messages times receivers whom it does not.
    faults: int
    collisions: int
    wall_seconds: float  #: Of the mission, without the start of hosts and agents.


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a run meets beside its scenario; nothing of it changes what is decided."""

    clock: Clock
    pace: Pace
    desk: Desk | None = None
    live: LiveFeed | None = None  #: Told everything, too, and closed at the end.
    journal: Journal | None = None  #: Takes down what comes from outside.
    past: Past | None = None  #: What came from outside before the run was cut short that goes on now.
    checkpoint_every: Tick | None = None  #: After how many ticks all that is known goes into the journal.
    patience: Patience = field(default_factory=Patience)
    sun: SunAt | None = None  #: For the record; None: an almanac is made.
    frames: bool = True  #: Whether the truth goes on record; without, the digest is another.
    owns_process: bool = True  #: Whether Ctrl-C, and how often Python looks for garbage, are the run's to rule.
