"""Plugins of which each breaks one rule, named by tests as ``bad_plugins:Class``."""

from __future__ import annotations

import random  # noqa: TID251 - the point of it
import time  # noqa: TID251 - likewise
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from fleet.agents import MicroAgent
from fleet.messages import AuthorityGrant, Telemetry
from fleet.planning import RoadmapPlanner
from fleet.sdk import (
    EVERYONE,
    AgentContext,
    AgentView,
    Announcement,
    Bid,
    Bids,
    Decision,
    Disc,
    FollowPath,
    NoPlan,
    Outgoing,
    Plan,
    Point,
    RoverId,
    Sleep,
    Stop,
    Task,
    TaskId,
    Turn,
    Work,
)
from fleet.sdk.machines import VehicleClass
from fleet.sdk.words import HazardReport
from fleet.terrain import Terrain

_LATER = 60  # Ticks after which most of them begin, on their way to work.


class WrongSignature(MicroAgent):
    """Takes what nobody gives."""

    def decide(self, view: AgentView, mood: str) -> Decision:  # type: ignore[override]  # the point of it
        """Never asked."""
        return Decision()


class RidesABicycle(MicroAgent):
    """Is made for what nobody brought."""

    made_for = "bicycle"


class Waits(MicroAgent):
    """Is asynchronous."""

    async def decide(self, view: AgentView) -> Decision:  # type: ignore[override]  # the point of it
        """Never awaited."""
        return Decision()


class NeverMade(MicroAgent):
    """Needs what is not there."""

    def __init__(self, context: AgentContext) -> None:
        raise OSError("no wheels")


class Raises(MicroAgent):
    """Falls over."""

    def decide(self, view: AgentView) -> Decision:
        """Raise on the way."""
        if view.tick >= _LATER:
            raise LookupError("lost the map")
        return replace(super().decide(view), wake=_LATER)


class Hangs(MicroAgent):
    """Never comes to an end."""

    def decide(self, view: AgentView) -> Decision:
        """Go round for ever."""
        while True:
            pass


class NotANumber(MicroAgent):
    """Turns to where no number is."""

    def decide(self, view: AgentView) -> Decision:
        """Return what is no number."""
        return Decision(command=Turn(heading=float("nan")))


class Babbles(MicroAgent):
    """Answers what is no decision."""

    def decide(self, view: AgentView) -> Decision:
        """Return a string."""
        return "forward!"  # type: ignore[return-value]  # the point of it


class Mistypes(MicroAgent):
    """Sleeps until a day that is no tick."""

    def decide(self, view: AgentView) -> Decision:
        """Return a word where a number belongs."""
        return Decision(command=Sleep(until="tomorrow"))  # type: ignore[arg-type]  # the point of it


class WakesInThePast(MicroAgent):
    """Looks back."""

    def decide(self, view: AgentView) -> Decision:
        """Wake a tick ago."""
        return Decision(wake=view.tick - 1)


class JumpsTheQueue(MicroAgent):
    """Moves without authority: grants itself the ground."""

    def decide(self, view: AgentView) -> Decision:
        """Speak for the leader."""
        grant = AuthorityGrant(plan=1, upto=99)
        return Decision(outbox=(Outgoing(to=view.rover, body=grant),))


class StraightOn(MicroAgent):
    """Drives straight through the lander, whatever the map says."""

    def decide(self, view: AgentView) -> Decision:
        """Command a way over a keep-out zone."""
        x, y = view.observation.pose.point
        is_near = abs(x) < 100.0 and not view.travel.path
        return Decision(command=FollowPath(path=((x, y), (-x, -y))) if is_near else None)


class ForgesASender(MicroAgent):
    """Puts rocks into another's mouth."""

    def decide(self, view: AgentView) -> Decision:
        """Report in the name of another."""
        rock = HazardReport(hazard=Disc(x=20.0, y=20.0, radius=9.0), seen=view.tick, by=RoverId("micro-2"))
        said = (Outgoing(to=EVERYONE, body=rock),) if view.tick == 0 else ()
        decision = super().decide(view)
        return replace(decision, outbox=decision.outbox + said)


class Leaks(MicroAgent):
    """Keeps all that it ever saw."""

    def __init__(self, context: AgentContext) -> None:
        super().__init__(context)
        self._seen: list[AgentView] = []

    def decide(self, view: AgentView) -> Decision:
        """Remember everything."""
        self._seen.append(view)
        return super().decide(view)


class TimeOfDay(MicroAgent):
    """Draws chance from the clock of the machine."""

    def decide(self, view: AgentView) -> Decision:
        """Look at the clock."""
        mood = random.Random(int(time.time() * 1e6)).uniform(30.0, 60.0)
        return replace(super().decide(view), wake=view.tick + int(mood))


class RollsDice(MicroAgent):
    """Shares chance with everybody."""

    def decide(self, view: AgentView) -> Decision:
        """Draw from the global stream."""
        return replace(super().decide(view), wake=view.tick + random.randrange(30, 60))


class Reads(MicroAgent):
    """Asks a file what to do."""

    def decide(self, view: AgentView) -> Decision:
        """Open a file."""
        Path(__file__).read_text(encoding="utf-8")
        return super().decide(view)


class Meddles(MicroAgent):
    """Changes what it is shown."""

    def decide(self, view: AgentView) -> Decision:
        """Forget its own tasks in the view."""
        object.__setattr__(view, "inbox", ())
        return super().decide(view)


class Shares(MicroAgent):
    """Keeps its count in the class."""

    count: ClassVar[int] = 0

    def decide(self, view: AgentView) -> Decision:
        """Be somebody else each time."""
        Shares.count += 1
        return replace(super().decide(view), wake=view.tick + 30 + Shares.count % 7)


class Shuffles(MicroAgent):
    """Decides by the order of a set."""

    def decide(self, view: AgentView) -> Decision:
        """Loop over a set of names."""
        names = {member.rover for member in self._context.roster} | {view.rover + letter for letter in "abcdefgh"}
        return replace(super().decide(view), wake=view.tick + 60 + list(names).index(view.rover))


class Floods(MicroAgent):
    """Tells everybody everything."""

    def decide(self, view: AgentView) -> Decision:
        """Say where it is, ten times."""
        seen = view.observation
        word = Telemetry(pose=seen.pose, battery=seen.battery, activity=seen.activity)
        return Decision(outbox=(Outgoing(to=EVERYONE, body=word),) * 10, wake=view.tick + 60)


class Fidgets(MicroAgent):
    """Wants to be asked again and again."""

    def decide(self, view: AgentView) -> Decision:
        """Wake after some ticks."""
        return replace(super().decide(view), wake=view.tick + 4)


class NeverComes(MicroAgent):
    """Bids for everything and stays where it is."""

    def decide(self, view: AgentView) -> Decision:
        """Bid low."""
        outbox = []
        for message in view.inbox:
            if isinstance(message.body, Announcement):
                able = [task for task in message.body.tasks if task.capabilities <= {"image"}]
                bids = tuple(Bid(task=task.id, cost=1.0) for task in able)
                outbox.append(Outgoing(to=message.sender, body=Bids(round=message.body.round, bids=bids)))
        return Decision(outbox=tuple(outbox))


class Boasts(NeverComes):
    """Bids for what it cannot do as well."""

    def decide(self, view: AgentView) -> Decision:
        """Bid for all."""
        offers = [message for message in view.inbox if isinstance(message.body, Announcement)]
        outbox = []
        for message in offers:
            assert isinstance(message.body, Announcement)
            bids = tuple(Bid(task=task.id, cost=1e6) for task in message.body.tasks)
            outbox.append(Outgoing(to=message.sender, body=Bids(round=message.body.round, bids=bids)))
        return Decision(outbox=tuple(outbox))


class StealsWork(MicroAgent):
    """Works on what is another's."""

    def decide(self, view: AgentView) -> Decision:
        """Begin what it was not given."""
        return Decision(command=Work(task=TaskId("view-east"))) if view.tick == 0 else super().decide(view)


class Believes(MicroAgent):
    """Takes every task for one that it knows."""

    def decide(self, view: AgentView) -> Decision:
        """Look up who said something, without looking whether they are known."""
        names = {member.rover: member for member in self._context.roster}
        for message in view.inbox:
            assert names[message.sender]
        return super().decide(view)


class Sulks(MicroAgent):
    """Says nothing any more once it heard nobody."""

    def __init__(self, context: AgentContext) -> None:
        super().__init__(context)
        self._hurt = False

    def decide(self, view: AgentView) -> Decision:
        """Be silent for ever after silence."""
        self._hurt = self._hurt or not view.observation.links
        decision = super().decide(view)
        return Decision(command=Stop()) if self._hurt else decision


class Remembers:
    """Keeps one number, and offers it."""

    def __init__(self, context: AgentContext) -> None:
        self._asked = 0

    def decide(self, view: AgentView) -> Decision:
        """Wake a little later each time."""
        self._asked += 1
        return Decision(wake=view.tick + 60 + self._asked)

    def snapshot(self) -> bytes:
        """Return the number."""
        return str(self._asked).encode()

    def restore(self, data: bytes) -> None:
        """Take it in."""
        self._asked = int(data)


class HalfRemembers(Remembers):
    """Offers snapshots and takes nothing of them in."""

    def restore(self, data: bytes) -> None:
        """Restore nothing."""


class Crow(RoadmapPlanner):
    """Plans as the crow flies."""

    def plan(self, start: Point, goal: Point, *_: object) -> Plan | NoPlan:
        """Return the straight line, whatever is on it."""
        return Plan(path=(start, goal), length=1.0, duration=1.0, energy=1.0)


class Changes(RoadmapPlanner):
    """Finds rocks while it plans, never comes to the same way twice, and has no reason for anything."""

    def __init__(self, vehicle: VehicleClass, terrain: Terrain) -> None:
        super().__init__(vehicle, terrain)
        self._ground = terrain

    def plan(self, start: Point, goal: Point, *_: Any) -> Plan | NoPlan:
        """Put a rock where it starts."""
        self._ground.add_rock(Disc(x=start[0] + 1.0, y=start[1], radius=0.1))
        return NoPlan(reason="")


class GivesTwice:
    """Gives every task to everybody who bids, in the order of arrival, and waits for a first bid."""

    def award(
        self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]
    ) -> tuple[tuple[TaskId, RoverId, float], ...]:
        """Return too much."""
        assert bids, "nobody bids"
        return tuple((bid.task, rover, bid.cost) for rover, offers in bids.items() for bid in offers)


class FirstCome:
    """Gives the first task to the first bidder, whatever they ask."""

    def award(
        self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]
    ) -> tuple[tuple[TaskId, RoverId, float], ...]:
        """Return the first bid of the first bidder."""
        return next((((bid.task, rover, bid.cost),) for rover, offers in bids.items() for bid in offers), ())
