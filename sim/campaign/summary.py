"""What a campaign says: how often it went well, what its figures were, what the parameters did, what to look at."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from sim.campaign.statistics import Share, Spread, share, spread
from sim.campaign.trial import Row
from sim.scenario import setting_text

#: Figures of a row that are told, with what they are for people.
METRICS: Final[Mapping[str, str]] = {
    "finished_s": "last task done after, s",
    "tasks_done": "tasks done",
    "distance_m": "driven by all, m",
    "energy_wh": "used by all, Wh",
    "min_battery_percent": "lowest battery, %",
    "min_separation_m": "nearest two bodies, m",
    "collisions": "collisions",
    "trespasses": "trespasses",
    "rovers_lost": "machines lost",
    "charges": "charged by others",
    "messages_sent": "messages",
    "messages_lost": "messages lost",
    "blocked": "stopped by the ground",
    "hazards_found": "hazards found",
    "faults_suffered": "faults suffered",
    "wall_seconds": "wall time a run, s",
}
_WORST: Final = 10


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation over all runs that came to a verdict."""

    name: str
    line: int
    expected: str
    share: Share


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """All runs with one value of a parameter."""

    value: Any
    share: Share
    medians: dict[str, float]  #: Metric to median; those that were seen.


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A run to look at."""

    seed: int
    settings: dict[str, Any]
    verdict: str
    told: tuple[str, ...]  #: What went wrong.
    replay: str  #: Command that makes the run again and records it.
    view: str  #: Command that shows the recording.


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in figures."""

    scenario: str
    runs: int  #: That have a row.
    verdicts: dict[str, int]
    success: Share
    digest: str  #: Of the digests of all runs: equal campaigns have equal ones.
    expectations: tuple[Judged, ...]
    metrics: dict[str, Spread]
    parameters: dict[str, tuple[Effect, ...]]
    worst: tuple[Case, ...]


def summarise(rows: Sequence[Row], file: Path, folder: Path) -> Summary:
    """Return what rows say.

    Parameters
    ----------
    file
        The scenario, as commands name it.
    folder
        Where the commands put recordings.
    """
    ordered = sorted(rows, key=lambda row: row.trial.key)
    verdicts: dict[str, int] = {}
    for row in ordered:
        verdicts[row.verdict] = verdicts.get(row.verdict, 0) + 1
    code = sha256()
    for row in ordered:
        code.update(f"{row.trial.key} {row.verdict} {row.digest}\n".encode())
    return Summary(
        scenario=str(file),
        runs=len(ordered),
        verdicts=dict(sorted(verdicts.items())),
        success=_success(ordered),
        digest=code.hexdigest(),
        expectations=tuple(_judged(ordered)),
        metrics=_metrics(ordered),
        parameters={key: tuple(_effects(ordered, key)) for key in _varied(ordered)},
        worst=tuple(_case(row, file, folder) for row in sorted(ordered, key=_badness)[:_WORST]),
    )


def values_of(rows: Iterable[Row], metric: str) -> list[float]:
    """Return a figure of all rows that have it."""
    return [float(value) for row in rows if (value := getattr(row, metric)) is not None]


def _success(rows: Sequence[Row]) -> Share:
    return share(sum(row.is_success for row in rows), len(rows))


def _metrics(rows: Sequence[Row]) -> dict[str, Spread]:
    found = {metric: spread(values_of(rows, metric)) for metric in METRICS}
    return {metric: values for metric, values in found.items() if values is not None}


def _judged(rows: Sequence[Row]) -> Iterable[Judged]:
    passed: dict[tuple[int, str, str], list[bool]] = {}
    for row in rows:
        for finding in row.expectations:
            passed.setdefault((finding.line, finding.name, finding.expected), []).append(finding.passed)
    for (line, name, expected), seen in sorted(passed.items()):
        yield Judged(name=name, line=line, expected=expected, share=share(sum(seen), len(seen)))


def _varied(rows: Sequence[Row]) -> list[str]:
    """Return the keys that have more than one value, in the order in which they were set."""
    seen: dict[str, set[str]] = {}
    for row in rows:
        for key, value in row.settings.items():
            seen.setdefault(key, set()).add(repr(value))
    return [key for key, values in seen.items() if len(values) > 1 or any(key not in row.settings for row in rows)]


def _effects(rows: Sequence[Row], key: str) -> Iterable[Effect]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(repr(row.settings.get(key)), []).append(row)
    for group in sorted(groups.values(), key=lambda group: _place(group[0].settings.get(key))):
        medians = {metric: values.median for metric, values in _metrics(group).items()}
        yield Effect(value=group[0].settings.get(key), share=_success(group), medians=medians)


def _place(value: object) -> tuple[int, float, str]:
    """Return where a value stands among others: nothing, numbers by size, anything else by its text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 1, float(value), ""
    return (0 if value is None else 2), 0.0, repr(value)


def _badness(row: Row) -> tuple[float, ...]:
    """Return what puts the worst run first: no verdict, agents at fault, what failed, then how near it came to harm."""
    failed = sum(not finding.passed for finding in row.expectations)
    undone = (row.tasks or 0) - (row.tasks_done or 0)
    harm = (row.rovers_lost or 0) + (row.collisions or 0) + (row.trespasses or 0)
    gap = row.min_separation_m if row.min_separation_m is not None else float("inf")
    charge = row.min_battery_percent if row.min_battery_percent is not None else float("inf")
    return -row.exit_code, -failed, -harm, -undone, gap, charge, row.seed


def _case(row: Row, file: Path, folder: Path) -> Case:
    told = [
        f"{finding.name} (line {finding.line}): expected {finding.expected}, got {finding.got}"
        for finding in row.expectations
        if not finding.passed
    ]
    name = f"seed-{row.seed}"
    if row.settings:
        name += "-" + sha256(row.trial.key[1].encode()).hexdigest()[:8]
    recording = str(folder / f"{name}.mcap")
    words = ["moonfleet", "run", str(file), "--headless", *row.trial.words, "--record", recording]
    return Case(
        seed=row.seed,
        settings=row.settings,
        verdict=row.verdict,
        told=(*row.faults, *told),
        replay=shlex.join(words),
        view=shlex.join(["moonfleet", "view", recording]),
    )


def settings_text(settings: Mapping[str, Any]) -> str:
    """Return settings for people."""
    return ", ".join(setting_text(key, value) for key, value in settings.items())
