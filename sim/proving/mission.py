"""Short missions in which a candidate works beside machines of ours, with a witness at its mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from typing import Any, Final

from fleet.core import RoverId, TaskId, Tick, WallClock
from fleet.messages import Award, TaskReport
from fleet.runtime import NodeMaker
from sim.hub import BusKind
from sim.proving.notes import Notes, Trace
from sim.proving.seat import seat_of
from sim.proving.witness import Witness
from sim.record import Commanded, Entry, Faulted, Said, TaskChanged
from sim.run import RunOptions, RunResult, run
from sim.scenario import Scenario, load_scenario

#: A quarter of an hour without radio, after the first work was given away and before the last is.
SILENCE: Final[Mapping[str, Any]] = {"faults": [{"fault": "silent", "rover": "candidate", "at": "3m", "for": "15m"}]}
SILENT_UNTIL: Final[Tick] = 18 * 60


def proving_scenario(plugin: str, vehicle: str, settings: Mapping[str, Any] | None = None) -> Scenario:
    """Return the proving mission with a candidate's agent on a vehicle of this class."""
    rover = seat_of(vehicle)
    changed = {f"rovers.{rover}.agent": plugin, f"rovers.{rover}.vehicle": vehicle, **(settings or {})}
    with as_file(files("sim.proving") / "proving.yaml") as file:
        return load_scenario(file, settings=changed)


@dataclass(slots=True)
class Tape:
    """A sink that keeps what the candidate did, and what became of what it won."""

    rover: RoverId
    trace: Trace = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    won: list[tuple[Tick, Award]] = field(default_factory=list)
    ended: dict[TaskId, list[tuple[Tick, str]]] = field(default_factory=dict)  #: ``done`` or ``returned``, by task.
    faults: list[Faulted] = field(default_factory=list)

    def write(self, entry: Entry) -> None:
        """Take in an entry."""
        match entry:
            case Commanded() if entry.rover == self.rover:
                self.trace.append((entry.tick, str(entry.command)))
            case Faulted() if entry.rover == self.rover:
                self.faults.append(entry)
            case TaskChanged() if entry.state == "done":
                self.ended.setdefault(entry.task, []).append((entry.tick, "done"))
            case Said():
                self._hear(entry)

    def _hear(self, entry: Said) -> None:
        message = entry.message
        if isinstance(message.body, Award) and message.body.rover == self.rover:
            self.won.append((message.tick, message.body))
        if message.sender != self.rover:
            return
        self.said.append(entry)
        self.trace.append((message.tick, f"to {message.to}: {message.body}"))
        if isinstance(message.body, TaskReport) and message.body.state in ("returned", "failed"):
            self.ended.setdefault(message.body.task, []).append((message.tick, "returned"))

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """A mission that was run with a candidate."""

    scenario: Scenario
    rover: RoverId  #: The candidate.
    result: RunResult
    tape: Tape
    witness: Witness


def fly(plugin: str, vehicle: str, notes: Notes, settings: Mapping[str, Any] | None = None) -> Mission:
    """Run a mission in this process with a witness at the candidate's mind."""
    scenario, rover = proving_scenario(plugin, vehicle, settings), seat_of(vehicle)
    witness, tape = Witness(rover, notes, WallClock()), Tape(rover)
    made = NodeMaker(witness.seat)
    result = run(scenario, RunOptions(bus="memory"), sinks=[tape], make_node=made)
    for fault in tape.faults:
        if fault.tick == 0 and "cannot be made" in fault.fact:
            notes.breach("making", fault.fact)
    return Mission(scenario=scenario, rover=rover, result=result, tape=tape, witness=witness)


def fly_alone(plugin: str, vehicle: str, bus: BusKind) -> Trace:
    """Run the same mission without a witness, on any bus; return what the candidate did."""
    tape = Tape(seat_of(vehicle))
    run(proving_scenario(plugin, vehicle), RunOptions(bus=bus, hosts=1), sinks=[tape])
    return tape.trace
