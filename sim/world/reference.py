"""The world tick by tick in plain Python, to which the compiled one must be equal, bit for bit.

Written from the rules, with objects instead of arrays: every tick is one call, nothing is skipped, every pair of
bodies is looked at every time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import cos, sin

from fleet.core import Tick, wrap_angle
from fleet.moon.kernels import light_at, line_of_sight, sun_at
from sim.scenario.scenario import RoverSpec
from sim.world import columns as at
from sim.world.arrays import Sky
from sim.world.course import Drive
from sim.world.engine import BodyReading, Record
from sim.world.reference_body import Body, Motion, Piece
from sim.world.values import EnergyLedger


def _square(a: Body, b: Body) -> float:
    dx, dy = b.x - a.x, b.y - a.y
    return dx * dx + dy * dy


class ReferenceEngine:
    """Bodies as objects, one tick a call."""

    def __init__(self, rovers: Sequence[RoverSpec], sky: Sky, dt: float) -> None:
        self._sky = sky
        self._dt = dt
        self._light_every = max(1, round(at.LIGHT_SECONDS / dt))
        self._link_every = max(1, round(at.LINK_SECONDS / dt))
        self._records: list[Record] = []
        self._bodies = [self._body(spec) for spec in rovers]
        self._sample_light(0)
        for body in self._bodies:
            body.is_lit = body.light >= at.LIT_HALF
        self._records.clear()
        self._touching = self._pairs_touching()
        self._linked = self._pairs_linked()

    @staticmethod
    def _body(spec: RoverSpec) -> Body:
        battery, vehicle, pose = spec.charge * spec.vehicle.battery, spec.vehicle, spec.pose
        body = Body(
            vehicle=vehicle,
            x=pose.x,
            y=pose.y,
            heading=pose.heading,
            facing=(cos(pose.heading), sin(pose.heading)),
            battery=battery,
            initial=battery,
            least=battery,
        )
        body.flags = {
            "low": battery < body.share_to_joules(0.30),
            "critical": battery < body.share_to_joules(0.15),
            "full": battery >= body.share_to_joules(0.999),
        }
        return body

    def advance(self, tick: Tick, until: Tick) -> tuple[Tick, list[Record]]:
        """Run one tick, unless `until` is reached."""
        self._records = []
        if tick < until:
            tick += 1
            self._run(tick)
        return tick, self._records

    def _run(self, tick: Tick) -> None:
        alive = [i for i, body in enumerate(self._bodies) if body.activity != at.LOST]
        for i in alive:
            if self._bodies[i].activity == at.DRIVING:
                self._move(i, tick)
        self._find_contacts()
        if tick % self._light_every == 0:
            self._sample_light(tick)
        for i in alive:
            self._consume(self._bodies[i])
        for i in alive:
            if self._bodies[i].activity == at.CHARGING:
                self._charge(i)
        for i in alive:
            self._check_battery(i)
        for i in alive:
            if self._bodies[i].activity == at.WORKING:
                self._work(i)
        if self._records or tick % self._link_every == 0:
            linked = self._pairs_linked()
            if linked != self._linked:
                self._linked = linked
                self._records.append((at.LINKS, 0, 0, 0))

    # Motion

    def _move(self, i: int, tick: Tick) -> None:
        body = self._bodies[i]
        motion = body.motion
        assert motion is not None  # it drives
        elapsed = tick - motion.started
        body.drive_power = motion.pieces[motion.piece].power
        marks = bisect_right(motion.marks, elapsed)
        is_over = marks == len(motion.marks)
        index = max(motion.piece, bisect_right(motion.starts, elapsed) - 1)
        if is_over:
            index = len(motion.pieces) - 1
        piece = motion.pieces[index]
        since = 0.0 if piece is motion.pieces[-1] else elapsed - piece.start
        x = piece.point[0] + piece.velocity[0] * since
        y = piece.point[1] + piece.velocity[1] * since
        if (x != body.x or y != body.y) and self._is_in_the_way(i, x, y):
            body.drive_power = 0.0
            body.activity = at.IDLE
            self._records.append((at.BODY_AHEAD, i, 0, 0))
            return
        body.x, body.y = x, y
        body.heading = piece.heading + piece.spin * since
        body.distance = motion.before + (piece.distance + piece.speed * since)
        body.facing = piece.facing
        motion.piece = index
        if marks > motion.passed:
            self._records.append((at.MARKS, i, motion.passed, marks))
            motion.passed = marks
        if is_over:
            body.activity = at.IDLE

    def _is_in_the_way(self, i: int, x: float, y: float) -> bool:
        """Return whether a straight move of body `i` to x, y would come too near to another while getting closer."""
        body = self._bodies[i]
        mx, my = x - body.x, y - body.y
        square = mx * mx + my * my
        for j, other in enumerate(self._bodies):
            wx, wy = other.x - body.x, other.y - body.y
            along = wx * mx + wy * my
            if j != i and along > 0.0:
                share = min(1.0, along / square)
                dx, dy = wx - mx * share, wy - my * share
                limit = body.vehicle.radius + other.vehicle.radius + at.BODY_GAP
                if dx * dx + dy * dy < limit * limit:
                    return True
        return False

    def _pairs_touching(self) -> set[tuple[int, int]]:
        touching = set()
        for i, a in enumerate(self._bodies):
            for j, b in enumerate(self._bodies[:i]):
                limit = a.vehicle.radius + b.vehicle.radius
                if _square(a, b) < limit * limit:
                    touching.add((j, i))
        return touching

    def _find_contacts(self) -> None:
        touching = self._pairs_touching()
        self._records += [(at.CONTACT, i, j, 0) for i, j in sorted(touching - self._touching)]
        self._touching = touching

    # Light and energy

    def _sample_light(self, tick: Tick) -> None:
        sky = self._sky
        heading, elevation = sun_at(tick, sky.sun, sky.every)
        sun = sun_at(tick, sky.sun_vector, sky.every)
        for i, body in enumerate(self._bodies):
            if body.activity == at.LOST:
                continue
            body.light = light_at(
                body.x,
                body.y,
                heading,
                elevation,
                sky.horizon,
                sky.first_heading,
                sky.heading_step,
                sky.disc,
                sky.west,
                sky.south,
                sky.pixel,
            )
            body.sun = sun
            if body.is_lit and body.light < at.DARK_FROM:
                body.is_lit = False
                self._records.append((at.LIGHT_OFF, i, 0, 0))
            elif not body.is_lit and body.light > at.LIT_FROM:
                body.is_lit = True
                self._records.append((at.LIGHT_ON, i, 0, 0))

    def _consume(self, body: Body) -> None:
        vehicle = body.vehicle
        load = vehicle.hotel_power
        if body.light < at.LIT_HALF:
            load += vehicle.heater_power
        load += body.drive_power
        if body.activity == at.WORKING:
            load += vehicle.work_power
        body.drive_power = 0.0
        solar = body.solar()
        body.power = solar - load
        body.solar_in += solar * self._dt
        body.used += load * self._dt
        body.battery += (solar - load) * self._dt
        if body.battery > vehicle.battery:
            body.spilled += body.battery - vehicle.battery
            body.battery = vehicle.battery
        elif body.battery < 0.0:
            body.used += body.battery
            body.battery = 0.0

    def _charge(self, i: int) -> None:
        body = self._bodies[i]
        source = self._bodies[body.source]
        reserve = source.share_to_joules(0.20)
        limit = body.vehicle.radius + source.vehicle.radius + at.CABLE
        if source.activity == at.LOST or source.battery <= reserve:
            self._end_charge(i, at.CHARGE_SOURCE)
        elif _square(body, source) > limit * limit:
            self._end_charge(i, at.CHARGE_FAR)
        else:
            room = body.vehicle.battery - body.battery
            amount = min(source.vehicle.charge_power * self._dt, room, source.battery - reserve)
            body.battery += amount
            source.battery -= amount
            body.charge_in += amount
            source.charge_out += amount
            body.power += amount / self._dt
            source.power -= amount / self._dt
            if body.battery >= body.share_to_joules(0.999):
                self._end_charge(i, at.CHARGE_FULL)

    def _end_charge(self, i: int, code: int) -> None:
        self._bodies[i].activity = at.IDLE
        self._records.append((code, i, 0, 0))

    def _check_battery(self, i: int) -> None:
        body = self._bodies[i]
        body.least = min(body.least, body.battery)
        if body.battery <= 0.0:
            body.activity = at.LOST
            body.power = 0.0
            self._records.append((at.BATTERY_EMPTY, i, 0, 0))
            return
        for name, share, over, code in (
            ("low", 0.30, 0.32, at.BATTERY_LOW),
            ("critical", 0.15, 0.17, at.BATTERY_CRITICAL),
        ):
            if not body.flags[name] and body.battery < body.share_to_joules(share):
                body.flags[name] = True
                self._records.append((code, i, 0, 0))
            elif body.flags[name] and body.battery > body.share_to_joules(over):
                body.flags[name] = False
        if not body.flags["full"] and body.battery >= body.share_to_joules(0.999):
            body.flags["full"] = True
            self._records.append((at.BATTERY_FULL, i, 0, 0))
        elif body.flags["full"] and body.battery < body.share_to_joules(0.979):
            body.flags["full"] = False

    # Work and radio

    def _work(self, i: int) -> None:
        body = self._bodies[i]
        wrong = at.LIGHT_DARK if body.light >= at.LIT_HALF else at.LIGHT_LIT
        if body.work_light == wrong:
            body.activity = at.IDLE
            self._records.append((at.WORK_WRONG_LIGHT, i, 0, 0))
            return
        body.work_left -= 1
        if body.work_left == 0:
            body.activity = at.IDLE
            self._records.append((at.WORK_DONE, i, 0, 0))

    def _pairs_linked(self) -> set[tuple[int, int]]:
        linked = set()
        for i, a in enumerate(self._bodies):
            for j in range(i + 1, len(self._bodies)):
                b = self._bodies[j]
                limit = min(a.vehicle.radio_range, b.vehicle.radio_range)
                is_alive = at.LOST not in (a.activity, b.activity)
                if is_alive and _square(a, b) <= limit * limit and self._is_in_sight(a, b):
                    linked.add((i, j))
        return linked

    def _is_in_sight(self, a: Body, b: Body) -> bool:
        sky = self._sky
        return bool(
            line_of_sight(
                sky.heights,
                sky.west,
                sky.south,
                sky.pixel,
                a.x,
                a.y,
                a.vehicle.antenna,
                b.x,
                b.y,
                b.vehicle.antenna,
            )
        )

    # Commands and readings

    def read(self, rover: int) -> BodyReading:
        """Return what is true of a body now."""
        body = self._bodies[rover]
        return BodyReading(
            x=body.x,
            y=body.y,
            heading=wrap_angle(body.heading),
            light=body.light,
            power=body.power,
            activity=body.activity,
            distance=body.distance,
            least=body.least,
            work_left=body.work_left,
            source=body.source,
            energy=EnergyLedger(
                initial=body.initial,
                solar=body.solar_in,
                charged=body.charge_in,
                used=body.used,
                given=body.charge_out,
                spilled=body.spilled,
                battery=body.battery,
            ),
        )

    def drive(self, rover: int, drive: Drive, tick: Tick) -> None:
        """Let a body move from now on."""
        body = self._bodies[rover]
        pieces = [
            Piece(
                start=row[at.P_START],
                point=(row[at.P_X], row[at.P_Y]),
                velocity=(row[at.P_VX], row[at.P_VY]),
                heading=row[at.P_HEADING],
                spin=row[at.P_SPIN],
                facing=(row[at.P_COS], row[at.P_SIN]),
                power=row[at.P_POWER],
                distance=row[at.P_DISTANCE],
                speed=row[at.P_SPEED],
            )
            for row in drive.pieces.tolist()
        ]
        marks = [mark.time for mark in drive.marks]
        starts = [piece.start for piece in pieces]
        body.motion = Motion(pieces=pieces, starts=starts, marks=marks, started=tick, before=body.distance)
        body.activity = at.DRIVING

    def stand(self, rover: int) -> None:
        """Let a body do nothing."""
        self._bodies[rover].activity = at.IDLE

    def work(self, rover: int, left: Tick, light: int) -> None:
        """Let a body work for so many ticks."""
        body = self._bodies[rover]
        body.activity, body.work_left, body.work_light = at.WORKING, left, light

    def charge(self, rover: int, source: int) -> None:
        """Let a body draw energy from another."""
        body = self._bodies[rover]
        body.activity, body.source = at.CHARGING, source

    def links(self) -> list[list[bool]]:
        """Return who hears whom directly."""
        count = range(len(self._bodies))
        return [[(min(i, j), max(i, j)) in self._linked for j in count] for i in count]

    def touching(self) -> list[list[bool]]:
        """Return who touches whom."""
        count = range(len(self._bodies))
        return [[(min(i, j), max(i, j)) in self._touching for j in count] for i in count]
