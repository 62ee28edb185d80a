"""Shares with their intervals, and where figures lie, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final

from sim.campaign.statistics import Share, Spread
from sim.report.markup import Markup, element, joined

_WIDE, _HIGH = 180, 18  # of a share
_PLOT: Final = (330, 128)  # of a histogram
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 18, 20
_BINS: Final = 24


def share_bar(share: Share) -> Markup:
    """Return a rate on a line from 0 to 100 %, with its interval around it."""
    low, high = share.interval
    middle = _HIGH / 2

    def across(rate: float) -> float:
        return 6 + (_WIDE - 12) * rate

    drawn = [
        element("title", f"{share.passed} of {share.runs}; 95 % interval {low:.1%} to {high:.1%}"),
        element("line", x1=across(0), y1=middle, x2=across(1), y2=middle, class_="grid"),
        *(element("line", x1=across(at), y1=3, x2=across(at), y2=_HIGH - 3, class_="grid") for at in (0, 0.5, 1)),
        element("line", x1=across(low), y1=middle, x2=across(high), y2=middle, class_="interval"),
    ]
    if share.rate is not None:
        kind = "all" if share.passed == share.runs else "some"
        drawn.append(element("circle", cx=across(share.rate), cy=middle, r=4.5, class_=f"rate {kind}"))
    return _svg(_WIDE, _HIGH, drawn, "share", f"{share.passed} of {share.runs}")


def histogram(good: Sequence[float], bad: Sequence[float], spread: Spread, title: str) -> Markup:
    """Return how often a figure came to which value: runs as expected, and on top of them the others.

    Parameters
    ----------
    good, bad
        The figure in runs that were as expected, and in others.
    spread
        Of both together.
    """
    width, height = _PLOT
    edges = bins(spread.least, spread.most, whole=all(value == int(value) for value in (*good, *bad)))
    counts = [(_within(good, *edge), _within(bad, *edge)) for edge in pairwise(edges)]
    tallest = max(1, *(low + high for low, high in counts))
    wide, high = width - _LEFT - _RIGHT, height - _TOP - _BOTTOM

    def across(value: float) -> float:
        return _LEFT + wide * (value - edges[0]) / (edges[-1] - edges[0])

    ground = height - _BOTTOM
    drawn = [element("line", x1=_LEFT, y1=ground, x2=width - _RIGHT, y2=ground, class_="grid")]
    for (left, right), (well, ill) in zip(pairwise(edges), counts, strict=True):
        told = element("title", f"{short(left)} to {short(right)}: {well + ill} runs, {ill} not as expected")
        foot = float(ground)
        for count, kind in ((well, "well"), (ill, "ill")):
            if count:
                tall = max(1.5, high * count / tallest)
                foot -= tall
                box = {"x": across(left) + 0.5, "y": foot, "width": max(0.8, across(right) - across(left) - 1)}
                drawn.append(element("rect", told, height=tall, class_=kind, **box))
    at = across(spread.median)
    drawn.append(element("line", x1=at, y1=_TOP - 4, x2=at, y2=ground, class_="median"))
    anchor = "start" if at < width / 3 else "end" if at > 2 * width / 3 else "middle"
    drawn.append(element("text", f"median {short(spread.median)}", x=at, y=_TOP - 7, text_anchor=anchor))
    drawn.append(element("text", short(spread.least), x=_LEFT, y=height - 5))
    drawn.append(element("text", short(spread.most), x=width - _RIGHT, y=height - 5, text_anchor="end"))
    caption = element("figcaption", element("b", title))
    return element("figure", caption, _svg(width, height, drawn, "histogram", title), class_="small")


def bins(least: float, most: float, *, whole: bool) -> list[float]:
    """Return the edges of bins of equal, round width that hold all values from `least` to `most`.

    Parameters
    ----------
    whole
        The values are whole numbers: each lies in the middle of a bin of its own, where there are few.

    >>> bins(0.0, 3.0, whole=True)
    [-0.5, 0.5, 1.5, 2.5, 3.5]
    >>> bins(12.0, 47.0, whole=False)[:3]
    [12.0, 14.0, 16.0]
    """
    if whole and most - least < _BINS:
        return [least - 0.5 + number for number in range(int(most - least) + 2)]
    size = max((most - least) / _BINS, abs(most) * 1e-9, 1e-12)
    power = 10.0 ** floor(log10(size))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= size * (1 - 1e-9))
    first = floor(least / step)
    last = max(first + 1, ceil(most / step))
    while last * step <= most:
        last += 1
    return [number * step for number in range(first, last + 1)]


def _within(values: Sequence[float], left: float, right: float) -> int:
    return sum(left <= value < right for value in values)


def short(value: float) -> str:
    """Return a figure in few letters.

    >>> short(12345.6), short(99.98764), short(3.0), short(0.00123)
    ('12 346', '99.99', '3', '0.00123')
    """
    if abs(value) >= 1000.0:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.4g}" if abs(value) >= 1.0 else f"{value:.3g}"


def _svg(width: float, height: float, drawn: Sequence[str], kind: str, label: str) -> Markup:
    return element(
        "svg", joined(drawn), viewBox=f"0 0 {width} {height}", class_=kind, role="img", aria_label=label
    )  # fmt: skip
