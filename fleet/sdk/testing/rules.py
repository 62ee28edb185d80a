"""The rules that plugins are checked by: what each asks, why it matters, and how to mend what breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal["agent", "planner", "allocator"]
KINDS: Final[tuple[Kind, ...]] = ("agent", "planner", "allocator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that a plugin must do, or must not."""

    id: str  #: As reports and expected failures name it.
    asks: str  #: What is asked, as a sentence.
    why: str  #: Why it matters.
    remedy: str  #: How to mend a plugin that breaks it.


_COMMON: Final = (
    Rule(
        id="import",
        asks="can be imported and is what the port takes",
        why="a plugin that cannot be imported leaves its rover without a mind before anybody drives",
        remedy="import it in a new Python; do no work at import time; name it as module:Class",
    ),
    Rule(
        id="signature",
        asks="is made and called with the arguments of its port",
        why="a call with other arguments fails at the first tick",
        remedy="write the methods as the protocol of the port in fleet.sdk shows them; none of them is async",
    ),
    Rule(
        id="making",
        asks="is made in time, without raising",
        why="what cannot be made is not there when the mission starts",
        remedy="keep __init__ to noting what is given; work out the rest when it is first asked",
    ),
    Rule(
        id="raising",
        asks="raises nothing",
        why="who raises is not asked again, and its rover stands for the rest of the mission",
        remedy="expect what the view may hold: no way, no task, an empty inbox; answer with a Decision in each case",
    ),
    Rule(
        id="deadline",
        asks="answers within the deadline",
        why="the whole fleet waits for each decision; who takes too long is stopped",
        remedy="bound every loop; spread long work over several decisions with `wake`",
    ),
    Rule(
        id="clock",
        asks="reads no wall clock",
        why="time that passes on the machine differs from run to run, so that no run can be repeated",
        remedy="take time from `view.tick` and `context.time`",
    ),
    Rule(
        id="chance",
        asks="draws from no chance but its own stream",
        why="global chance is shared with others and seeded by the system, so that no run can be repeated",
        remedy="take chance from `context.rng`",
    ),
    Rule(
        id="outside",
        asks="opens no files, sockets or processes when it is called",
        why="what lies outside of the views may differ on the next machine, and on a rover it is not there",
        remedy="read data once at import from the package's own files; say what is to be known through `context.log`",
    ),
    Rule(
        id="determinism",
        asks="gives the same answers to the same questions, in any process and with any hash seed",
        why="one scenario and seed have one digest; a test that passes today must pass tomorrow",
        remedy="sort sets before looping over them; keep state in the instance; use neither id() nor hash()",
    ),
)

_AGENT: Final = (
    Rule(
        id="decision",
        asks="answers with a Decision that holds values of the right types, finite numbers only",
        why="bodies and radios take nothing else; one value that is not a number must not reach a wheel",
        remedy="build commands and messages from what fleet.sdk offers, and look at divisions and empty sums",
    ),
    Rule(
        id="wake",
        asks="wakes at a later tick or not at all",
        why="time does not go back, and a wake in the present would go round for ever",
        remedy="give `wake=view.tick + context.time.tick(SECONDS)`, an int",
    ),
    Rule(
        id="speech",
        asks="says only what a mind may say, in its own name",
        why="the fleet's safety rests on it that authorities, awards and work done are told by who knows of them",
        remedy="say Bids, HazardReport, Telemetry, StopOrder, or TaskReport returned or failed; of its own tasks only",
    ),
    Rule(
        id="view",
        asks="leaves its view as it is",
        why="what it is shown is shared with its node; a change there is a change of what others rely on",
        remedy="copy what is to be changed: `dict(view.steps)`, `dataclasses.replace`, `msgspec.structs.replace`",
    ),
    Rule(
        id="inbox",
        asks="survives an empty and a strange inbox",
        why="others may say anything that the protocol allows, in any order, twice, or not at all",
        remedy="look at the type of each body before using it, and at ids with .get(); ignore what does not concern it",
    ),
    Rule(
        id="authority",
        asks="commands ways that begin where it stands and keep off forbidden and refused ground",
        why="the node keeps such a rover from moving; it stands in the way of the others instead of working",
        remedy="take ways from `context.planner.plan(view.observation.pose.point, goal, avoid=view.travel.refused)`",
    ),
    Rule(
        id="own-work",
        asks="works on and gives back its own tasks only, and charges from machines of the fleet",
        why="work of others is refused by the world, and a mind that insists stands there for ever",
        remedy="work on what is in `view.tasks`, in their order",
    ),
    Rule(
        id="fair-bids",
        asks="bids for announced tasks that its vehicle can do, once each",
        why="whoever wins what it cannot do keeps it from those who can",
        remedy="bid where `task.capabilities <= set(context.vehicle.capabilities)`, in the round of the announcement",
    ),
    Rule(
        id="kept-bids",
        asks="does what it bid for, or gives it back in time",
        why="a task that is won and not done is lost to the mission",
        remedy="drive to the next step of view.tasks[0] and `Work`, or say TaskReport(state='returned')",
    ),
    Rule(
        id="comms-loss",
        asks="goes on after its radio was silent",
        why="at the pole every rover is in radio shadow at some time",
        remedy="keep no count of answers that must come; decide from the present view",
    ),
    Rule(
        id="radio",
        asks="says and asks no more than the radio carries",
        why="words of one rover take the time of all, and cost its charge",
        remedy="answer announcements; say the rest when it changes, not each time it is asked",
    ),
    Rule(
        id="patience",
        asks="is asked when something concerns it, not all the time",
        why="each wake stops the world: a mission of days then takes hours instead of seconds",
        remedy="leave `wake` out: events ask it; else give the tick at which something is to be done",
    ),
    Rule(
        id="memory",
        asks="needs no more memory the longer it runs",
        why="a mission has millions of ticks",
        remedy="keep what the next decision needs, not all views",
    ),
    Rule(
        id="snapshot",
        asks="goes on from a snapshot as if nothing had been, where it offers snapshot() and restore()",
        why="a run that is resumed must end like one that was not interrupted",
        remedy="have snapshot() return bytes of all that decide() keeps, and restore(bytes) take them in",
    ),
)

_PLANNER: Final = (
    Rule(
        id="answer",
        asks="answers with a Plan or a NoPlan, and with a pair or None for each goal",
        why="agents take what the port promises",
        remedy="return fleet.sdk.Plan with finite figures, NoPlan(reason=...), or a tuple as long as `goals`",
    ),
    Rule(
        id="way",
        asks="gives ways that its vehicle can drive, from the start to the goal",
        why="a way over forbidden ground ends at a rock or in a crater",
        remedy="keep the whole body off `terrain.forbidden(vehicle)` and within the map; `moonfleet plan` shows ours",
    ),
    Rule(
        id="avoid",
        asks="keeps clear of ground that is to be avoided",
        why="that ground is another rover's; the way over it is refused again and again",
        remedy="keep the body's radius away from each disc of `avoid`",
    ),
    Rule(
        id="strange",
        asks="says NoPlan for places that cannot be reached",
        why="tasks and rovers may lie anywhere, even off the map or on forbidden ground",
        remedy="look at `terrain.contains(point)` and `terrain.is_free(point, vehicle)` first, and give the reason",
    ),
    Rule(
        id="costs",
        asks="has costs that agree with its plans",
        why="bids are made of costs: who underrates its ways wins work and comes late",
        remedy="cost what plan() would give, within a quarter; None where there is no way",
    ),
    Rule(
        id="terrain",
        asks="leaves the terrain as it is",
        why="the rover's node and mind believe the same terrain",
        remedy="copy what is to be changed",
    ),
)

_ALLOCATOR: Final = (
    Rule(
        id="awards",
        asks="gives tasks to bidders, each task and each rover once, at a finite cost",
        why="an award that nobody bid for is work that nobody does",
        remedy="return (task.id, rover, bid.cost) of bids that were made",
    ),
    Rule(
        id="empty",
        asks="copes with no tasks and no bids",
        why="rounds in which nobody bids happen whenever all are busy",
        remedy="return () when there is nothing to give",
    ),
    Rule(
        id="order",
        asks="decides alike in whatever order bids and tasks come",
        why="order of arrival depends on the network",
        remedy="sort by cost, then by rover and task id",
    ),
    Rule(
        id="useful",
        asks="gives something when somebody bids for it",
        why="a task that is wanted and never given is never done",
        remedy="give at least one task of a round that has bids",
    ),
)


def _by_id(*rules: Rule) -> MappingProxyType[str, Rule]:
    return MappingProxyType({rule.id: rule for rule in rules})


#: The rules of each port by id, in the order in which they are looked at.
RULES: Final = MappingProxyType(
    {
        "agent": _by_id(*_COMMON, *_AGENT),
        "planner": _by_id(*_COMMON, *_PLANNER),
        "allocator": _by_id(*_COMMON, *_ALLOCATOR),
    }
)
