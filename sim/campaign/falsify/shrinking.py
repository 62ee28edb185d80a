"""From a run that fails to a small scenario that fails in the same way, and only because of what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from sim.campaign.falsify.attempt import Attempt, Tried
from sim.campaign.falsify.candidate import Candidate
from sim.campaign.falsify.reductions import REDUCTIONS
from sim.campaign.falsify.signs import FAULT, Signs, signs_of
from sim.campaign.trial import Row
from sim.scenario import Plain

MOST_ATTEMPTS: Final = 400  #: Runs that may go into making one scenario smaller.
_PATIENCE: Final = 2.0  # After its last fault a mission has at least so many times what the work takes without faults.
_WORST: Final = ("ERROR", "CRASH", "HANG", FAULT)

Try = Callable[[Sequence[Attempt]], Iterator[Tried]]  #: Has scenarios played, and returns what came of them.


class Shrinker:
    """Makes one failing scenario smaller.

    A smaller one is taken when it fails by the same sign, and does not fail without what was done to it: else a
    rover too few or an hour too few would do. For the same reason a mission is not cut to less than twice the time,
    after its last fault, that its work takes without any.

    Parameters
    ----------
    width
        How many are tried at once; that changes how long it takes, and not what comes of it.
    keep
        Given each smaller one with what came of it, as it is found.
    """

    def __init__(
        self, signs: Signs, folder: Path, ask: Try, *, width: int, keep: Callable[[Candidate, Row], None]
    ) -> None:
        self._signs = signs
        self._sign = ""
        self._folder = folder
        self._ask = ask
        self._width = width
        self._keep = keep
        self._known: dict[str, Row] = {}
        self._least_rest = 0.0
        self.attempts = 0

    def shrink(self, candidate: Candidate, found: Row) -> Candidate:
        """Return the smallest that was found, itself where there is none that is smaller.

        Parameters
        ----------
        found
            What came of the run that the candidate is.
        """
        self._sign = _main(found, self._signs)
        if candidate.is_stressed:
            self._least_rest = candidate.rest
            if self._first([candidate]) is None:  # It fails without what was done to it as well.
                candidate = Candidate(tree=candidate.whole or candidate.tree)
        candidate = self._first([self._judged(candidate)]) or candidate
        smaller = True
        while smaller and self.attempts < MOST_ATTEMPTS:
            smaller = False
            for reduction in REDUCTIONS:
                while (better := self._first(reduction(candidate))) is not None:
                    candidate, smaller = better, True
        return candidate

    def _judged(self, candidate: Candidate) -> Candidate:
        """Return a candidate that is judged by nothing but what it fails."""
        expect = candidate.tree.get("expect")
        if not isinstance(expect, list) or self._sign in _WORST:
            return candidate
        kept: list[Plain] = [item for item in expect if isinstance(item, dict) and self._sign in item]
        return Candidate({**candidate.tree, "expect": kept}, candidate.settings, candidate.faults)

    def _first(self, candidates: Iterable[Candidate]) -> Candidate | None:
        """Return the first of them that fails as it should, whichever is known first."""
        left = iter(candidates)
        while self.attempts < MOST_ATTEMPTS and (batch := list(islice(self._new(left), self._width))):
            self._play([candidate.text for candidate in batch])
            failing = [candidate for candidate in batch if self._fails(candidate)]
            self._play([candidate.calm_text for candidate in failing if candidate.is_stressed])
            for candidate in failing:
                if not candidate.is_stressed or self._is_cause(candidate):
                    assert candidate.text is not None
                    self._keep(candidate, self._known[candidate.text])
                    return candidate
        return None

    def _new(self, candidates: Iterator[Candidate]) -> Iterator[Candidate]:
        """Yield those that are scenarios, and of which it is not known that they pass."""
        for candidate in candidates:
            text = candidate.text
            if text is not None and (text not in self._known or self._fails(candidate)):
                yield candidate

    def _fails(self, candidate: Candidate) -> bool:
        return candidate.text is not None and self._sign in signs_of(self._known[candidate.text])

    def _is_cause(self, candidate: Candidate) -> bool:
        """Whether a candidate does not fail without what was done to it, though it has time enough."""
        if candidate.calm_text is None:
            return False
        calm = self._known[candidate.calm_text]
        enough = min(self._least_rest, _PATIENCE * (calm.finished_s or 0.0))
        return calm.exit_code == 0 and candidate.rest >= enough

    def _play(self, texts: Sequence[str | None]) -> None:
        new = {text: None for text in texts if text is not None and text not in self._known}
        attempts = {
            number: Attempt(number=number, text=text, folder=str(self._folder)) for number, text in enumerate(new)
        }
        for tried in self._ask(list(attempts.values())):
            self._known[attempts[tried.number].text] = tried.row
        self.attempts += len(attempts)


def _main(row: Row, signs: Signs) -> str:
    """Return the worst sign, or that of the first expectation that failed."""
    worst = [sign for sign in _WORST if sign in signs]
    failed = [finding.name for finding in row.expectations if not finding.passed and finding.name in signs]
    return (worst or failed)[0]
