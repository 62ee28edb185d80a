"""What a candidate decides, looked at in the moment: its ways, its work, its bids."""

from __future__ import annotations

from typing import Final

from fleet.core import distance, distance_to_path
from fleet.messages import Announcement, Bids, Charge, FollowPath, HazardReport, Task, TaskReport, Work
from fleet.planning import validate_plan
from fleet.sdk import AgentContext, AgentView, Decision
from sim.proving.notes import Notes

_BESIDE: Final = 0.5  # Metres that a way may begin beside where the rover stands.


def judge_decision(context: AgentContext, view: AgentView, decision: Decision, notes: Notes) -> None:
    """Note whether a decision is one that a rover can carry out, given what its mind knows at this moment."""
    notes.judge("authority", "own-work")
    _judge_way(context, view, decision, notes)
    _judge_work(context, view, decision, notes)
    _judge_words(view, decision, notes)
    _judge_bids(context, view, decision, notes)


def _judge_way(context: AgentContext, view: AgentView, decision: Decision, notes: Notes) -> None:
    command, here, at = decision.command, view.observation.pose.point, f"at tick {view.tick}"
    if not isinstance(command, FollowPath) or not command.path:
        return
    path = command.path
    if distance(path[0], here) > _BESIDE:
        notes.breach("authority", f"a way from {_place(path[0])} while it stands at {_place(here)}, {at}")
    for disc in view.travel.refused:
        centre = (disc.x, disc.y)
        if distance_to_path(centre, path) < disc.radius and distance(centre, here) > disc.radius:
            notes.breach("authority", f"a way over ground that was just refused, at {_place(centre)}, {at}")
    if len(path) > 1:
        for fact in validate_plan(path, context.vehicle, context.terrain, path[0], path[-1]):
            notes.breach("authority", f"a way to {_place(path[-1])} on which {fact}, {at}")


def _judge_work(context: AgentContext, view: AgentView, decision: Decision, notes: Notes) -> None:
    own, at = {task.id for task in view.tasks}, f"at tick {view.tick}"
    command = decision.command
    if isinstance(command, Work) and command.task not in own:
        notes.breach("own-work", f"works on {command.task!r}, which is not its own, {at}")
    if isinstance(command, Charge) and command.source not in {member.rover for member in context.roster}:
        notes.breach("own-work", f"charges from {command.source!r}, which is not of the fleet, {at}")
    for said in decision.outbox:
        if isinstance(said.body, TaskReport) and said.body.task not in own:
            notes.breach("own-work", f"gives back {said.body.task!r}, which is not its own, {at}")


def _judge_words(view: AgentView, decision: Decision, notes: Notes) -> None:
    told = [message.body for message in view.inbox]
    heard = {report.hazard for report in told if isinstance(report, HazardReport)}
    for said in decision.outbox:
        report = said.body
        if isinstance(report, HazardReport) and report.by not in ("", view.rover) and report.hazard not in heard:
            notes.breach("speech", f"speaks in the name of {report.by!r}, at tick {view.tick}")


def _judge_bids(context: AgentContext, view: AgentView, decision: Decision, notes: Notes) -> None:
    offers: dict[int, dict[str, Task]] = {}
    for message in view.inbox:
        if isinstance(message.body, Announcement):
            offers.setdefault(message.body.round, {}).update({task.id: task for task in message.body.tasks})
    for bids in (said.body for said in decision.outbox if isinstance(said.body, Bids)):
        notes.judge("fair-bids")
        tasks, offered, at = [bid.task for bid in bids.bids], offers.get(bids.round, {}), f"at tick {view.tick}"
        for task in sorted(set(tasks)):
            if task not in offered:
                notes.breach("fair-bids", f"bid for {task!r}, which was not announced in round {bids.round}, {at}")
                continue
            lacks = sorted(offered[task].capabilities - set(context.vehicle.capabilities))
            if lacks:
                notes.breach("fair-bids", f"bid for {task!r}, which needs {', '.join(lacks)}, {at}")
        if len(set(tasks)) < len(tasks):
            notes.breach("fair-bids", f"bid twice for one task, {at}")


def _place(point: tuple[float, float]) -> str:
    return f"({point[0]:.1f}, {point[1]:.1f})"
