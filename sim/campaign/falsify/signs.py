"""By what one knows a failure again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sim.campaign.trial import Row

Signs = frozenset[str]  #: Names of expectations that failed, or words in capitals for what is worse; none: all is well.
_WORSE: Final = {"crash": "CRASH", "hang": "HANG", "error": "ERROR"}
FAULT: Final = "FAULT"  #: An agent broke its contract.


def signs_of(row: Row, wanted: Collection[str] = ()) -> Signs:
    """Return the signs of what went wrong in a run; a run that cannot be played shows none.

    Parameters
    ----------
    wanted
        Names of expectations: all others, and what is worse, do not count; empty: all do.
    """
    found = {finding.name for finding in row.expectations if not finding.passed}
    if row.verdict in _WORSE:
        found.add(_WORSE[row.verdict])
    elif row.exit_code == 3:
        found.add(FAULT)
    return frozenset(found & set(wanted) if wanted else found)
