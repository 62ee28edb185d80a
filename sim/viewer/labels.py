"""Places for names, so that none hides another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fleet.core import Point
from sim.viewer.quiet import pygame


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name that wants a place near its anchor.

    Parameters
    ----------
    anchor
        Pixel of the thing that is named.
    clearance
        Radius in pixels around the anchor that the thing itself takes.
    size
        Width and height of the name in pixels.
    """

    anchor: Point
    clearance: float
    size: tuple[int, int]


#: Right, left, above, below, and between, as shares of the label's own size and signs of the way out.
_SIDES: Final = (
    (0.0, -0.5, 1, 0), (-1.0, -0.5, -1, 0), (-0.5, -1.0, 0, -1), (-0.5, 0.0, 0, 1),
    (0.0, -1.0, 0.72, -0.72), (0.0, 0.0, 0.72, 0.72), (-1.0, -1.0, -0.72, -0.72), (-1.0, 0.0, -0.72, 0.72),
)  # fmt: skip
_REACHES: Final = (0.0, 14.0, 30.0, 50.0)  # points further out, tried in turn


def place_labels(
    labels: Sequence[Label],
    obstacles: Sequence[pygame.Rect],
    frame: pygame.Rect,
    density: int = 1,
    *,
    reaches: Sequence[float] = _REACHES,
) -> list[pygame.Rect | None]:
    """Return where each label goes, None where there is no room; earlier labels choose first.

    Parameters
    ----------
    reaches
        How far beyond the clearance a label may be, in points, tried in turn.

    Examples
    --------
    >>> one = Label(anchor=(50.0, 50.0), clearance=5.0, size=(20, 10))
    >>> place_labels([one], [], pygame.Rect(0, 0, 100, 100))
    [Rect(55, 45, 20, 10)]
    """
    taken = list(obstacles)
    places: list[pygame.Rect | None] = []
    for label in labels:
        place = _free_place(label, taken, frame, [reach * density for reach in reaches])
        places.append(place)
        if place is not None:
            taken.append(place)
    return places


def _free_place(
    label: Label, taken: list[pygame.Rect], frame: pygame.Rect, reaches: Sequence[float]
) -> pygame.Rect | None:
    width, height = label.size
    for reach in reaches:
        away = label.clearance + reach
        for across, down, right, low in _SIDES:
            left = round(label.anchor[0] + across * width + right * away)
            top = round(label.anchor[1] + down * height + low * away)
            place = pygame.Rect(left, top, width, height)
            if frame.contains(place) and place.collidelist(taken) < 0:
                return place
    return None
