"""The report of a run: one page that needs nothing else."""

from __future__ import annotations

from pathlib import Path

from fleet.core import RoverId, format_elapsed
from sim.record import Recording, RoverEntry
from sim.report import tables
from sim.report.charts import curves, earth_ways, gantt, legend
from sim.report.document import document, section, write_page
from sim.report.earth import WAYS
from sim.report.facts import Facts, gather
from sim.report.markup import Markup, element
from sim.report.site_map import dashes, site_map
from sim.report.worst import worst
from sim.verdict import Verdict

_VERDICTS = {"pass": ("Passed", "good"), "fail": ("Failed", "bad"), "none": ("No expectations", "quiet")}
_ACTIVITIES = (
    ("driving", "driving"),
    ("working", "working"),
    ("tow", "in tow"),
    ("charging", "charging"),
    ("idle", "idle"),
    ("asleep", "asleep"),
    ("lost", "down or lost"),
    ("shadow", "strip below: in shadow"),
)


def write_report(recording: Recording, verdict: Verdict, file: Path) -> None:
    """Write the report of a run as one HTML file that opens without a network.

    Raises
    ------
    ConfigError
        When the recording cannot be read or the file cannot be written.
    """
    write_page(report(recording, verdict), file)


def report(recording: Recording, verdict: Verdict) -> str:
    """Return the report of a run as HTML."""
    facts = gather(recording)
    opening = recording.opening
    title = opening.title or opening.scenario
    return document(
        title,
        _header(recording, facts, verdict, title),
        _tiles(facts),
        section("Expectations", tables.expectations(verdict)),
        section("Worst moments", worst(facts, verdict, recording)),
        _ground(recording, facts),
        section("What each rover did", gantt(facts, recording.time), legend(_ACTIVITIES)),
        _curves(recording, facts),
        section(
            "The way to the Earth",
            earth_ways(facts, recording.time),
            legend([(f"earth way-{way}", word) for way, word in WAYS.items()]),
            tables.earth(facts, recording.time),
        ),
        section("Rovers", tables.rovers(facts, _agencies(facts))),
        section("Tasks", tables.tasks(facts, recording.time)),
        *([section("Instruments", tables.instruments(facts))] if facts.instruments else []),
        section("Who led", tables.leaders(facts, recording.time)),
        section("Messages", tables.messages(facts)),
        _source(recording),
    )


def _header(recording: Recording, facts: Facts, verdict: Verdict, title: str) -> Markup:
    opening, time = recording.opening, recording.time
    word, kind = _VERDICTS[verdict.outcome]
    failed = sum(not check.passed for check in verdict.checks)
    detail = f": {failed} of {len(verdict.checks)} expectations" if failed else ""
    start, end = time.utc(0), time.utc(facts.end)
    parts = [
        element("h1", title),
        element(
            "div",
            f"{opening.scenario}, seed {opening.seed} · {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC, ",
            f"{format_elapsed(time.seconds(facts.end))} of mission time",
            class_="quiet",
        ),
        element("div", word + detail, class_=f"verdict {kind}"),
    ]
    if recording.damage:
        parts.append(element("p", f"The recording is not whole: {recording.damage}.", class_="bad"))
    elif facts.closing is not None and facts.closing.reason not in ("finished", "until"):
        parts.append(element("p", f"The run did not end by itself: {facts.closing.reason}.", class_="bad"))
    return element("header", *parts)


def _tiles(facts: Facts) -> Markup:
    driven = sum(rover.last.distance for rover in facts.rovers.values() if rover.last is not None)
    done = sum(task.state == "done" for task in facts.tasks.values())
    said = sum(traffic.sent for traffic in facts.traffic.values())
    lost = sum(rover.last is not None and rover.last.activity in ("down", "lost") for rover in facts.rovers.values())
    tiles = [
        (f"{done} / {len(facts.tasks)}", "tasks done"),
        (f"{driven / 1000:.1f} km" if driven >= 1000.0 else f"{driven:.0f} m", "driven"),
        (f"{lost} / {len(facts.rovers)}", "machines lost"),
        (str(facts.collisions), "collisions"),
        (f"{said:,}".replace(",", " "), "messages said"),
        (str(len(facts.hazards)), "hazards found"),
        *((f"{amount:g}", f"{name} in stock") for name, amount in sorted(facts.stock.items())),
    ]
    return element(
        "div", *(element("div", element("b", value), element("span", name), class_="tile") for value, name in tiles),
        class_="tiles",
    )  # fmt: skip


def _ground(recording: Recording, facts: Facts) -> Markup:
    colours = _colours(facts)
    picture = site_map(facts, recording.ground, recording.time, colours)
    keys = (_key(rover.title or rover.rover, colours[rover.rover], dash) for rover, dash in _drivers(facts))
    trouble = (
        tables.happenings(facts.trouble, recording.time) if facts.trouble else element("p", "None.", class_="note")
    )
    beside = element(
        "div",
        element("h2", "Collisions, faults and orders"),
        trouble,
        element("h2", "Events", style="margin-top:16px"),
        tables.happenings(facts.news, recording.time),
    )
    map_part = element("div", element("h2", "Map"), picture, element("p", *keys, class_="legend"))
    return element("section", map_part, beside, class_="two")


def _drivers(facts: Facts) -> list[tuple[RoverEntry, str | None]]:
    broken = dashes(facts)
    return [(rover, broken[rover.rover]) for rover in facts.opening.rovers if rover.can_drive]


def _key(name: str, colour: str, dash: str | None) -> Markup:
    line = element("line", x1=1, y1=5, x2=29, y2=5, stroke=colour, stroke_width=3, stroke_dasharray=dash)
    return element("span", element("svg", line, viewBox="0 0 30 10", class_="stroke"), name, class_="key")


def _curves(recording: Recording, facts: Facts) -> Markup:
    colours = _colours(facts)
    figures = (curves(facts, rover, recording.time, colours[rover.rover]) for rover in facts.opening.rovers)
    note = element(
        "p", "Line: charge of the battery. Filled: share of the Sun's disc that the rover saw.", class_="note"
    )
    return section("Battery and light", note, element("div", *figures, class_="curves"))


def _source(recording: Recording) -> Markup:
    made = ", ".join(f"{name} {value}" for name, value in recording.metadata.items() if name != "digest")
    digest = recording.metadata.get("digest", "none: the run did not end")
    return section(
        "How to get the same run",
        element("p", "Digest ", element("code", digest, style="overflow-wrap:anywhere")),
        element("p", made, class_="note"),
        element(
            "details", element("summary", f"The scenario, {recording.opening.file}"),
            element("pre", recording.opening.text),
        ),
    )  # fmt: skip


def _agencies(facts: Facts) -> dict[str, tuple[str, str]]:
    return {agency: (name, _safe_colour(colour)) for agency, name, colour in facts.opening.agencies}


def _colours(facts: Facts) -> dict[RoverId, str]:
    agencies = _agencies(facts)
    return {rover.rover: agencies.get(rover.agency, ("", "#999999"))[1] for rover in facts.opening.rovers}


def _safe_colour(colour: str) -> str:
    """Return a colour that is one; what a file says goes into a style.

    >>> _safe_colour("#D55E00"), _safe_colour("red;background:url(x)")
    ('#D55E00', '#999999')
    """
    is_one = len(colour) == 7 and colour[0] == "#" and all(digit in "0123456789abcdefABCDEF" for digit in colour[1:])
    return colour if is_one else "#999999"
