"""Sunlight: at a date, and over a mission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import ConfigError, MissionTime
from fleet.moon import Almanac, Surroundings, permanent_shadow
from sim.viewer.chart.chart import Bar, Entry, Heading, Panel, Sign, Swatch
from sim.viewer.chart.colours import DARK, LIT, painted, ramp, stops_of
from sim.viewer.chart.layers.layer import BY_CUSTOM, Layer, Wish, percent, shares_of, sun_figures, sun_text
from sim.viewer.chart.subject import Mission, Subject, spell_utc
from sim.viewer.scene import Colour

_PANELS: Final = 4
_HALF: Final = 0.5  # of the disc: then a place counts as lit
_STATES: Final = ("dark", "partly_lit", "lit")
_RELIEF: Final = 0.55
_SPANS: Final = ("permanent_shadow", "never", "below_25", "25_to_50", "50_to_75", "from_75", "always")
_SPAN_TEXTS: Final = (
    "in permanent shadow",
    "not lit in this time",
    "below 25 %",
    "25 to 50 %",
    "50 to 75 %",
    "75 % and more",
    "always lit",
)
_SPAN_COLOURS: Final = ((14, 12, 26), (44, 40, 92), *stops_of(((92, 104, 150), (246, 214, 140)), 4), (255, 248, 226))
_EVERY: Final = 600.0  # seconds between looks at the light, in short spans
_LOOKS: Final = 1500  # at the most
_LONGEST: Final = 62.0  # days; in longer spans the Sun moves too far between looks


def light(subject: Subject, wish: Wish) -> Layer:
    """Return the share of the Sun's disc over the horizon, a panel for each date."""
    drawn = [_at(subject, utc) for utc in wish.times or _times_of(subject)]
    note = f"Share of the Sun's disc over the horizon of {_horizon_of(subject)} Frame: metres from the map's centre."
    return Layer(
        title="Sunlight",
        panels=tuple(panel for panel, _ in drawn),
        figures=tuple(figures for _, figures in drawn),
        key=(
            Heading(text="Share of the Sun's disc in view"),
            Bar(colours=(DARK, LIT), ticks=((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))),
        ),
        note=note,
    )


def _horizon_of(subject: Subject) -> str:
    """Return what makes the horizon, the end of a sentence."""
    ground, far = subject.ground, subject.ground.far
    if far is None:
        return "the map's own ground; around it lies a smooth sphere as high as its lowest border."
    reach = far.reach((ground.columns - 1) * ground.pixel, (ground.rows - 1) * ground.pixel) / 1000.0
    named = f" ({far.source})" if far.source else ""
    return f"the map's own ground and that around it{named}, a height every {far.pixel:g} m for {reach:.3g} km."


def _times_of(subject: Subject) -> tuple[datetime, ...]:
    if subject.mission is None:
        raise ConfigError("--at", "a terrain file has no mission whose time could be taken", "Give a UTC date.")
    time, end = subject.mission.time, subject.mission.end
    return tuple(time.utc(end * number // (_PANELS - 1)) for number in range(_PANELS))


def _at(subject: Subject, utc: datetime) -> tuple[Panel, dict[str, object]]:
    almanac, tick = subject.sky(utc)
    sun, share = almanac.sun(tick), almanac.light_map(tick)
    classes = np.where(share <= 0.0, 0, np.where(share >= 1.0, 2, 1))
    mean = float(share.mean(dtype=np.float64))
    panel = Panel(
        title=spell_utc(utc),
        facts=f"{sun_text(sun)} · {percent(mean)} lit",
        painting=ramp((DARK, LIT), share),
        smooth=True,
        relief=_RELIEF,
        light=(sun.heading, sun.elevation),
        sun=True,
        marks=tuple(mark for mark in subject.marks() if mark.sign is Sign.MAST),
    )
    figures = sun_figures(utc, sun) | {"sunlit": mean, "shares": shares_of(classes, _STATES)}
    return panel, figures


def shadow(subject: Subject, wish: Wish) -> Layer:
    """Return which ground the Sun never reaches, and how much of a span of time the other is lit."""
    terrain, ground = subject.terrain, subject.ground
    permanent = permanent_shadow(
        terrain.heights,
        terrain.pixel,
        latitude=ground.latitude,
        north=ground.north,
        surroundings=Surroundings.of(ground),
    )
    span = _span(subject, wish)
    lit = _lit_over(subject, span, permanent) if span is not None else _ever_lit(permanent)
    shares = shares_of(lit.classes, lit.names)
    panel = Panel(
        title=lit.title,
        facts=f"{percent(shares[lit.names[0]])} in permanent shadow" + lit.facts(shares),
        painting=painted(lit.classes, lit.colours),
        smooth=False,
        relief=0.35,
        light=BY_CUSTOM,
        marks=subject.marks(),
        outlines=subject.outlines(),
    )
    swatches = (
        Swatch(text=text, colour=colour, value=percent(shares[name]))
        for name, text, colour in zip(lit.names, lit.texts, lit.colours, strict=True)
    )
    note = (
        f"Permanent shadow: no part of the Sun's disc in 18.6 years. {lit.note}Horizon: that of {_horizon_of(subject)} "
        "Frame: metres from the map's centre."
    )
    key: tuple[Entry, ...] = (Heading(text="Time lit, share of the map"), *swatches)
    figures = lit.figures | {"shares": shares}
    return Layer(title="Light and shadow", panels=(panel,), figures=(figures,), key=key, note=note)


@dataclass(frozen=True, kw_only=True)
class _Lit:
    """For how long each place is lit, in classes."""

    classes: NDArray[np.int64]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    colours: tuple[Colour, ...]
    title: str = ""
    note: str = ""
    figures: dict[str, object] = field(default_factory=dict)

    def facts(self, shares: Mapping[str, float]) -> str:
        """Return the figures of the span, for people."""
        if "never" not in shares:
            return ""
        return f", {percent(shares['never'])} never lit in this time, {percent(shares['always'])} always lit"


def _ever_lit(permanent: NDArray[np.bool_]) -> _Lit:
    return _Lit(
        classes=np.where(permanent, 0, 1),
        names=(_SPANS[0], "lit_at_times"),
        texts=(_SPAN_TEXTS[0], "lit at some time"),
        colours=(_SPAN_COLOURS[0], _SPAN_COLOURS[-1]),
    )


def _lit_over(subject: Subject, span: Mission, permanent: NDArray[np.bool_]) -> _Lit:
    ticks = _ticks(span)
    share = lit_share(subject.almanac_over(span), ticks)
    inner = 2 + np.minimum(np.floor(share * 4.0), 3.0).astype(np.int64)
    classes = np.where(share <= 0.0, 1, np.where(share >= 1.0, 6, inner))
    start, end = span.time.start, span.time.utc(span.end)
    return _Lit(
        classes=np.where(permanent, 0, classes),
        names=_SPANS,
        texts=_SPAN_TEXTS,
        colours=_SPAN_COLOURS,
        title=f"{spell_utc(start)} to {spell_utc(end)}",
        note=f"Lit: at least half of the disc in view, in {len(ticks)} looks at even times. ",
        figures={
            "from": start.isoformat().replace("+00:00", "Z"),
            "to": end.isoformat().replace("+00:00", "Z"),
            "looks": len(ticks),
            "mean_lit": float(share.mean(dtype=np.float64)),
        },
    )


def _span(subject: Subject, wish: Wish) -> Mission | None:
    """Return the span between the two dates of a wish, else the mission, if there is one."""
    if not wish.times:
        return subject.mission
    if len(wish.times) != 2:
        raise ConfigError(
            "--at",
            f"shadow is over a span of time, got {len(wish.times)} dates",
            "Give two: from when, and until when; or none.",
        )
    start, end = wish.times
    seconds = (end - start).total_seconds()
    if seconds <= 0.0:
        raise ConfigError("--at", f"{spell_utc(end)} is not after {spell_utc(start)}")
    if seconds > _LONGEST * 86400.0:
        raise ConfigError("--at", f"{seconds / 86400.0:.0f} days are longer than {_LONGEST:.0f}")
    return Mission(time=MissionTime(start=start, dt=1.0), end=int(seconds))


def _ticks(span: Mission) -> list[int]:
    """Return ticks at even times over a span, the first and the last among them."""
    count = min(_LOOKS, max(2, round(span.time.seconds(span.end) / _EVERY) + 1))
    return [span.end * number // (count - 1) for number in range(count)]


def lit_share(almanac: Almanac, ticks: Sequence[int]) -> NDArray[np.float64]:
    """Return at which share of these ticks at least half of the Sun's disc is in view, ``(H, W)``."""
    lit = sum((almanac.light_map(tick) >= _HALF for tick in ticks), start=np.int64(0))
    share: NDArray[np.float64] = np.asarray(lit, np.float64) / len(ticks)
    return share
