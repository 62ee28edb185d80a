"""Numbers with units, dates and ids as people write them in a scenario file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from fleet.core import parse_duration

ID_FORM: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
PLUGIN_FORM: Final = r"^[A-Za-z_][\w.-]*(:[A-Za-z_]\w*)?$"
_NAMED: Final = r"[A-Za-z_][\w.-]*(:[A-Za-z_]\w*)?"
AGENT_FORM: Final = rf"^({_NAMED}|(tcp|ipc)://[^\s,]+)$"  #: An installed one, a class, or where a mind listens.
COLOUR_FORM: Final = r"^#[0-9A-Fa-f]{6}$"
_YEARS: Final = (1950, 2099)  # the ephemeris holds until 2100, a mission lasts at most 400 days
_LONGEST: Final = 400.0 * 86400.0


def parse_utc(text: str) -> datetime:
    """Return the UTC date that an ISO 8601 text means; without a time zone it is UTC.

    Raises
    ------
    ValueError
        When it is no date, or one for which the ephemeris does not hold.

    >>> parse_utc("2029-10-20T06:00:00Z").isoformat(), parse_utc("2029-10-20").isoformat()
    ('2029-10-20T06:00:00+00:00', '2029-10-20T00:00:00+00:00')
    """
    try:
        date = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a date like 2029-10-20T00:00:00Z") from None
    if not _YEARS[0] <= date.year < _YEARS[1]:
        raise ValueError(f"the year {date.year} is not within {_YEARS[0]}-{_YEARS[1] - 1}")
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _duration(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"must be a time like 90, 90s, 15m, 2h, 3d or 1d12h, got {value!r}")
    seconds = parse_duration(value[:64]) if isinstance(value, str) else float(value)
    if not 0.0 <= seconds <= _LONGEST:
        raise ValueError(f"must be a time between 0 and 400d, got {value!r}")
    return seconds


def _utc(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError(f"must be a date like 2029-10-20T00:00:00Z, got {value!r}")
    return parse_utc(value)


SECONDS_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": _LONGEST},
        {"type": "string", "pattern": r"^(\d+(\.\d+)?[smhd]?)+$", "examples": ["90s", "15m", "2h", "1d12h"]},
    ]
}
Seconds = Annotated[float, BeforeValidator(_duration), WithJsonSchema(SECONDS_SCHEMA)]
Utc = Annotated[
    datetime, BeforeValidator(_utc), WithJsonSchema({"type": "string", "format": "date-time", "pattern": r"^\s*\d{4}"})
]
Id = Annotated[str, Field(pattern=ID_FORM)]
Text = Annotated[str, Field(max_length=400)]
Metres = Annotated[float, Field(ge=0.0, le=1e6)]
Length = Annotated[float, Field(gt=0.0, le=1e6)]
Kilograms = Annotated[float, Field(gt=0.0, le=1e6)]
Percent = Annotated[float, Field(ge=0.0, le=100.0)]
Degrees = Annotated[float, Field(ge=-360.0, le=360.0)]
PointM = Annotated[list[Annotated[float, Field(ge=-1e6, le=1e6)]], Field(min_length=2, max_length=2)]
