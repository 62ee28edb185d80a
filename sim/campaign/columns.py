"""All rows of a campaign as Parquet, for tools that read columns (extra ``parquet``)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import msgspec

from fleet.core import ConfigError
from sim.campaign.table import PLAIN, checks_of
from sim.campaign.trial import Row
from sim.scenario import Plain

PARQUET: Final = "results.parquet"


def can_write_parquet() -> bool:
    """Whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


def write_parquet(rows: Sequence[Row], file: Path) -> None:
    """Write rows in their order, with the columns of the CSV and their types; the file is whole at any moment.

    A parameter whose values are of one type has that type, else it is JSON. An expectation is true, false or nothing.

    Raises
    ------
    ConfigError
        When pyarrow is not installed, or the file cannot be written.
    """
    if not can_write_parquet():
        raise ConfigError("--parquet", "pyarrow is not installed", "pip install 'moonfleet[parquet]'")
    from pyarrow import ArrowException, table  # noqa: PLC0415 - an extra
    from pyarrow.parquet import write_table  # noqa: PLC0415 - an extra

    part = file.with_suffix(".part")
    try:
        write_table(table(columns_of(rows)), part)
        part.replace(file)
    except (OSError, ArrowException) as error:
        raise ConfigError(str(file), f"cannot be written: {error}") from None


def columns_of(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Return a list of values for each column, None where a row has none.

    >>> rows = [Row(seed=n, settings={"a.b": n}, verdict="pass", exit_code=0) for n in (1, 2)]
    >>> columns_of(rows)["a.b"], columns_of(rows)["seed"]
    ([1, 2], [1, 2])
    """
    found: dict[str, list[Any]] = {"seed": [row.seed for row in rows]}
    for key in sorted({key for row in rows for key in row.settings}):
        found[key] = _alike([row.settings.get(key) for row in rows])
    for name in PLAIN[1:]:
        found[name] = [getattr(row, name) for row in rows]
    for line, name in checks_of(rows):
        judged = [{(item.line, item.name): item for item in row.expectations}.get((line, name)) for row in rows]
        found[f"{name}@{line}"] = [item.passed if item is not None else None for item in judged]
        found[f"{name}@{line} got"] = [item.got if item is not None else None for item in judged]
    found["faults"] = ["; ".join(row.faults) for row in rows]
    return found


def _alike(values: Sequence[Plain]) -> list[Plain]:
    """Return values of one simple type, whole numbers among others as such; JSON where they are not."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return [float(value) if isinstance(value, int) else value for value in values]
    if len(kinds) <= 1 and not kinds & {dict, list}:
        return list(values)
    return [None if value is None else msgspec.json.encode(value).decode() for value in values]
