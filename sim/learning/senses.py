"""What learners see as numbers, what their numbers mean as commands, and what they are paid."""

from __future__ import annotations

from math import cos, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import RoverId
from fleet.core.arrays import Floats
from fleet.messages import Arrived, Blocked, Command, FollowPath, Observation, StepDone, Stop, Work, WorkStopped
from sim.learning.kernels import put_nearest
from sim.learning.world import HALF, LearnersWorld

GO_ON: Final = 0  #: Go on as before,
WORK: Final = 1  #: work on the nearest task that is open and in reach, or stand,
EAST, NORTH, WEST, SOUTH = 2, 3, 4, 5  #: or drive along x or y of the site frame.
ACTIONS: Final = 6
NEAREST: Final = 3  #: So many tasks, and others, are seen.
OWN: Final = 8  #: Numbers about the rover itself.
SIZE: Final = OWN + 3 * NEAREST + 2 * NEAREST  #: Numbers of an observation.

DONE_PAYS: Final = 1.0  #: For each task that the rover finishes,
BLOCKED_COSTS: Final = 0.05  #: each time that rocks, slopes or others stop it,
STEP_COSTS: Final = 0.005  #: and each decision.

_LEG: Final = 8.0  # Metres that a drive leads at most.
_WAYS: Final = {EAST: (_LEG, 0.0), NORTH: (0.0, _LEG), WEST: (-_LEG, 0.0), SOUTH: (0.0, -_LEG)}
_SPAN: Final = 4.0 * HALF  # Metres that make 1 in what is seen of others.

Numbers = NDArray[np.float32]


class Senses:
    """Turns what rovers of one world see into numbers, and numbers into commands."""

    def __init__(self, world: LearnersWorld) -> None:
        self._world = world
        self._index = {rover: i for i, rover in enumerate(world.rovers)}
        self._goals = np.array([task.steps[0].place for task in world.tasks], np.float64).reshape(-1, 2)
        self._reach = np.array([task.steps[0].radius for task in world.tasks], np.float64)
        self._places = np.zeros((len(world.rovers), 2))
        self._away = np.zeros((len(world.rovers), len(world.tasks)))  # Metres to each task, inf when it is done.
        self._done = 0
        self._is_done = np.zeros((len(world.rovers), len(world.tasks)), np.bool_)
        self._is_self = np.eye(len(world.rovers), dtype=np.bool_)
        self._doing: dict[RoverId, int] = {}

    def numbers(self) -> dict[RoverId, Numbers]:
        """Return what each rover that is to decide sees: ``(SIZE,) float32`` within -1 to 1.

        Notes
        -----
        Own x, y, cosine and sine of the heading, battery, light, whether it drives, whether it works; of the nearest
        tasks the way there along x and y and 1, zeros where there is none; of the nearest others the way there.
        """
        seen = self._world.seen
        if not seen:
            return {}
        own: Floats = np.array([_own(observation) for observation in seen.values()])
        rows = [self._index[rover] for rover in seen]
        here = self._places[rows] = own[:, :2]
        out = np.zeros((len(rows), SIZE))
        out[:, :OWN] = own
        out[:, :2] /= 2.0 * HALF
        if len(self._world.done) > self._done:
            self._done = len(self._world.done)
            self._is_done[:] = [task.id in self._world.done for task in self._world.tasks]
        self._away[rows] = put_nearest(out, OWN, here, self._goals, self._is_done[rows], _SPAN, True)
        put_nearest(out, OWN + 3 * NEAREST, here, self._places, self._is_self[rows], _SPAN, False)
        np.maximum(out, -1.0, out=out)
        np.minimum(out, 1.0, out=out)
        return dict(zip(seen, out.astype(np.float32), strict=True))

    def command(self, rover: RoverId, action: int) -> Command | None:
        """Return what an action means for a rover now; None to go on as before."""
        seen, i = self._world.seen[rover], self._index[rover]
        if action == GO_ON or (action == self._doing.get(rover) and not self._has_ended(rover)):
            return None
        self._doing[rover] = action
        if action == WORK:
            near = int(np.argmin(self._away[i])) if self._away.shape[1] else -1
            if near >= 0 and self._away[i, near] <= self._reach[near]:
                return Work(task=self._world.tasks[near].id)
            # Where there is nothing to work on yet, there may be soon.
            del self._doing[rover]
            return Stop() if seen.activity == "driving" else None
        dx, dy = _WAYS[action]
        return FollowPath(path=((seen.pose.x + dx, seen.pose.y + dy),))

    def _has_ended(self, rover: RoverId) -> bool:
        """Return whether what a rover was told last is over."""
        return any(isinstance(event, Arrived | Blocked | StepDone | WorkStopped) for event in self._world.felt(rover))

    def pay(self, rover: RoverId) -> float:
        """Return what a rover has earned since it last decided."""
        felt = self._world.felt(rover)
        if not felt:
            return -STEP_COSTS
        done = sum(1 for event in felt if isinstance(event, StepDone) and event.final)
        blocked = sum(1 for event in felt if isinstance(event, Blocked))
        return DONE_PAYS * done - BLOCKED_COSTS * blocked - STEP_COSTS


def _own(seen: Observation) -> tuple[float, ...]:
    """Return what a rover sees of itself, x and y in metres."""
    pose = seen.pose
    return (
        pose.x,
        pose.y,
        cos(pose.heading),
        sin(pose.heading),
        2.0 * seen.battery - 1.0,
        2.0 * seen.light - 1.0,
        float(seen.activity == "driving"),
        float(seen.activity == "working"),
    )
