"""What a person chose to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Final

from fleet.core import Point, RoverId, TaskId


class Layer(Enum):
    """A part of the picture that can be switched off; the value says what it shows."""

    SHADOWS = "cast shadows"
    CONTOURS = "contour lines"
    ZONES = "steep ground and zones"
    LINKS = "radio links"
    WAYS = "trails, plans, authorities"
    LABELS = "names"
    SITES = "work and its sites"
    SLOPE = "slope of the ground"
    DARK = "permanent shadow"
    RADIO = "where the base is heard by radio"
    MINIMAP = "small map of all the ground"


#: By the keys that switch them.
LAYER_KEYS: Final[Mapping[str, Layer]] = MappingProxyType(dict(zip("1234567890m", Layer, strict=True)))
LAYERS: Final[tuple[Layer, ...]] = tuple(Layer)
_AT_FIRST: Final = frozenset(LAYERS) - {Layer.CONTOURS, Layer.SLOPE, Layer.DARK, Layer.RADIO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Choices that change how a scene is drawn."""

    layers: frozenset[Layer] = _AT_FIRST
    selected: RoverId | None = None
    task: TaskId | None = None  #: That is asked about,
    link: tuple[RoverId, RoverId] | None = None  #: or else the radio between two,
    spot: Point | None = None  #: or else a place.
    density: int = 1  #: Pixels for each point of the design; 2 makes everything twice as large.

    def toggled(self, layer: Layer) -> Look:
        """Return the choices with one layer switched over.

        >>> Layer.LINKS in Look().toggled(Layer.LINKS).layers
        False
        """
        return replace(self, layers=self.layers ^ {layer})

    @property
    def is_asking(self) -> bool:
        """Whether anything is selected or asked about."""
        return any(it is not None for it in (self.selected, self.task, self.link, self.spot))

    def at(
        self,
        rover: RoverId | None = None,
        task: TaskId | None = None,
        link: tuple[RoverId, RoverId] | None = None,
        spot: Point | None = None,
    ) -> Look:
        """Return the choices with something else selected, or nothing."""
        return replace(self, selected=rover, task=task, link=link, spot=spot)
