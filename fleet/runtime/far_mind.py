"""A mind that is a program of its own, in any language, behind the same port as any other agent."""

from __future__ import annotations

from typing import Final
from weakref import finalize

from fleet.bus import MindLine
from fleet.core import MessageError
from fleet.messages import (
    MIND_VERSION,
    Consider,
    Costs,
    Decide,
    FindCosts,
    FindWay,
    Introduce,
    Introduced,
    Peer,
    Travelling,
    Way,
    read_from_mind,
    to_mind,
)
from fleet.sdk import AgentContext, AgentView, Decision, Outgoing, Plan
from fleet.sdk.view import Travel

_SLICE: Final = 0.05  # Seconds after which whoever watches the deadline may interrupt.
_MOST_QUESTIONS: Final = 1000  # That a mind may ask before it decides,
_MOST_STRAY: Final = 100  # and frames that answer nothing.


def is_endpoint(name: str) -> bool:
    """Return whether the name of an agent is where a mind listens.

    >>> is_endpoint("tcp://127.0.0.1:7801"), is_endpoint("mine:Agent")
    (True, False)
    """
    return "://" in name


class FarMind:
    """An agent whose mind listens at an endpoint of this machine.

    Whoever makes it waits until the mind has said that it is ready; the fence around agents says how long.

    Parameters
    ----------
    endpoint
        Where it listens: tcp on the loopback, or ipc.

    Raises
    ------
    ConfigError
        When that is no endpoint of this machine, or nobody listens there.
    MessageError
        When what is there is no mind, or none that can be this rover's.
    """

    def __init__(self, endpoint: str, context: AgentContext) -> None:
        self._endpoint = endpoint
        self._planner = context.planner
        self._number = 0
        self._line = MindLine(endpoint)
        self._hang_up = finalize(self, self._line.close)
        self._line.send(to_mind(_introduction(context)))
        said = self._hear()
        if not isinstance(said, Introduced):
            raise MessageError(endpoint, "does not say that it is introduced")
        if said.version != MIND_VERSION:
            raise MessageError(endpoint, f"speaks version {said.version} of the protocol of minds, not {MIND_VERSION}")
        if said.fault:
            raise MessageError(endpoint, f"cannot be this rover's mind: {said.fault[:400]}")

    def decide(self, view: AgentView) -> Decision:
        """Return what the mind decides.

        Raises
        ------
        MessageError
            When it says something else than a decision, or cannot decide.
        """
        self._number += 1
        self._line.send(to_mind(_question(self._number, view)))
        stray = 0
        for _ in range(_MOST_QUESTIONS):
            said = self._hear()
            match said:
                case FindWay():
                    self._line.send(to_mind(self._way(said)))
                case FindCosts():
                    self._line.send(to_mind(Costs(costs=self._planner.costs(said.start, said.goals))))
                case Decide() if said.number == self._number:
                    if said.fault:
                        raise MessageError(self._endpoint, f"cannot decide: {said.fault[:400]}")
                    outbox = tuple(Outgoing(body=each.body, to=each.to) for each in said.outbox)
                    return Decision(command=said.command, outbox=outbox, wake=said.wake)
                case _:
                    # Of a decision that was given up meanwhile, perhaps.
                    stray += 1
                    if stray > _MOST_STRAY:
                        raise MessageError(self._endpoint, "says what answers nothing")
        raise MessageError(self._endpoint, f"asked {_MOST_QUESTIONS} things and did not decide")

    def _hear(self) -> Introduced | FindWay | FindCosts | Decide:
        data = None
        while data is None:
            data = self._line.receive(_SLICE)
            if data is None and not self._line.is_whole():
                raise MessageError(self._endpoint, "hung up")
        return read_from_mind(data, self._endpoint)

    def _way(self, wanted: FindWay) -> Way:
        found = self._planner.plan(wanted.start, wanted.goal, wanted.avoid)
        if not isinstance(found, Plan):
            return Way(reason=found.reason)
        return Way(path=found.path, length=found.length, duration=found.duration, energy=found.energy)


def _introduction(context: AgentContext) -> Introduce:
    return Introduce(
        version=MIND_VERSION,
        rover=context.rover,
        roster=context.roster,
        coordinator=context.coordinator,
        docks=context.docks,
        start=context.time.start.isoformat(),
        dt=context.time.dt,
        chance=context.rng.getrandbits(53),  # As many bits as every language's numbers hold.
        ground=context.terrain.ground,
    )


def _question(number: int, view: AgentView) -> Consider:
    return Consider(
        number=number,
        observation=view.observation,
        inbox=view.inbox,
        tasks=view.tasks,
        steps=tuple(view.steps[task.id] for task in view.tasks),
        travel=_travelling(view.travel),
        peers=tuple(Peer(rover=rover, telemetry=view.peers[rover]) for rover in sorted(view.peers)),
    )


def _travelling(travel: Travel) -> Travelling:
    return Travelling(
        path=travel.path,
        granted=travel.granted,
        waits_for=travel.waits_for,
        refused=travel.refused,
        refused_by=travel.refused_by,
        closed=travel.closed,
    )
