"""Names of the arrays that kernels share."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int32]
Counts: TypeAlias = NDArray[np.int64]
Chance: TypeAlias = NDArray[np.uint64]  #: ``(1,)``: the state of a stream of chance.
