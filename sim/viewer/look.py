"""What a person chose to see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from fleet.core import RoverId, TaskId


class Layer(Enum):
    """A part of the picture that can be switched off; the value says what it shows."""

    SHADOWS = "cast shadows"
    CONTOURS = "contour lines"
    ZONES = "steep ground and zones"
    LINKS = "radio links"
    WAYS = "trails, plans, authorities"
    LABELS = "names"
    MINIMAP = "small map of all the ground"


#: In the order of the keys 1 to 7.
LAYERS: Final[tuple[Layer, ...]] = tuple(Layer)
_AT_FIRST: Final = frozenset(LAYERS) - {Layer.CONTOURS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Choices that change how a scene is drawn."""

    layers: frozenset[Layer] = _AT_FIRST
    selected: RoverId | None = None
    task: TaskId | None = None  #: That is asked about.
    density: int = 1  #: Pixels for each point of the design; 2 makes everything twice as large.

    def toggled(self, layer: Layer) -> Look:
        """Return the choices with one layer switched over.

        >>> Layer.LINKS in Look().toggled(Layer.LINKS).layers
        False
        """
        return replace(self, layers=self.layers ^ {layer})
