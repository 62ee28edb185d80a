"""How a rover stands with its authority."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """How a rover stands with its authority."""

    STANDING = "standing"  #: Holds what it stands on.
    ASKING = "asking"  #: Stands, and waits for the answer to a request.
    HOLDING = "holding"  #: Has a plan accepted; drives, or waits for more of it.
    HALTING = "halting"  #: Comes to a stop, to give its plan up then.
    RETREATING = "retreating"  #: Drives back over what it holds, to give its plan up then.
