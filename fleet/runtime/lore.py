"""What a rover makes of hazards that it meets and hears of."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from fleet.core import MessageError, RoverId, Tick
from fleet.messages import HazardReport, HazardSeen
from fleet.terrain import Terrain

_log = logging.getLogger(__name__)


class Lore:
    """Keeps a rover's terrain up with what the fleet knows of hazards."""

    def __init__(self, rover: RoverId, fleet: Iterable[RoverId], terrain: Terrain) -> None:
        self._rover = rover
        self._fleet = frozenset(fleet)
        self._terrain = terrain

    def met(self, event: HazardSeen, tick: Tick) -> HazardReport | None:
        """Return what to tell the others of what the body saw or felt; None when it is no news."""
        hazard, word = event.what(), event.word(self._rover, tick)
        return HazardReport.of(hazard, word) if self._terrain.note(hazard, word) else None

    def hear(self, sender: RoverId, report: HazardReport, tick: Tick) -> bool:
        """Return whether a report is news, and believe it as far as it is sure.

        Raises
        ------
        MessageError
            When nobody can have met that: off the map, in time to come, or by one who is not of the fleet.
        """
        hazard, word = report.what(), report.word(sender)
        if not self._terrain.contains((hazard.disc.x, hazard.disc.y)):
            raise MessageError(sender, f"a hazard at ({hazard.disc.x:g}, {hazard.disc.y:g}) lies off the map")
        if word.tick > tick:
            raise MessageError(sender, f"a hazard seen at tick {word.tick}, which is still to come at {tick}")
        if word.by not in self._fleet:
            raise MessageError(sender, f"a hazard seen by {word.by}, who is not of the fleet")
        return self._terrain.note(hazard, word)

    def believes(self, sender: RoverId, report: HazardReport, tick: Tick) -> bool:
        """Return whether a report is news that can be true; say in the log what cannot."""
        try:
            return self.hear(sender, report, tick)
        except MessageError as error:
            _log.warning("%s does not believe a report: %s", self._rover, error)
            return False
