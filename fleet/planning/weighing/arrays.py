"""What counts how much on a way, as plain numbers for compiled work."""

from __future__ import annotations

from typing import NamedTuple


class Weights(NamedTuple):
    """What an objective adds up, and the least that comes to."""

    time: float  #: Of a second,
    energy: float  #: of a joule,
    risk: float  #: and of a second at risk.
    least: float  #: That a metre comes to on the best of ground, a little less against rounding.
