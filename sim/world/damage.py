"""What faults do to bodies and their radio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec.structs import replace

from fleet.core import Disc, Point, Pose, RoverId, Tick
from fleet.messages import Event, FollowPath, HazardSeen, TowEnded
from sim.scenario.fault import (
    BatteryFade,
    DeadPanel,
    Fault,
    Held,
    HostLoss,
    Partition,
    RadioJam,
    Silent,
    StuckWheel,
    WrongPosition,
)
from sim.world.arrays import BoolArray, FloatArray
from sim.world.engine import Engine

LEAST_BATTERY: Final = 0.4  #: Of its capacity, what faults leave at least: all thresholds of charge lie below.


class Damage:
    """Keeps an engine's bodies as the present faults have them.

    Parameters
    ----------
    rovers
        By id, as the engine numbers them.
    """

    def __init__(self, rovers: Sequence[RoverId], engine: Engine) -> None:
        self._index = {rover: i for i, rover in enumerate(rovers)}
        self._engine = engine
        self._stuck: frozenset[int] = frozenset()
        self.held: frozenset[int] = frozenset()  #: Whose wheels turn in vain.
        self._errors: dict[int, Point] = {}

    def suffer(self, faults: Sequence[Fault], tick: Tick) -> list[int]:
        """Take in which faults there are from now on; return whose wheels got stuck just now, ascending."""
        self.held = frozenset(self._index[fault.rover] for fault in faults if isinstance(fault, Held))
        for i in range(len(self._index)):
            self._engine.hold(i, is_held=i in self.held)
        for i, rover in enumerate(self._index):
            self._engine.weaken(i, *_weakness(faults, rover))
        self._engine.disturb(self._cut(faults), _jams(faults), tick)
        self._errors = {self._index[fault.rover]: fault.error for fault in faults if isinstance(fault, WrongPosition)}
        before, self._stuck = self._stuck, frozenset(self._stuck_by(faults))
        return sorted(self._stuck - before)

    def error(self, rover: int) -> Point:
        """Return by how much a rover is wrong about where it is: metres to add to the truth."""
        return self._errors.get(rover, (0.0, 0.0))

    def as_seen(self, rover: int, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Return events as a rover is told them: what it sees is beside it, and whom a tow left is beside its tower."""
        if not self._errors:
            return events
        return tuple(self._seen(rover, event) for event in events)

    def _seen(self, rover: int, event: Event) -> Event:
        match event:
            case HazardSeen(hazard=disc):
                dx, dy = self.error(rover)
                return replace(event, hazard=Disc(x=disc.x + dx, y=disc.y + dy, radius=disc.radius))
            case TowEnded(tower=tower, place=(x, y)):
                dx, dy = self.error(self._index[tower])
                return replace(event, place=(x + dx, y + dy))
            case _:
                return event

    def is_stuck(self, rover: int) -> bool:
        """Return whether a body can neither drive nor turn."""
        return rover in self._stuck

    def _stuck_by(self, faults: Sequence[Fault]) -> list[int]:
        return [self._index[fault.rover] for fault in faults if isinstance(fault, StuckWheel)]

    def _cut(self, faults: Sequence[Fault]) -> BoolArray:
        """Return which pairs no radio bridges, and on the diagonal which radios are dead; (N, N), symmetric."""
        count = len(self._index)
        cut: BoolArray = np.zeros((count, count), dtype=np.bool_)
        for fault in faults:
            match fault:
                case Silent(rover=rover) | HostLoss(rover=rover):
                    cut[self._index[rover], :] = cut[:, self._index[rover]] = True
                case Partition(groups=groups):
                    number = [next(k for k, group in enumerate(groups) if rover in group) for rover in self._index]
                    cut |= np.not_equal.outer(number, number)
                case _:
                    pass
        return cut


def _weakness(faults: Sequence[Fault], rover: RoverId) -> tuple[float, float]:
    """Return the shares that are left of the power of a rover's panels and of its battery's capacity."""
    panels = battery = 1.0
    for fault in faults:
        if isinstance(fault, DeadPanel) and fault.rover == rover:
            panels *= 1.0 - fault.share
        elif isinstance(fault, BatteryFade) and fault.rover == rover:
            battery *= 1.0 - fault.share
    return panels, max(LEAST_BATTERY, battery)


def _jams(faults: Sequence[Fault]) -> FloatArray:
    """Return x, y and square of the radius of ground where no radio works; (J, 3)."""
    jams = [(*fault.centre, fault.radius * fault.radius) for fault in faults if isinstance(fault, RadioJam)]
    return np.array(jams, dtype=np.float64).reshape(-1, 3)


def in_truth(command: FollowPath, error: Point) -> FollowPath:
    """Return a drive as it is in truth, told by a rover that is so wrong about where it is."""
    if error == (0.0, 0.0):
        return command
    return replace(command, path=tuple((x - error[0], y - error[1]) for x, y in command.path))


def believed_pose(pose: Pose, error: Point) -> Pose:
    """Return where a rover believes to be that is so wrong about it."""
    return pose if error == (0.0, 0.0) else Pose(x=pose.x + error[0], y=pose.y + error[1], heading=pose.heading)
