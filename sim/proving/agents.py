"""Agents on the proving ground: two missions, made-up views, memory and snapshots."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from msgspec import structs

from fleet.core import PluginError
from fleet.runtime import breach_of, fenced, is_endpoint
from fleet.sdk import Agent, AgentView, Decision, Resumable
from sim.proving.conduct import judge_after_silence, judge_conduct
from sim.proving.decisions import judge_decision
from sim.proving.mission import SILENCE, Mission, fly
from sim.proving.notes import Notes
from sim.proving.signatures import fits
from sim.proving.strange import strange_views
from sim.proving.witness import Witness, words

_DEADLINE: Final = 2.0  # Seconds of the wall for one decision, as in the missions.
_ROUND: Final = 300  # Decisions between two looks at memory.
_WITHIN: Final = frozenset({"clock", "chance", "outside"})  # Rules that are seen within a process only.
_GROWTH: Final = 64  # Bytes a decision that nobody need miss.


def prove_agent(plugin: str, vehicle: str, make: Callable[..., Any], notes: Notes) -> Mission | None:
    """Note how an agent stands with the rules for agents, as far as one process shows.

    Parameters
    ----------
    make
        What the plugin names: makes the agent.

    Returns
    -------
    Mission | None
        The first mission; None when it cannot be flown.
    """
    if not fits(make, notes, made_with=1, methods={"decide": 1}):
        return None
    notes.tell("a mission of forty minutes with three others")
    mission = fly(plugin, vehicle, notes)
    notes.trace = mission.tape.trace
    judge_conduct(mission, notes)
    if not mission.witness.asked or mission.tape.faults:
        return mission
    notes.tell("the same without radio for a quarter of an hour")
    quiet = Notes()
    silenced = fly(plugin, vehicle, quiet, SILENCE)
    notes.breaches += [breach for breach in quiet.breaches if breach.rule in ("authority", "own-work", "view")]
    judge_after_silence(silenced, mission, notes)
    notes.tell("strange views")
    _judge_strange(mission, notes)
    if is_endpoint(plugin):
        notes.judged -= _WITHIN  # What another program does by itself is not seen from here.
        return mission
    notes.tell("memory")
    _judge_memory(mission.witness, notes)
    _judge_snapshot(mission.witness, notes)
    return mission


def _judge_strange(mission: Mission, notes: Notes) -> None:
    witness = mission.witness
    first = witness.asked[0].view
    notes.judge("inbox")
    leader = witness.context.coordinator
    for what, view in strange_views(first, witness.context.time, leader):
        agent = _made(witness)
        try:
            decision = _asked(mission, agent, view)
        except PluginError as error:
            notes.breach("inbox", f"{what}: {error.fact}")
            if "no answer within" in error.fact:
                return  # One wait is enough.
            continue
        breach = breach_of(decision, view)
        if breach is not None:
            notes.breach("inbox", f"{what}: {breach.fact}")
            continue
        seen = Notes()
        judge_decision(witness.context, view, decision, seen)
        for found in seen.breaches:
            if found.rule == "fair-bids":
                notes.breach("fair-bids", f"{what}: {found.seen}")


def _asked(mission: Mission, agent: Agent, view: AgentView) -> Decision:
    call: Callable[[], Decision] = lambda: agent.decide(view)  # noqa: E731 - a call for the fence
    return fenced("", mission.rover, view.tick, _DEADLINE, call)


def _made(witness: Witness) -> Agent:
    return witness.make(replace(witness.context, rng=deepcopy(witness.context.rng)))


def _judge_memory(witness: Witness, notes: Notes) -> None:
    """Note whether memory grows while nothing happens: three rounds of the same, the first to fill what is kept."""
    agent, view = _made(witness), witness.asked[-1].view
    quiet = replace(view, inbox=(), observation=structs.replace(view.observation, events=()))
    agent.decide(witness.asked[0].view)
    notes.judge("memory")
    tracemalloc.start()
    try:
        held = []
        for round_ in range(3):
            for number in range(_ROUND):
                tick = view.tick + round_ * _ROUND + number
                agent.decide(replace(quiet, tick=tick, observation=structs.replace(quiet.observation, tick=tick)))
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    grown = min(held[1] - held[0], held[2] - held[1]) / _ROUND
    if grown > _GROWTH:
        notes.breach("memory", f"keeps {grown:.0f} bytes more with each decision while nothing happens")


def _judge_snapshot(witness: Witness, notes: Notes) -> None:
    """Note whether an agent that offers it goes on from a snapshot like the one that it was taken of."""
    context = replace(witness.context, rng=deepcopy(witness.context.rng))
    agent = witness.make(context)
    if not isinstance(agent, Resumable):
        return
    notes.judge("snapshot")
    half = len(witness.asked) // 2
    views = [asked.view for asked in witness.asked]
    for view in views[:half]:
        agent.decide(view)
    data: Any = agent.snapshot()  # Whatever a plugin gives.
    if not isinstance(data, bytes):
        notes.breach("snapshot", f"snapshot() gave {type(data).__name__}, not bytes")
        return
    other = witness.make(replace(context, rng=deepcopy(context.rng)))
    assert isinstance(other, Resumable)
    other.restore(data)
    for view in views[half:]:
        one, two = agent.decide(view), other.decide(view)
        if one != two:
            notes.breach(
                "snapshot", f"at tick {view.tick} one goes on with {words(one)}, the restored with {words(two)}"
            )
            return
