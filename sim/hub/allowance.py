"""How many requests are done in a time, whoever makes them."""

from __future__ import annotations


class Allowance:
    """A bucket of tokens: one request takes one, and they come back evenly.

    Parameters
    ----------
    rate
        Tokens that come back in a second.
    burst
        Tokens that there are at the most.

    Examples
    --------
    >>> allowance = Allowance(rate=2.0, burst=2)
    >>> [allowance.takes(at) for at in (0.0, 0.0, 0.0, 0.5, 0.6)]
    [True, True, False, True, False]
    """

    def __init__(self, *, rate: float, burst: int) -> None:
        self.rate = rate  #: As given.
        self._burst = float(burst)
        self._left = float(burst)
        self._since: float | None = None

    def takes(self, now: float) -> bool:
        """Take a token for a request at this second, if there is one."""
        passed = now - self._since if self._since is not None else 0.0
        self._left, self._since = min(self._burst, self._left + max(0.0, passed) * self.rate), now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
