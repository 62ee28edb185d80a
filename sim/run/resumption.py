"""A run that was cut short, going on from its recording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from fleet.core import ConfigError, Tick
from fleet.messages import encode
from sim.hub.past import Past
from sim.hub.telling import opening_of
from sim.record import Closing, Entry, Opening, Recording, RecordWriter, versions
from sim.scenario import Scenario

_ANEW: Final = "run the scenario anew"
_WHERE: Final = "file"  # Of the opening: where a scenario lies is no matter.


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a run was asked to run."""

    scenario: Path | None
    seed: int
    terrain: Path | None
    settings: Mapping[str, Any]


def origin_words(scenario: Path, terrain: Path | None, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return in the words of a recording what a scenario is made of, beside its seed."""
    words = {"scenario": str(scenario), "settings": msgspec.json.encode(settings).decode()}
    return words if terrain is None else {**words, "terrain": str(terrain)}


def origin_of(recording: Path) -> Origin:
    """Return what the run of a recording was asked to run.

    Raises
    ------
    ConfigError
        When that is no recording, or does not say.
    """
    found = Recording(recording)
    words = found.origin
    try:
        settings = msgspec.json.decode(words.get("settings", "{}"), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ConfigError(str(recording), f"has settings that cannot be read: {error}", _ANEW) from None
    return Origin(
        scenario=Path(words["scenario"]) if "scenario" in words else None,
        seed=found.opening.seed,
        terrain=Path(words["terrain"]) if "terrain" in words else None,
        settings=settings,
    )


def past_of(recording: Path, scenario: Scenario, until: Tick | None) -> Past:
    """Return what was in the run of a recording, for a run of the same scenario to go on from.

    Raises
    ------
    ConfigError
        When that run has ended, was one of something else, or its recording is damaged.
    """
    found = Recording(recording)
    exchanges = found.exchanges()
    if found.closing is not None and found.closing.reason == "finished":
        raise ConfigError(str(recording), "is of a run that reached its end: there is nothing to go on with")
    mine, version = opening_of(scenario), versions()["moonfleet"]
    odd = [name for name in Opening.__struct_fields__ if name != _WHERE and _differ(name, mine, found.opening)]
    if odd:
        raise ConfigError(
            str(recording), _contrast(odd[0], found.opening, mine), "give the scenario and seed that it has"
        )
    if encode(found.ground) != encode(scenario.ground.map):
        raise ConfigError(str(recording), "is of another ground than the scenario has now", _ANEW)
    if found.metadata.get("moonfleet") != version:
        fact = f"was made by Moonfleet {found.metadata.get('moonfleet', 'of no version')}; this is {version}"
        raise ConfigError(str(recording), fact, f"go on with that version, or {_ANEW}")
    if until is not None and exchanges and until <= exchanges[-1].tick:
        seconds = scenario.time.seconds(exchanges[-1].tick)
        raise ConfigError("--until", f"lies before the {seconds:g} s of mission that {recording} goes to")
    checkpoint = found.checkpoint()

    def entries() -> Iterator[Entry]:
        assert checkpoint is not None
        return (entry for entry in found.entries(last=checkpoint.tick) if not isinstance(entry, Opening | Closing))

    return Past(str(recording), exchanges, checkpoint=checkpoint, entries=entries)


def _differ(name: str, mine: Opening, its: Opening) -> bool:
    return bool(getattr(mine, name) != getattr(its, name))


def _contrast(name: str, its: Opening, mine: Opening) -> str:
    one, other = getattr(its, name), getattr(mine, name)
    if isinstance(one, str | int | float) and name != "text":
        return f"is of a run with {name} {one!r}, not {other!r}"
    return f"is of another scenario: its {name} is not the same"


class Successor:
    """The recording of a run that goes on: beside the old one, until it holds all that the old one held.

    Parameters
    ----------
    file
        Where it is to be in the end; replaces what is there.

    Examples
    --------
    >>> Successor(Path("out/run.mcap")).draft
    PosixPath('out/run.mcap.resuming')
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.draft = file.with_name(f"{file.name}.resuming")  #: Where it is until then.
        self._is_in_place = False

    def take_over(self, writer: RecordWriter) -> None:
        """Put it in the place of the old one; it is written on."""
        writer.flush()
        self.draft.replace(self._file)
        self._is_in_place = True

    def close(self) -> None:
        """Leave no draft behind."""
        if not self._is_in_place:
            self.draft.unlink(missing_ok=True)
