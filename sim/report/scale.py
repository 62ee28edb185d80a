"""Round numbers for axes, and times for people."""

from __future__ import annotations

from typing import Final

_TIMES: Final = (60, 300, 600, 1800, 3600, 7200, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400)


def time_steps(seconds: float, most: int = 8) -> list[float]:
    """Return round times from 0 to `seconds` for an axis, at most about `most` of them.

    >>> time_steps(5 * 3600.0)
    [0, 3600, 7200, 10800, 14400, 18000]
    """
    step = next((step for step in _TIMES if seconds / step <= most), 30 * 86400)
    return [step * number for number in range(int(seconds // step) + 1)]


def short_time(seconds: float) -> str:
    """Return mission time in few letters.

    >>> short_time(0), short_time(5400), short_time(30 * 3600), short_time(2 * 86400)
    ('0', '1h30', '1d 6h', '2d')
    """
    minutes = round(seconds / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days}d" + (f" {hours}h" if hours else "") + (f"{minutes:02d}" if minutes else "")
    if hours:
        return f"{hours}h" + (f"{minutes:02d}" if minutes else "")
    return f"{minutes}m" if minutes else "0"


def round_length(metres: float) -> float:
    """Return the largest of 1, 2, 5, 10, 20 and so on that is not longer.

    >>> round_length(870.0), round_length(3.0)
    (500.0, 2.0)
    """
    size = 1.0
    while size * 10 <= metres:
        size *= 10
    while size > metres:
        size /= 10
    return next(size * part for part in (5, 2, 1) if size * part <= metres)
