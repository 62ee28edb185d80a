"""The shape of the ground: shaded, as heights, as slopes, as roughness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import floor, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import ConfigError
from fleet.terrain import surface
from sim.viewer.chart.chart import Bar, Entry, Heading, Panel, Swatch
from sim.viewer.chart.colours import HEAT, HEIGHTS, painted, ramp, stops_of
from sim.viewer.chart.layers.layer import (
    BY_CUSTOM,
    Layer,
    Wish,
    percent,
    shares_of,
    sun_figures,
    sun_text,
)
from sim.viewer.chart.subject import Subject, spell_utc

_PLAIN: Final = (196, 195, 192)
_SLOPES: Final = (2.0, 5.0, 10.0, 15.0, 20.0, 25.0)  # degrees
_ROUGH: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)  # metres


def hillshade(subject: Subject, wish: Wish) -> Layer:
    """Return the ground shaded by the Sun of a date, or from the upper left."""
    utc = _one_time(wish)
    sun = subject.sun(utc) if utc is not None else None
    shape = (*subject.terrain.heights.shape, 3)
    facts = sun_text(sun) if sun is not None else "shaded from the upper left"
    panel = Panel(
        title=spell_utc(utc) if utc is not None else "",
        facts=facts,
        painting=np.broadcast_to(np.array(_PLAIN, np.uint8), shape),
        smooth=True,
        relief=1.0,
        light=(sun.heading, sun.elevation) if sun is not None else BY_CUSTOM,
        sun=sun is not None,
        marks=subject.marks(),
        outlines=subject.outlines(),
    )
    figures = sun_figures(utc, sun) if utc is not None and sun is not None else {}
    key: tuple[Entry, ...] = (
        Heading(text="Slopes"),
        Bar(colours=((70, 70, 69), _PLAIN, (250, 250, 248)), ticks=((0.0, "turned away"), (1.0, "facing"))),
    )
    note = "Brightness by slope towards the light, without cast shadows. Frame: metres from the map's centre."
    if sun is not None:
        note = note.replace("cast shadows.", "cast shadows; the Sun is raised by 11° for it.")
    return Layer(title="Shaded relief", panels=(panel,), figures=(figures,), key=key, note=note)


def height(subject: Subject, wish: Wish) -> Layer:  # noqa: ARG001 - it is the same at any time, for anybody
    """Return heights above the sphere as colours."""
    heights = subject.terrain.heights
    low, high = float(heights.min()), float(heights.max())
    span = max(high - low, 1e-6)
    step = _round_up(span / 5.0)
    marks = [step * number for number in range(floor(low / step) + 1, floor(high / step) + 1)]
    ticks = tuple(((mark - low) / span, f"{mark:g}".replace("-", "−")) for mark in marks) or ((0.5, f"{low:g}"),)
    panel = Panel(
        title="",
        facts=f"{low:.1f} to {high:.1f} m, mean {float(heights.mean()):.1f} m".replace("-", "−"),
        painting=ramp(HEIGHTS, (heights - low) / span),
        smooth=True,
        relief=0.75,
        light=BY_CUSTOM,
        marks=subject.marks(),
        outlines=subject.outlines(),
    )
    figures = {"low_m": low, "high_m": high, "mean_m": float(heights.mean())}
    key = (Heading(text="Height, m"), Bar(colours=HEIGHTS, ticks=ticks))
    note = "Heights above the sphere of 1737.4 km, shaded. Frame: metres from the map's centre."
    return Layer(title="Height", panels=(panel,), figures=(figures,), key=key, note=note)


@dataclass(frozen=True, kw_only=True)
class _Graded:
    """Values in classes between edges."""

    title: str
    unit: str
    values: NDArray[np.float32]
    edges: tuple[float, ...]
    note: str


def slope(subject: Subject, wish: Wish) -> Layer:  # noqa: ARG001 - as for heights
    """Return how steep the ground is, in classes."""
    tilts = np.degrees(subject.terrain.tilts)
    note = "Steepest slope over two pixels. Frame: metres from the map's centre."
    graded = _Graded(title="Slope", unit="°", values=tilts, edges=_SLOPES, note=note)
    return _classed(subject, graded)


def roughness(subject: Subject, wish: Wish) -> Layer:  # noqa: ARG001 - as for heights
    """Return how rough the ground is, in classes."""
    terrain = subject.terrain
    note = (
        f"Height off the plane that fits 3 × 3 heights best, root mean square, at {terrain.pixel:g} m. "
        "Frame: metres from the map's centre."
    )
    rough = surface.roughness(terrain.heights, terrain.pixel)
    return _classed(subject, _Graded(title="Roughness", unit=" m", values=rough, edges=_ROUGH, note=note))


def _classed(subject: Subject, graded: _Graded) -> Layer:
    edges, unit = graded.edges, graded.unit
    classes = np.searchsorted(np.array(edges), graded.values, side="right")
    names = (
        f"below {edges[0]:g}{unit}",
        *(f"{a:g} to {b:g}{unit}" for a, b in pairwise(edges)),
        f"{edges[-1]:g}{unit} and more",
    )
    shares = shares_of(classes, names)
    colours = stops_of(HEAT, len(names))
    middle, steep, most = (float(np.percentile(graded.values, q)) for q in (50.0, 95.0, 100.0))
    panel = Panel(
        title="",
        facts=f"median {middle:.3g}{unit}, 95th percentile {steep:.3g}{unit}, largest {most:.3g}{unit}",
        painting=painted(classes, colours),
        smooth=False,
        relief=0.5,
        light=BY_CUSTOM,
        marks=subject.marks(),
        outlines=subject.outlines(),
    )
    key: tuple[Entry, ...] = (
        Heading(text=f"{graded.title}, share of the map"),
        *(
            Swatch(text=name, colour=colour, value=percent(shares[name]))
            for name, colour in zip(names, colours, strict=True)
        ),
    )
    figures = {"median": middle, "p95": steep, "max": most, "shares": shares}
    return Layer(title=graded.title, panels=(panel,), figures=(figures,), key=key, note=graded.note)


def _one_time(wish: Wish) -> datetime | None:
    if len(wish.times) > 1:
        raise ConfigError("--at", f"hillshade takes one date, got {len(wish.times)}", "light takes several.")
    return wish.times[0] if wish.times else None


def _round_up(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10 ... (or tenths and so on) that is at least so much.

    >>> _round_up(0.3), _round_up(12.0), _round_up(100.0)
    (0.5, 20.0, 100.0)
    """
    decade = 10.0 ** floor(log10(least) + 1e-9)
    return next(decade * step for step in (1.0, 2.0, 5.0, 10.0) if decade * step >= least * 0.999999)
