"""The report of a campaign as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sim.campaign.statistics import Share
from sim.campaign.summary import METRICS, Summary, settings_text

MARKDOWN: Final = "table.md"
_SHOWN = 3


def as_text(summary: Summary) -> str:
    """Return what a campaign says, for people."""
    others = [f"{count} {verdict}" for verdict, count in summary.verdicts.items() if verdict != "pass"]
    lines = [f"{summary.scenario}: {told(summary.success)} as expected" + (f"; {', '.join(others)}" if others else "")]
    for judged in summary.expectations:
        mark = "ok  " if judged.share.passed == judged.share.runs else "FAIL"
        lines.append(f"  {mark} line {judged.line}: {judged.name}, {judged.expected}: {told(judged.share)}")
    for key, effects in summary.parameters.items():
        lines.append(f"  {key}")
        for effect in effects:
            value = "as in the file" if effect.value is None else effect.value
            lines.append(f"    {value!s:<16} {told(effect.share)}")
    lines.append(f"  {'':<24} {'least':>9} {'5 %':>9} {'median':>9} {'95 %':>9} {'most':>9}")
    for metric, spread in summary.metrics.items():
        if spread.least == spread.most == 0.0:
            continue  # Nothing of the kind ever happened.
        figures = (spread.least, spread.p05, spread.median, spread.p95, spread.most)
        lines.append(f"  {METRICS[metric]:<24} " + " ".join(f"{figure:>9.6g}" for figure in figures))
    lines += _worst(summary)
    lines.append(f"  digest of all: {summary.digest}")
    return "\n".join(lines)


def as_markdown(summary: Summary) -> str:
    """Return what a campaign says as a table for documents: what was expected, how often it was so, and the figures."""
    lines = [f"| {summary.runs} runs of {summary.scenario} | |", "|---|---|"]
    lines.append(
        "| verdicts | " + ", ".join(f"{count} {verdict}" for verdict, count in summary.verdicts.items()) + " |"
    )
    lines += [f"| {judged.name}: {judged.expected} | {told(judged.share)} |" for judged in summary.expectations]
    for metric, spread in summary.metrics.items():
        if metric != "wall_seconds" and not spread.least == spread.most == 0.0:
            figures = f"{spread.least:.6g} to {spread.most:.6g}, median {spread.median:.6g}"
            lines.append(f"| {METRICS[metric]} | {figures} |")
    return "\n".join(lines) + "\n"


def _worst(summary: Summary) -> Iterable[str]:
    for case in summary.worst[:_SHOWN]:
        with_settings = f" with {settings_text(case.settings)}" if case.settings else ""
        yield f"  worst: seed {case.seed}{with_settings}: {case.verdict}"
        yield from (f"    {line}" for text in case.told[:_SHOWN] for line in text.splitlines()[:_SHOWN])
        yield f"    {case.replay}"


def told(share: Share) -> str:
    """Return a share for people.

    >>> from sim.campaign.statistics import share
    >>> told(share(9, 10))
    '9 of 10 (90 %, 60 to 98 %)'
    """
    if share.rate is None:
        return "no runs"
    low, high = share.interval
    return f"{share.passed} of {share.runs} ({percent(share.rate)} %, {percent(low)} to {percent(high)} %)"


def percent(rate: float) -> str:
    """Return a rate in per cent; 100 only when it is all of them.

    >>> percent(0.9996), percent(1.0), percent(0.5)
    ('99.96', '100', '50')
    """
    if 0.99 < rate < 1.0 or 0.0 < rate < 0.01:
        return f"{100.0 * rate:.2f}"
    return f"{100.0 * rate:.0f}"
