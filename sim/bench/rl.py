"""Learning: agent decisions a second, beside a PettingZoo reference environment."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from statistics import median
from typing import Any, Final

from fleet.core import Clock, stream
from sim.bench.peers import missing
from sim.bench.rows import Row
from sim.learning import Course, RoversEnv
from sim.learning.senses import ACTIONS, GO_ON

SIZES: Final = (1, 16)
_STEPS: Final = 200  # Decisions of an episode.
_PAIRS: Final = 5  # Times that ours and the peer are measured in turn.
_STEADY: Final = 4  # One decision of so many is another than to go on, where rovers are steady.
_PEER: Final = "mpe2 simple_spread"
_MODULE: Final = "mpe2.simple_spread_v3"

Choose = Callable[[], int]


def bench_rl(clock: Clock, say: Callable[[str], None]) -> tuple[list[Row], dict[str, str]]:
    """Measure how many decisions a second rovers make in an environment that many learn in.

    Returns
    -------
    tuple
        Rows, and the peer with the reason when it is not installed.

    Notes
    -----
    ``random-N``: N rovers, each action drawn from all. ``steady-N``: three of four decisions are to go on, as of
    who drives somewhere. The peer is asked for as many agents and drawn actions, ours and theirs in turn; medians.
    """
    rows: list[Row] = []
    skipped = missing({_PEER: _MODULE})
    peer = None if skipped else import_module(_MODULE)
    for size in SIZES:
        ours = RoversEnv(Course(rovers=size, tasks=2 * size, steps=_STEPS))
        for name, steady in (("random", 1), ("steady", _STEADY)):
            say(f"{size} rovers, {name} decisions ...")
            found, ratios = [], []
            for turn in range(_PAIRS):
                found.append(_decisions(ours, _chooser(turn, ACTIONS, steady), clock))
                if peer is not None:
                    theirs = peer.parallel_env(N=size, max_cycles=_STEPS)
                    ratios.append(found[-1] / _decisions(theirs, _chooser(turn, 5, 1), clock))
            better = {_PEER: median(ratios)} if ratios else {}
            rows.append(
                Row(name=f"{name}-{size}", value=median(found), unit="decisions a second", times_better_than=better)
            )
    return rows, skipped


def _chooser(seed: int, actions: int, steady: int) -> Choose:
    """Return what draws an action; all but one of `steady` are to go on."""
    rng = stream(seed, "bench/rl")
    return lambda: rng.randrange(actions) if steady == 1 or rng.randrange(steady) == 0 else GO_ON


def _decisions(env: Any, choose: Choose, clock: Clock) -> float:
    """Return decisions a second over an episode, without the time to begin it."""
    env.reset(seed=8)
    made, began = 0, clock.now()
    while env.agents:
        actions = {agent: choose() for agent in env.agents}
        made += len(actions)
        env.step(actions)
    return made / (clock.now() - began)
