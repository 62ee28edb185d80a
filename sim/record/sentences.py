"""Entries of a recording as plain English, one sentence each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fleet.core import EVERYONE
from fleet.messages import (
    Announcement,
    Arrived,
    AuthorityGrant,
    AuthorityOffer,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Award,
    BatteryCrossed,
    Bids,
    Blocked,
    Bulletin,
    BulletinHeeded,
    Call,
    Charge,
    ChargeStopped,
    Declined,
    Distress,
    EarthChanged,
    FollowPath,
    Froze,
    Gossip,
    HazardReport,
    HazardSeen,
    Heartbeat,
    Leading,
    Letter,
    LightChanged,
    LinksChanged,
    Notified,
    Ordered,
    Passed,
    Pledge,
    PutDown,
    Sleep,
    Slept,
    Standing,
    StepDone,
    Stop,
    StopHeeded,
    StopOrder,
    TaskReport,
    Telemetry,
    TowAnswer,
    TowBegan,
    TowClaim,
    TowEnded,
    Turn,
    WentDown,
    Witness,
    Witnessed,
    Woke,
    Work,
    WorkStopped,
)
from sim.record.channels import tick_of
from sim.record.entries import (
    Closing,
    Collided,
    Commanded,
    Directed,
    Entry,
    FaultBegan,
    Faulted,
    FaultEnded,
    Frame,
    Happened,
    InstrumentChanged,
    Opening,
    Said,
    TaskChanged,
)
from sim.record.fault_words import fault_begins, fault_ends
from sim.record.hazard_words import spelt, unnamed
from sim.record.instrument_words import how_it_lives
from sim.record.order_words import bulletin_told, heeding, order_given

_Teller = Callable[[Any], str] | str  #: A function, or the sentence itself.

WORK_STOPPED: Final = {
    "place": "it does not stand where the work is",
    "capability": "it cannot do that",
    "light": "the light is wrong",
    "stock": "there is too little in stock",
    "payload": "the load is too heavy or not on board",
    "order": "something else comes first",
    "taken": "another rover has begun it",
    "contact": "radio does not reach whom it needs",
    "partner": "whom it is about is out of view, busy, or cannot take part",
}
_BLOCKED: Final = {
    "rock": "before a rock",
    "slope": "before a steep slope",
    "edge": "before the edge of the map",
    "body": "before another machine",
    "soft": "before soft ground",
    "wheel": "by a stuck wheel",
}
_SENSES: Final = {"seen": "sees", "felt": "feels"}
_CHARGE_STOPPED: Final = {
    "full": "the battery is full",
    "far": "the source is out of reach",
    "source": "the source has nothing to give",
    "right": "the source's agency gives it none",
}
_WOKE: Final = {
    "time": "the time is up",
    "light": "there is light",
    "charge": "there is charge enough",
    "revived": "the Sun has warmed and charged it again",
}
_WENT_DOWN: Final = {"empty": "its battery is empty", "cold": "its battery is too cold to give any charge"}
_BATTERY: Final = {"critical": "is below 15 %", "low": "is below 30 %", "full": "is full"}
_REPORTED: Final = {
    "accepted": "accepts",
    "running": "works on",
    "done": "has done",
    "returned": "gives back",
    "failed": "has failed at",
}


def sentence(entry: Entry) -> str:
    """Return one sentence that tells an entry to a person.

    >>> sentence(Happened(tick=90, rover="suparco", event=Arrived()))
    'suparco: arrived'
    """
    return _told(_ENTRIES, entry)


def describe(entry: Entry | None) -> str:
    """Return the tick and the sentence of an entry, and words for the end where there is none.

    >>> describe(Happened(tick=90, rover="suparco", event=Arrived()))
    'tick 90: suparco: arrived'
    """
    return "nothing, it has ended" if entry is None else f"tick {tick_of(entry)}: {sentence(entry)}"


def is_news(entry: Entry) -> bool:
    """Whether a list of events for people should have the entry; the rest is chatter."""
    match entry:
        case Happened(event=TowBegan() | TowEnded() as event):
            return entry.rover == event.towed  # Both are told.
        case Happened():
            return not isinstance(entry.event, Passed | LinksChanged | EarthChanged | StepDone | Notified)
        case Said():
            body = entry.message.body
            return (
                isinstance(body, Award | AuthorityRefusal | Declined | Distress | Leading | StopOrder)
                or (isinstance(body, TaskReport) and body.state in ("returned", "failed"))
                or (isinstance(body, StopHeeded | BulletinHeeded) and bool(body.refused))
            )
        case TaskChanged():
            # That it is open was told by the order.
            return entry.state not in ("open", "running") or (entry.state == "running" and entry.step == 0)
        case InstrumentChanged():
            return entry.state != "stowed"
        case _:
            return isinstance(entry, Collided | Faulted | FaultBegan | FaultEnded | Directed | Closing)


def gravity(entry: Entry) -> int:
    """Return 2 for what is grave, 1 for what needs care, 0 for the rest.

    >>> gravity(Collided(tick=3, a="r1", b="r2"))
    2
    """
    match entry:
        case (
            Collided()
            | Faulted()
            | TaskChanged(state="failed")
            | InstrumentChanged(state="dead")
            | Happened(event=BatteryCrossed(level="critical") | WentDown() | Froze())
        ):
            return 2
        case Said(message=message) if isinstance(message.body, Distress):
            return 2
        case FaultBegan() | Directed() | InstrumentChanged(state="asleep"):
            return 1
        case Happened(event=Blocked() | WorkStopped() | HazardSeen() | BatteryCrossed(level="low")):
            return 1
        case Said(message=message) if isinstance(message.body, AuthorityRefusal | Declined | Leading | StopOrder):
            return 1
        case Said(message=message) if isinstance(message.body, StopHeeded | BulletinHeeded) and message.body.refused:
            return 1
        case Said(message=message) if isinstance(message.body, TaskReport) and message.body.state != "accepted":
            return 1
        case _:
            return 0


def _told(tellers: Mapping[type, _Teller], value: Any) -> str:
    teller = tellers[type(value)]
    return teller if isinstance(teller, str) else teller(value)


def _opening(entry: Opening) -> str:
    return f"{entry.title} begins with {_count(len(entry.rovers), 'machine')} and {_count(len(entry.tasks), 'task')}"


def _closing(entry: Closing) -> str:
    ends = {"finished": "all is over", "until": "the time is up", "interrupted": "it was interrupted"}
    return f"The run ends: {ends.get(entry.reason, entry.reason)}"


def _frame(entry: Frame) -> str:
    driving = sum(rover.activity == "driving" for rover in entry.rovers)
    return f"{driving} of {_count(len(entry.rovers), 'machine')} are driving"


def _changed(entry: TaskChanged) -> str:
    by = "" if entry.rover is None else f" by {entry.rover}"
    match entry.state:
        case "open":
            return f"{entry.task} is to be done"
        case "running" if entry.step == 0:
            return f"{entry.task} is begun{by}"
        case "running":
            return f"{entry.task} goes on with step {entry.step + 1}{by}"
        case _:
            return f"{entry.task} is {entry.state}{by}" if entry.state != "failed" else f"{entry.task} has failed"


def _said(entry: Said) -> str:
    message = entry.message
    answer = _ANSWERS.get(type(message.body))
    if answer is not None:
        text = answer(message.body, message.to)
    else:
        text = _told(_BODIES, message.body) + ("" if message.to == EVERYONE else f" (to {message.to})")
    return f"{message.sender} {text}" + (f" - not heard by {_names(entry.lost)}" if entry.lost else "")


def _happened(entry: Happened) -> str:
    text = _told(_EVENTS, entry.event)
    return text if text.startswith(f"{entry.rover} ") else f"{entry.rover}: {text}"


def _commanded(entry: Commanded) -> str:
    return f"{entry.rover} is told to {_told(_COMMANDS, entry.command)}"


def _grant(body: AuthorityGrant, to: str) -> str:
    waits = f", the rest when {_names(body.waits_for)} left" if body.waits_for else ""
    return f"lets {to} drive to waypoint {body.upto}{waits}"


def _refusal(body: AuthorityRefusal, to: str) -> str:
    closed = f"{_names(body.zones)} {'are' if len(body.zones) > 1 else 'is'} closed" if body.zones else ""
    held = f"{_names(body.by)} stays in the way" if body.by or not closed else ""
    return f"cannot let {to} drive there: {' and '.join(filter(None, (held, closed)))}"


def _matter(body: Witness) -> str:
    if body.claim is not None:
        return f"what {body.claim.rover} is to drive"
    return f"that {body.note.task} is for {body.note.rover}" if body.note is not None else "nothing"


def _step_done(event: StepDone) -> str:
    return f"{event.task} done" if event.final else f"step {event.step + 1} of {event.task} done"


def _waits_for(command: Sleep) -> str:
    ends = [f"tick {command.until}"] if command.until is not None else []
    ends += ["light"] if command.on_light else []
    ends += [f"{command.at_charge:.0%} of charge"] if command.at_charge is not None else []
    return " or ".join(ends)


def _hazard_seen(event: HazardSeen) -> str:
    what, where = unnamed(event.what()), f"at ({event.hazard.x:.0f}, {event.hazard.y:.0f})"
    if not event.there:
        return f"finds firm ground {where}: there is no {what}, {event.sure:.0%} sure"
    return f"{_SENSES[event.how]} {spelt(event.what())} of {event.hazard.radius:.1f} m {where}, {event.sure:.0%} sure"


def _hazard_report(body: HazardReport) -> str:
    claim = f"{spelt(body.what())} at" if body.there else f"that there is no {unnamed(body.what())} at"
    return f"reports {claim} ({body.hazard.x:.0f}, {body.hazard.y:.0f}), {body.how}" + (
        f" by {body.by} at tick {body.seen}, {body.sure:.0%} sure" if body.by else f", {body.sure:.0%} sure"
    )


def _report(body: TaskReport) -> str:
    return f"{_REPORTED[body.state]} {body.task}" + (f": {body.reason}" if body.reason else "")


def _names(rovers: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(rovers[:-1]), *rovers[-1:]))) or "nobody"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f} s".replace(",", " ")


_ENTRIES: Final[dict[type, _Teller]] = {
    Opening: _opening,
    Frame: _frame,
    Happened: _happened,
    TaskChanged: _changed,
    InstrumentChanged: how_it_lives,
    Commanded: _commanded,
    Said: _said,
    Collided: lambda entry: f"{entry.a} and {entry.b} touch",
    Faulted: lambda entry: f"{entry.rover}: its agent {entry.plugin or 'of unknown name'} failed: {entry.fact}",
    FaultBegan: lambda entry: f"Fault: {fault_begins(entry.fault)}",
    Directed: lambda entry: order_given(entry.order),
    FaultEnded: lambda entry: f"Fault over: {fault_ends(entry.fault)}",
    Closing: _closing,
}
_EVENTS: Final[dict[type, _Teller]] = {
    Arrived: "arrived",
    Passed: lambda event: f"passed waypoint {event.waypoint}",
    Blocked: lambda event: f"stopped {_BLOCKED[event.reason]}",
    HazardSeen: _hazard_seen,
    StepDone: _step_done,
    WorkStopped: lambda event: f"cannot work on {event.task}: {WORK_STOPPED[event.reason]}",
    BatteryCrossed: lambda event: f"battery {_BATTERY[event.level]}",
    LightChanged: lambda event: "the Sun is up" if event.lit else "now in shadow",
    LinksChanged: "others came into or went out of reach of the radio",
    EarthChanged: lambda event: "in contact with the Earth" if event.contact else "no contact with the Earth any more",
    ChargeStopped: lambda event: f"no longer charged: {_CHARGE_STOPPED[event.reason]}",
    TowBegan: lambda event: f"{event.towed} is in tow of {event.tower}",
    TowEnded: lambda event: f"{event.towed} is no longer in tow of {event.tower}",
    Slept: "falls asleep",
    Woke: lambda event: f"wakes: {_WOKE[event.reason]}",
    WentDown: lambda event: f"is down: {_WENT_DOWN[event.reason]}",
    Froze: "is lost: it froze",
    Notified: lambda event: f"mission control tells that {bulletin_told(event.bulletin)}",
    Ordered: lambda event: f"mission control orders {event.task.id}, {event.task.title}",
}
_COMMANDS: Final[dict[type, _Teller]] = {
    FollowPath: lambda command: f"drive to ({command.path[-1][0]:.0f}, {command.path[-1][1]:.0f})",
    Stop: "stop",
    Turn: "turn on the spot",
    PutDown: lambda command: f"give up {', '.join(command.tasks) or 'nothing'}",
    Sleep: lambda command: f"sleep until {_waits_for(command)}",
    Work: lambda command: f"work on {command.task}",
    Charge: lambda command: f"charge at {command.source}",
}
_BODIES: Final[dict[type, _Teller]] = {
    Telemetry: lambda body: f"is {body.activity} at ({body.pose.x:.0f}, {body.pose.y:.0f}), {body.battery:.0%} charged",
    HazardReport: _hazard_report,
    Distress: lambda body: (
        f"will run out at tick {body.empty}, at ({body.pose.x:.0f}, {body.pose.y:.0f}) with {body.battery:.0%} now"
        + (f": {body.reason}" if body.reason else "")
    ),
    Announcement: lambda body: f"announces {_names(tuple(task.id for task in body.tasks))}",
    Bids: lambda body: f"bids for {_count(len(body.bids), 'task')}",
    Gossip: lambda body: f"tells {_count(len(body.records), 'record')} of work and who wants it",
    Award: lambda body: f"awards {body.task.id} to {body.rover} ({_seconds(body.cost)})",
    **{TaskReport: _report, Declined: lambda body: f"declines {body.task}: {body.reason}"},
    Letter: lambda body: f"asks to carry word of {body.origin} to {_names(body.to)}: it {_told(_BODIES, body.body)}",
    AuthorityRequest: lambda body: f"asks to drive to ({body.path[-1][0]:.0f}, {body.path[-1][1]:.0f})",
    AuthorityReturn: lambda body: "gives back its way and stands" if body.ends else "gives back the way behind it",
    Call: lambda body: f"misses the leader and calls for another, epoch {body.epoch}",
    Leading: lambda body: f"leads from now on, epoch {body.epoch}",
    StopOrder: lambda body: (
        f"{'orders to stand' if body.stand else 'lets go on'}{f': {body.reason}' if body.reason else ''}"
    ),
    StopHeeded: lambda body: heeding(body.refused),
    Bulletin: lambda body: f"tells that {bulletin_told(body)}",
    BulletinHeeded: lambda body: heeding(body.refused),
    TowClaim: lambda body: f"says that {body.rover} is {'set down' if body.left else 'in tow'}",
    TowAnswer: lambda body: f"has {_names(body.by)} in the way" if body.by else "knows of the tow",
    Heartbeat: "is here and leads",
    Standing: "holds no more than it stands on",
}
_ANSWERS: Final[dict[type, Callable[[Any, str], str]]] = {
    AuthorityGrant: _grant,
    AuthorityRefusal: _refusal,
    Pledge: lambda _, to: f"follows {to} from now on and tells what it holds",
    Witness: lambda body, to: f"asks {to} to keep in mind {_matter(body)}",
    Witnessed: lambda _, to: f"keeps in mind what {to} asked it to",
    AuthorityOffer: lambda body, to: (
        f"offers {to} a way to ({body.path[-1][0]:.0f}, {body.path[-1][1]:.0f}), together with those of others"
    ),
    AuthorityWithdrawal: lambda body, to: f"withdraws what {to} does not hold yet of plan {body.plan}",
}
