"""Doing what was won: going to each step of the first task, working there, giving back what cannot be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fleet.sdk import AgentContext, AgentView, Decision, Outgoing, Point, Stop, TaskId, Tick, Work
from fleet.sdk.events import EarthChanged, LinksChanged, WorkStopped
from fleet.sdk.skills.company import BESIDE, HITCH, place_beside, place_in_view
from fleet.sdk.skills.driving import PATIENCE
from fleet.sdk.skills.going import GoTo
from fleet.sdk.words import Step, TaskReport

GIVE_UP: Final = 12  #: Waits after which a task is given back.
_BESIDE = 1.5  # Metres off the place beside another machine that will do,
_AT_HITCH = 0.5  # and where that is taken in tow.
_AHEAD = 288  # Patiences to look ahead for light and contact: a day.


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """Why work cannot go on."""

    reason: str
    until: Tick | None = None  #: When it can, where that is known.
    is_final: bool = False  #: Whether it never can, by this rover.


def present_step(view: AgentView) -> Step:
    """Return the step of the first task that is next."""
    task = view.tasks[0]
    return task.steps[view.steps[task.id]]


def interruption(context: AgentContext, view: AgentView) -> Interruption | None:
    """Return why work on the present step was stopped, just now; None when it was not."""
    task, step = view.tasks[0], present_step(view)
    events = [event for event in view.observation.events if isinstance(event, WorkStopped) and event.task == task.id]
    if not events:
        return None
    reason, ahead = events[-1].reason, view.tick + _AHEAD * context.time.tick(PATIENCE)
    match reason:
        case "light":
            lit = context.almanac.lit_from(step.place, view.tick + 1, ahead) if step.light == "lit" else None
            return Interruption(reason=f"needs {step.light} ground", until=lit)
        case "contact":
            return Interruption(reason="needs contact", until=_next_contact(context, view, ahead))
        case "order" | "stock" | "partner":
            return Interruption(reason=reason)
        case _:
            return Interruption(reason=reason, is_final=True)


def _next_contact(context: AgentContext, view: AgentView, ahead: Tick) -> Tick | None:
    """Return when the relay satellite is next in view from where the work is, as far as that helps.

    Of others that come into reach nobody knows when; a rover is told, and looks again by itself after an hour. It is
    told as well when the satellite is really there, which may be later than its almanac says: so it waits for a while.
    """
    vehicle, step = context.vehicle, present_step(view)
    if step.contact == "coordinator":
        return view.tick + GIVE_UP * context.time.tick(PATIENCE)
    if vehicle.relay_rate <= 0.0:
        return None
    rises = context.almanac.relay_from(step.place, view.tick + 1, ahead, vehicle.antenna)
    return None if rises is None else max(rises, view.tick + context.time.tick(PATIENCE))


def is_in_contact_again(view: AgentView) -> bool:
    """Whether work that needs contact may be tried again: somebody came into reach just now."""
    return present_step(view).contact != "none" and any(
        isinstance(event, LinksChanged) or (isinstance(event, EarthChanged) and event.contact)
        for event in view.observation.events
    )


def giving_back(context: AgentContext, task: TaskId, reason: str) -> Outgoing:
    """Return the words by which a task is given back, so that others may have it."""
    return Outgoing(to=context.coordinator, body=TaskReport(task=task, state="returned", reason=reason))


class Working:
    """Does the tasks in `view.tasks`, the first first.

    Examples
    --------
    In an agent::

        return self._working.onward(view) or Decision()
    """

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._go = GoTo(context)
        self._patience = context.time.tick(PATIENCE)
        self._now: tuple[TaskId, int] | None = None
        self._beside: Point | None = None  # Where to stand for work on another machine.
        self._waits = 0
        self._retry: Tick | None = None

    def onward(self, view: AgentView) -> Decision | None:
        """Return what to do for the first task; None when there is none."""
        if not view.tasks:
            return None
        task, step = view.tasks[0], present_step(view)
        if (task.id, view.steps[task.id]) != self._now:
            self._now, self._beside, self._waits, self._retry = (task.id, view.steps[task.id]), None, 0, None
        going = self._go.toward(view, *self._place(view, step))
        if going is not None:
            return self._give_back(view, self._go.reason) if self._go.waits > GIVE_UP else going
        if view.observation.activity == "working":
            return Decision()
        stopped = interruption(self._context, view)
        if stopped is not None:
            return self._wait(view, stopped)
        if self._retry is not None and view.tick < self._retry and not is_in_contact_again(view):
            return Decision(wake=self._retry)
        return Decision(command=Work(task=task.id))

    def _place(self, view: AgentView, step: Step) -> tuple[Point, float]:
        """Return where to stand for a step, and how many metres off will do."""
        if not step.is_at_rover or step.bond is None or step.bond.rover is None:
            return step.place, step.radius
        if step.is_in_view_of_rover:
            rover, within = step.bond.rover, step.bond.within
            self._beside = place_in_view(self._context, view, rover, within, now=self._beside) or step.place
            return self._beside, _BESIDE
        gap, near = (HITCH, _AT_HITCH) if view.tasks[0].kind == "tow" else (BESIDE, _BESIDE)
        self._beside = place_beside(self._context, view, step.bond.rover, gap, now=self._beside) or step.place
        return self._beside, near

    def _wait(self, view: AgentView, stopped: Interruption) -> Decision:
        self._waits += 1
        if stopped.is_final or self._waits > GIVE_UP:
            return self._give_back(view, stopped.reason)
        self._retry = stopped.until if stopped.until is not None else view.tick + self._patience
        self._context.log.info("%s waits: %s", view.tasks[0].id, stopped.reason)
        return Decision(wake=self._retry)

    def _give_back(self, view: AgentView, reason: str) -> Decision:
        back = giving_back(self._context, view.tasks[0].id, reason)
        return Decision(command=Stop(), outbox=(back,), wake=view.tick + 1)
