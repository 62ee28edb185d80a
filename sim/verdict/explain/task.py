"""Why a task is done, waits, or is still to be had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fleet.core import AgencyId, RoverId, TaskId, Tick, format_elapsed
from fleet.messages import Declined, Ordered, StepDone, Task, TaskReport, Work, WorkStopped
from fleet.tasks.agreement import coalitions_of
from sim.record import Commanded, Directed, Entry, Happened, Opening, Said, TaskChanged
from sim.record.sentences import WORK_STOPPED
from sim.scenario.in_force import InForce
from sim.scenario.order import CancelTasks, PauseTasks, ResumeTasks, WithdrawAgency
from sim.verdict.explain.agreements import Accord, accord_of, names
from sim.verdict.explain.auctions import Auction, auctions_of
from sim.verdict.explain.takers import Takers

_ENDED: Final = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Work that could not start or go on."""

    rover: RoverId
    reason: str  #: As in `WorkStopped`.
    since: Tick
    until: Tick | None  #: When it went on, here or with another; None when it did not.


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStory:
    """How a task stands at a tick, and why."""

    task: TaskId
    title: str
    state: str  #: planned, open, awarded, running, paused, done, failed, cancelled.
    holder: RoverId | None  #: Who has it, or did it.
    why: tuple[str, ...]  #: The answer, most important first.
    auctions: tuple[Auction, ...]
    stops: tuple[Stop, ...]
    returns: tuple[tuple[Tick, RoverId, str], ...]  #: When, by whom and why it was given back or failed.
    accord: str = ""  #: How all agreed on its rover, or do not yet; empty where work is auctioned.
    change: tuple[str, ...] = ()  #: What would have to be otherwise for a task that nobody has.


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """What the entries say of one task, and the states of the others."""

    ordered: Task | None = None
    known: dict[TaskId, Task] = field(default_factory=dict)  # All that was ordered.
    state: str = "planned"
    rover: RoverId | None = None
    step: int = 0
    changed: Tick = 0
    stops: list[Stop]
    returns: list[tuple[Tick, RoverId, str]]
    declined: dict[RoverId, str] = field(default_factory=dict)
    left: list[WithdrawAgency] = field(default_factory=list)
    force: InForce = field(default_factory=InForce)  # What is paused and cancelled.
    states: dict[TaskId, str]
    holding: dict[TaskId, RoverId | None]


def explain_task(task: TaskId, opening: Opening, entries: Sequence[Entry], tick: Tick) -> TaskStory:
    """Return why a task stands as it does at a tick.

    Parameters
    ----------
    entries
        Up to `tick`, in order; frames may be left out.

    Raises
    ------
    KeyError
        When the scenario has no such task.
    """
    known = {item.task: item for item in opening.tasks}[task]
    seen = _gather(task, known.agency, entries)
    auctions = auctions_of(task, entries)
    accord = accord_of(task, entries)
    holder, state = seen.rover, seen.state
    if state == "open" and accord.winner is not None and not _gave_back(seen, accord.winner, accord.taken):
        holder, state = accord.winner, "awarded"
    if state == "open" and auctions and auctions[-1].winner is not None and not _given_back(seen, auctions[-1]):
        holder, state = auctions[-1].winner, "awarded"
    if state in ("open", "awarded", "running") and _suspensions(task, seen, opening):
        state = "paused"
    story = TaskStory(
        task=task,
        title=known.title,
        state=state,
        holder=holder,
        why=(),
        auctions=auctions,
        stops=tuple(seen.stops),
        returns=tuple(seen.returns),
    )
    takers = _takers(story, seen, accord, opening, tick)
    told = accord.won(opening.dt) or accord.stands(takers.able, opening.dt)
    story = replace(story, accord=told, change=takers.change(tick) if state in ("open", "failed") else ())
    return replace(story, why=tuple(_reasons(story, seen, takers, tick)))


def _gather(task: TaskId, agency: AgencyId, entries: Iterable[Entry]) -> _Gathered:
    seen = _Gathered(stops=[], returns=[], states={}, holding={})
    for entry in entries:
        match entry:
            case Happened(event=Ordered(task=ordered)):
                seen.known[ordered.id] = ordered
                seen.ordered = seen.known.get(task)
            case Directed(order=WithdrawAgency() as order) if order.agency == agency:
                seen.left.append(order)
            case Directed(order=PauseTasks() | ResumeTasks() | CancelTasks() as order):
                seen.force.give([order])
            case TaskChanged():
                seen.states[entry.task], seen.holding[entry.task] = entry.state, entry.rover
                if entry.task == task:
                    seen.state, seen.rover, seen.step, seen.changed = entry.state, entry.rover, entry.step, entry.tick
                    _end_stop(seen, None, entry.tick)
            case Happened(event=WorkStopped(task=stopped, reason=reason)) if stopped == task:
                _end_stop(seen, entry.rover, entry.tick)
                seen.stops.append(Stop(rover=entry.rover, reason=reason, since=entry.tick, until=None))
            case Happened(event=StepDone(task=done)) if done == task:
                _end_stop(seen, entry.rover, entry.tick)
            case Commanded(command=Work(task=worked)) if worked == task:
                _end_stop(seen, entry.rover, entry.tick)
            case Said(message=message) if isinstance(message.body, Declined) and message.body.task == task:
                seen.declined[message.sender] = message.body.reason
            case Said(message=message) if isinstance(message.body, TaskReport) and message.body.task == task:
                if message.body.state in ("returned", "failed"):
                    seen.returns.append((message.tick, message.sender, message.body.reason))
            case _:
                pass
    return seen


def _end_stop(seen: _Gathered, rover: RoverId | None, tick: Tick) -> None:
    """Note that work goes on, with whoever stopped; it may stop again in the next tick."""
    if seen.stops and seen.stops[-1].until is None and rover in (None, seen.stops[-1].rover):
        seen.stops[-1] = replace(seen.stops[-1], until=tick)


def _given_back(seen: _Gathered, auction: Auction) -> bool:
    return _gave_back(seen, auction.winner, auction.awarded)


def _gave_back(seen: _Gathered, holder: RoverId | None, since: Tick | None) -> bool:
    return any(rover == holder and tick >= (since or 0) for tick, rover, _ in seen.returns)


def _takers(story: TaskStory, seen: _Gathered, accord: Accord, opening: Opening, tick: Tick) -> Takers:
    """Return who could have the task, and what each said."""
    last = story.auctions[-1] if story.auctions else None
    together, in_turn = _unheld(story.task, seen) if accord.is_spoken else ((), ())
    answered = (
        set(accord.has) if accord.is_spoken else {*last.others, *last.bids, last.leader} if last is not None else set()
    )
    return Takers(
        opening=opening,
        task=seen.ordered,
        declined=seen.declined,
        answered=frozenset(answered),
        busy={
            rover.rover: sum(
                holder == rover.rover and seen.states[task] not in _ENDED for task, holder in seen.holding.items()
            )
            for rover in opening.rovers
        },
        missing=tuple(task for task in (seen.ordered.after if seen.ordered else ()) if seen.states.get(task) != "done"),
        together=tuple(f"{task} ({seen.states.get(task, 'not ordered yet')})" for task in together),
        in_turn=in_turn,
        is_agreed=accord.is_spoken,
        was_asked=not _waits(seen, tick) and (accord.is_spoken or (last is not None and last.deadline < tick)),
        is_offered=bool(accord.prices or accord.bids),
    )


def _unheld(task: TaskId, seen: _Gathered) -> tuple[tuple[TaskId, ...], tuple[TaskId, ...]]:
    """Return what goes with a task and is nobody's, and what is nobody's of other coalitions."""
    groups = coalitions_of(seen.known.values())
    own = groups.get(task, frozenset())
    free = [one for one in sorted(groups) if seen.states.get(one) not in _ENDED and seen.holding.get(one) is None]
    return tuple(one for one in free if one in own - {task}), tuple(one for one in free if own and one not in own)


def _reasons(story: TaskStory, seen: _Gathered, takers: Takers, tick: Tick) -> list[str]:
    match story.state:
        case "done" | "running" | "awarded":
            said = [story.accord] if story.accord else [_won(story)] if story.auctions else []
            if story.state == "awarded":
                said.insert(0, _busy(story, seen))
            elif story.state == "running" and (stop := _lasting(story)):
                said.insert(0, f"{stop.rover} cannot go on: {WORK_STOPPED[stop.reason]}")
            return said
        case "planned":
            return ["mission control has not ordered it yet"]
        case "paused":
            has = [f"{story.holder} has it, and keeps what is done of it"] if story.holder is not None else []
            return [*_suspensions(story.task, seen, takers.opening), *has]
        case "cancelled":
            given = _suspensions(story.task, seen, takers.opening)
            return given or [
                f"{order.agency} has withdrawn{f': {order.reason}' if order.reason else ''}" for order in seen.left
            ]
        case "failed":
            given_up = [f"{rover} reported: {reason}" for _, rover, reason in story.returns[-1:] if reason]
            return ["its time was over before it was done", *given_up, *_waits(seen, tick)]
        case _:
            return [*_waits(seen, tick), *takers.refusals(), *_market(story, seen, takers, tick)]


def _suspensions(task: TaskId, seen: _Gathered, opening: Opening) -> list[str]:
    """Return who has it paused or cancelled, since when and why."""
    words = [word for word in seen.force.bulletin.suspended if word.task == task]
    return [word.told(f"at {format_elapsed(word.since * opening.dt)}") for word in words]


def _lasting(story: TaskStory) -> Stop | None:
    return next((stop for stop in story.stops if stop.until is None), None)


def _won(story: TaskStory) -> str:
    auction = next((item for item in reversed(story.auctions) if item.winner is not None), story.auctions[-1])
    if auction.winner is None:
        return f"{story.holder} took it without an auction"
    cost, margin = auction.bids.get(auction.winner), auction.margin
    if cost is None:
        best = next((f"; {rover}, the best of the others, bid {price:,.0f} s" for rover, price in auction.ranking), "")
        return f"{auction.winner}, who leads, took it itself in round {auction.round}{best or ', and nobody else bid'}"
    if margin is None:
        return f"{auction.winner} alone bid for it: {cost:,.0f} s until it would be done"
    second = next(rover for rover, _ in auction.ranking if rover != auction.winner)
    if margin >= 0.0:
        return f"{auction.winner} bid {cost:,.0f} s, {margin:,.0f} s less than {second}, the next best"
    return f"{auction.winner} bid {cost:,.0f} s; {second} was {-margin:,.0f} s cheaper, but won something else then"


def _busy(story: TaskStory, seen: _Gathered) -> str:
    idle = {word.task for word in seen.force.bulletin.suspended}
    held = [task for task, rover in seen.holding.items() if rover == story.holder and seen.states[task] == "running"]
    other = [task for task in held if task not in idle]
    doing = f"is at work on {', '.join(sorted(other))}" if other else "is on the way"
    stop = _lasting(story)
    return f"{story.holder} has it and {doing}" + (f"; there, {WORK_STOPPED[stop.reason]}" if stop else "")


def _waits(seen: _Gathered, tick: Tick) -> list[str]:
    """Return what the task itself waits for."""
    if seen.ordered is None:
        return []
    before = [task for task in seen.ordered.after if seen.states.get(task) != "done"]
    said = [f"{task} must be done first, and is {seen.states.get(task, 'not ordered yet')}" for task in before]
    if tick < seen.ordered.earliest:
        said.append("its time has not come")
    return said


def _market(story: TaskStory, seen: _Gathered, takers: Takers, tick: Tick) -> list[str]:
    """Return why nobody has a task that is to be had."""
    dt = takers.opening.dt
    said = [
        f"{rover} gave it back: {reason}"
        for _, rover, reason in story.returns
        if reason and seen.declined.get(rover) != reason
    ]
    if _waits(seen, tick):
        return said
    if takers.is_agreed:
        said += [f"it is begun only together with {names(takers.together)}"] if takers.together else []
        return [*said, story.accord] if story.accord else [*said, "nobody offers to do it", *takers.silent()]
    if not story.auctions:
        return [*said, "it was not announced"]
    last = story.auctions[-1]
    if last.winner is None and tick <= last.deadline:
        return [*said, f"it was just announced, and offers are awaited until {format_elapsed(last.deadline * dt)}"]
    if last.bids and last.winner is None:
        bidder, cost = last.ranking[0]
        said.append(f"{bidder} bid {cost:,.0f} s in round {last.round}, and was given something else")
    elif not last.bids:
        times = len(story.auctions)
        said += [f"announced {f'{times} times' if times > 1 else 'once'}, nobody bids", *takers.silent()]
    return said
