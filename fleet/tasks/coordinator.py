"""The auction of work, kept by the rover that coordinates: orders in, announcements and awards out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fleet.core import AgencyId, RoverId, TaskId, Tick
from fleet.messages import Announcement, Award, Bid, Bids, Body, RosterEntry, Suspension, Task, TaskNote, TaskReport
from fleet.sdk import Allocator
from fleet.tasks.lifecycle import TaskState, has_move, next_state

BIDDING = 30.0  #: Seconds for bids to come in, when not all come sooner.
ACCEPTANCE = 120.0  #: Seconds after which an award that nobody accepted is said again.
AWARD_TRIES = 3
DOUBTS = 3  #: Telemetries without an awarded task after which its holder is asked; so often it reports by itself.
ANNOUNCED = 12  #: Tasks in one announcement: those not announced in vain before, then the most valuable, first.
BACK_OFF = 900.0  #: Seconds that a task rests which came back twice; doubles each time, up to `SILENCE`.
RETRY = 1800.0  #: Seconds after which tasks that nobody wanted are announced again though nothing changed.
SILENCE = 6 * 3600.0  #: Seconds without a word after which a rover's tasks go to others.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    task: Task
    state: TaskState = TaskState.OPEN
    holder: RoverId | None = None
    round: int = 0  # In which it was awarded.
    cost: float = 0.0
    accepted: bool = False
    doubts: int = 0  # How often its holder told that it has nothing to do with it any more,
    doubted_at: Tick | None = None  # and when so often that it is asked.
    awarded_at: Tick = 0
    tries: int = 0
    refused_by: frozenset[RoverId] = frozenset()  # Who returned it: asked again only when nobody else takes it.
    returns: int = 0  # How often it came back,
    again: Tick = 0  # and before which tick it is not announced anew.

    @property
    def opens(self) -> Tick:
        """When it may be announced."""
        return max(self.task.earliest, self.again)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    number: int
    tasks: tuple[Task, ...]
    deadline: Tick
    awaited: frozenset[RoverId]
    bids: dict[RoverId, tuple[Bid, ...]] = field(default_factory=dict)


class Coordinator:
    """Announces what can be done now, collects bids, awards, and watches over what it awarded.

    Pure: it is told ticks and messages and returns what to say (always to everyone) and when to be asked again.

    Parameters
    ----------
    rounds
        Of the auctions before this coordinator's: it counts on from there.
    """

    def __init__(self, *, roster: tuple[RosterEntry, ...], allocator: Allocator, dt: float, rounds: int = 0) -> None:
        self._able = {entry.rover: frozenset(entry.vehicle.capabilities) for entry in roster}
        self._allocator = allocator
        self._dt = dt
        self._acceptance = round(ACCEPTANCE / dt)
        self._entries: dict[TaskId, _Entry] = {}
        self._round: _Round | None = None
        self._rounds = rounds
        self._notes: dict[TaskId, TaskNote] = {}  # What others knew of tasks before they were ordered here.
        self._unsure: frozenset[RoverId] = frozenset()
        self._unwanted: frozenset[TaskId] = frozenset()  # Announced since the last award, and nobody took them.
        self._retry: Tick = 0
        self._heard: dict[RoverId, Tick] = {}
        self._mute: frozenset[RoverId] = frozenset()  # Who could do some of the last round's tasks, and did not bid.
        self._back: set[RoverId] = set()  # Who told how it is since the present round began.
        self._withdrawn: frozenset[AgencyId] = frozenset()
        self._suspended: tuple[Suspension, ...] = ()

    def states(self) -> dict[TaskId, TaskState]:
        """Return how every task stands, as far as the coordinator knows."""
        return {task: entry.state for task, entry in self._entries.items()}

    def order(self, task: Task, tick: Tick = 0) -> None:
        """Take in an order of mission control, which may have been given to an earlier coordinator already."""
        if task.id not in self._entries:
            self._entries[task.id] = _Entry(task=task)
            if task.id in self._notes:
                self.learn(self._notes[task.id], tick)
            self._suspend(task.id, tick)

    def learn(self, note: TaskNote, tick: Tick) -> None:
        """Take in how a task stood under an earlier coordinator; what is known here by now is not undone."""
        entry = self._entries.get(note.task)
        if entry is None:
            self._notes[note.task] = note
        elif note.done:
            self.report(note.rover or RoverId(""), TaskReport(task=note.task, state="done"), tick)
        elif entry.state in (TaskState.OPEN, TaskState.PAUSED) and entry.returns == 0 and note.rover is not None:
            is_paused = entry.state is TaskState.PAUSED
            state = entry.state if is_paused else next_state(note.task, entry.state, "award")
            self._entries[note.task] = replace(
                entry, state=state, holder=note.rover, round=note.round, awarded_at=tick, tries=1, accepted=True
            )

    def stands(self, award: Award) -> bool:
        """Whether an award is still how it is."""
        entry = self._entries.get(award.task.id)
        return entry is not None and entry.state is TaskState.AWARDED and self._award(entry) == award

    def leave_to(self, rovers: frozenset[RoverId]) -> None:
        """Leave open what these could do: whether they have it already is not known."""
        self._unsure = rovers

    def withdraw(self, agencies: Iterable[AgencyId]) -> None:
        """Take in who has left the mission: their tasks are no longer to be had."""
        self._withdrawn = frozenset(agencies)
        self._unwanted = frozenset()

    def suspend(self, suspended: tuple[Suspension, ...], tick: Tick) -> None:
        """Take in which tasks are paused or cancelled; whoever has one that is paused keeps it."""
        if suspended != self._suspended:
            self._suspended = suspended
            for task in self._entries:
                self._suspend(task, tick)
            self._unwanted = frozenset()

    def _suspend(self, task: TaskId, tick: Tick) -> None:
        entry = self._entries[task]
        words = [word for word in self._suspended if word.task == task]
        if any(word.for_good for word in words):
            if has_move(entry.state, "cancel"):
                state = next_state(task, entry.state, "cancel")
                self._entries[task] = replace(entry, state=state, holder=None)
        elif words:
            if has_move(entry.state, "pause"):
                self._entries[task] = replace(entry, state=next_state(task, entry.state, "pause"))
        elif entry.state is TaskState.PAUSED:
            move = "resume" if entry.holder is None else "go on"
            self._entries[task] = replace(entry, state=next_state(task, entry.state, move), awarded_at=tick, tries=1)

    def heard(self, rover: RoverId, tick: Tick) -> None:
        """Note that a rover is alive."""
        self._heard[rover] = max(tick, self._heard.get(rover, 0))

    def told(self, rover: RoverId, task: TaskId | None, tick: Tick) -> None:
        """Note that a rover told how it is: one that did not bid when it was asked last may do so now.

        Parameters
        ----------
        task
            What it works on. What it had before that, it has done or given back, and its word of that may be lost.
        tick
            When it said so.
        """
        self._back.add(rover)
        if self._round is None:
            self._ask_again()
        now = self._entries.get(task) if task is not None else None
        for name, entry in self._entries.items():
            is_held = entry.holder == rover and entry.accepted and entry.state in (TaskState.AWARDED, TaskState.RUNNING)
            if not is_held or entry.doubted_at is not None or tick < entry.awarded_at + self._acceptance:
                continue
            if task is None or (now is not None and now.holder == rover and now.round > entry.round):
                doubts = entry.doubts + 1
                self._entries[name] = replace(entry, doubts=doubts, doubted_at=tick if doubts >= DOUBTS else None)

    def _ask_again(self) -> None:
        if self._mute & self._back:
            self._mute -= self._back
            self._unwanted = frozenset()

    def bid(self, rover: RoverId, bids: Bids) -> None:
        """Take in a rover's prices."""
        if self._round is not None and bids.round == self._round.number:
            self._round.bids[rover] = bids.bids

    def report(self, rover: RoverId, report: TaskReport, tick: Tick) -> tuple[Body, ...]:
        """Take in how a task stands; return what must be said to set the teller right."""
        entry = self._entries.get(report.task)
        if entry is None:
            return ()
        if report.state == "done":
            # Done is done, whoever was to do it.
            if entry.state is not TaskState.DONE:
                self._entries[report.task] = replace(entry, state=TaskState.DONE, holder=rover)
                self._unwanted = frozenset()  # Its rover has time now, and tasks after it may start.
            return ()
        if entry.holder != rover:
            # The task was given to another while this rover could not be heard.
            return (self._award(entry),) if entry.holder is not None else ()
        if report.state in ("accepted", "running"):
            state = entry.state
            if report.state == "running" and has_move(state, "start"):
                state = next_state(report.task, state, "start")
            self._entries[report.task] = replace(entry, state=state, accepted=True, doubts=0, doubted_at=None)
        elif report.state == "returned" and has_move(entry.state, "return"):
            self._reopen(report.task, rover, tick)
        elif report.state == "failed" and has_move(entry.state, "fail"):
            self._entries[report.task] = replace(entry, state=TaskState.FAILED)
            self._unwanted = frozenset()
        return ()

    def step(self, tick: Tick, reachable: tuple[RoverId, ...]) -> tuple[tuple[Body, ...], Tick | None]:
        """Return what to say to everyone now, and when to be asked again."""
        said: list[Body] = [*self._watch(tick)]
        said += self._close_round(tick)
        said += self._open_round(tick, reachable)
        return tuple(said), self._wake(tick)

    def _award(self, entry: _Entry) -> Award:
        assert entry.holder is not None
        return Award(round=entry.round, task=entry.task, rover=entry.holder, cost=entry.cost)

    def _reopen(self, task: TaskId, rover: RoverId, tick: Tick) -> None:
        entry = self._entries[task]
        # The first time another may do it at once; what comes back again and again is left in peace for longer.
        pause = min(BACK_OFF * (2.0**entry.returns - 1.0), SILENCE)
        self._entries[task] = _Entry(
            task=entry.task,
            state=next_state(task, entry.state, "return"),
            refused_by=entry.refused_by | {rover},
            returns=entry.returns + 1,
            again=tick + round(pause / self._dt),
        )
        self._unwanted = frozenset()

    def _watch(self, tick: Tick) -> list[Body]:
        said: list[Body] = []
        for task, entry in self._entries.items():
            if entry.state not in (TaskState.AWARDED, TaskState.RUNNING) or entry.holder is None:
                continue
            silent = (tick - max(self._heard.get(entry.holder, 0), entry.awarded_at)) * self._dt
            if silent >= SILENCE:
                self._reopen(task, entry.holder, tick)
            elif entry.doubted_at is not None and tick >= entry.doubted_at + self._acceptance:
                # Asked so, it says what became of it.
                self._entries[task] = replace(entry, doubts=0, doubted_at=None)
                said.append(self._award(entry))
            elif not entry.accepted and silent >= ACCEPTANCE * entry.tries:
                if entry.tries >= AWARD_TRIES:
                    self._reopen(task, entry.holder, tick)
                else:
                    self._entries[task] = replace(entry, tries=entry.tries + 1)
                    said.append(self._award(entry))
        return said

    def _close_round(self, tick: Tick) -> list[Body]:
        current = self._round
        if current is None or (tick < current.deadline and not current.awaited <= current.bids.keys()):
            return []
        self._round = None
        open_tasks = [task for task in current.tasks if self._entries[task.id].state is TaskState.OPEN]
        awards: list[Award] = []
        for task, rover, cost in self._allocator.award(open_tasks, self._admissible(current)):
            entry = self._entries[task]
            self._entries[task] = replace(
                entry,
                state=next_state(task, entry.state, "award"),
                holder=rover,
                round=current.number,
                cost=cost,
                awarded_at=tick,
                tries=1,
                accepted=False,
            )
            awards.append(self._award(self._entries[task]))
        # Whoever lost, or won one, may win another in the next round.
        self._unwanted = frozenset() if awards else self._unwanted | {task.id for task in current.tasks}
        self._retry = tick + round(RETRY / self._dt)
        self._mute = self._able_of(current.tasks) - current.bids.keys()
        self._ask_again()
        return list(awards)

    def _admissible(self, current: _Round) -> dict[RoverId, tuple[Bid, ...]]:
        """Leave out bids of rovers that gave the task back, where another bids too."""
        bidders: dict[TaskId, set[RoverId]] = {}
        for rover, bids in current.bids.items():
            for bid in bids:
                bidders.setdefault(bid.task, set()).add(rover)

        def admissible(rover: RoverId, bid: Bid) -> bool:
            entry = self._entries.get(bid.task)
            return entry is not None and (rover not in entry.refused_by or bidders[bid.task] <= entry.refused_by)

        return {
            rover: tuple(bid for bid in bids if admissible(rover, bid)) for rover, bids in sorted(current.bids.items())
        }

    def _open_round(self, tick: Tick, reachable: tuple[RoverId, ...]) -> list[Body]:
        tasks = self._available(tick)
        news = any(task.id not in self._unwanted for task in tasks)
        if self._round is not None or not (news or tick >= self._retry):
            return []
        self._retry = tick + round(RETRY / self._dt)
        awaited = self._able_of(tasks).intersection(reachable)
        if not awaited:
            self._unwanted |= {task.id for task in tasks}
            self._mute = self._able_of(tasks)
            return []
        self._rounds += 1
        self._back.clear()
        deadline = tick + max(2, round(BIDDING / self._dt))
        self._round = _Round(number=self._rounds, tasks=tasks, deadline=deadline, awaited=awaited)
        return [Announcement(round=self._rounds, tasks=tasks, deadline=deadline)]

    def _able_of(self, tasks: Iterable[Task]) -> frozenset[RoverId]:
        """Return who could do any of these."""
        needs = [task.capabilities for task in tasks]
        return frozenset(rover for rover, able in self._able.items() if any(need <= able for need in needs))

    def _available(self, tick: Tick) -> tuple[Task, ...]:
        done = {task for task, entry in self._entries.items() if entry.state is TaskState.DONE}
        available = [
            entry.task
            for entry in self._entries.values()
            if entry.state is TaskState.OPEN
            and done.issuperset(entry.task.after)
            and entry.opens <= tick
            and not _is_over(entry.task, tick)
            and entry.task.agency not in self._withdrawn
            and not any(entry.task.capabilities <= self._able[rover] for rover in self._unsure)
        ]
        available.sort(key=lambda task: (task.id in self._unwanted, -task.value, task.id))
        return tuple(available[:ANNOUNCED])

    def _wake(self, tick: Tick) -> Tick | None:
        wakes: list[Tick] = []
        if self._round is not None:
            wakes.append(self._round.deadline)
        for entry in self._entries.values():
            if entry.state is TaskState.OPEN:
                if _is_over(entry.task, tick) or entry.task.agency in self._withdrawn:
                    continue
                wakes.append(entry.opens if entry.opens > tick else self._retry)
            elif entry.state in (TaskState.AWARDED, TaskState.RUNNING) and entry.holder is not None:
                last = max(self._heard.get(entry.holder, 0), entry.awarded_at)
                patience = SILENCE if entry.accepted else ACCEPTANCE * entry.tries
                wakes.append(last + round(patience / self._dt))
                if entry.doubted_at is not None:
                    wakes.append(entry.doubted_at + self._acceptance)
        return max(tick + 1, min(wakes)) if wakes else None


def _is_over(task: Task, tick: Tick) -> bool:
    """Whether the time in which a task is to be done is over."""
    return task.latest is not None and task.latest <= tick
