"""A search for a run that breaks an expectation: what is tried next, and when it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from fleet.core import Rng
from sim.campaign.falsify.draw import DealtDraw
from sim.campaign.falsify.signs import Signs, signs_of
from sim.campaign.falsify.space import Space
from sim.campaign.results import Results
from sim.campaign.sweep import Progress
from sim.campaign.trial import Row, Trial

GENERATION: Final = 8  #: Runs that are proposed before any of them is known, whatever the number of workers.
Ask = Callable[[Sequence[Trial]], Iterator[Row]]  #: Has runs made, and returns rows as they come.


class Searcher(Protocol):
    """Proposes runs, and learns from what came of them; the same runs for the same rows."""

    def propose(self) -> Trial:
        """Return another run to try."""
        ...

    def learn(self, rows: Sequence[Row]) -> None:
        """Take in what came of all that was proposed since the last call, in the same order."""
        ...


class RandomSearcher:
    """Proposes runs by chance, and learns nothing."""

    def __init__(self, space: Space, rng: Rng) -> None:
        self._space = space
        self._draw = DealtDraw(rng)

    def propose(self) -> Trial:
        """Return another run to try."""
        return self._space.propose(self._draw)

    def learn(self, rows: Sequence[Row]) -> None:
        """Forget them."""


class Falsifier:
    """One search, in generations: the runs of one are shared out, and known before the next is proposed.

    Parameters
    ----------
    wanted
        Names of expectations that are to be broken; empty: any, and any other way to come to no good end.
    tell
        Told after each run.
    """

    def __init__(
        self, space: Space, results: Results, *, wanted: Sequence[str] = (), tell: Callable[[Progress], None]
    ) -> None:
        self._space = space
        self._results = results
        self._wanted = frozenset(wanted)
        self._tell = tell
        self.tried: dict[tuple[int, str], Trial] = {}  #: In the order in which they were proposed.
        self.proposed = 0  #: With those that were proposed twice.

    def search(self, searcher: Searcher, budget: int, ask: Ask) -> tuple[Row, Signs] | None:
        """Return the first run, in the order of proposal, that breaks what is wanted; None when none of all does.

        The first of all is the scenario as it stands.
        """
        known = {row.trial.key: row for row in self._results.rows()}
        batch = [self._space.calm]
        while batch:
            for row in self._made(batch, known, ask, budget):
                known[row.trial.key] = row
            rows = [known[trial.key] for trial in batch]
            for row in rows:
                if signs := signs_of(row, self._wanted):
                    return row, signs
            if self.proposed > len(batch):  # Nobody proposed the first.
                searcher.learn(rows)
            batch = [searcher.propose() for _ in range(min(GENERATION, budget - self.proposed))]
        return None

    def _made(self, batch: Sequence[Trial], known: dict[tuple[int, str], Row], ask: Ask, budget: int) -> Iterator[Row]:
        """Yield the rows of those that have none yet, kept as they come."""
        wanted = {trial.key: trial for trial in batch}
        missing = [trial for key, trial in wanted.items() if key not in known]
        self.tried |= wanted
        self.proposed += len(batch)
        done, failed = self.proposed - len(missing), 0
        self._tell(Progress(done=done, total=budget, failed=failed))
        for row in ask(missing):
            self._results.add(row)
            done += 1
            failed += bool(signs_of(row, self._wanted))
            self._tell(Progress(done=done, total=budget, failed=failed))
            yield row
