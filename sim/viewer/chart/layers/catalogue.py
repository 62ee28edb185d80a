"""All layers by name, and the chart of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fleet.core import ConfigError
from sim.viewer.chart.chart import Chart, Entry, Sign, Swatch
from sim.viewer.chart.colours import INK, VERMILLION
from sim.viewer.chart.layers.layer import Layer, Wish
from sim.viewer.chart.layers.light import light, shadow
from sim.viewer.chart.layers.radio import radio
from sim.viewer.chart.layers.relief import height, hillshade, roughness, slope
from sim.viewer.chart.layers.zones import zones
from sim.viewer.chart.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A layer that there is."""

    draw: Callable[[Subject, Wish], Layer]
    takes: tuple[str, ...] = ()  #: Options that say something to it.


LAYERS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "hillshade": Kind(draw=hillshade, takes=("--at",)),
        "slope": Kind(draw=slope),
        "roughness": Kind(draw=roughness),
        "height": Kind(draw=height),
        "light": Kind(draw=light, takes=("--at", "--far")),
        "shadow": Kind(draw=shadow, takes=("--at", "--far")),
        "zones": Kind(draw=zones, takes=("--vehicle",)),
        "radio": Kind(draw=radio, takes=("--vehicle", "--antenna", "--receiver")),
    }
)
_CONTOUR: Final = (110, 90, 70)
_SIGNS: Final = (
    Swatch(text="lander", sign=Sign.MAST),
    Swatch(text="place of the scenario", sign=Sign.PLACE),
    Swatch(text="keep-out zone", sign=Sign.HATCH, colour=VERMILLION),
    Swatch(text="zone", sign=Sign.OUTLINE, colour=INK),
)


def layer_of(name: str, subject: Subject, wish: Wish) -> Layer:
    """Return what a layer shows of a subject.

    Raises
    ------
    ConfigError
        When the wish says what has no meaning for the layer, or cannot be had.
    """
    kind = LAYERS[name]
    given = {
        "--at": wish.times,
        "--vehicle": wish.vehicles,
        "--antenna": wish.mast,
        "--receiver": wish.receiver,
        "--far": wish.far,
    }
    for option, value in given.items():
        if option not in kind.takes and value not in ((), None):
            raise ConfigError(option, f"it says nothing to {name}", f"Leave it away with --layer {name}.")
    return kind.draw(subject, wish)


def chart_of(subject: Subject, layer: Layer, *, title: str = "", contours: float | None = None) -> Chart:
    """Return the chart of a layer."""
    key: list[Entry] = list(layer.key)
    said = {entry.sign for entry in key if isinstance(entry, Swatch)}
    shown = {mark.sign for panel in layer.panels for mark in panel.marks}
    shown |= {outline.sign for panel in layer.panels for outline in panel.outlines}
    key += [entry for entry in _SIGNS if entry.sign in shown - said]
    if contours is not None:
        key.append(Swatch(text=f"contour line each {contours:g} m", sign=Sign.CONTOUR, colour=_CONTOUR))
    return Chart(
        title=title or (f"{layer.title}: {subject.title}" if subject.title else layer.title),
        lines=subject.lines(),
        ground=subject.ground,
        panels=layer.panels,
        key=tuple(key),
        contours=contours,
        note=layer.note,
    )
