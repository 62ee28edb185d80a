"""A scripted world, scripted minds, and a scenario of nothing, for the hub's tests."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from fleet.bus import LOOPBACK, Audit, MemoryBus, ZmqHostBus
from fleet.core import AgencyId, FreezingError, MissionTime, Pose, RoverId, TaskId, Tick, WallClock
from fleet.messages import Command, EarthWay, Event, Observation, Step, Task
from fleet.runtime.host import Host
from fleet.terrain.ground_map import GroundMap
from fleet.vehicles import catalogue
from sim.generate.ground import Ground
from sim.hub import Door, Hosts, Hub, HubResult, Invitation, OpenHosts, Outside, Pace, Patience, assign_hosts, open_bus
from sim.record.entries import Entry
from sim.scenario.fault import Fault
from sim.scenario.scenario import Order, RoverSpec, Scenario
from sim.world.values import BodyState, WorldCollision, WorldInstrument, WorldTask

_PROGRAM = Path(__file__).with_name("scripted_host.py")


class ScriptedWorld:
    """Everything stands, nothing happens but what the script says."""

    def __init__(
        self,
        events: dict[Tick, list[tuple[str, Event]]] | None = None,
        changes: dict[Tick, list[WorldTask | WorldCollision]] | None = None,
    ) -> None:
        self.tick: Tick = 0
        self.events = events or {}
        self.changes = changes or {}
        self.stock: dict[str, float] = {"regolith": 1.0}
        self.collisions = 0
        self.lost: set[str] = set()
        self.asleep: dict[str, tuple[int, int]] = {}  # from the first tick to before the second
        self.applied: list[tuple[Tick, str, Command]] = []
        self.ordered: list[tuple[Tick, str]] = []
        self.suffered: list[tuple[Tick, tuple[str, ...]]] = []
        self.stops: list[Tick] = [0]
        self.earth: Callable[[Tick], EarthWay] = lambda tick: "direct"

    def advance(self, until: Tick) -> Tick:
        due = [tick for tick in (*self.events, *self.changes) if tick > self.tick]
        self.tick = min([until, *due])
        self.stops.append(self.tick)
        return self.tick

    def snapshot(self) -> bytes:
        raise FreezingError("scripted world", "keeps nothing")

    def restore(self, data: bytes) -> None:
        raise FreezingError("scripted world", "keeps nothing")

    def take_events(self) -> tuple[tuple[RoverId, Event], ...]:
        return tuple((RoverId(rover), event) for rover, event in self.events.pop(self.tick, []))

    def take_changes(self) -> tuple[WorldTask | WorldCollision, ...]:
        return tuple(self.changes.pop(self.tick, []))

    def instruments(self) -> tuple[WorldInstrument, ...]:
        return ()

    def order(self, task: Task) -> None:
        self.ordered.append((self.tick, task.id))

    def cancel(self, task: TaskId) -> None:
        pass

    def apply(self, rover: RoverId, command: Command) -> None:
        self.applied.append((self.tick, rover, command))

    def _is_asleep(self, rover: str) -> bool:
        start, end = self.asleep.get(rover, (0, 0))
        return start <= self.tick < end

    def suffer(self, faults: Sequence[Fault]) -> None:
        self.suffered.append((self.tick, tuple(fault.id for fault in faults)))

    def observe(self, rover: RoverId, events: tuple[Event, ...]) -> Observation:
        return Observation(
            tick=self.tick,
            pose=Pose(x=0.0, y=0.0, heading=0.0),
            battery=1.0,
            light=1.0,
            power=0.0,
            activity="lost" if rover in self.lost else "asleep" if self._is_asleep(rover) else "idle",
            payload=0.0,
            links=(),
            events=events,
        )

    def travel_times(self, sender: RoverId, size: int) -> Mapping[RoverId, float]:
        return {RoverId(rover): 0.5 for rover in (*"abc", *(f"r{n}" for n in range(10)))}

    def link_pairs(self) -> tuple[tuple[RoverId, RoverId], ...]:
        return ()

    def state(self, rover: RoverId) -> BodyState:
        return BodyState(
            x=0.0,
            y=0.0,
            heading=0.0,
            battery=1.0,
            light=1.0,
            power=0.0,
            activity="idle",
            task=None,
            payload=0.0,
            distance=0.0,
            energy_used=0.0,
            min_battery=1.0,
            lost=rover in self.lost,
            earth=self.earth(self.tick),
        )


class Notebook:
    """A sink that keeps what it is told."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.is_closed = False

    def write(self, entry: Entry) -> None:
        assert not self.is_closed
        self.entries.append(entry)

    def close(self) -> None:
        self.is_closed = True

    def of(self, kind: type[Any]) -> list[Any]:
        return [entry for entry in self.entries if isinstance(entry, kind)]


def _scenario(agents: dict[str, str], **changes: Any) -> Scenario:
    ground = GroundMap(
        heights=bytes(36),
        rows=3,
        columns=3,
        pixel=1.0,
        latitude=-1.5,
        longitude=0.0,
        north=0.0,
        crs="",
        origin=(0.0, 0.0),
        rocks=(),
        zones=(),
    )
    vehicle = catalogue()["suparco-rover"]
    rovers = tuple(
        RoverSpec(
            id=RoverId(rover),
            title=rover,
            agency=AgencyId(f"agency-{rover[0]}"),
            vehicle=vehicle,
            agent=agent,
            pose=Pose(x=0.0, y=0.0, heading=0.0),
            charge=1.0,
        )
        for rover, agent in sorted(agents.items())
    )
    facts: dict[str, Any] = {
        "name": "nothing",
        "title": "Nothing",
        "file": "nothing.yaml",
        "text": "",
        "seed": 1,
        "time": MissionTime(start=datetime(2029, 11, 1, tzinfo=UTC), dt=1.0),
        "end": 60,
        "frame_every": 20,
        "ground": Ground(map=ground, hidden_rocks=()),
        "agencies": (),
        "rovers": rovers,
        "coordinator": rovers[0].id,
        "docks": (),
        "orders": (),
        "stock": MappingProxyType({}),
        "radio_loss": 0.0,
        "expectations": (),
        "planner": "roadmap",
        "allocator": "auction",
        "agent_deadline": 0.05,
    }
    return Scenario(**(facts | changes))


def _order(task: str, at: Tick) -> Order:
    step = Step(place=(0.0, 0.0), radius=1.0, work=1, capability="image")
    made = Task(id=TaskId(task), kind="image", title=task, agency=AgencyId("agency-a"), steps=(step,))
    return Order(task=made, at=at)


class Desktop:
    """Everything that a test of the hub needs."""

    scenario = staticmethod(_scenario)
    order = staticmethod(_order)
    world = ScriptedWorld
    notebook = Notebook
    make_node = staticmethod(runpy.run_path(str(_PROGRAM))["Node"])

    def open(
        self, scenario: Scenario, kind: Any = "memory", hosts: Any = "agency", make_node: Any = None
    ) -> AbstractContextManager[OpenHosts]:
        return open_bus(kind, assign_hosts(scenario.rovers, hosts), make_node or self.make_node, program=str(_PROGRAM))

    def open_locked(self, scenario: Scenario, kind: Any, audit: Audit, program: Path = _PROGRAM) -> Any:
        rovers = assign_hosts(scenario.rovers, "agency")
        return open_bus(kind, rovers, self.make_node, program=str(program), audit=audit)

    def open_with(self, scenario: Scenario, program: str) -> AbstractContextManager[OpenHosts]:
        return open_bus("ipc", assign_hosts(scenario.rovers, "agency"), self.make_node, program=program)

    @contextmanager
    def open_door(self, scenario: Scenario, *remote: str, **options: Any) -> Iterator[OpenHosts]:
        """Open a bus whose door is for these rovers; the others have hosts of the run's own."""
        awaited = {spec.id: spec.agency for spec in scenario.rovers if spec.id in remote}
        lock, wait = options.get("lock"), options.get("wait", 20.0)
        invitation = Invitation(agencies=awaited, wait=wait, signing=options.get("signing"))
        own = assign_hosts([spec for spec in scenario.rovers if spec.id not in remote], "agency")
        door = Door(endpoint=LOOPBACK, invitation=invitation, lock=lock)
        audit = options.get("audit") or Audit()
        program = str(_PROGRAM)
        with open_bus("ipc", own, self.make_node, program=program, audit=audit, is_locked=False, door=door) as hosts:
            yield hosts

    @contextmanager
    def in_memory(self, scenario: Scenario, make_host: Any) -> Iterator[OpenHosts]:
        rovers = assign_hosts(scenario.rovers, "agency")
        bus = MemoryBus({host: make_host(host, self.make_node) for host in rovers})
        yield OpenHosts(bus=bus, rovers=rovers, alive=lambda host: False, kill=lambda host: None)

    hello = Host
    stranger = ZmqHostBus

    def hub(
        self, scenario: Scenario, hosts: Hosts, sinks: Sequence[Notebook], world: ScriptedWorld | None = None
    ) -> Hub:
        clock = WallClock()
        outside = Outside(
            clock=clock,
            pace=Pace(clock, dt=scenario.time.dt),
            patience=Patience(greeting=60.0, answer=0.5),
            sun=lambda tick: (0.0, 0.1),
        )
        return Hub(scenario, world or ScriptedWorld(), hosts, sinks, outside)

    def run(
        self, scenario: Scenario, world: ScriptedWorld | None = None, *, kind: Any = "memory", hosts: Any = "agency"
    ) -> tuple[HubResult, Notebook]:
        notebook = Notebook()
        with self.open(scenario, kind, hosts) as opened:
            result = self.hub(scenario, opened, [notebook], world).run()
        return result, notebook


@pytest.fixture(scope="session")
def desktop() -> Desktop:
    """Give the scripted world and minds."""
    return Desktop()
