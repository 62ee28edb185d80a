"""How soon fleets agree over bad radio, and whether two ever begin the same task: many seeds of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fleet.core import WallClock
from fleet.tasks.agreement import Method
from sim.bench.agreement.graphs import SHAPES, Shape
from sim.bench.agreement.stretch import Stretch, Trials, cut, lost, perform
from sim.bench.agreement.trial import COPIES, ROVERS, TASKS, Trial
from sim.bench.rows import Row
from sim.crew import Craft, Crew, CrewError

METHODS: Final[tuple[Method, ...]] = ("agreement", "cbba")
LOSSES: Final = (0.0, 0.3, 0.5)
_LIMIT: Final = 600.0  # Wall seconds for one stretch.


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is tried."""

    seeds: Sequence[int]
    shapes: Sequence[Shape] = SHAPES
    losses: Sequence[float] = LOSSES
    methods: Sequence[Method] = METHODS
    rovers: int = ROVERS
    copies: int = COPIES  #: So often a word is said in its round.
    workers: int = 1  #: Processes at the same time.


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
    begun_twice: int  #: Tasks that more than one rover began,
    begun_alone: int  #: and that were begun while what goes with them was nobody's.
    undone: int  #: Tasks that were not done when a fleet was given up.
    rounds: float  #: Until all is done and all know that, mean,
    longest: int  #: and the most of all seeds.
    words: float  #: Said until all agree, mean; each copy counted.

    @property
    def holds(self) -> bool:
        """Whether all agreed, all was done, and nothing twice."""
        return not (self.disagreements or self.begun_twice or self.begun_alone or self.undone)

    def row(self) -> Row:
        """Return it as a row of the bench."""
        wrong = f"{self.disagreements} disagree"
        faults = f"{wrong}, {self.begun_twice} tasks begun twice, {self.begun_alone} alone, {self.undone} undone"
        return Row(
            name=f"{self.method}-{self.shape}-{round(100 * self.loss)}",
            value=self.mean,
            unit="diameters of rounds",
            note=f"worst {self.worst:.2f} of {self.seeds}; {faults}; done after {self.rounds:.0f} (mean)",
        )

    def as_object(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        return {name: getattr(self, name) for name in self.__slots__}


def bench_agreement(plan: Plan, tell: Callable[[int, int, int], None]) -> list[Figures]:
    """Return the figures of each method, shape and loss.

    Parameters
    ----------
    tell
        Told how many fleets were tried, of how many, and in how many something went wrong.

    Raises
    ------
    CrewError
        When a worker gave no answer.

    Notes
    -----
    In a round everyone says at most one word to all that hear it; the word is said `copies` times, and each copy is
    lost for each hearer by itself. So nothing comes farther than one hop in a round.
    """
    kinds = [(method, shape, loss) for method in plan.methods for shape in plan.shapes for loss in plan.losses]
    stretches = [
        Stretch(method=method, shape=shape, loss=loss, seeds=seeds, rovers=plan.rovers, copies=plan.copies)
        for method, shape, loss in kinds
        for seeds in cut(plan.seeds)
    ]
    found: dict[tuple[Method, Shape, float], list[Trial]] = {kind: [] for kind in kinds}
    tried = faulty = 0
    for answer in _answers(plan, stretches):
        if answer.fault:
            raise CrewError(answer.fault)
        one = answer.stretch
        found[one.method, one.shape, one.loss] += answer.trials
        tried += len(answer.trials)
        faulty += sum(not trial.holds for trial in answer.trials)
        tell(tried, len(kinds) * len(plan.seeds), faulty)
    return [_figures(*kind, trials) for kind, trials in found.items()]


def as_markdown(figures: Sequence[Figures]) -> str:
    """Return the table that `docs/agreement.md` shows: a line for each graph and loss, methods beside each other."""
    methods = list(dict.fromkeys(one.method for one in figures))
    named = {(one.method, one.shape, one.loss): one for one in figures}
    heads = [f"`{method}`: mean | worst | all done after, worst" for method in methods]
    lines = [" | ".join(["| graph | lost", *heads, "fleets |"]), "|---" * (3 + 3 * len(methods)) + "|"]
    for shape, loss in dict.fromkeys((one.shape, one.loss) for one in figures):
        row = [named[method, shape, loss] for method in methods]
        cells = [f"{one.mean:.2f} | {one.worst:.2f} | {one.longest}" for one in row]
        lines.append(" | ".join([f"| {shape} | {loss:.0%}", *cells, f"{row[0].seeds} |"]))
    fleets = sum(one.seeds for one in figures)
    wrong = [
        sum(getattr(one, name) for one in figures) for name in ("disagreements", "begun_twice", "begun_alone", "undone")
    ]
    tasks = f"{wrong[1]} tasks were begun by two, {wrong[2]} alone, {wrong[3]} not done"
    told = f"Of {fleets} fleets {wrong[0]} disagreed; {tasks}."
    return "\n".join([*lines, "", told])


def _answers(plan: Plan, stretches: Sequence[Stretch]) -> Iterator[Trials]:
    """Give what became of each stretch, as it comes."""
    if plan.workers == 1:
        yield from map(perform, stretches)
        return
    craft = Craft(module="sim.bench.agreement.worker", answer=Trials, lost=lost)
    yield from Crew(craft, plan.workers, limit=_LIMIT, clock=WallClock()).run(stretches)


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
        begun_alone=sum(trial.begun_alone for trial in trials),
        undone=sum(TASKS - trial.done for trial in trials),
        rounds=sum(trial.rounds for trial in trials) / len(trials),
        longest=max(trial.rounds for trial in trials),
        words=sum(trial.words for trial in trials) / len(trials),
    )
