"""A rover that nobody can ask any more."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import RoverId


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A rover that cannot be asked, or answered wrongly."""

    rover: RoverId
    fact: str
    plugin: str = ""
