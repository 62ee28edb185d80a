"""A rover's mind behind its fence: asked within its deadline, its answer checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from fleet.core import PluginError, Point, RoverId, Tick
from fleet.runtime.contract import Breach, taken_in
from fleet.runtime.fence import fenced
from fleet.sdk import Agent, AgentView, Decision
from fleet.sdk.ports import Consenting
from fleet.sdk.view import Plea

_LONGEST_REASON: Final = 200  # Letters.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thought:
    """A decision on its way."""

    decision: Decision
    due: Tick
    place: Point  #: Where the rover stood when it was asked.


class Mind:
    """An agent and its name; once it broke its contract, or was lost, it is not asked again before it is made anew.

    Raises
    ------
    PluginError
        When it cannot be made.
    """

    def __init__(self, plugin: str, rover: RoverId, make: Callable[[], Agent], deadline: float) -> None:
        self.plugin = plugin
        self.failed = False
        self._rover = rover
        self._make = make
        self._agent = make()
        self._deadline = deadline
        self._thought: _Thought | None = None

    @property
    def agent(self) -> Agent:
        """The agent as it is now."""
        return self._agent

    def lose(self) -> None:
        """Let go of the agent and all that it knew."""
        self.failed = True
        self._thought = None

    def restart(self) -> None:
        """Make the agent anew.

        Raises
        ------
        PluginError
            When it cannot be made; it stays lost.
        """
        self._agent = self._make()
        self.failed = False

    @property
    def due(self) -> Tick | None:
        """When a decision that takes its time is made; None when there is none on the way."""
        return self._thought.due if self._thought is not None else None

    def think(self, view: AgentView, slow: Tick) -> Decision | None:
        """Return the decision; None when it takes so many ticks, to be had from `late` then.

        Raises
        ------
        PluginError
            As `decide`.
        """
        decision = self.decide(view)
        if slow == 0:
            return decision
        self._thought = _Thought(decision=decision, due=view.tick + slow, place=view.observation.pose.point)
        return None

    def late(self, tick: Tick, place: Point) -> Decision | None:
        """Return a decision that is made by now; without its command where the body stands elsewhere meanwhile."""
        thought = self._thought
        if thought is None or tick < thought.due:
            return None
        self._thought = None
        if thought.place == place:
            return thought.decision
        return replace(thought.decision, command=None, wake=tick + 1)

    def decide(self, view: AgentView) -> Decision:
        """Return the agent's decision, as it was read.

        Raises
        ------
        PluginError
            When it raised, took too long, or answered what no agent may answer.
        """
        self.failed = True
        decision = fenced(self.plugin, self._rover, view.tick, self._deadline, lambda: self._agent.decide(view))
        taken = taken_in(decision, view)
        if isinstance(taken, Breach):
            raise PluginError(self.plugin, self._rover, view.tick, taken.fact)
        self.failed = False
        return taken

    def consent(self, plea: Plea) -> str:
        """Return why the agent does not consent, empty when it does; one that cannot be asked does not.

        Raises
        ------
        PluginError
            When it raised, took too long, or answered no text.
        """
        agent = self._agent
        if self.failed or not isinstance(agent, Consenting):
            return "it has no mind" if self.failed else "its mind answers no such question"
        self.failed = True
        tick = plea.observation.tick
        answer: object = fenced(self.plugin, self._rover, tick, self._deadline, lambda: agent.consent(plea))
        if not isinstance(answer, str):
            fact = f"answered a plea with {type(answer).__name__}, not with a reason or an empty text"
            raise PluginError(self.plugin, self._rover, tick, fact)
        self.failed = False
        return answer[:_LONGEST_REASON]
