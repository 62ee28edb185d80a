"""Sunlight: at a date, and over a mission."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from fleet.core import ConfigError
from sim.viewer.chart.chart import Bar, Heading, Panel, Sign
from sim.viewer.chart.colours import DARK, LIT, ramp
from sim.viewer.chart.layers.layer import Layer, Wish, percent, shares_of, sun_figures, sun_text
from sim.viewer.chart.subject import Subject, spell_utc

_PANELS: Final = 4
_STATES: Final = ("dark", "partly_lit", "lit")
_RELIEF: Final = 0.55


def light(subject: Subject, wish: Wish) -> Layer:
    """Return the share of the Sun's disc over the horizon, a panel for each date."""
    drawn = [_at(subject, utc) for utc in wish.times or _times_of(subject)]
    note = (
        "Share of the Sun's disc over the horizon that the map's own ground makes; around the map lies a smooth sphere "
        "as high as its lowest border. Frame: metres from the map's centre."
    )
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
