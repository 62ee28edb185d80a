"""What a rover's battery asks of its mind: to charge in time, to know its end, to wait for the Sun and to face it."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

from fleet.sdk import AgentContext, AgentView, Decision, Point, RoverId, Sleep, Stop, Tick, Turn
from fleet.sdk.events import ChargeStopped
from fleet.sdk.machines import Endurance
from fleet.sdk.skills.chargers import nearest_charger
from fleet.sdk.skills.driving import PATIENCE
from fleet.sdk.skills.schedule import Schedule

DARK = 0.5  #: Share of the Sun's disc below which a place is dark.
LOOKS = 6  #: Patiences between looks at the charge in the dark.
_FULL = 0.95
_LESS = 0.01  # Charge below what was full that counts as full too.
_TOP_UP = 0.7  # Charge below which it is worth a way to the charger before the dark,
_EVENING = 3.0 * 3600.0  # seconds before it.
_FACE = 0.2  # Radians off the Sun that are good enough for a panel.


class Upkeep:
    """Watches over one rover's charge, with the share of its battery that is never planned with."""

    def __init__(self, context: AgentContext, reserve: float) -> None:
        self.is_charging = False
        self._context = context
        self._schedule = Schedule(context)
        self._reserve = reserve
        self._endurance = Endurance(context.vehicle, context.almanac, context.time)
        self._docks = tuple(dock.place for dock in context.docks)
        self._patience = context.time.tick(PATIENCE)
        self._barred: set[tuple[RoverId, Point]] = set()  # Asked for membership only.
        self._full = _FULL  # What counts as full; less than that for a battery that holds no more.

    def notice(self, view: AgentView) -> None:
        """Take in what counts as full for this battery, and whether it is to be charged now."""
        if any(isinstance(event, ChargeStopped) and event.reason == "full" for event in view.observation.events):
            self._full = min(_FULL, view.observation.battery - _LESS)
        self.is_charging = self._needs_charge(view)
        if not self.is_charging:
            self._barred.clear()

    def charger(self, view: AgentView, now: tuple[RoverId, Point] | None) -> tuple[RoverId, Point]:
        """Return a charger and where to stand for it; `now`, the one chosen, while that may do."""
        if now in self._barred:
            return nearest_charger(self._context, view, self._barred)
        spoilt = view.travel.is_refused or any(isinstance(event, ChargeStopped) for event in view.observation.events)
        return now if now is not None and not spoilt else nearest_charger(self._context, view, self._barred)

    def bar(self, charger: tuple[RoverId, Point]) -> None:
        """Take in that there is no way to a charger: another is chosen, until the battery is full."""
        self._barred.add(charger)

    def _needs_charge(self, view: AgentView) -> bool:
        """Whether to charge before anything else; once it is so, until the battery is full."""
        battery = view.observation.battery
        if self.is_charging:
            return battery < self._full
        if not self._context.docks:
            return False
        here, dock = view.observation.pose.point, self._docks[0]
        places, seconds = [here, dock], self._schedule.rough_time(here, dock)
        if view.tasks and view.observation.activity == "idle":
            # About to leave for work: there, the work, and back.
            step = view.tasks[0].steps[view.steps[view.tasks[0].id]]
            places.append(step.place)
            seconds = self._schedule.rough_time(here, step.place) + self._schedule.rough_time(step.place, dock)
            seconds += step.work * self._context.time.dt
        return battery < self._share(seconds, places, view.tick) or (battery < _TOP_UP and self._sees_dark_coming(view))

    def _sees_dark_coming(self, view: AgentView) -> bool:
        """Whether the rover has nothing to do, is in the light, and will be in the dark before long."""
        if view.tasks or view.observation.activity != "idle" or self.is_dark(view):
            return False
        ahead = view.tick + self._context.time.tick(_EVENING)
        return self._context.almanac.light(view.observation.pose.point, ahead) < DARK

    def _share(self, seconds: float, places: Sequence[Point], tick: Tick) -> float:
        """Return the charge with which to begin what takes so long: the reserve, and what is used up."""
        drain = self._schedule.drain(seconds, places, tick) / self._context.vehicle.battery
        return min(self._reserve + drain, self._full - 0.05)

    def ends(self, view: AgentView) -> Tick | None:
        """Return when the rover, awake, is down to its reserve before there is Sun; None when there is in time."""
        seen = view.observation
        charge = (seen.battery - self._reserve) * self._context.vehicle.battery
        return self._endurance.end(seen.pose, view.tick, charge, seen.temperature)

    @staticmethod
    def is_dark(view: AgentView) -> bool:
        """Whether the rover stands where most of the Sun is hidden."""
        return view.observation.light < DARK

    def is_running_down(self, view: AgentView) -> bool:
        """Whether the charge is below the reserve and still falls."""
        return view.observation.battery < self._reserve and view.observation.power < 0.0

    def has_charger(self, view: AgentView) -> bool:
        """Whether a charger that stands is in reach."""
        seen = view.observation
        charge = seen.battery * self._context.vehicle.battery
        return self._endurance.reaches(seen.pose.point, self._docks, charge)

    def wait_for_sun(self, view: AgentView) -> Decision:
        """Sleep while it is dark; by day let the panels look at the Sun, and see again later."""
        if self.is_dark(view):
            return Decision(command=Sleep())
        if view.observation.activity == "working":
            return Decision(command=Stop(), wake=view.tick + 1)
        rest = self.rest(view)
        if rest.command is None and not self._docks and view.observation.battery < self._full:
            return Decision(command=Sleep(until=view.tick + LOOKS * self._patience, on_light=False))
        return Decision(command=rest.command, wake=view.tick + self._patience)

    def rest(self, view: AgentView) -> Decision:
        """Let the panel face the Sun where it does not follow by itself."""
        offset = self._context.vehicle.panels[0].offset if self._context.vehicle.panels else None
        if offset is None or view.observation.activity != "idle":
            return Decision()
        heading = self._context.almanac.sun(view.tick).heading - offset
        off = (heading - view.observation.pose.heading + pi) % (2.0 * pi) - pi
        wake = view.tick + self._context.time.tick(2.0 * 3600.0)  # The Sun moves half a degree an hour.
        return Decision(command=Turn(heading=heading) if abs(off) > _FACE else None, wake=wake)
