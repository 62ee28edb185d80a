"""Sits between an agent and its node: notes what it is asked and what it decides, and asks a twin the same."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from types import MappingProxyType

from fleet.core import Clock, RoverId
from fleet.messages import encode
from fleet.runtime import MakeAgent, Overdue, breach_of, is_of_a_value, place_of, said_of
from fleet.sdk import Agent, AgentContext, AgentView, Decision
from sim.proving.attention import Attention
from sim.proving.decisions import judge_decision
from sim.proving.notes import Notes

_JUDGED = ("raising", "deadline", "clock", "chance", "outside", "determinism", "decision", "wake", "speech", "view")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question and its answer."""

    view: AgentView
    decision: Decision


class Witness:
    """Takes the seat of the candidate's agent; give `seat` to a `NodeMaker`.

    Parameters
    ----------
    rover
        The candidate.
    notes
        Takes down what is seen.
    clock
        Of the wall, for how long decisions take.
    """

    def __init__(self, rover: RoverId, notes: Notes, clock: Clock) -> None:
        self.asked: list[Asked] = []
        self.slowest = 0.0  #: Seconds of the longest decision.
        self.context: AgentContext
        self.make: MakeAgent
        self._rover = rover
        self._notes = notes
        self._clock = clock

    def seat(self, make: MakeAgent, context: AgentContext) -> Agent:
        """Return the agent of a rover; the candidate's with the witness before it."""
        if context.rover != self._rover:
            return make(context)
        twin_context = replace(context, rng=deepcopy(context.rng))
        self.make, self.context = make, replace(context, rng=deepcopy(context.rng))
        self._notes.judge("making")
        return _Watched(make(context), make(twin_context), self)

    def ask(self, agent: Agent, twin: Agent, view: AgentView) -> Decision:
        """Return the agent's decision, as it is."""
        notes = self._notes
        notes.judge(*_JUDGED)
        steps, peers = MappingProxyType(dict(view.steps)), MappingProxyType(dict(view.peers))
        shown, before = replace(view, steps=steps, peers=peers), _print_of(view)
        attention = Attention(lambda rule, what: notes.breach(rule, f"called {what}, at tick {view.tick}"))
        began = self._clock.now()
        try:
            with attention.on():
                decision = agent.decide(view)
        except Overdue as error:
            notes.breach("deadline", f"no answer within the deadline at tick {view.tick}{place_of(error)}")
            raise
        except (Exception, SystemExit) as error:
            rule = "decision" if is_of_a_value(error) else "raising"
            notes.breach(rule, f"raised {said_of(error)}, at tick {view.tick}")
            raise
        self.slowest = max(self.slowest, self._clock.now() - began)
        breach = breach_of(decision, view)
        if breach is not None:
            notes.breach(breach.rule, f"{breach.fact}, at tick {view.tick}")
            return decision
        if _print_of(view) != before:
            notes.breach("view", f"changed what it was shown at tick {view.tick}")
        judge_decision(self.context, shown, decision, notes)
        self._compare(decision, twin, shown)
        self.asked.append(Asked(view=shown, decision=decision))
        return decision

    def _compare(self, decision: Decision, twin: Agent, shown: AgentView) -> None:
        try:
            other: object = twin.decide(shown)
        except Exception as error:
            other = error
        if not isinstance(other, Decision) or other != decision:
            fact = f"two of it in one process, shown the same, part at tick {shown.tick}"
            self._notes.breach("determinism", f"{fact}: {words(decision)}, and {words(other)}")


class _Watched:
    """An agent as its node sees it."""

    def __init__(self, agent: Agent, twin: Agent, witness: Witness) -> None:
        self._agent, self._twin, self._witness = agent, twin, witness

    def decide(self, view: AgentView) -> Decision:
        """Return what the agent decides."""
        return self._witness.ask(self._agent, self._twin, view)


def words(decision: object) -> str:
    """Return a decision in one line."""
    if not isinstance(decision, Decision):
        return f"{type(decision).__name__}: {decision}"
    parts = [] if decision.command is None else [str(decision.command)]
    parts += [f"to {said.to}: {said.body}" for said in decision.outbox]
    parts += [] if decision.wake is None else [f"wake {decision.wake}"]
    return _short("; ".join(parts) or "nothing")


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:157]}..."


def _print_of(view: AgentView) -> tuple[bytes, ...]:
    """Return all that a view holds as bytes."""
    return (
        encode(view.observation),
        *(encode(message) for message in view.inbox),
        *(encode(task) for task in view.tasks),
        *(f"{task}={step}".encode() for task, step in sorted(view.steps.items())),
        *(rover.encode() + encode(peer) for rover, peer in sorted(view.peers.items())),
        repr(view.travel).encode(),
    )
