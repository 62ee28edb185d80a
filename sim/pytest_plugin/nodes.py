"""A scenario file as pytest knows it, and its cases as items."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:  # Imported when they are needed: they load numba.
    from sim.scenario import Case
    from sim.suite.row import Row

# Marks by which pytest and its plugins act; a tag of the same name is a keyword only.
_ACTING: Final = frozenset(
    (
        "filterwarnings",
        "flaky",
        "no_cover",
        "parametrize",
        "skip",
        "skipif",
        "timeout",
        "tryfirst",
        "trylast",
        "usefixtures",
        "xdist_group",
        "xfail",
    )
)


class NotAsExpectedError(Exception):
    """A case was not as expected; holds what came of it."""

    def __init__(self, row: Row) -> None:
        from sim.suite.telling import details, heading  # noqa: PLC0415 - only when something failed

        super().__init__("\n".join([heading(row), *(f"  {line}" for line in details(row))]))


class ScenarioFile(pytest.File):
    """A scenario file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each case, or one that tells what is wrong with the file."""
        from sim.scenario import ScenarioError, cases_of  # noqa: PLC0415 - loads numba

        shown = os.path.relpath(self.path, self.config.invocation_params.dir)
        file = shown if Path(shown).is_file() else str(self.path)
        try:
            cases = cases_of(file)
        except ScenarioError as error:
            yield InvalidItem.from_parent(self, name="is read", file=file, fact=str(error))
            return
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case)


class _ScenarioItem(pytest.Item):
    """What items of scenarios have in common: how a failure is told."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell what people are told by `moonfleet test`; a bug of ours with its traceback."""
        if isinstance(excinfo.value, NotAsExpectedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class InvalidItem(_ScenarioItem):
    """A file that is no scenario though it says so: an error, whatever else is run."""

    def __init__(self, *, file: str, fact: str, **rest: Any) -> None:
        super().__init__(**rest)
        self._file = file
        self._fact = fact

    def setup(self) -> None:
        """Say what is wrong with it."""
        from sim.suite.perform import invalid  # noqa: PLC0415 - loads numba

        raise NotAsExpectedError(invalid(self._file, self._fact))

    def runtest(self) -> None:
        """Never come to this."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where it stands."""
        return self.path, 0, f"{self._file} is read"


class CaseItem(_ScenarioItem):
    """One variant of a scenario with one seed.

    The mission is run when the item is set up. So what is no verdict (an agent that broke, a case that cannot be
    played) is an error, and a failure is an expectation that was not met.
    """

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case
        self._row: Row | None = None
        self.extra_keyword_matches |= {case.scenario, *case.tags}
        for tag in case.tags:
            if tag not in _ACTING:
                self.config.addinivalue_line("markers", f"{tag}: scenarios with this tag")
                self.add_marker(tag)

    def setup(self) -> None:
        """Run the mission."""
        from fleet.core import WallClock  # noqa: PLC0415 - only when a scenario is run
        from sim.run import compile_missing  # noqa: PLC0415 - loads numba
        from sim.suite.perform import perform  # noqa: PLC0415 - loads numba

        compile_missing(lambda _: None)
        self._row = perform(self.case, WallClock())
        if self._row.exit_code > 1:
            raise NotAsExpectedError(self._row)

    def runtest(self) -> None:
        """Judge it."""
        if self._row is not None and self._row.exit_code:
            raise NotAsExpectedError(self._row)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case stands."""
        return self.path, self.case.line - 1, f"{self.case.scenario}: {self.case.name}"
