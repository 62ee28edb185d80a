"""One rover that learns: a Gymnasium environment over the same world."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete, Space

from sim.learning.parallel import RoversEnv
from sim.learning.senses import ACTIONS, SIZE, Numbers
from sim.learning.world import Course

_SEEDS = 2**31
_ME = "rover-1"


class RoverEnv(gymnasium.Env[Numbers, int]):  # type: ignore[misc,unused-ignore]  # Any where it is not installed
    """A rover alone that takes pictures at drawn places; as `RoversEnv` with one rover.

    Parameters
    ----------
    course
        How big the exercise is; it has one rover whatever that says.
    """

    def __init__(self, course: Course | None = None) -> None:
        self._rovers = RoversEnv(replace(course or Course(), rovers=1))
        self.observation_space: Space[Numbers] = Box(-1.0, 1.0, (SIZE,), np.float32)
        self.action_space: Space[Any] = Discrete(ACTIONS)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Numbers, dict[str, Any]]:
        """Begin an episode."""
        super().reset(seed=seed, options=options)
        seen, infos = self._rovers.reset(seed=int(self.np_random.integers(_SEEDS)))
        return seen[_ME], infos[_ME]

    def step(self, action: int) -> tuple[Numbers, float, bool, bool, dict[str, Any]]:
        """Let the rover do something for `Course.period` seconds."""
        seen, pay, over, cut, infos = self._rovers.step({_ME: action})
        return seen[_ME], pay[_ME], over[_ME], cut[_ME], infos[_ME]

    def close(self) -> None:
        """End the world."""
        self._rovers.close()
