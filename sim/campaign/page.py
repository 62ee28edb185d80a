"""The report of a campaign: one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from sim.campaign.charts import histogram, share_bar, short
from sim.campaign.identity import Identity
from sim.campaign.statistics import Share
from sim.campaign.summary import METRICS, Case, Effect, Summary, settings_text, values_of
from sim.campaign.text import percent, told
from sim.campaign.trial import Row
from sim.report.document import document, section, write_page
from sim.report.markup import Markup, element
from sim.report.tables import table

REPORT: Final = "report.html"
_STYLE: Final = """
.wide svg.share { width: 180px; min-width: 180px; height: 18px; } .effects th { white-space: normal; }
svg.share .interval { stroke: var(--accent); stroke-width: 5; opacity: .35;
  stroke-linecap: round; } .rate { stroke: var(--card); stroke-width: 1.5; } .rate.all { fill: var(--good); }
.rate.some { fill: var(--bad); } .histogram .well { fill: var(--accent); } .histogram .ill { fill: var(--bad); }
.histogram .median { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 2; }
.swatch.well { background: var(--accent); } .swatch.ill { background: var(--bad); }
h3 { font-size: 1rem; margin: 14px 0 4px; } h3 code { font-weight: 600; }
ol.cases { padding-left: 1.4em; margin: 0; } ol.cases > li { margin-bottom: 14px; } ol.cases ul { margin: 2px 0 4px;
  padding-left: 1.2em; } ol.cases pre { margin: 2px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 760px) { .wide svg.share { width: 64px; min-width: 64px; }
  .wide th, .wide td { white-space: normal; } }
"""
_SHOWN_MEDIANS: Final = 5


def write_report(summary: Summary, rows: Sequence[Row], identity: Identity, file: Path) -> None:
    """Write the report of a campaign as one HTML file that opens without a network.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    write_page(report(summary, rows, identity), file)


def report(summary: Summary, rows: Sequence[Row], identity: Identity) -> str:
    """Return the report of a campaign as HTML."""
    return document(
        f"Campaign of {identity.scenario}",
        _header(summary, rows, identity),
        _tiles(summary),
        section("Expectations", _expectations(summary)),
        *(section("What the parameters do", *_parameters(summary)) for _ in range(bool(summary.parameters))),
        section("Where the figures lie", *_distributions(summary, rows)),
        section("The worst runs", _worst(summary.worst)),
        section("How to get the same", *_source(summary, identity)),
        style=_STYLE,
    )


def _header(summary: Summary, rows: Sequence[Row], identity: Identity) -> Markup:
    seeds = len({row.seed for row in rows})
    varied = ", ".join(summary.parameters)
    success = summary.success
    kind = "good" if success.passed == success.runs else "bad"
    word = f"{percent(success.rate)} % as expected" if success.rate is not None else "no runs"
    return element(
        "header",
        element("h1", f"Campaign of {identity.scenario}"),
        element("div", f"{summary.runs} runs, {seeds} seeds", f"; varied: {varied}" if varied else "", class_="quiet"),
        element("div", word, class_=f"verdict {kind}"),
        element("div", f"{told(success)}; in brackets the 95 % interval", class_="note"),
    )  # fmt: skip


def _tiles(summary: Summary) -> Markup:
    words = {
        "pass": "passed",
        "fail": "failed an expectation",
        "none": "without expectations",
        "invalid": "could not be played",
        "crash": "ended their process",
        "hang": "did not end",
        "error": "met a bug of ours",
    }
    tiles = [(str(count), words[verdict]) for verdict, count in summary.verdicts.items()]
    for metric, name in (("finished_s", "median until all is done"), ("wall_seconds", "median wall time a run")):
        if metric in summary.metrics:
            tiles.append((f"{short(summary.metrics[metric].median)} s", name))
    shown = (element("div", element("b", value), element("span", name), class_="tile") for value, name in tiles)
    return element("div", *shown, class_="tiles")


def _expectations(summary: Summary) -> Markup:
    if not summary.expectations:
        return element("p", "The scenario expects nothing.", class_="note")
    rows = (
        (
            judged.name.replace("_", " "),
            judged.expected,
            share_bar(judged.share),
            _share(judged.share),
            element("span", f"line {judged.line}", class_="quiet"),
        )
        for judged in summary.expectations
    )
    shown = table(("Expectation", "Expected", "0 to 100 %", "Met in", "Written in"), rows)
    judged_runs = max(judged.share.runs for judged in summary.expectations)
    if judged_runs == summary.runs:
        return shown
    fact = f"Of the {judged_runs} runs that came to a verdict; {summary.runs - judged_runs} did not."
    return element("div", shown, element("p", fact, class_="note"))


def _share(share: Share) -> Markup:
    return element("span", told(share), class_="good" if share.passed == share.runs else "bad")


def _parameters(summary: Summary) -> Iterable[Markup]:
    any_moved = False
    for key, effects in summary.parameters.items():
        moved = _moved(effects)
        any_moved = any_moved or bool(moved)
        rows = (
            (
                "as in the file" if effect.value is None else str(effect.value),
                share_bar(effect.share),
                _share(effect.share),
                *(short(effect.medians[metric]) if metric in effect.medians else "–" for metric in moved),
            )
            for effect in effects
        )
        head = ("Value", "0 to 100 %", "As expected", *(METRICS[metric] for metric in moved))
        yield element("h3", element("code", key))
        yield element("div", table(head, rows, numbers=tuple(range(3, 3 + len(moved)))), class_="effects")
    if any_moved:
        yield element("p", "Figures on the right are medians of those that the parameter moves most.", class_="note")


def _moved(effects: Sequence[Effect]) -> list[str]:
    """Return the metrics whose medians differ most from value to value, in proportion to their size."""

    def change(metric: str) -> float:
        seen = [effect.medians[metric] for effect in effects if metric in effect.medians]
        size = max(map(abs, seen), default=0.0)
        return (max(seen) - min(seen)) / size if size > 0.0 else 0.0

    decided = [metric for metric in METRICS if metric != "wall_seconds" and change(metric) > 0.0]
    kept = sorted(decided, key=change, reverse=True)[:_SHOWN_MEDIANS]
    return [metric for metric in METRICS if metric in kept]


def _distributions(summary: Summary, rows: Sequence[Row]) -> Iterable[Markup]:
    good, bad = [row for row in rows if row.is_success], [row for row in rows if not row.is_success]
    figures, same = [], []
    for metric, spread in summary.metrics.items():
        if spread.least == spread.most:
            same.append(f"{METRICS[metric]}: {short(spread.least)}")
        else:
            figures.append(histogram(values_of(good, metric), values_of(bad, metric), spread, METRICS[metric]))
    yield element("div", *figures, class_="curves")
    keys = (("well", "as expected"), ("ill", "not as expected"))
    swatches = (element("span", element("i", class_=f"swatch {kind}"), word, class_="key") for kind, word in keys)
    yield element("p", *swatches, class_="legend")
    if same:
        yield element("p", f"The same in all runs: {'; '.join(same)}.", class_="note")


def _worst(cases: Sequence[Case]) -> Markup:
    return element("ol", *(_case(case) for case in cases), class_="cases")


def _case(case: Case) -> Markup:
    with_settings = f" with {settings_text(case.settings)}" if case.settings else ""
    parts = [element("b", f"seed {case.seed}"), with_settings, ": ", element("span", case.verdict, class_=_kind(case))]
    if case.told:
        parts.append(element("ul", *(element("li", line) for line in case.told)))
    return element("li", *parts, element("pre", f"{case.replay}\n{case.view}"))


def _kind(case: Case) -> str:
    return "bad" if case.told or case.verdict not in ("pass", "none") else "good"


def _source(summary: Summary, identity: Identity) -> Iterable[Markup]:
    yield element("p", "Digest of all runs ", element("code", summary.digest, style="overflow-wrap:anywhere"))
    made = f"{summary.scenario}, sha256 {identity.scenario_sha256}; Moonfleet {identity.version}"
    yield element("p", made, class_="note", style="overflow-wrap:anywhere")
