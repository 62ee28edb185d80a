"""Many rovers that learn together: a PettingZoo parallel environment."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from gymnasium.spaces import Box, Discrete
from pettingzoo import ParallelEnv

from fleet.core import Rng, RoverId, stream
from sim.learning.senses import ACTIONS, SIZE, Numbers, Senses
from sim.learning.world import Course, LearnersWorld

_SEEDS = 2**31


class RoversEnv(ParallelEnv[str, Numbers, int]):  # type: ignore[misc,unused-ignore]  # PettingZoo is untyped
    """Rovers that take pictures at drawn places in the world that missions run in, over the memory bus.

    Actions: 0 go on, 1 work or stand, 2 to 5 drive along x, y, -x, -y. Observations: `fleet`'s numbers within -1 to 1,
    see `sim.learning.senses.Senses.numbers`. Ends when all tasks are done; cut off after `Course.steps` decisions.

    Parameters
    ----------
    course
        How big the exercise is.

    Notes
    -----
    Each environment has a world of its own; several may live in one process. A seed given to `reset` decides this
    episode and all that follow it without one.
    """

    metadata: ClassVar[dict[str, Any]] = {"name": "moonfleet_rovers_v0", "render_modes": []}
    render_mode = None

    def __init__(self, course: Course | None = None) -> None:
        self.course = course or Course()
        self.possible_agents = [f"rover-{n}" for n in range(1, self.course.rovers + 1)]
        self.agents: list[str] = []
        # One space for each, since each has its own stream of samples.
        self.observation_spaces = {agent: Box(-1.0, 1.0, (SIZE,), np.float32) for agent in self.possible_agents}
        self.action_spaces = {agent: Discrete(ACTIONS) for agent in self.possible_agents}
        self._rng: Rng = stream(0, "learning/episodes")
        self._world: LearnersWorld | None = None
        self._senses: Senses
        self._steps = 0

    def observation_space(self, agent: str) -> Box:
        """Return what an agent may see."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Discrete[np.int64]:
        """Return what an agent may do."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Numbers], dict[str, dict[str, Any]]]:
        """Begin an episode."""
        del options
        if seed is not None:
            self._rng = stream(seed, "learning/episodes")
        self.close()
        self._world = LearnersWorld(self.course, self._rng.randrange(_SEEDS))
        self._senses = Senses(self._world)
        self._steps = 0
        self.agents = list(self.possible_agents)
        return self._seen(self.agents), {agent: {} for agent in self.agents}

    def step(
        self, actions: dict[str, int]
    ) -> tuple[dict[str, Numbers], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Let each agent do something for `Course.period` seconds."""
        world, agents = self._world, self.agents
        if world is None or not agents:
            self.agents = []
            return {}, {}, {}, {}, {}
        commands = {}
        for agent, action in actions.items():
            rover = RoverId(agent)
            command = self._senses.command(rover, int(action)) if rover in world.seen else None
            if command is not None:
                commands[rover] = command
        world.step(commands)
        self._steps += 1
        over, cut = len(world.done) == len(world.tasks), self._steps >= self.course.steps or not world.seen
        found = self._seen(agents)
        pay = {agent: self._senses.pay(RoverId(agent)) for agent in agents}
        if over or cut:
            self.agents = []
            self.close()
        return (
            found,
            pay,
            dict.fromkeys(agents, over),
            dict.fromkeys(agents, cut and not over),
            {agent: {} for agent in agents},
        )

    def _seen(self, agents: list[str]) -> dict[str, Numbers]:
        numbers = self._senses.numbers()
        # Who is asleep or down sees nothing.
        return {agent: numbers.get(RoverId(agent), np.zeros(SIZE, np.float32)) for agent in agents}

    def close(self) -> None:
        """End the world."""
        if self._world is not None:
            self._world.close()
            self._world = None
