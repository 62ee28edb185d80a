"""Where a search looks for runs that break an expectation: seeds, parameters, faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sim.campaign.falsify.draw import Draw
from sim.campaign.falsify.faults import FaultLot
from sim.campaign.falsify.ranges import Values, draw_value
from sim.campaign.trial import Trial
from sim.scenario import Plain

FAULTS: Final = "faults"  # The key under which a scenario has them.


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """All runs that a search may try."""

    seeds: tuple[int, ...]
    parameters: Mapping[str, Values]
    lot: FaultLot
    most_faults: int  #: In one run, beside those of the file.
    own_faults: tuple[Plain, ...] = ()  #: Those of the file.

    @property
    def calm(self) -> Trial:
        """The scenario as it stands."""
        return Trial(seed=self.seeds[0])

    def propose(self, draw: Draw) -> Trial:
        """Return a run to try."""
        added = self._faults(draw)
        settings: dict[str, Plain] = {FAULTS: [*self.own_faults, *added]} if added else {}
        for key, values in self.parameters.items():  # After the faults, one of which a key may lead into.
            settings[key] = draw_value(key, values, draw)
        return Trial(seed=draw.choice("seed", self.seeds), settings=settings)

    def parts(self, trial: Trial) -> tuple[dict[str, Plain], list[dict[str, Plain]]]:
        """Return the parameters of a run, and its faults that the file does not have."""
        settings = {key: value for key, value in trial.settings.items() if key != FAULTS}
        return settings, list(trial.settings.get(FAULTS, ()))[len(self.own_faults) :]

    def _faults(self, draw: Draw) -> list[Plain]:
        if not self.lot.kinds or not self.most_faults:
            return []
        count = draw.choice("faults", tuple(range(1, self.most_faults + 1)))
        return [self.lot.draw(draw) for _ in range(count)]
