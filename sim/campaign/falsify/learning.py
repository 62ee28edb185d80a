"""A search that learns from what it tried, by optuna (extra ``falsify``)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from math import isfinite
from typing import TYPE_CHECKING, TypeVar

from fleet.core import ConfigError
from sim.campaign.falsify.space import Space
from sim.campaign.trial import Row, Trial

if TYPE_CHECKING:
    from optuna import Study
    from optuna.trial import Trial as Proposal

Option = TypeVar("Option")


class LearningSearcher:
    """Proposes runs near those that came nearest to harm.

    Raises
    ------
    ConfigError
        When optuna is not installed.

    Source
    ------
    Tree-structured Parzen estimator, Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011, as
    optuna has it.
    """

    def __init__(self, space: Space, seed: int) -> None:
        if find_spec("optuna") is None:
            raise ConfigError("--search optuna", "optuna is not installed", "pip install 'moonfleet[falsify]'")
        import optuna  # noqa: PLC0415 - an extra

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._space = space
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # That some of what it does is new.
            sampler = optuna.samplers.TPESampler(seed=seed % 2**32, n_startup_trials=16, constant_liar=True)
        self._study: Study = optuna.create_study(sampler=sampler, direction="maximize")
        self._proposals: list[Proposal] = []

    def propose(self) -> Trial:
        """Return another run to try."""
        proposal = self._study.ask()
        self._proposals.append(proposal)
        return self._space.propose(_OptunaDraw(proposal))

    def learn(self, rows: Sequence[Row]) -> None:
        """Take in how near each of these runs came to harm."""
        for proposal, row in zip(self._proposals, rows, strict=True):
            self._study.tell(proposal, harm(row))
        self._proposals = []


class _OptunaDraw:
    """What optuna suggests for one run; the same name asked for again is another parameter."""

    def __init__(self, proposal: Proposal) -> None:
        self._proposal = proposal
        self._asked: dict[str, int] = {}

    def choice(self, name: str, options: Sequence[Option]) -> Option:
        """Return one of the options."""
        return options[self._proposal.suggest_categorical(self._name(name), range(len(options)))]

    def even(self, name: str, low: float, high: float) -> float:
        """Return a number between two."""
        return self._proposal.suggest_float(self._name(name), low, high)

    def size(self, name: str, low: float, high: float) -> float:
        """Return a number between two, of a logarithmic scale."""
        return self._proposal.suggest_float(self._name(name), low, high, log=True)

    def _name(self, name: str) -> str:
        self._asked[name] = self._asked.get(name, 0) + 1
        return f"{name} {self._asked[name]}"


def harm(row: Row) -> float:
    """Return how near a run came to harm: the more work undone or late, the nearer bodies, the emptier batteries.

    >>> harm(Row(seed=1, settings={}, verdict="invalid", exit_code=2))
    0.0
    """
    if row.sim_seconds is None:
        return 0.0
    undone = 1.0 - (row.tasks_done or 0) / row.tasks if row.tasks else 0.0
    late = (row.finished_s if row.finished_s is not None else row.sim_seconds) / max(1.0, row.sim_seconds)
    near = 1.0 / (1.0 + row.min_separation_m) if row.min_separation_m is not None else 0.0
    empty = 1.0 - (row.min_battery_percent if row.min_battery_percent is not None else 100.0) / 100.0
    found = undone + late + near + empty + 0.1 * (row.blocked or 0) ** 0.5
    return found if isfinite(found) else 0.0
