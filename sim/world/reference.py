"""The world tick by tick in plain Python, to which the compiled one must be equal, bit for bit.

Written from the rules, with objects instead of arrays: every tick is one call, nothing is skipped, every pair of
bodies is looked at every time. Its parts stand beside the kernels that they are the measure of: `moving`, `power`,
`heat`, `linking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, inf, sin

from fleet.core import Tick, wrap_angle
from fleet.moon import link_budget
from sim.scenario.scenario import RoverSpec
from sim.world import columns as at
from sim.world.arrays import BoolArray, FloatArray, Sky
from sim.world.course import Drive
from sim.world.engine import BodyReading, Record
from sim.world.heat.reference import check_heat, wake
from sim.world.linking.reference import contact_of, pairs_linked
from sim.world.moving.reference import move, pairs_touching
from sim.world.power.reference import charge, check_battery, consume, sample_light
from sim.world.reference_body import Body, Motion, Piece
from sim.world.values import EnergyLedger


class ReferenceEngine:
    """Bodies as objects, one tick a call."""

    def __init__(self, rovers: Sequence[RoverSpec], sky: Sky, dt: float) -> None:
        self._sky = sky
        self._dt = dt
        self._light_every = max(1, round(at.LIGHT_SECONDS / dt))
        self._link_every = max(1, round(at.LINK_SECONDS / dt))
        self._records: list[Record] = []
        self._bodies = [self._body(spec) for spec in rovers]
        vehicles = [spec.vehicle for spec in rovers]
        self._reach = {
            (i, j): link_budget(a, b).reach for i, a in enumerate(vehicles) for j, b in enumerate(vehicles) if i < j
        }
        self._cut: frozenset[tuple[int, int]] = frozenset()
        self._jams: list[list[float]] = []
        sample_light(self._bodies, sky, 0)
        for body in self._bodies:
            body.is_lit = body.light >= at.LIT_HALF
        self._touching = pairs_touching(self._bodies)
        self._linked, self._contact = self._links_now(0)

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
            capacity=vehicle.battery,
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
        bodies, records = self._bodies, self._records
        alive = [i for i, body in enumerate(bodies) if body.activity != at.LOST]
        for i in alive:
            if bodies[i].activity == at.DRIVING:
                records += move(bodies, i, tick)
        self._find_contacts()
        if tick % self._light_every == 0:
            records += sample_light(bodies, self._sky, tick)
        for i in alive:
            consume(bodies[i], self._dt)
        for i in alive:
            if bodies[i].activity == at.CHARGING:
                records += charge(bodies, i, self._dt)
        for i in alive:
            records += check_battery(bodies[i], i)
            records += check_heat(bodies[i], i)
            if bodies[i].activity == at.ASLEEP:
                records += wake(bodies[i], i, tick)
        for i in alive:
            if bodies[i].activity == at.WORKING:
                self._work(i)
        if records or tick % self._link_every == 0:
            linked, contact = self._links_now(tick)
            if (linked, contact) != (self._linked, self._contact):
                self._linked, self._contact = linked, contact
                records.append((at.LINKS, 0, 0, 0))

    def _find_contacts(self) -> None:
        touching = pairs_touching(self._bodies)
        self._records += [(at.CONTACT, i, j, 0) for i, j in sorted(touching - self._touching)]
        self._touching = touching

    def _work(self, i: int) -> None:
        body = self._bodies[i]
        wrong = at.LIGHT_DARK if body.light >= at.LIT_HALF else at.LIGHT_LIT
        if body.work_light == wrong:
            body.activity = at.IDLE
            self._records.append((at.WORK_WRONG_LIGHT, i, 0, 0))
            return
        if body.work_waits:
            return
        body.work_left -= 1
        if body.work_left == 0:
            body.activity = at.IDLE
            self._records.append((at.WORK_DONE, i, 0, 0))

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
            temperature=body.temperature,
            battery=body.battery,
            used=body.used,
        )

    def ledger(self, rover: int) -> EnergyLedger:
        """Return where a body's energy came from and went."""
        body = self._bodies[rover]
        return EnergyLedger(
            initial=body.initial,
            solar=body.solar_in,
            charged=body.charge_in,
            used=body.used,
            given=body.charge_out,
            spilled=body.spilled,
            battery=body.battery,
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
        body.work_waits = False

    def let_wait(self, rover: int, *, waits: bool) -> None:
        """Let time count for a body at work, or not."""
        self._bodies[rover].work_waits = waits

    def charge(self, rover: int, source: int, share: float) -> None:
        """Let a body draw energy from another until it has this share of its charge."""
        body = self._bodies[rover]
        body.activity, body.source, body.aim = at.CHARGING, source, body.share_to_joules(share)

    def sleep(self, rover: int, until: Tick | None, *, light: bool, charge: float | None) -> None:
        """Let a body sleep from now on."""
        body = self._bodies[rover]
        body.activity, body.wake_light = at.ASLEEP, light
        body.wake_at = at.NEVER if until is None else until
        body.wake_charge = inf if charge is None else min(body.share_to_joules(charge), body.capacity)

    def hold(self, rover: int, *, is_held: bool) -> None:
        """Let the wheels of a body turn in vain, or find hold again."""
        self._bodies[rover].is_held = is_held

    def disturb(self, cut: BoolArray, jams: FloatArray, tick: Tick) -> None:
        """Let radios work no more between some and in some places; look again at who hears whom."""
        self._jams = jams.tolist()
        count = range(len(self._bodies))
        self._cut = frozenset((i, j) for i in count for j in count if cut[i, j])
        self.look_at_links(tick)

    def weaken(self, rover: int, panels: float, battery: float) -> None:
        """Leave a body these shares of the power of its panels and of its battery's capacity."""
        body = self._bodies[rover]
        body.panel_share = panels
        body.capacity = battery * body.vehicle.battery
        if body.battery > body.capacity:
            body.spilled += body.battery - body.capacity
            body.battery = body.capacity
        if body.wake_charge < inf:
            body.wake_charge = min(body.wake_charge, body.capacity)

    def look_at_links(self, tick: Tick) -> None:
        """Look again at who hears whom."""
        self._linked, self._contact = self._links_now(tick)

    def _links_now(self, tick: Tick) -> tuple[set[tuple[int, int]], list[tuple[bool, bool]]]:
        """Return the pairs that hear each other, and for each body whether it reaches the Earth and the satellite."""
        jammed = {i for i, body in enumerate(self._bodies) if any(_is_within(body, jam) for jam in self._jams)}
        linked = pairs_linked(self._bodies, self._sky, self._reach) - self._cut
        contact = contact_of(self._bodies, self._sky, tick)
        return {(i, j) for i, j in linked if i not in jammed and j not in jammed}, [
            (False, False) if (i, i) in self._cut or i in jammed else both for i, both in enumerate(contact)
        ]

    def links(self) -> list[list[bool]]:
        """Return who hears whom directly."""
        count = range(len(self._bodies))
        return [[(min(i, j), max(i, j)) in self._linked for j in count] for i in count]

    def contact(self) -> list[list[bool]]:
        """Return for each body whether its own radio reaches the Earth, and the relay satellite."""
        return [list(both) for both in self._contact]

    def places(self) -> list[list[float]]:
        """Return x and y of each body."""
        return [[body.x, body.y] for body in self._bodies]

    def touching(self) -> list[list[bool]]:
        """Return who touches whom."""
        count = range(len(self._bodies))
        return [[(min(i, j), max(i, j)) in self._touching for j in count] for i in count]


def _is_within(body: Body, jam: Sequence[float]) -> bool:
    """Return whether a body stands where no radio works."""
    x, y, square = jam
    return (body.x - x) * (body.x - x) + (body.y - y) * (body.y - y) <= square
