"""All rows of a campaign as CSV, a column for each parameter and two for each expectation."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from fleet.core import ConfigError
from sim.campaign.trial import Row

CSV: Final = "results.csv"
_APART: Final = ("settings", "expectations", "faults")
PLAIN: Final = [field.name for field in msgspec.structs.fields(Row) if field.name not in _APART]


def write_csv(rows: Sequence[Row], file: Path) -> None:
    """Write rows in their order; the file is whole at any moment.

    Raises
    ------
    ConfigError
        When it cannot be written.
    """
    keys = sorted({key for row in rows for key in row.settings})
    checks = checks_of(rows)
    names = [f"{name}@{line}" for line, name in checks]
    head = ["seed", *keys, *PLAIN[1:], *(part for name in names for part in (name, f"{name} got")), "faults"]
    part = file.with_suffix(".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(head)
            writer.writerows(_cells(row, keys, checks) for row in rows)
        part.replace(file)
    except OSError as error:
        raise ConfigError(str(file), f"cannot be written: {error.strerror}") from None


def checks_of(rows: Iterable[Row]) -> list[tuple[int, str]]:
    """Return line and name of all expectations of rows, in order."""
    return sorted({(finding.line, finding.name) for row in rows for finding in row.expectations})


def _cells(row: Row, keys: Sequence[str], checks: Sequence[tuple[int, str]]) -> Iterator[Any]:
    yield row.seed
    yield from (_cell(row.settings[key]) if key in row.settings else "" for key in keys)
    yield from (_cell(getattr(row, name)) for name in PLAIN[1:])
    found = {(finding.line, finding.name): finding for finding in row.expectations}
    for check in checks:
        finding = found.get(check)
        yield from ("", "") if finding is None else ("pass" if finding.passed else "fail", finding.got)
    yield "; ".join(row.faults)


def _cell(value: Any) -> Any:
    if isinstance(value, bool | dict | list):
        return msgspec.json.encode(value).decode()
    return "" if value is None else value
