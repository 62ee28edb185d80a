"""What a report tells in rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from fleet.core import MissionTime, Tick, format_elapsed
from sim.record import News
from sim.report.earth import WAYS, carriers, longest_silence, shares
from sim.report.facts import Facts
from sim.report.markup import Markup, element
from sim.report.scale import short_time
from sim.verdict import Verdict

_JOULES_A_WATT_HOUR: Final = 3600.0
_SHOWN_NEWS: Final = 400


def expectations(verdict: Verdict) -> Markup:
    """Return every expectation with what came of it."""
    if not verdict.checks:
        return element("p", "The scenario expects nothing.", class_="note")
    rows = (
        (
            element(
                "span",
                "✓" if check.passed else "✗",
                element("span", " passed" if check.passed else " failed", class_="word"),
                class_="good" if check.passed else "bad",
            ),
            check.name.replace("_", " "),
            check.expected,
            check.got,
            element("span", f"line {check.line}", class_="quiet"),
        )
        for check in sorted(verdict.checks, key=lambda check: check.passed)  # What was not met comes first.
    )
    return element("div", table(("", "Expectation", "Expected", "Got", "Written in"), rows), class_="expected")


def rovers(facts: Facts, agencies: Mapping[str, tuple[str, str]]) -> Markup:
    """Return every member of the fleet with its figures."""

    def rows() -> Iterable[Sequence[str]]:
        for rover in facts.opening.rovers:
            own = facts.rovers[rover.rover]
            agency, colour = agencies.get(rover.agency, (rover.agency, "#999999"))
            last = own.last
            yield (
                _named(rover.rover, rover.title),
                element("span", element("i", class_="swatch", style=f"background:{colour}"), agency, class_="key"),
                rover.vehicle_title or rover.vehicle,
                f"{last.distance:,.0f} m".replace(",", " ") if last is not None and rover.can_drive else "–",
                f"{last.energy / _JOULES_A_WATT_HOUR:,.0f} Wh".replace(",", " ") if last is not None else "–",
                f"{min(own.battery):.0%}" if own.battery else "–",
                element("span", last.activity, class_="bad")
                if last is not None and last.activity in ("down", "lost")
                else "alive",
            )

    head = ("Rover", "Agency", "Vehicle", "Driven", "Energy used", "Lowest battery", "In the end")
    return table(head, rows(), numbers=(3, 4, 5))


def earth(facts: Facts, time: MissionTime) -> Markup:
    """Return for each machine how long it reached the Earth by which way, over whom, and its longest silence."""

    def rows() -> Iterable[Sequence[str]]:
        for rover in facts.opening.rovers:
            spans = facts.earth.spans.get(rover.rover)
            if spans:
                part, silence = shares(spans), longest_silence(spans)
                yield (
                    _named(rover.rover, rover.title),
                    *(f"{part[way]:.0%}" for way in WAYS),
                    ", ".join(carriers(spans)) or "–",
                    short_time(time.seconds(silence)) if silence else "–",
                )

    head = ("Machine", "Own radio", "Relay satellite", "Another machine", "Not at all", "Over whom", "Longest silence")
    return table(head, rows(), numbers=(1, 2, 3, 4, 6))


def leaders(facts: Facts, time: MissionTime) -> Markup:
    """Return who led from when to when, and since when the one before had been missed."""

    def when(tick: Tick) -> str:
        return format_elapsed(time.seconds(tick))

    found = facts.elections.found
    led = [(facts.opening.coordinator, 0), *((one.leader, one.led) for one in found)]
    missed = ["–", *(when(one.called) for one in found)]
    ends = [*(start for _, start in led[1:]), facts.end]
    titles = {rover.rover: rover.title for rover in facts.opening.rovers}
    rows = [
        (_named(leader, titles.get(leader, "")), when(start), when(end), since)
        for (leader, start), end, since in zip(led, ends, missed, strict=True)
    ]
    return table(("Leader", "From", "To", "The one before was missed"), rows, numbers=(1, 2, 3))


def tasks(facts: Facts, time: MissionTime) -> Markup:
    """Return every task and how it went."""

    def when(tick: Tick | None) -> str:
        return "–" if tick is None else short_time(time.seconds(tick))

    def rows() -> Iterable[Sequence[str]]:
        for task in facts.opening.tasks:
            went = facts.tasks[task.task]
            state = went.state if went.state != "open" or went.rover is None else "awarded"
            kind = {"done": "good", "failed": "bad"}.get(state, "quiet")
            yield (
                _named(task.task, task.title),
                task.kind,
                task.agency,
                element("span", state, class_=kind),
                went.rover or "–",
                when(task.at),
                when(went.awarded),
                when(went.begun),
                when(went.ended),
            )

    head = ("Task", "Kind", "For", "State", "Rover", "Ordered", "Awarded", "Begun", "Ended")
    return table(head, rows(), numbers=(5, 6, 7, 8))


def instruments(facts: Facts) -> Markup:
    """Return every instrument with power and heat of its own, as it is at the end."""

    def rows() -> Iterable[Sequence[str]]:
        for task in facts.opening.tasks:
            each = facts.instruments.get(task.task)
            if each is not None:
                kind = {"alive": "good", "dead": "bad"}.get(each.state, "quiet")
                yield (
                    _named(task.task, task.title),
                    task.agency,
                    element("span", each.state, class_=kind),
                    f"{100.0 * each.charge:.0f} %",
                    f"{each.temperature - 273.15:+.0f} °C",
                    f"{100.0 * each.light:.0f} %",
                )

    return table(("Instrument", "Of", "State", "Charge", "Warmth", "Light"), rows(), numbers=(3, 4, 5))


def messages(facts: Facts) -> Markup:
    """Return what was said, by kind."""
    kinds = sorted(facts.traffic.items(), key=lambda item: (-item[1].sent, item[0]))
    rows: list[Sequence[str]] = [
        (_words(kind), _count(traffic.sent), _count(traffic.heard), _count(traffic.lost)) for kind, traffic in kinds
    ]
    totals = [sum(getattr(traffic, name) for _, traffic in kinds) for name in ("sent", "heard", "lost")]
    rows.append((element("b", "all"), *map(_count, totals)))
    return table(("Message", "Said", "Heard", "Out of reach"), rows, numbers=(1, 2, 3))


def happenings(news: Sequence[News], time: MissionTime) -> Markup:
    """Return events as a list, the first and last when there are very many."""
    shown = list(news)
    left_out = len(shown) - _SHOWN_NEWS
    rows = [_happening(one, time) for one in shown]
    if left_out > 0:
        middle = element("li", f"… {left_out} more in the recording …", class_="quiet")
        rows = [*rows[: _SHOWN_NEWS // 2], middle, *rows[-_SHOWN_NEWS // 2 :]]
    return element("ol", *rows, class_="news")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> Markup:
    """Return a table that scrolls on its own when the screen is narrow; `numbers` are columns set to the right."""

    def cells(kind: str, row: Sequence[str]) -> list[str]:
        return [element(kind, cell, class_="number" if column in numbers else None) for column, cell in enumerate(row)]

    top = element("thead", element("tr", *cells("th", head)))
    body = element("tbody", *(element("tr", *cells("td", row)) for row in rows))
    return element("div", element("table", top, body), class_="wide")


def _named(id_: str, title: str) -> Markup:
    if not title or title == id_:
        return element("b", id_)
    return element("span", element("b", title), " ", element("span", id_, class_="quiet"))


def _happening(news: News, time: MissionTime) -> Markup:
    when = element("time", short_time(time.seconds(news.tick)))
    return element("li", when, element("span", news.text), class_=("", "care", "bad")[news.gravity] or None)


def _words(kind: str) -> str:
    """Return a class name as words.

    >>> _words("AuthorityGrant")
    'authority grant'
    """
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip()


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")
