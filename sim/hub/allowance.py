"""How much is done of what is asked for in a time, whoever asks."""

from __future__ import annotations


class Allowance:
    """A bucket of tokens: each request takes some, and they come back evenly.

    Parameters
    ----------
    rate
        Tokens that come back in a second.
    burst
        Tokens that there are at the most.

    Examples
    --------
    >>> allowance = Allowance(rate=2.0, burst=2)
    >>> [allowance.takes(1.0, at) for at in (0.0, 0.0, 0.0, 0.5, 0.6)]
    [True, True, False, True, False]
    >>> allowance.takes(2.0, 9.0), allowance.takes(0.5, 9.0)
    (True, False)
    """

    def __init__(self, *, rate: float, burst: int) -> None:
        self.rate = rate  #: As given.
        self._burst = float(burst)
        self._left = float(burst)
        self._since: float | None = None

    def takes(self, tokens: float, now: float) -> bool:
        """Take so many tokens at this second, if they are there."""
        passed = now - self._since if self._since is not None else 0.0
        self._left, self._since = min(self._burst, self._left + max(0.0, passed) * self.rate), now
        if self._left < tokens:
            return False
        self._left -= tokens
        return True
