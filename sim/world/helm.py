"""Where bodies drive: each command to move, worked out over the ground as it is, and anew when that changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from fleet.core import Point, Pose, Tick
from fleet.messages import Blocked, Event, FollowPath, Turn
from sim.scenario.fault import Fault, Obstacle
from sim.scenario.scenario import RoverSpec
from sim.world import columns as at
from sim.world.course import Drive, Driver, Sight, Site
from sim.world.damage import Damage, in_truth
from sim.world.engine import Engine
from sim.world.towing import Tows, tow_driver, trailing

_SAME: Final = 1e-6  # Metres.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What a body follows, and how far it was driven when that began."""

    command: FollowPath
    start: Point
    first: int  #: Waypoint that is driven to first.
    distance: float

    def next(self, distance: float) -> int:
        """Return the waypoint that is driven to when the body has gone so far."""
        (x, y), left = self.start, distance - self.distance + _SAME
        for index in range(self.first, len(self.command.path)):
            waypoint = self.command.path[index]
            left -= hypot(waypoint[0] - x, waypoint[1] - y)
            if left < 0.0:
                return index
            x, y = waypoint
        return len(self.command.path)


class Helm:
    """Moves bodies as they are commanded, with whom they have in tow.

    Parameters
    ----------
    specs
        By id, as the engine numbers them.
    note
        Told what happens to whom.
    """

    def __init__(
        self,
        specs: Sequence[RoverSpec],
        site: Site,
        dt: float,
        *,
        engine: Engine,
        tows: Tows,
        damage: Damage,
        note: Callable[[int, Event], None],
    ) -> None:
        self._specs = specs
        self._site = site
        self._dt = dt
        self._engine = engine
        self._tows = tows
        self._damage = damage
        self._note = note
        drivers = {spec.vehicle: Driver(site, spec.vehicle, dt) for spec in specs}
        self.drivers = tuple(drivers[spec.vehicle] for spec in specs)  #: What works out the drives of each.
        self._drives: list[Drive | None] = [None] * len(specs)
        self._ways: list[_Way | None] = [None] * len(specs)
        self._known: list[set[Sight]] = [set() for _ in specs]  # What each knows of the hidden ground.
        self._obstacles: tuple[Obstacle, ...] = ()
        for i in range(len(specs)):
            self._look_about(i)

    def steer(self, i: int, command: FollowPath | Turn, tick: Tick) -> None:
        """Let a body move from now on."""
        body = self._engine.read(i)
        match command:
            case FollowPath():
                true = in_truth(command, self._damage.error(i))
                self._ways[i] = _Way(command=true, start=body.pose.point, first=0, distance=body.distance)
                self._move(i, self._driver(i).follow(body.pose, true, self._known[i]), tick)
            case Turn(heading=heading):
                self._ways[i] = None
                self._move(i, self._driver(i).turn(body.pose, heading), tick)

    def pass_marks(self, i: int, first: int, second: int) -> None:
        """Note what a drive leads past: its marks from one number to before another."""
        drive = self._drives[i]
        assert drive is not None  # only who drives passes marks
        if self._tows.tower_of(i) is not None:
            return  # It is its tower that has arrived.
        for mark in drive.marks[first:second]:
            self._note(i, mark.event)
            if mark.sight is not None:
                self._known[i].add(mark.sight)

    def suffer(self, faults: Sequence[Fault], tick: Tick) -> None:
        """Let the rocks that nobody knows of be these from now on; who drives, drives on over what is there."""
        obstacles = tuple(fault for fault in faults if isinstance(fault, Obstacle))
        if obstacles == self._obstacles:
            return
        self._obstacles = obstacles
        self.lay_obstacles()
        for i in range(len(self._specs)):
            body = self._engine.read(i)
            if body.activity >= at.LOST:
                continue  # It looks about when it drives again.
            self._look_about(i)
            way = self._ways[i]
            if body.activity == at.DRIVING and way is not None and self._tows.tower_of(i) is None:
                first = way.next(body.distance)
                self._ways[i] = _Way(command=way.command, start=body.pose.point, first=first, distance=body.distance)
                drive = self._driver(i).follow(body.pose, way.command, self._known[i], first=first)
                self._move(i, drive, tick)

    def lay_obstacles(self) -> None:
        """Have the site hold the present obstacles."""
        self._site.lay({fault.id: fault.disc for fault in self._obstacles})

    def _look_about(self, i: int) -> None:
        sights, told = self._site.about(self._specs[i].vehicle, self._engine.read(i).pose.point)
        for sight, event in zip(sights, told, strict=True):
            if sight not in self._known[i]:
                self._known[i].add(sight)
                self._note(i, event)

    def stall(self, i: int) -> None:
        """Let a body stand whose wheels are stuck, and who feels it."""
        self._engine.stand(i)
        self.stand_in_tow(i)
        self._note(i, Blocked(reason="wheel"))

    def _move(self, i: int, drive: Drive, tick: Tick) -> None:
        if self._damage.is_stuck(i):
            self.stall(i)
            return
        towed = self._tows.towed_by(i)
        if towed is not None:
            if self._engine.read(towed).activity >= at.LOST:
                self.stall(i)
                return
            self._drives[towed] = along = trailing(drive, self._pose(i), self._pose(towed))
            self._engine.drive(towed, along, tick)
        self._drives[i] = drive
        self._engine.drive(i, drive, tick)

    def _pose(self, i: int) -> Pose:
        return self._engine.read(i).pose

    def _driver(self, i: int) -> Driver:
        """Return what works out the drives of a rover as it is now."""
        towed = self._tows.towed_by(i)
        if towed is None:
            return self.drivers[i]
        here, there = self._pose(i), self._pose(towed)
        offset = (there.x - here.x, there.y - here.y)
        return tow_driver(self._site, self._specs[i].vehicle, self._specs[towed].vehicle, offset, self._dt)

    def stand_in_tow(self, tower: int) -> None:
        """Let whom a rover has in tow stand as it does."""
        towed = self._tows.towed_by(tower)
        if towed is not None and self._engine.read(towed).activity == at.DRIVING:
            self._engine.stand(towed)

    def stop_tow(self, i: int) -> bool:
        """Stop the other of a tow with one that stopped; return whether that was in tow, and its tower is told."""
        tower = self._tows.tower_of(i)
        if tower is None or self._tows.towed_by(tower) is None:
            self.stand_in_tow(i)
            return False
        if self._engine.read(tower).activity == at.DRIVING:
            self._engine.stand(tower)
            self._note(tower, Blocked(reason="body"))
        return self._engine.read(i).activity == at.IDLE
