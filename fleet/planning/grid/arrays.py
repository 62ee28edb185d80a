"""What compiled searches over grids take."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bytes: TypeAlias = NDArray[np.uint8]
Indices: TypeAlias = NDArray[np.int32]


class Moves(NamedTuple):
    """Which moves there are between cells, and what they cost."""

    diagonal: float  #: What a diagonal move costs over a straight one; 0 for no diagonal moves.
    share: float  #: Of the costs that count together: a half when both cells count, else 1.
    both: bool  #: Whether the cell that is left counts like the one that is entered.
    guarded: bool  #: Whether a diagonal move needs the two cells beside it to be free.
