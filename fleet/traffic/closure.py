"""Ground that is closed: which ways lead into it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fleet.core import Disc, Path
from fleet.traffic.corridor import Pieces, crossings, disc_pieces, segment_pieces


class Closure:
    """Closed zones by name; a change gives another one.

    Parameters
    ----------
    outlines
        Corners of each zone in order; polygons that do not cross themselves.

    Notes
    -----
    What is judged is all the ground that a rover would hold, so that no closed ground is ever granted. Only sums,
    products and comparisons of single numbers: the same bits on every machine.

    Examples
    --------
    >>> closure = Closure({"slide": ((4.0, -5.0), (6.0, -5.0), (6.0, 5.0), (4.0, 5.0))})
    >>> closure.bars(((0.0, 0.0), (9.0, 0.0)), 1.0), closure.bars(((5.0, 0.0), (9.0, 0.0)), 1.0)
    (('slide',), ())
    """

    def __init__(self, outlines: Mapping[str, Path]) -> None:
        self.outlines = dict(sorted(outlines.items()))  #: By name.
        self._edges = {name: segment_pieces((*outline, outline[0]), 0.0) for name, outline in self.outlines.items()}

    def without(self, other: Closure) -> Closure:
        """Return the zones that the other one has not, or elsewhere."""
        return Closure({name: at for name, at in self.outlines.items() if other.outlines.get(name) != at})

    def crossed(self, pieces: Pieces) -> NDArray[np.bool_]:
        """Return which pieces of ground, ``(N,)``, any zone overlaps."""
        found = np.zeros(len(pieces), np.bool_)
        for edges in self._edges.values():
            found |= _overlaps(edges, pieces)
        return found

    def around(self, disc: Disc) -> tuple[str, ...]:
        """Return the zones that reach into a disc."""
        pieces = disc_pieces([disc])
        return tuple(name for name, edges in self._edges.items() if _overlaps(edges, pieces).any())

    def bars(self, path: Path, radius: float) -> tuple[str, ...]:
        """Return the zones that a way leads into: any but one in which it begins and which it leaves for good."""
        way = segment_pieces(path, radius)
        stops = disc_pieces([Disc(x=x, y=y, radius=radius) for x, y in path])
        barring = []
        for name, edges in self._edges.items():
            within = _overlaps(edges, stops)
            if within[-1] or _is_entered(edges, way, within):
                barring.append(name)
        return tuple(barring)

    def is_entered(self, path: Path, radius: float) -> bool:
        """Whether a way, or the first part of one, leads into a zone from outside."""
        way, stops = segment_pieces(path, radius), disc_pieces([Disc(x=x, y=y, radius=radius) for x, y in path])
        return any(_is_entered(edges, way, _overlaps(edges, stops)) for edges in self._edges.values())


def _is_entered(edges: Pieces, way: Pieces, within: NDArray[np.bool_]) -> bool:
    """Whether a way overlaps a polygon after its first waypoint that is clear of it."""
    left = int(np.argmin(within)) if not within.all() else len(way)
    return bool(_overlaps(edges, way[left:]).any())


def _overlaps(edges: Pieces, pieces: Pieces) -> NDArray[np.bool_]:
    """Return which pieces of ground, ``(N,)``, a polygon overlaps that is given by its edges."""
    ax, ay, bx, by = (edges[:, column][None, :] for column in range(4))
    x, y = pieces[:, 0][:, None], pieces[:, 1][:, None]
    # A ray to the right of the piece's first end meets an odd number of edges where that lies within.
    spans = (ay > y) != (by > y)
    rise = np.where(spans, by - ay, 1.0)
    within = (spans & (x < ax + (y - ay) / rise * (bx - ax))).sum(axis=1) % 2 == 1
    found: NDArray[np.bool_] = within | crossings(pieces, edges).any(axis=1)
    return found
