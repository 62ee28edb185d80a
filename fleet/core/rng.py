"""Chance, by name: each user has a stream of its own, so that adding one does not disturb another.

The only module that makes generators; others import `Rng` or `ArrayRng` to annotate.
"""

from __future__ import annotations

import hashlib
import random  # noqa: TID251 - the one place that makes generators
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np  # loaded by those only who draw arrays: it takes a tenth of a second

Rng: TypeAlias = random.Random
ArrayRng: TypeAlias = "np.random.Generator"  # noqa: TID251 - the one place that makes generators


def _key(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}/{name}".encode()).digest()


def stream(seed: int, name: str) -> Rng:
    """Return the random stream that belongs to `name`.

    >>> stream(7, "r1/lidar").random() == stream(7, "r1/lidar").random()
    True
    >>> stream(7, "r1/lidar").random() == stream(7, "r2/lidar").random()
    False
    """
    return random.Random(_key(seed, name))


def rng_at(state: tuple[Any, ...]) -> Rng:
    """Return a stream that goes on from a state, as its `getstate` gave it.

    >>> one = stream(7, "r1/lidar")
    >>> rng_at(one.getstate()).random() == one.random()
    True
    """
    rng = random.Random()
    rng.setstate(state)
    return rng


def array_stream(seed: int, name: str) -> ArrayRng:
    """Return a stream for whole arrays, seeded by `name` like `stream`.

    >>> float(array_stream(7, "ground").random()) == float(array_stream(7, "ground").random())
    True
    """
    import numpy as np  # noqa: PLC0415 - see above

    return np.random.Generator(np.random.PCG64(int.from_bytes(_key(seed, name), "big")))  # noqa: TID251
