"""Seeds as people write them: single ones and ranges."""

from __future__ import annotations

import re
from typing import Final

MOST_SEED: Final = 2**63 - 1
MOST_SEEDS: Final = 1_000_000
_RANGE: Final = re.compile(r"(\d{1,40})(?:-(\d{1,40}))?")


def parse_seeds(text: str) -> list[int]:
    """Return the seeds of ``1-100`` or ``1,5,20-29``, in order.

    Raises
    ------
    ValueError
        When it is neither, a range runs backwards, a seed comes twice, or there are too many.

    >>> parse_seeds("7,1-3")
    [7, 1, 2, 3]
    """
    found: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{part!r:.40} is neither a seed nor a range, such as 1-100 or 1,5,20-29")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValueError(f"the range {part} runs backwards; did you mean {last}-{first}?")
        if last > MOST_SEED:
            raise ValueError(f"{last} is more than the largest seed, {MOST_SEED}")
        if len(found) + last - first >= MOST_SEEDS:
            raise ValueError(f"more than {MOST_SEEDS} seeds")
        found += range(first, last + 1)
    if len(set(found)) < len(found):
        raise ValueError(f"{text} names a seed twice")
    return found
