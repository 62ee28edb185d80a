"""What all rovers that drive have in common: bid, go, work, charge in time, sleep through the dark, wait at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

from fleet.agents.bidding import answer
from fleet.agents.chargers import nearest_charger
from fleet.agents.prudence import Prudence
from fleet.agents.schedule import Schedule
from fleet.sdk import (
    AgentContext,
    AgentView,
    Announcement,
    Bids,
    Blocked,
    Charge,
    ChargeStopped,
    Command,
    Decision,
    Demand,
    Disc,
    EarthChanged,
    Endurance,
    FollowPath,
    HazardReport,
    HazardSeen,
    LinksChanged,
    NoPlan,
    Outgoing,
    Plan,
    Point,
    RoverId,
    Sleep,
    Stop,
    TaskId,
    TaskReport,
    Tick,
    TimedPlan,
    Turn,
    Work,
    WorkStopped,
    distance,
    distance_to_path,
)

_PATIENCE = 300.0  # Seconds until what was not possible is tried again.
_DETOURS = 4  # Refused ways in a row after which it waits instead of trying one more.
_GIVE_UP = 12  # Waits after which a task is given back.
_NEAR = 1.0  # Metres; where so much precision is asked for, nothing beside will do.
_ASIDE = 0.8  # Share of the allowed distance that is gone aside,
_BESIDES = 6  # in so many directions.
_AHEAD = 288  # Patiences to look ahead for light and contact: a day.
_LOOKS = 6  # Patiences between looks at the charge in the dark.
_FULL = 0.95
_LESS = 0.01  # Charge below what was full that counts as full too.
_TOP_UP = 0.7  # Charge below which it is worth a way to the charger before the dark,
_EVENING = 3.0 * 3600.0  # seconds before it.
_DARK = 0.5  # Share of the Sun's disc below which a place is dark.
_FACE = 0.2  # Radians off the Sun that are good enough for a panel.


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """What makes one rover's mind differ from another's."""

    reserve: float = 0.25  #: Charge that is never planned with.
    backlog: int = 2  #: Tasks it takes on at once.


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """Where the rover means to be, and what for."""

    purpose: Literal["work", "charge", "home", "sun"]
    place: Point
    near: float  #: Metres from the place that will do.
    subject: str = ""  #: Task or source.
    step: int = 0


class FieldAgent:
    """A rover that drives: bids for tasks, does them in order, charges in time, waits at home.

    Each time it is asked it derives what it wants from the view; what it keeps is the present intention and how often
    that was frustrated.
    """

    character = Character()

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._schedule = Schedule(context)
        self._endurance = Endurance(context.vehicle, context.almanac, context.time)
        self._prudence = Prudence(context, self.character.reserve)
        self._docks = tuple(dock.place for dock in context.docks)
        self._patience = context.time.tick(_PATIENCE)
        self._home: Point | None = None
        self._charging = False
        self._full = _FULL  # What counts as full; less than that for a battery that holds no more.
        self._intention: Intention | None = None
        self._avoid: tuple[Disc, ...] = ()
        self._detours = 0
        self._waits = 0
        self._closed = context.terrain.closed
        self._retry: Tick | None = None

    def decide(self, view: AgentView) -> Decision:
        """Return what to do, and bids for what is announced."""
        here = view.observation.pose.point
        self._home = self._home or here
        if any(isinstance(event, ChargeStopped) and event.reason == "full" for event in view.observation.events):
            self._full = min(_FULL, view.observation.battery - _LESS)
        bids = tuple(
            Outgoing(to=message.sender, body=self._bid(view, message.body))
            for message in view.inbox
            if isinstance(message.body, Announcement)
        )
        intention = self._want(view)
        if (intention, self._context.terrain.closed) != (self._intention, self._closed):
            self._intention, self._closed, self._avoid = intention, self._context.terrain.closed, ()
            self._detours, self._waits, self._retry = 0, 0, view.tick
        if distance(here, intention.place) <= intention.near:
            decision = self._act(view, intention)
        else:
            decision = self._approach(view, intention)
        wake = self._watch(view, decision)
        return Decision(command=decision.command, outbox=bids + decision.outbox, wake=wake)

    def _bid(self, view: AgentView, announcement: Announcement) -> Bids:
        """Return prices for what is announced."""
        return answer(self._schedule, self._context, view, announcement, self.character.backlog)

    def _watch(self, view: AgentView, decision: Decision) -> Tick | None:
        """Return when to be asked again: soon, while the Sun alone could help and there is none."""
        is_asleep = isinstance(decision.command, Sleep)
        if is_asleep or not self._is_dark(view) or self._has_charger(view):
            return decision.wake
        soon = view.tick + _LOOKS * self._patience
        return soon if decision.wake is None else min(soon, decision.wake)

    def _want(self, view: AgentView) -> Intention:
        self._charging = self._needs_charge(view)
        if self._charging:
            return self._charger(view)
        if self._needs_sun(view):
            return self._sunny_place(view)
        return self._errand(view)

    def _charger(self, view: AgentView) -> Intention:
        """Return a charger to go to; keep to the one chosen while it may do."""
        now = self._intention
        spoilt = view.travel.is_refused or any(isinstance(event, ChargeStopped) for event in view.observation.events)
        if now is not None and now.purpose == "charge" and not spoilt:
            return now
        source, place = nearest_charger(self._context, view)
        return Intention(purpose="charge", place=place, near=1.0, subject=source)

    def _errand(self, view: AgentView) -> Intention:
        """Return what it would do now if charge were no matter."""
        if view.tasks:
            task = view.tasks[0]
            number = view.steps[task.id]
            step = task.steps[number]
            return Intention(purpose="work", place=step.place, near=step.radius, subject=task.id, step=number)
        assert self._home is not None
        is_away = distance(view.observation.pose.point, self._home) > _NEAR
        if is_away and not self._docks and self._context.almanac.light(self._home, view.tick) < _DARK:
            return self._sunny_place(view)
        return Intention(purpose="home", place=self._home, near=1.0)

    def _needs_charge(self, view: AgentView) -> bool:
        battery = view.observation.battery
        if self._charging:
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
        if view.tasks or view.observation.activity != "idle" or self._is_dark(view):
            return False
        ahead = view.tick + self._context.time.tick(_EVENING)
        return self._context.almanac.light(view.observation.pose.point, ahead) < _DARK

    def _share(self, seconds: float, places: Sequence[Point], tick: Tick) -> float:
        """Return the charge with which to begin what takes so long: the reserve, and what is used up."""
        drain = self._schedule.drain(seconds, places, tick) / self._context.vehicle.battery
        return min(self.character.reserve + drain, self._full - 0.05)

    def _needs_sun(self, view: AgentView) -> bool:
        """Whether only the Sun can help: no charger is in reach, and the charge is not enough for what is ahead."""
        seen = view.observation
        if seen.activity == "charging" or self._has_charger(view):
            return False
        if view.tasks and seen.activity == "idle":
            return not isinstance(self._journey(view, self._errand(view)), TimedPlan)
        if not self._is_dark(view) or self._ends(view) is None:
            return False
        if self._prudence.keeps_to_plan(view):
            return False
        if seen.activity == "working":
            return not self._prudence.can_stay(view, _LOOKS * self._patience)
        return seen.activity != "driving" or not isinstance(self._journey(view, self._errand(view)), TimedPlan)

    def _journey(self, view: AgentView, errand: Intention) -> TimedPlan | NoPlan:
        """Return when to drive and where to wait on the way to an errand."""
        demand = Demand(avoid=self._avoid)
        if errand.purpose == "work":
            task, step = view.tasks[0], view.tasks[0].steps[errand.step]
            demand = Demand(until=task.latest, stay=step.work, light=step.light, avoid=self._avoid)
        return self._prudence.journey(view, errand.place, demand)

    def _sunny_place(self, view: AgentView) -> Intention:
        """Return where to wait for the Sun: here, or where there will be most of it when it is dark here."""
        now, here = self._intention, view.observation.pose.point
        if now is not None and now.purpose == "sun" and distance(here, now.place) > now.near:
            return now
        refuge = self._prudence.refuge(view) if self._is_dark(view) else None
        return Intention(purpose="sun", place=refuge or here, near=_NEAR)

    def _ends(self, view: AgentView) -> Tick | None:
        """Return when the rover, awake, is down to its reserve before there is Sun; None when there is in time."""
        seen = view.observation
        charge = (seen.battery - self.character.reserve) * self._context.vehicle.battery
        return self._endurance.end(seen.pose, view.tick, charge, seen.temperature)

    @staticmethod
    def _is_dark(view: AgentView) -> bool:
        return view.observation.light < _DARK

    def _approach(self, view: AgentView, intention: Intention) -> Decision:
        travel = view.travel
        blocked = any(isinstance(event, Blocked) for event in view.observation.events)
        if travel.is_refused:
            self._avoid = (*self._avoid, *travel.refused)
            self._detours += 1
            if self._detours > _DETOURS:
                return self._wait(view, intention, "the way is held by others, or closed")
        elif any(isinstance(event, Blocked) and event.reason == "wheel" for event in view.observation.events):
            return self._wait(view, intention, "a wheel is stuck")
        elif self._is_on_way(view, intention) and not blocked and not self._is_spoilt(view):
            return Decision()  # On the way, or waiting for the others to leave it.
        elif self._retry is not None and view.tick < self._retry and not blocked:
            return Decision(wake=self._retry)
        plan = self._plan(view.observation.pose.point, intention)
        if isinstance(plan, NoPlan):
            return self._wait(view, intention, plan.reason)
        if intention.purpose in {"work", "home"}:
            return self._set_out(view, intention, plan)
        return Decision(command=FollowPath(path=plan.path))

    def _set_out(self, view: AgentView, intention: Intention, plan: Plan) -> Decision:
        """Take the quickest way where the charge lasts on it; else drive and wait as the planner in time says."""
        go, has_charger = Decision(command=FollowPath(path=plan.path)), self._has_charger(view)
        work = view.tasks[0].steps[intention.step].work if intention.purpose == "work" else 0
        if has_charger and (not work or self._prudence.keeps_reserve(view, plan.path, work)):
            return go
        journey = self._journey(view, intention)
        if isinstance(journey, NoPlan):
            return go if has_charger else self._wait(view, intention, journey.reason)
        return self._prudence.follow(view) or go

    def _has_charger(self, view: AgentView) -> bool:
        """Whether a charger that stands is in reach."""
        seen = view.observation
        charge = seen.battery * self._context.vehicle.battery
        return self._endurance.reaches(seen.pose.point, self._docks, charge)

    def _is_on_way(self, view: AgentView, intention: Intention) -> bool:
        path = view.travel.path
        there = bool(path) and distance(path[-1], intention.place) <= intention.near
        return there or self._prudence.is_on_way(view)

    def _plan(self, start: Point, intention: Intention) -> Plan | NoPlan:
        """Return a way to the place, or to ground beside it that will do as well where a rock lies on it."""
        plan = self._context.planner.plan(start, intention.place, self._avoid)
        for bearing_of_try in range(_BESIDES):
            if not isinstance(plan, NoPlan) or intention.near <= _NEAR:
                break
            angle = 2.0 * pi * bearing_of_try / _BESIDES
            aside = intention.near * _ASIDE
            goal = (intention.place[0] + aside * cos(angle), intention.place[1] + aside * sin(angle))
            beside = self._context.planner.plan(start, goal, self._avoid)
            plan = beside if isinstance(beside, Plan) else plan
        return plan

    def _is_spoilt(self, view: AgentView) -> bool:
        """Whether ground that stops it, just met by this rover or another, lies on the way."""
        room = self._context.vehicle.radius + 0.5
        met = [event.what() for event in view.observation.events if isinstance(event, HazardSeen) and event.there]
        words = (message.body for message in view.inbox)
        met += [word.what() for word in words if isinstance(word, HazardReport) and word.there]
        discs = [hazard.disc for hazard in met if hazard.stops(self._context.vehicle)]
        return any(distance_to_path((disc.x, disc.y), view.travel.path) < disc.radius + room for disc in discs)

    def _wait(self, view: AgentView, intention: Intention, reason: str, until: Tick | None = None) -> Decision:
        """Stand and try again later; give a task back that was tried too often."""
        self._avoid, self._detours, self._waits = (), 0, self._waits + 1
        self._retry = until if until is not None else view.tick + self._patience
        self._context.log.info("%s waits: %s", intention.subject or intention.purpose, reason)
        command: Command | None = Stop() if view.travel.path else None
        if intention.purpose == "work" and self._waits > _GIVE_UP:
            return self._give_back(view, intention, reason)
        return Decision(command=command, wake=self._retry)

    def _give_back(self, view: AgentView, intention: Intention, reason: str) -> Decision:
        report = TaskReport(task=TaskId(intention.subject), state="returned", reason=reason)
        outbox = (Outgoing(to=self._context.coordinator, body=report),)
        return Decision(command=Stop(), outbox=outbox, wake=view.tick + 1)

    def _act(self, view: AgentView, intention: Intention) -> Decision:
        if intention.purpose == "work":
            idle = view.observation.activity == "idle" and not self._has_charger(view)
            journey = self._journey(view, intention) if idle else None
            first = self._prudence.follow(view) if isinstance(journey, TimedPlan) else None
            return first or self._work(view, intention)
        if intention.purpose == "charge":
            return self._charge(view, intention)
        if intention.purpose == "sun":
            return self._wait_for_sun(view)
        return self._rest(view)

    def _work(self, view: AgentView, intention: Intention) -> Decision:
        if view.observation.activity == "working":
            return Decision()
        stopped = [e for e in view.observation.events if isinstance(e, WorkStopped) and e.task == intention.subject]
        in_contact = view.tasks[0].steps[intention.step].contact != "none" and any(
            isinstance(e, LinksChanged) or (isinstance(e, EarthChanged) and e.contact) for e in view.observation.events
        )
        if not stopped and (self._retry is None or view.tick >= self._retry or in_contact):
            return Decision(command=Work(task=TaskId(intention.subject)))
        if not stopped:
            return Decision(wake=self._retry)
        reason = stopped[-1].reason
        if reason == "light":
            wanted = view.tasks[0].steps[intention.step].light
            horizon = view.tick + _AHEAD * self._patience
            lit = self._context.almanac.lit_from(intention.place, view.tick + 1, horizon) if wanted == "lit" else None
            return self._wait(view, intention, f"needs {wanted} ground", lit)
        if reason == "contact":
            return self._wait(view, intention, "needs contact", self._next_contact(view, intention))
        if reason in ("order", "stock"):
            return self._wait(view, intention, reason)
        return self._give_back(view, intention, reason)

    def _next_contact(self, view: AgentView, intention: Intention) -> Tick | None:
        """Return when the relay satellite is next in view from where the work is, as far as that helps.

        Of others that come into reach nobody knows when; a rover is told, and looks again by itself after an hour.
        """
        vehicle = self._context.vehicle
        if view.tasks[0].steps[intention.step].contact == "coordinator":
            return view.tick + _GIVE_UP * self._patience
        if vehicle.relay_rate <= 0.0:
            return None
        until = view.tick + _AHEAD * self._patience
        return self._context.almanac.relay_from(intention.place, view.tick + 1, until, vehicle.antenna)

    def _charge(self, view: AgentView, intention: Intention) -> Decision:
        if view.observation.activity == "charging":
            return Decision()
        if any(isinstance(event, ChargeStopped) and event.reason != "full" for event in view.observation.events):
            return self._wait(view, intention, "the charger has nothing to give")
        if self._retry is not None and view.tick < self._retry:
            return Decision(wake=self._retry)
        return Decision(command=Charge(source=RoverId(intention.subject)))

    def _wait_for_sun(self, view: AgentView) -> Decision:
        """Sleep while it is dark; by day let the panels look at the Sun, and see again later."""
        if self._is_dark(view):
            return Decision(command=Sleep())
        if view.observation.activity == "working":
            return Decision(command=Stop(), wake=view.tick + 1)
        rest = self._rest(view)
        if rest.command is None and not self._docks and view.observation.battery < self._full:
            return Decision(command=Sleep(until=view.tick + _LOOKS * self._patience, on_light=False))
        return Decision(command=rest.command, wake=view.tick + self._patience)

    def _rest(self, view: AgentView) -> Decision:
        """Let the panel face the Sun where it does not follow by itself."""
        offset = self._context.vehicle.panels[0].offset if self._context.vehicle.panels else None
        if offset is None or view.observation.activity != "idle":
            return Decision()
        heading = self._context.almanac.sun(view.tick).heading - offset
        off = (heading - view.observation.pose.heading + pi) % (2.0 * pi) - pi
        wake = view.tick + self._context.time.tick(2.0 * 3600.0)  # The Sun moves half a degree an hour.
        return Decision(command=Turn(heading=heading) if abs(off) > _FACE else None, wake=wake)
