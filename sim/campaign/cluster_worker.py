"""What a worker of a Dask cluster does for a campaign: it keeps processes that run trials, as a sweep at home does.

In Dask's own process a mind that ends it would take the worker down, and one that hangs could not be stopped.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from typing import Final

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from fleet.core import WallClock
from sim.campaign.identity import version_here
from sim.campaign.sweep import trials_of
from sim.campaign.trial import Row, Trial
from sim.crew import Crew

_Ask = Callable[[Sequence[Trial]], Iterator[Row]]

NAME: Final = "moonfleet-campaign-"  #: What names of plugins begin with.


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario for workers that may not have its file."""

    file: str  #: Where it lies at home,
    shown: str  #: and as it is called there.
    text: str  #: With all that it extends and includes.
    limit: float  #: Wall seconds of one run.


class Campaigner(WorkerPlugin):
    """Processes of one Dask worker that run trials of one scenario."""

    def __init__(self, bundle: bytes) -> None:
        self._bundle = bundle

    def setup(self, worker: Worker) -> None:
        """Make ready; processes are started when there is work for them."""
        del worker
        self._idle: SimpleQueue[_Ask] = SimpleQueue()
        self._held = ExitStack()
        self._known = msgspec.json.decode(self._bundle, type=Bundle)
        self._file = self._own_file()

    def teardown(self, worker: Worker) -> None:
        """End all processes."""
        del worker
        self._held.close()

    def perform(self, trial: Trial) -> Row:
        """Run a trial in a process that nobody else uses meanwhile."""
        try:
            ask = self._idle.get_nowait()
        except Empty:
            crew = Crew(trials_of(self._file), 1, limit=self._known.limit, clock=WallClock())
            ask = self._held.enter_context(crew.in_turns())
        (row,) = ask([trial])
        self._idle.put(ask)
        told = tuple(fact.replace(str(self._file), self._known.shown) for fact in row.faults)
        return row if told == row.faults else msgspec.structs.replace(row, faults=told)

    def _own_file(self) -> Path:
        """Return the file itself where this machine has it, or else one that says the same."""
        file = Path(self._known.file)
        try:
            if file.read_text(encoding="utf-8-sig") == self._known.text:
                return file
        except (OSError, ValueError):
            pass
        folder = Path(self._held.enter_context(TemporaryDirectory(prefix="moonfleet-")))
        copy = folder / file.name
        copy.write_text(self._known.text, encoding="utf-8")
        return copy


def perform(name: str, trial: bytes, version: str) -> bytes:
    """Run a trial on the worker that calls it; the row says nothing but ``None`` where the version is another.

    Parameters
    ----------
    name
        Of the plugin.
    trial
        As JSON, as is the row.
    """
    if version_here() != version:
        return msgspec.json.encode((version_here(), os.uname().nodename))
    plugin = get_worker().plugins[name]
    assert isinstance(plugin, Campaigner)
    return msgspec.json.encode(plugin.perform(msgspec.json.decode(trial, type=Trial)))
