"""How soon fleets agree over bad radio, and whether two ever begin the same task: many seeds of each kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fleet.tasks.agreement import Method
from sim.bench.agreement.graphs import SHAPES, Graphs, Shape
from sim.bench.agreement.trial import COPIES, ROVERS, TASKS, Trial, attempt
from sim.bench.rows import Row

METHODS: Final[tuple[Method, ...]] = ("agreement", "cbba")
LOSSES: Final = (0.0, 0.3, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is tried."""

    seeds: Sequence[int]
    shapes: Sequence[Shape] = SHAPES
    losses: Sequence[float] = LOSSES
    methods: Sequence[Method] = METHODS
    rovers: int = ROVERS
    copies: int = COPIES  #: So often a word is said in its round.


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of the fleets of one method, shape and loss."""

    method: Method
    shape: Shape
    loss: float
    seeds: int
    mean: float  #: Rounds until all agree over the diameter,
    worst: float  #: and the most of all seeds.
    disagreements: int  #: Fleets in which not all ended with one plan.
    begun_twice: int  #: Tasks that more than one rover began.
    undone: int  #: Tasks that were not done when a fleet was given up.
    rounds: float  #: Until all is done and all know that, mean.
    words: float  #: Said until all agree, mean; each copy counted.

    @property
    def holds(self) -> bool:
        """Whether all agreed, all was done, and nothing twice."""
        return not (self.disagreements or self.begun_twice or self.undone)

    def row(self) -> Row:
        """Return it as a row of the bench."""
        faults = f"{self.disagreements} disagree, {self.begun_twice} tasks begun twice, {self.undone} undone"
        return Row(
            name=f"{self.method}-{self.shape}-{round(100 * self.loss)}",
            value=self.mean,
            unit="diameters of rounds",
            note=f"worst {self.worst:.2f} of {self.seeds}; {faults}; all done after {self.rounds:.0f} rounds",
        )

    def as_object(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        return {name: getattr(self, name) for name in self.__slots__}


def bench_agreement(plan: Plan, say: Callable[[str], None]) -> list[Figures]:
    """Return the figures of each method, shape and loss.

    Notes
    -----
    In a round everyone says at most one word to all that hear it; the word is said `copies` times, and each copy is
    lost for each hearer by itself. So nothing comes farther than one hop in a round.
    """
    figures = []
    for method in plan.methods:
        for shape in plan.shapes:
            for loss in plan.losses:
                say(f"{method}, {shape}, {loss:.0%} lost ...")
                trials = [
                    attempt(Graphs(shape, plan.rovers, seed), method, loss, copies=plan.copies) for seed in plan.seeds
                ]
                figures.append(_figures(method, shape, loss, trials))
    return figures


def _figures(method: Method, shape: Shape, loss: float, trials: Sequence[Trial]) -> Figures:
    ratios = [trial.agreed / trial.diameter for trial in trials if trial.agreed is not None]
    return Figures(
        method=method,
        shape=shape,
        loss=loss,
        seeds=len(trials),
        mean=sum(ratios) / len(ratios) if ratios else float("inf"),
        worst=max(ratios, default=float("inf")),
        disagreements=sum(trial.agreed is None or trial.plans != 1 for trial in trials),
        begun_twice=sum(trial.begun_twice for trial in trials),
        undone=sum(TASKS - trial.done for trial in trials),
        rounds=sum(trial.rounds for trial in trials) / len(trials),
        words=sum(trial.words for trial in trials) / len(trials),
    )
