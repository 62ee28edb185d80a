"""A campaign on a Dask cluster (extra ``dask``): the same rows as at home, whatever becomes of single workers."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from fleet.core import ConfigError
from sim.campaign.identity import version_here
from sim.campaign.trial import Row, Trial, row_without_verdict
from sim.scenario import merged_text

if TYPE_CHECKING:
    from distributed import Client, Future

_PATIENCE: Final = 15.0  # Seconds in which a scheduler must answer, and have a worker.
_AHEAD: Final = 3  # Runs that are sent for each thread of the cluster, so that none is idle.
_REMEDY: Final = "start one: dask scheduler, and dask worker ADDRESS --nthreads 1 for each core"


class DaskCrew:
    """Has trials run by a cluster.

    What a lost worker was running is run again by others; a run that loses several workers is told as a crash.
    Each row is taken once.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    limit
        Wall seconds that one run may take.
    version
        That workers must have; that of this code.

    Raises
    ------
    ConfigError
        When Dask is not installed, nobody answers there, there are no workers, or one has another version of Moonfleet.
    """

    def __init__(
        self, address: str, file: Path, *, limit: float, patience: float = _PATIENCE, version: str | None = None
    ) -> None:
        if find_spec("distributed") is None:
            raise ConfigError("--dask", "Dask is not installed", "pip install 'moonfleet[dask]'")
        self._address = address
        self._file = file
        self._limit = limit
        self._patience = patience
        self._version = version_here() if version is None else version

    def run(self, work: Iterable[Trial]) -> Generator[Row, None, None]:
        """Yield all rows as they come; when it is closed early, what was sent is taken back."""
        from sim.campaign import cluster_worker  # noqa: PLC0415 - an extra

        client = self._client()
        text = merged_text(self._file)
        name = cluster_worker.NAME + sha256(f"{self._file.resolve()} {text} {self._limit}".encode()).hexdigest()[:16]
        bundle = cluster_worker.Bundle(
            file=str(self._file.resolve()), shown=str(self._file), text=text, limit=self._limit
        )
        try:
            self._same_everywhere(client)
            client.register_plugin(cluster_worker.Campaigner(msgspec.json.encode(bundle)), name=name)
            yield from self._rows(client, name, iter(work))
        finally:
            client.close()

    def _rows(self, client: Client, name: str, left: Iterator[Trial]) -> Iterator[Row]:
        """Yield rows as they come, and send a trial for each."""
        from distributed import as_completed  # noqa: PLC0415 - an extra

        from sim.campaign import cluster_worker  # noqa: PLC0415 - an extra

        sent: dict[Future[bytes], Trial] = {}

        def send(trials: Iterator[Trial]) -> Iterator[Any]:
            for trial in trials:
                order = msgspec.json.encode(trial)
                future = client.submit(cluster_worker.perform, name, order, self._version, pure=False)
                sent[future] = trial
                yield future

        try:
            first = send(islice(left, _AHEAD * max(1, sum(client.nthreads().values()))))
            ended = as_completed(list(first), loop=client.loop)
            for future in ended:
                trial = sent.pop(future)
                yield self._row(trial, future)
                for more in send(islice(left, 1)):
                    ended.add(more)
        finally:
            with suppress(OSError, TimeoutError, RuntimeError, CancelledError):  # The cluster may be gone.
                client.cancel(list(sent))
                client.unregister_worker_plugin(name)

    def _client(self) -> Client:
        from distributed import Client  # noqa: PLC0415 - an extra

        place = f"--dask {self._address}"
        try:
            client = Client(self._address, timeout=self._patience, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ConfigError(place, f"no scheduler answers there: {error or type(error).__name__}", _REMEDY) from None
        try:
            client.wait_for_workers(1, timeout=self._patience)
        except TimeoutError:
            client.close()
            raise ConfigError(place, "the cluster has no workers", _REMEDY) from None
        return client

    def _same_everywhere(self, client: Client) -> None:
        """Look whether all workers have this version; those that come later are looked at as they work."""
        found: dict[str, Any] = client.run(version_here, on_error="return")
        for worker, version in sorted(found.items()):
            if version != self._version:
                raise self._other(worker, version if isinstance(version, str) else f"none ({version!r:.80})")

    def _other(self, worker: str, version: str) -> ConfigError:
        fact = f"worker {worker} has Moonfleet {version}, and here is {self._version}"
        return ConfigError(f"--dask {self._address}", fact, "install the same there, or start that worker anew")

    def _row(self, trial: Trial, future: Future[bytes]) -> Row:
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        try:
            answer = future.result()
        except KilledWorker:
            return row_without_verdict(trial, "crash", "worker after worker was lost while it ran this")
        except CancelledError:
            fact = "the scheduler is gone; what was done is kept"
            raise ConfigError(
                f"--dask {self._address}", fact, "start it; the same command goes on from there"
            ) from None
        try:
            return msgspec.json.decode(answer, type=Row)
        except msgspec.ValidationError:
            version, worker = msgspec.json.decode(answer, type=tuple[str, str])
            raise self._other(worker, version) from None
