"""A whole call: cases found in files, chosen, shared out to workers, and taken in as they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Final, Literal

import msgspec

from fleet.core import Clock, ConfigError
from sim.crew import Craft, Crew
from sim.suite.choice import Chosen
from sim.suite.kept import Kept
from sim.suite.row import EXIT_CODES, Answer, Item, Order, Row

SHAPE: Final = {"PYTHONHASHSEED": "0"}  #: Of the first run of two.


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be run, and how."""

    files: Sequence[Path]
    chosen: Chosen | None = None  #: Of names and tags; None: all.
    workers: int = 1
    only_failed: bool = False  #: Those that failed when they were run last; all, when none did.
    fail_fast: bool = False
    twice: bool = False
    time_limit: float = 600.0  #: Wall seconds of one run.


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    rows: list[Row] = field(default_factory=list)  #: In order of files and cases.
    found: int = 0  #: Cases in the files,
    chosen: int = 0  #: those that were to be run.
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """The largest of all."""
        return 130 if self.interrupted else max((row.exit_code for row in self.rows), default=0)


def lost(order: Order, why: Literal["crash", "hang", "error"], fact: str, took: float) -> Answer:
    """Return the answer to an order that nobody can answer any more."""
    facts = msgspec.json.decode(order.case) if order.plays else {}
    kept = {key: facts[key] for key in ("name", "line", "tags", "must_fail") if key in facts}
    words = [order.file, *(["--seed", str(facts["seed"])] if "seed" in facts else [])]
    row = {"file": order.file, "verdict": why, "exit_code": EXIT_CODES[why], "wall_seconds": took, "errors": [fact]}
    return Answer(row=msgspec.convert({**row, **kept, "words": words}, Row))


def longest_first(item: Item, kept: Kept) -> tuple[float, float]:
    """Return what puts long cases first, so that no worker is left with one at the end; what is not known may be long.

    >>> sizes = {"x": 1.0, "y": 9.0, "z": 5.0}
    >>> items = [Item(file="a", name=n, scenario="a", tags=(), size=s, case=msgspec.Raw()) for n, s in sizes.items()]
    >>> [item.name for item in sorted(items, key=lambda item: longest_first(item, Kept(seconds={"a::y": 3.0})))]
    ['z', 'x', 'y']
    """
    return -kept.seconds.get(item.id, float("inf")), -item.size


class Suite:
    """One call of the runner.

    Parameters
    ----------
    kept
        Of earlier calls, for the order and for those that failed.
    """

    def __init__(self, wish: Wish, kept: Kept, clock: Clock) -> None:
        self._wish = wish
        self._kept = kept
        self._clock = clock
        self._items: dict[str, Item] = {}
        self._wrong: list[Row] = []
        self._waiting = {str(file) for file in wish.files}  # Files of which it is not known yet what is in them.
        self._is_known = Event()
        self._outcome = Outcome()

    def run(self, tell: Callable[[Row], None]) -> Outcome:
        """Run everything, tell each row as it comes, and return all of them.

        Raises
        ------
        ConfigError
            When nothing is chosen.
        """
        craft = Craft(
            module="sim.suite.worker", answer=Answer, lost=lost, environment=SHAPE if self._wish.twice else {}
        )
        crew = Crew(craft, self._wish.workers, limit=self._wish.time_limit, clock=self._clock, eager=True)
        answers = crew.run(self._orders())
        rows = self._outcome.rows
        try:
            for answer in answers:
                before = len(rows)
                self._take(answer)
                for row in rows[before:]:
                    tell(row)
                if self._wish.fail_fast and any(row.exit_code for row in rows):
                    break
        except KeyboardInterrupt:
            self._outcome.interrupted = True
        finally:
            self._is_known.set()
            with suppress(KeyboardInterrupt):
                answers.close()
        places = {name: number for number, name in enumerate(self._order_of_files())}
        rows.sort(key=lambda row: places.get(row.id, 0))
        return self._outcome

    def _order_of_files(self) -> Iterator[str]:
        """Yield ids as they stand in the files, whenever they came."""
        wrong = [row.file for row in self._wrong]
        for file in map(str, self._wish.files):
            yield from (name for name in (*wrong, *self._items) if name == file or name.startswith(f"{file}::"))

    def _take(self, answer: Answer) -> None:
        """Take in the cases of a file, or what came of one."""
        row = answer.row
        if row is not None and row.name:
            self._outcome.rows.append(row)
            return
        for item in answer.items:
            self._items[item.id] = item
        if row is not None:
            self._wrong.append(row)
            self._outcome.rows.append(row)
        self._waiting.discard(row.file if row is not None else answer.items[0].file)
        if not self._waiting:
            self._is_known.set()

    def _orders(self) -> Iterator[Order]:
        """Yield what workers do: first all files are read, then what is chosen is played."""
        yield from (Order(file=str(file)) for file in self._wish.files)
        self._is_known.wait()
        chosen = self._chosen()
        self._outcome.found, self._outcome.chosen = len(self._items), len(chosen)
        if not chosen and not self._wrong and not self._outcome.interrupted:
            raise ConfigError("-k", f"none of {len(self._items)} cases is chosen")
        yield from (Order(file=item.file, case=item.case, twice=self._wish.twice) for item in chosen)

    def _chosen(self) -> list[Item]:
        items = [self._items[name] for name in self._order_of_files() if name in self._items]
        if self._wish.chosen is not None:
            items = [item for item in items if self._wish.chosen((item.file, item.name, item.scenario, *item.tags))]
        failed = [item for item in items if item.id in self._kept.failed]
        if self._wish.only_failed and failed:
            items = failed
        if self._wish.workers > 1:
            items.sort(key=lambda item: longest_first(item, self._kept))
        return items
