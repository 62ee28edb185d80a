"""Mission time as integer ticks, and the only place that reads the wall clock."""

from __future__ import annotations

import re
import time  # noqa: TID251 - the one place that reads the wall clock
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, isfinite
from typing import Protocol, TypeAlias

Tick: TypeAlias = int  #: Integer step of the shared clock; 0 is the start of the mission.

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionTime:
    """What a tick means.

    >>> time = MissionTime(start=datetime(2029, 11, 1, tzinfo=UTC), dt=1.0)
    >>> time.utc(90).isoformat()
    '2029-11-01T00:01:30+00:00'
    >>> time.tick(90.0)
    90
    """

    start: datetime  #: UTC at tick 0.
    dt: float  #: Seconds a tick.

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise ValueError("MissionTime.start needs a time zone")
        if not (isfinite(self.dt) and self.dt > 0.0):
            raise ValueError(f"MissionTime.dt must be finite and > 0, got {self.dt!r}")

    def seconds(self, tick: Tick) -> float:
        """Return seconds since the start."""
        return tick * self.dt

    def utc(self, tick: Tick) -> datetime:
        """Return the UTC date at `tick`."""
        return self.start.astimezone(UTC) + timedelta(seconds=tick * self.dt)

    def tick(self, seconds: float) -> Tick:
        """Return the first tick at which `seconds` have passed."""
        return ceil(seconds / self.dt - 1e-9)


def parse_duration(text: str) -> float:
    """Return the seconds that `90`, `90s`, `15m`, `2h`, `3d` or `1d12h` mean.

    Raises
    ------
    ValueError
        When the text is none of these.

    >>> parse_duration("1d12h"), parse_duration("90")
    (129600.0, 90.0)
    """
    text = text.strip()
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is not a time like 90, 90s, 15m, 2h, 3d or 1d12h")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if not isfinite(seconds):
        raise ValueError(f"{text[:40]!r}... is longer than any time")
    return seconds


def format_elapsed(seconds: float) -> str:
    """Return mission time for people.

    >>> format_elapsed(97445.0)
    '1d 03:04:05'
    """
    whole = int(seconds)
    days, rest = divmod(whole, 86400)
    return f"{days}d {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"


class Clock(Protocol):
    """Wall time, injected where a loop needs it."""

    def now(self) -> float:
        """Return seconds that only go up."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


class WallClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Return seconds that only go up."""
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        if seconds > 0.0:
            time.sleep(seconds)


class ManualClock:
    """A clock that moves only when told, for tests.

    >>> clock = ManualClock()
    >>> clock.sleep(2.5)
    >>> clock.now()
    2.5
    """

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Return the time it was told."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move on by `seconds`."""
        self._now += seconds
