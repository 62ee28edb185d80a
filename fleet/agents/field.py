"""What all rovers that drive have in common: bid, go, work, charge in time, sleep through the dark, wait at home."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fleet.agents.intention import Character, Intention
from fleet.sdk import (
    AgentContext,
    AgentView,
    Announcement,
    Bids,
    Charge,
    Command,
    Decision,
    FollowPath,
    NoPlan,
    Outgoing,
    Plan,
    RoverId,
    Sleep,
    Stop,
    Task,
    TaskId,
    Tick,
    Work,
    distance,
)
from fleet.sdk.events import ChargeStopped
from fleet.sdk.rights import Plea
from fleet.sdk.skills.bidding import Bidding
from fleet.sdk.skills.company import BESIDE, HITCH, place_beside, place_in_view
from fleet.sdk.skills.driving import NEAR, PATIENCE, Driving
from fleet.sdk.skills.prudence import Prudence
from fleet.sdk.skills.upkeep import DARK, LOOKS, Upkeep
from fleet.sdk.skills.working import GIVE_UP, giving_back, interruption, is_in_contact_again
from fleet.sdk.timed import Demand, TimedPlan

_BESIDE = 1.5  # Metres off the place beside another machine that will do,
_LOOKS_AFTER = 60.0  # Seconds between looks after whom it follows.
_AT_HITCH = 0.5  # and where that is taken in tow.
OWN: Final = 0.5  #: Charge below which a rover does for others only what it need not be asked for.


class FieldAgent:
    """A rover that drives: bids for tasks, does them in order, charges in time, waits at home.

    Each time it is asked it derives what it wants from the view; what it keeps is the present intention and how often
    that was frustrated.
    """

    character = Character()

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._bidding = Bidding(context, backlog=self.character.backlog, reserve=self.character.reserve)
        self._upkeep = Upkeep(context, self.character.reserve)
        self._prudence = Prudence(context, self.character.reserve)
        self._patience = context.time.tick(PATIENCE)
        # Not where it is first asked: a mind that is made anew is asked wherever it is.
        self._home = next(member.pose.point for member in context.roster if member.rover == context.rover)
        self._intention: Intention | None = None
        self._driving = Driving(context)
        self._waits = 0
        self._closed = context.terrain.closed
        self._retry: Tick | None = None

    def decide(self, view: AgentView) -> Decision:
        """Return what to do, and bids for what is announced."""
        here = view.observation.pose.point
        bids = tuple(
            Outgoing(to=message.sender, body=self._bid(view, message.body))
            for message in view.inbox
            if isinstance(message.body, Announcement)
        )
        torn = self._torn(view)
        if torn is not None:
            back = giving_back(self._context, torn, "another must do it at the same time")
            return Decision(command=Stop(), outbox=(*bids, back), wake=view.tick + 1)
        intention = self._want(view)
        if (intention, self._context.terrain.closed) != (self._intention, self._closed):
            before, self._intention, self._closed = self._intention, intention, self._context.terrain.closed
            if before is None or not before.purpose == intention.purpose == "charge":
                # From charger to charger refusals count on: else it would turn to and fro between two for ever.
                self._waits, self._retry = 0, view.tick
                self._driving.forget()
        if distance(here, intention.place) <= intention.near:
            decision = self._act(view, intention)
        else:
            decision = self._approach(view, intention)
        wake = self._watch(view, decision)
        return Decision(command=decision.command, outbox=bids + decision.outbox, wake=wake)

    @staticmethod
    def _torn(view: AgentView) -> TaskId | None:
        """Return a task that must go on while it works on an earlier one, as it may get from leaders in turn."""
        held = {task.id: task for task in view.tasks}
        return next((task.id for task in view.tasks[1:] if not task.partners.isdisjoint(held)), None)

    def consent(self, plea: Plea) -> str:
        """Return why it does nothing for others now: what charge it has below a half is for its own agency."""
        charge = plea.observation.battery
        return "" if charge >= OWN else f"its charge of {charge:.0%} is for its own work"

    def _bid(self, view: AgentView, announcement: Announcement) -> Bids:
        """Return prices for what is announced."""
        return self._bidding.bids(view, announcement)

    def _watch(self, view: AgentView, decision: Decision) -> Tick | None:
        """Return when to be asked again: soon, while the Sun alone could help and there is none."""
        is_asleep = isinstance(decision.command, Sleep)
        if view.tasks and view.tasks[0].steps[view.steps[view.tasks[0].id]].is_in_view_of_rover:
            # Whom it follows may drive on at any time, and tells its place every minute.
            follows = view.tick + self._context.time.tick(_LOOKS_AFTER)
            decision = replace(decision, wake=follows if decision.wake is None else min(follows, decision.wake))
        is_busy = view.observation.activity != "idle" and self._upkeep.has_charger(view)
        if is_asleep or is_busy or not self._upkeep.is_dark(view):
            return decision.wake
        soon = view.tick + (LOOKS if view.observation.links else 1) * self._patience
        return soon if decision.wake is None else min(soon, decision.wake)

    def _want(self, view: AgentView) -> Intention:
        self._upkeep.notice(view)
        if self._is_served(view):
            return Intention(purpose="charge", place=view.observation.pose.point, near=NEAR)
        if self._upkeep.is_charging:
            return self._charger(view)
        if self._needs_sun(view):
            return self._sunny_place(view)
        return self._errand(view)

    def _is_served(self, view: AgentView) -> bool:
        """Whether another has come to charge this rover, which did not ask for it."""
        is_own = self._intention is not None and self._intention.purpose == "charge" and self._intention.subject
        return view.observation.activity == "charging" and not is_own

    def _charger(self, view: AgentView) -> Intention:
        now = self._intention
        chosen = (RoverId(now.subject), now.place) if now is not None and now.purpose == "charge" else None
        source, place = self._upkeep.charger(view, chosen)
        return Intention(purpose="charge", place=place, near=NEAR, subject=source)

    def _errand(self, view: AgentView) -> Intention:
        """Return what it would do now if charge were no matter."""
        if view.tasks:
            task = view.tasks[0]
            number = view.steps[task.id]
            step = task.steps[number]
            if step.is_at_rover:
                return self._visit(view, task, number)
            return Intention(purpose="work", place=step.place, near=step.radius, subject=task.id, step=number)
        is_away = distance(view.observation.pose.point, self._home) > NEAR
        if is_away and not self._context.docks and self._context.almanac.light(self._home, view.tick) < DARK:
            return self._sunny_place(view)
        return Intention(purpose="home", place=self._home, near=1.0)

    def _visit(self, view: AgentView, task: Task, number: int) -> Intention:
        """Return where to stand for work beside another machine, wherever that is by now."""
        step, now = task.steps[number], self._intention
        assert step.bond is not None
        assert step.bond.rover is not None
        chosen = now.place if now is not None and (now.subject, now.step) == (task.id, number) else None
        if step.is_in_view_of_rover:
            seen = place_in_view(self._context, view, step.bond.rover, step.bond.within, now=chosen) or step.place
            return Intention(purpose="work", place=seen, near=_BESIDE, subject=task.id, step=number)
        gap, near = (HITCH, _AT_HITCH) if task.kind == "tow" else (BESIDE, _BESIDE)
        place = place_beside(self._context, view, step.bond.rover, gap, now=chosen) or step.place
        return Intention(purpose="work", place=place, near=near, subject=task.id, step=number)

    def _needs_sun(self, view: AgentView) -> bool:
        """Whether only the Sun can help: no charger is in reach, and the charge is not enough for what is ahead."""
        seen = view.observation
        if seen.activity == "charging" or self._upkeep.has_charger(view):
            return False
        if view.tasks and seen.activity == "idle":
            return not isinstance(self._journey(view, self._errand(view)), TimedPlan)
        if not self._upkeep.is_dark(view) or self._upkeep.ends(view) is None:
            return False
        if self._prudence.keeps_to_plan(view):
            return False
        if seen.activity == "working":
            return not self._prudence.can_stay(view, LOOKS * self._patience)
        return seen.activity != "driving" or not isinstance(self._journey(view, self._errand(view)), TimedPlan)

    def _journey(self, view: AgentView, errand: Intention) -> TimedPlan | NoPlan:
        """Return when to drive and where to wait on the way to an errand."""
        demand = Demand(avoid=self._driving.avoid)
        if errand.purpose == "work":
            task, step = view.tasks[0], view.tasks[0].steps[errand.step]
            demand = Demand(until=task.latest, stay=step.work, light=step.light, avoid=self._driving.avoid)
        return self._prudence.journey(view, errand.place, demand)

    def _sunny_place(self, view: AgentView) -> Intention:
        """Return where to wait for the Sun: here, or where there will be most of it when it is dark here."""
        now, here = self._intention, view.observation.pose.point
        if now is not None and now.purpose == "sun" and distance(here, now.place) > now.near:
            return now
        refuge = self._prudence.refuge(view) if self._upkeep.is_dark(view) else None
        return Intention(purpose="sun", place=refuge or here, near=NEAR)

    def _approach(self, view: AgentView, intention: Intention) -> Decision:
        driving = self._driving
        hindrance, is_stopped = driving.hindrance(view), driving.is_stopped(view)
        if hindrance:
            return self._wait(view, intention, hindrance)
        if not is_stopped and self._is_on_way(view, intention) and not driving.is_spoilt(view):
            return self._sleep_unheard(view) or Decision()  # On the way, or waiting for the others to leave it.
        if not is_stopped and self._retry is not None and view.tick < self._retry:
            return Decision(wake=self._retry)
        plan = driving.way(view.observation.pose.point, intention.place, intention.near)
        if isinstance(plan, NoPlan):
            if intention.purpose == "charge":
                self._upkeep.bar((RoverId(intention.subject), intention.place))
            return self._wait(view, intention, plan.reason)
        if intention.purpose in {"work", "home"}:
            return self._set_out(view, intention, plan)
        # The quickest way into the Sun may be the darkest.
        lit = self._prudence.flee(view, intention.place) if intention.purpose == "sun" and not driving.avoid else None
        return lit or Decision(command=FollowPath(path=plan.path))

    def _sleep_unheard(self, view: AgentView) -> Decision | None:
        """Sleep a while in the dark where nobody is in reach who could let it drive, and the charge would not last."""
        seen = view.observation
        is_unheard = seen.activity == "idle" and not seen.links and view.travel.granted == 0
        if not is_unheard or not self._upkeep.is_dark(view) or self._upkeep.ends(view) is None:
            return None
        return Decision(command=Sleep(until=view.tick + LOOKS * self._patience, on_light=True))

    def _set_out(self, view: AgentView, intention: Intention, plan: Plan) -> Decision:
        """Take the quickest way where the charge lasts on it; else drive and wait as the planner in time says."""
        go, has_charger = Decision(command=FollowPath(path=plan.path)), self._upkeep.has_charger(view)
        work = view.tasks[0].steps[intention.step].work if intention.purpose == "work" else 0
        if has_charger and (not work or self._prudence.keeps_reserve(view, plan.path, work)):
            return go
        journey = self._journey(view, intention)
        if isinstance(journey, NoPlan):
            return self._wait(view, intention, journey.reason)
        return self._prudence.follow(view) or go

    def _is_on_way(self, view: AgentView, intention: Intention) -> bool:
        there = self._driving.is_on_way(view, intention.place, intention.near)
        return there or self._prudence.is_on_way(view)

    def _wait(self, view: AgentView, intention: Intention, reason: str, until: Tick | None = None) -> Decision:
        """Stand and try again later; give a task back that was tried too often."""
        self._driving.forget()
        self._waits += 1
        self._retry = until if until is not None else view.tick + self._patience
        self._context.log.info("%s waits: %s", intention.subject or intention.purpose, reason)
        command: Command | None = Stop() if view.travel.path else None
        if intention.purpose == "work" and self._waits > GIVE_UP:
            return self._give_back(view, intention, reason)
        if self._driving.is_stuck(view) and self._upkeep.is_running_down(view):
            # Nothing that it could do brings charge: asleep it keeps ten times as long what it has.
            self._retry = view.tick + LOOKS * self._patience
            return Decision(command=Sleep(until=self._retry, on_light=False))
        return Decision(command=command, wake=self._retry)

    def _give_back(self, view: AgentView, intention: Intention, reason: str) -> Decision:
        back = giving_back(self._context, TaskId(intention.subject), reason)
        return Decision(command=Stop(), outbox=(back,), wake=view.tick + 1)

    def _act(self, view: AgentView, intention: Intention) -> Decision:
        if intention.purpose == "work":
            idle = view.observation.activity == "idle" and not self._upkeep.has_charger(view)
            journey = self._journey(view, intention) if idle else None
            first = self._prudence.follow(view) if isinstance(journey, TimedPlan) else None
            return first or self._work(view, intention)
        if intention.purpose == "charge":
            return self._charge(view, intention)
        if intention.purpose == "sun":
            return self._upkeep.wait_for_sun(view)
        return self._upkeep.rest(view)

    def _work(self, view: AgentView, intention: Intention) -> Decision:
        if view.observation.activity == "working":
            return Decision()
        stopped = interruption(self._context, view)
        if stopped is not None and stopped.is_final:
            return self._give_back(view, intention, stopped.reason)
        if stopped is not None:
            return self._wait(view, intention, stopped.reason, stopped.until)
        if self._retry is None or view.tick >= self._retry or is_in_contact_again(view):
            return Decision(command=Work(task=TaskId(intention.subject)))
        return Decision(wake=self._retry)

    def _charge(self, view: AgentView, intention: Intention) -> Decision:
        if view.observation.activity == "charging":
            return Decision()
        if any(isinstance(event, ChargeStopped) and event.reason != "full" for event in view.observation.events):
            return self._wait(view, intention, "the charger has nothing to give")
        if self._retry is not None and view.tick < self._retry:
            return Decision(wake=self._retry)
        return Decision(command=Charge(source=RoverId(intention.subject)))
