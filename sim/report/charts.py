"""Battery and light as curves, and what each rover did as bars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from fleet.core import MissionTime
from sim.record import RoverEntry
from sim.report.earth import told
from sim.report.facts import Facts, RoverFacts, Span
from sim.report.markup import Markup, element, joined, number
from sim.report.scale import short_time, time_steps

_ZERO_CELSIUS = 273.15
_WIDTH, _HEIGHT = 340, 130  # one curve
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 8, 8, 22
_BUCKETS = 240  # points of a curve that a narrow picture can show
_ROW, _BAR, _STRIP = 34, 16, 5  # of the bars
_CHART, _NAMES = 960, 150
_EARTH_ROW, _EARTH_BAR = 24, 14


def curves(facts: Facts, rover: RoverEntry, time: MissionTime, colour: str) -> Markup:
    """Return one rover's battery and light over time."""
    own = facts.rovers[rover.rover]
    seconds = max(1.0, time.seconds(facts.end))
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def place(tick: float, value: float) -> tuple[float, float]:
        return _LEFT + wide * time.seconds(1) * tick / seconds, _TOP + high * (1.0 - value)

    lit = [place(tick, value) for tick, value in _thinned(own.ticks, own.light)]
    charge = [place(tick, value) for tick, value in _thinned(own.ticks, own.battery)]
    drawn: list[str] = []
    for value in (0.0, 0.5, 1.0):
        y = place(0, value)[1]
        drawn.append(element("line", x1=_LEFT, y1=y, x2=_WIDTH - _RIGHT, y2=y, class_="grid"))
        drawn.append(element("text", f"{value:.0%}", x=_LEFT - 5, y=y + 4, text_anchor="end"))
    drawn += _time_axis(seconds, _LEFT, wide, _HEIGHT - 6, most=4)
    if lit:
        ground = place(0, 0.0)[1]
        area = f"M{number(lit[0][0])},{number(ground)}L{_points(lit)}L{number(lit[-1][0])},{number(ground)}Z"
        drawn.append(element("path", d=area, class_="light"))
    if charge:
        drawn.append(element("polyline", points=_points(charge), class_="casing"))
        drawn.append(element("polyline", points=_points(charge), class_="curve", stroke=colour))
    least = f", lowest {min(own.battery):.0%}" if own.battery else ""
    celsius = [kelvin - _ZERO_CELSIUS for kelvin in own.temperature]
    warmth = f"; {min(celsius):.0f} to {max(celsius):.0f} °C" if celsius else ""
    title = element("figcaption", element("b", rover.title or rover.rover), f" battery{least}{warmth}")
    picture = _svg(_WIDTH, _HEIGHT, drawn, f"Battery and light of {rover.rover}")
    return element("figure", title, picture, class_="small")


def gantt(facts: Facts, time: MissionTime) -> Markup:
    """Return what each rover did, a row each, with a strip below that is dark while it stood in shadow."""
    rows = _Rows(facts, time, len(facts.opening.rovers), _ROW)
    for number_, rover in enumerate(facts.opening.rovers):
        top = number_ * _ROW + 6
        own = facts.rovers[rover.rover]
        rows.name(rover, top + 13)
        for span in own.spans:
            if rows.across(span.end) > rows.across(span.start):
                words = element("title", _told(span, time))
                rows.bar(span.start, span.end, top, _BAR, f"do {span.activity}", words)
        for start, end in _shadows(own):
            rows.bar(start, end, top + _BAR + 2, _STRIP, "shadow")
    return rows.picture("What each rover did over time")


def earth_ways(facts: Facts, time: MissionTime) -> Markup:
    """Return how each machine reached the Earth, a row each."""
    rovers = [rover for rover in facts.opening.rovers if rover.rover in facts.earth.spans]
    rows = _Rows(facts, time, len(rovers), _EARTH_ROW)
    for number_, rover in enumerate(rovers):
        top = number_ * _EARTH_ROW + 6
        rows.name(rover, top + 11)
        for span in facts.earth.spans[rover.rover]:
            words = element("title", told(span, time))
            rows.bar(span.start, span.end, top, _EARTH_BAR, f"earth way-{span.way}", words)
    return rows.picture("How each machine reached the Earth over time")


class _Rows:
    """A picture of bars over mission time, a row for each rover."""

    def __init__(self, facts: Facts, time: MissionTime, count: int, row: int) -> None:
        self._tick = time.seconds(1)
        self._seconds = max(1.0, time.seconds(facts.end))
        self._wide = _CHART - _NAMES - 12
        self._high = count * row + 26
        self._drawn: list[str] = _time_axis(self._seconds, _NAMES, self._wide, self._high - 6, grid_from=4)

    def across(self, tick: float) -> float:
        """Return where a tick is."""
        return _NAMES + self._wide * self._tick * tick / self._seconds

    def name(self, rover: RoverEntry, y: float) -> None:
        """Put a rover's name before its row."""
        self._drawn.append(element("text", rover.title or rover.rover, x=_NAMES - 10, y=y, text_anchor="end"))

    def bar(self, start: float, end: float, top: float, height: float, kind: str, *words: str) -> None:
        """Draw what lasted from one tick to another."""
        width = max(self.across(end) - self.across(start), 0.6)
        self._drawn.append(
            element("rect", *words, x=self.across(start), y=top, width=width, height=height, class_=kind)
        )

    def picture(self, title: str) -> Markup:
        """Return it."""
        return element("div", _svg(_CHART, self._high, self._drawn, title), class_="wide")


def legend(items: Sequence[tuple[str, str]]) -> Markup:
    """Return a legend of activities: class and word each."""
    swatches = (element("span", element("i", class_=f"swatch {kind}"), word, class_="key") for kind, word in items)
    return element("p", *swatches, class_="legend")


def _told(span: Span, time: MissionTime) -> str:
    task = f" on {span.task}" if span.task else ""
    return f"{span.activity}{task}, {short_time(time.seconds(span.start))} to {short_time(time.seconds(span.end))}"


def _shadows(rover: RoverFacts) -> list[tuple[int, int]]:
    """Return when the rover stood in shadow, from first frame to the next that is lit."""
    dark: list[tuple[int, int]] = []
    stretches = [
        (is_dark, [number for number, _ in stretch])
        for is_dark, stretch in groupby(enumerate(rover.light), key=lambda item: item[1] < 0.5)
    ]
    for is_dark, numbers in stretches:
        if is_dark:
            dark.append((rover.ticks[numbers[0]], rover.ticks[min(numbers[-1] + 1, len(rover.ticks) - 1)]))
    return dark


def _thinned(ticks: Sequence[int], values: Sequence[float]) -> list[tuple[int, float]]:
    """Return a curve with no more points than can be seen; of each stretch the lowest and highest stay."""
    if len(ticks) <= 2 * _BUCKETS:
        return list(zip(ticks, values, strict=True))
    step = -(-len(ticks) // _BUCKETS)
    kept: set[int] = {0, len(ticks) - 1}
    for start in range(0, len(ticks), step):
        stretch = range(start, min(start + step, len(ticks)))
        kept |= {min(stretch, key=values.__getitem__), max(stretch, key=values.__getitem__)}
    return [(ticks[number], values[number]) for number in sorted(kept)]


def _time_axis(
    seconds: float, left: float, wide: float, bottom: float, *, most: int = 8, grid_from: float | None = None
) -> list[str]:
    drawn: list[str] = []
    for at in time_steps(seconds, most):
        x = left + wide * at / seconds
        if grid_from is not None:
            drawn.append(element("line", x1=x, y1=grid_from, x2=x, y2=bottom - 12, class_="grid"))
        drawn.append(element("text", short_time(at), x=x, y=bottom, text_anchor="middle" if at else "start"))
    return drawn


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def _svg(width: float, height: float, drawn: Sequence[str], label: str) -> Markup:
    return element("svg", joined(drawn), viewBox=f"0 0 {width} {height}", role="img", aria_label=label)
