"""What commands share: where output goes, and how dates and times are written."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import click
import msgspec

from fleet.core import parse_duration

SEED: Final = click.IntRange(0, 2**63 - 1)  #: What a scenario file allows.


def as_utc(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """Read a date such as ``2029-10-18T12:00Z``; without a time zone, UTC is meant."""
    if value is None:
        return None
    try:
        date = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        fact = f"{value!r} is not a date like 2029-10-18 or 2029-10-18T12:00Z"
        raise click.BadParameter(fact, ctx, param) from None


def as_time(ctx: click.Context, param: click.Parameter, value: str | None) -> float | datetime | None:
    """Read mission time (``90s``, ``15m``, ``2h``, ``3d``) as seconds, or a UTC date."""
    if value is None:
        return None
    try:
        return parse_duration(value)
    except ValueError:
        try:
            return as_utc(ctx, param, value)
        except click.BadParameter:
            fact = f"{value!r} is neither a time like 90s, 15m, 2h, 3d nor a UTC date"
            raise click.BadParameter(fact, ctx, param) from None


def as_duration(ctx: click.Context, param: click.Parameter, value: str) -> float:
    """Read a length of time (``90s``, ``15m``, ``2h``, ``3d``) as seconds."""
    try:
        return parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def as_size(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, int]:
    """Read ``1280x800``."""
    width, _, height = value.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise click.BadParameter(f"{value!r} is not WIDTHxHEIGHT in pixels", ctx, param)
    return int(width), int(height)


def as_settings(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, Any]:
    """Read ``KEY=VALUE`` of a scenario, once or more."""
    from sim.scenario import read_setting  # noqa: PLC0415 - loads numba

    found: dict[str, Any] = {}
    for text in values:
        key, (first, *others) = read_setting(text)
        if others:
            raise click.BadParameter(f"{key}: one run takes one value; `moonfleet sweep` takes many", ctx, param)
        if key in found:
            raise click.BadParameter(f"{key} is given twice", ctx, param)
        found[key] = first
    return found


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def seconds_of(moment: float | datetime, start: datetime) -> float:
    """Return seconds of mission time that a moment means."""
    return (moment - start).total_seconds() if isinstance(moment, datetime) else moment


def emit(values: Mapping[str, Any], *, as_json: bool, text: str) -> None:
    """Print data to stdout: exactly one JSON object, or text for people."""
    click.echo(msgspec.json.encode(values).decode() if as_json else text)


def is_plain() -> bool:
    """Whether colours and bars are out of place on stderr."""
    return not sys.stderr.isatty() or bool(os.environ.get("NO_COLOR"))
