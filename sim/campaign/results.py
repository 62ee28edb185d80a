"""The table of a campaign: SQLite, one row a run, safe against an end at any moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from fleet.core import ConfigError
from sim.campaign.identity import Identity
from sim.campaign.trial import Row, Trial

SQLITE: Final = "results.sqlite"
_FORMAT: Final = "1"
_COLUMNS: Final = tuple(field.name for field in msgspec.structs.fields(Row))
_JSON: Final = frozenset({"settings", "faults", "expectations"})  #: Columns that hold JSON.


def _type(name: str, kind: Any) -> str:
    if name in _JSON:
        return "TEXT NOT NULL"
    found = {int: "INTEGER", float: "REAL"}.get(next(iter(get_args(kind)), kind), "TEXT")
    return found if type(None) in get_args(kind) else f"{found} NOT NULL"


_TYPES: Final = ", ".join(f"{field.name} {_type(field.name, field.type)}" for field in msgspec.structs.fields(Row))
_MAKE: Final = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS campaign (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs ({_TYPES},
  PRIMARY KEY (seed, settings));
CREATE VIEW IF NOT EXISTS expectations AS
  SELECT seed, settings, json_extract(value, '$.line') AS line, json_extract(value, '$.name') AS name,
    json_extract(value, '$.passed') AS passed, json_extract(value, '$.expected') AS expected,
    json_extract(value, '$.got') AS got
  FROM runs, json_each(runs.expectations);
COMMIT;
"""
_INSERT: Final = f"INSERT INTO runs VALUES ({', '.join('?' * len(_COLUMNS))})"


class Results:
    """What is known of a campaign; each row is on disk when `add` returns.

    Rows of one `Identity` only: what another scenario or other code gave is refused.
    """

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self.file = file

    def add(self, row: Row) -> None:
        """Keep what came of a run that has no row yet.

        Raises
        ------
        ConfigError
            When it cannot be written, such as on a disc that is full; then what was kept before is there still.
        """
        with self._writing():
            self._connection.execute(_INSERT, _values(row))

    def forget(self, trials: Iterable[Trial]) -> None:
        """Take rows away, so that the runs are made again."""
        with self._writing():
            keys = [trial.key for trial in trials]
            self._connection.executemany("DELETE FROM runs WHERE seed = ? AND settings = ?", keys)

    def keys(self) -> set[tuple[int, str]]:
        """Return the keys of all runs that have a row."""
        return set(self._connection.execute("SELECT seed, settings FROM runs"))

    def rows(self) -> Iterator[Row]:
        """Yield all rows, by seed and settings."""
        for values in self._connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM runs ORDER BY seed, settings"):
            yield _row(values)

    def take_in(self, other: Path, identity: Identity) -> int:
        """Take in the rows of another table of the same campaign, such as a shard's; return how many were new.

        Raises
        ------
        ConfigError
            When it is no such table, or says something else of a run that both know.
        """
        with closing(_open(other)) as connection:
            _compare(connection, identity, other)
            theirs = Results(connection, other)
            own = {row.trial.key: row for row in self.rows()}
            new = []
            for row in theirs.rows():
                known = own.get(row.trial.key)
                if known is None:
                    new.append(row)
                elif (known.verdict, known.digest) != (row.verdict, row.digest):
                    fact = f"seed {row.seed} with {row.trial.key[1]} came to {row.verdict} {row.digest} there, and to "
                    fact += f"{known.verdict} {known.digest} in {self.file}"
                    raise ConfigError(str(other), fact, "one run must come to one end: move one of the tables away")
        with self._writing():
            self._connection.executemany(_INSERT, (_values(row) for row in new))
        return len(new)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write all or nothing."""
        try:
            with self._connection:
                yield
        except sqlite3.OperationalError as error:
            remedy = "all rows before are kept: when it can be written again, the same command goes on from there"
            raise ConfigError(str(self.file), f"cannot be written: {error}", remedy) from None


@contextmanager
def open_results(folder: Path, identity: Identity) -> Iterator[Results]:
    """Open the table in a folder, made where there is none, for one sweep at a time.

    Raises
    ------
    ConfigError
        When the folder cannot be written, another sweep writes there, or what is there belongs to another scenario or
        other code.
    """
    file = folder / SQLITE
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(str(folder), f"the folder cannot be made: {error.strerror}") from None
    with _alone(folder), closing(_open(file)) as connection:
        try:
            connection.executescript(_MAKE)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if not connection.execute("SELECT count(*) FROM campaign").fetchone()[0]:
                with connection:
                    facts = {"format": _FORMAT, **msgspec.to_builtins(identity)}
                    connection.executemany("INSERT INTO campaign VALUES (?, ?)", facts.items())
        except sqlite3.OperationalError as error:
            raise ConfigError(str(file), f"cannot be written: {error}", "give another folder with -o") from None
        except sqlite3.Error as error:
            raise ConfigError(str(file), f"is no table of a sweep: {error}", "give another folder with -o") from None
        _compare(connection, identity, file)
        yield Results(connection, file)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against other sweeps; the lock of a process that is gone is gone with it."""
    with closing(sqlite3.connect(folder / "sweep.lock", timeout=0.2, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise ConfigError(str(folder), f"cannot be written: {error}", "give another folder with -o") from None
            raise ConfigError(str(folder), "another sweep writes there", "wait for it, or give another -o") from None
        yield
        with suppress(sqlite3.Error):
            lock.execute("ROLLBACK")


def _open(file: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(file, timeout=30.0)
    except sqlite3.Error as error:
        raise ConfigError(str(file), f"cannot be opened: {error}") from None


def _compare(connection: sqlite3.Connection, identity: Identity, file: Path) -> None:
    try:
        facts = dict(connection.execute("SELECT key, value FROM campaign"))
        columns = tuple(row[1] for row in connection.execute("PRAGMA table_info(runs)"))
    except sqlite3.Error as error:
        raise ConfigError(str(file), f"is no table of a sweep: {error}", "give another folder with -o") from None
    if facts.get("format") != _FORMAT or columns != _COLUMNS:
        fact = f"is a table of format {facts.get('format')}, this version writes {_FORMAT}"
        raise ConfigError(str(file), fact, "give another folder with -o")
    own = msgspec.to_builtins(identity)
    for key, what in (("scenario_sha256", "another scenario"), ("version", "another version of Moonfleet")):
        if facts.get(key) != own[key]:
            told = f"{facts.get('scenario')}, {facts.get('version')}" if key == "version" else facts.get("scenario")
            fact = (
                f"holds results of {what} ({told}); those of {own['scenario']} and {own['version']} do not belong there"
            )
            raise ConfigError(str(file), fact, "give another folder with -o, or move that one away")


def _values(row: Row) -> list[Any]:
    return [_plain(name, getattr(row, name)) for name in _COLUMNS]


def _plain(name: str, value: Any) -> Any:
    return msgspec.json.encode(value, order="sorted").decode() if name in _JSON else value


def _row(values: Iterable[Any]) -> Row:
    named = {
        name: msgspec.json.decode(value) if name in _JSON else value
        for name, value in zip(_COLUMNS, values, strict=True)
    }
    return msgspec.convert(named, Row, strict=False)
