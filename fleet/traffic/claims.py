"""What a rover knows of the ground that others may hold, and what a new leader makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import Disc, RoverId, distance
from fleet.messages import AuthorityRequest, Claim, Holding
from fleet.traffic.corridor import TOUCH, Pieces, clearance, crossings, disc_pieces, segment_pieces

_STEP: Final = 0.5  # Metres along a segment between looks for room to stand,
_HALVINGS: Final = 30  # whose ends are then found so exactly.


class Claims:
    """The most that each rover may hold, as far as one rover knows.

    Notes
    -----
    A rover numbers its plans upwards, and asks for one only when it holds no more than it stands on. So of two claims
    that of the later plan holds, whoever told it and whenever; and that a plan is over is later than the plan.

    Examples
    --------
    >>> claims = Claims({RoverId("a"): Disc(x=0.0, y=0.0, radius=1.0)})
    >>> claims.note(RoverId("a"), claimed(AuthorityRequest(plan=1, path=((0.0, 0.0), (9.0, 0.0)), radius=1.0)))
    >>> claims.all()[0].holding.path
    ((0.0, 0.0), (9.0, 0.0))
    """

    def __init__(self, parked: Mapping[RoverId, Disc]) -> None:
        self._known = {rover: Holding(plan=0, start=parked[rover]) for rover in sorted(parked)}

    def note(self, rover: RoverId, holding: Holding) -> None:
        """Take in what a rover may hold; what is older than what is known changes nothing, nor do strangers."""
        known = self._known.get(rover)
        if known is not None and (holding.plan, not holding.path) > (known.plan, not known.path):
            self._known[rover] = holding

    def all(self) -> tuple[Claim, ...]:
        """Return everything, by rover id."""
        return tuple(Claim(rover=rover, holding=holding) for rover, holding in self._known.items())

    def learn(self, claims: Iterable[Claim]) -> None:
        """Take in what another knows."""
        for claim in claims:
            self.note(claim.rover, claim.holding)

    def absent(self, present: Mapping[RoverId, Holding]) -> dict[RoverId, Pieces]:
        """Return the ground that each rover which is not present may hold.

        Notes
        -----
        What those present hold is theirs alone, so what crosses that nobody else holds: segments are held as a whole
        or not at all, and parked ground reaches no farther than to theirs. A plan may be over, though, and its rover
        stand anywhere along it where there is room for it beside them.
        """
        theirs = [holding_pieces(holding) for holding in present.values()]
        exact = np.concatenate([disc_pieces([]), *theirs])
        return {rover: _possible(holding, exact) for rover, holding in self._known.items() if rover not in present}


def claimed(request: AuthorityRequest) -> Holding:
    """Return the most that a rover may hold once a plan of its is accepted."""
    x, y = request.path[0]
    start = Disc(x=x, y=y, radius=request.radius)
    return Holding(plan=request.plan, start=start, path=request.path, radius=request.radius)


def holding_pieces(holding: Holding) -> Pieces:
    """Return the ground of a holding."""
    start = disc_pieces([holding.start] if not holding.path or holding.returned == 0 else [])
    ahead = holding.path[holding.returned :]
    return np.concatenate((start, segment_pieces(ahead, holding.radius))) if len(ahead) > 1 else start


def _possible(holding: Holding, exact: Pieces) -> Pieces:
    pieces = holding_pieces(holding)
    if len(exact) == 0:
        return pieces
    is_start = (pieces[:, 0] == pieces[:, 2]) & (pieces[:, 1] == pieces[:, 3])
    ways = pieces[~is_start]
    is_whole = ~crossings(ways, exact).any(axis=1)
    kept = [ways[is_whole], *(_footholds(way, exact) for way in ways[~is_whole])]
    for x, y, _, _, radius in pieces[is_start]:
        room = min(float(radius), clearance(exact, (float(x), float(y))))
        kept += [disc_pieces([Disc(x=float(x), y=float(y), radius=room)])] if room > 0.0 else []
    return np.concatenate(kept)


def _footholds(way: NDArray[np.float64], exact: Pieces) -> Pieces:
    """Return where in a segment that is held no more a rover may stand that ended its plan there."""
    ax, ay, bx, by, radius = way.tolist()
    steps = max(1, ceil(distance((ax, ay), (bx, by)) / _STEP))

    def is_clear(share: float) -> bool:
        return bool(clearance(exact, (ax + (bx - ax) * share, ay + (by - ay) * share)) >= radius - TOUCH)

    def edge(clear: float, other: float) -> float:
        for _ in range(_HALVINGS):
            middle = 0.5 * (clear + other)
            clear, other = (middle, other) if is_clear(middle) else (clear, middle)
        return clear

    shares = [step / steps for step in range(steps + 1)]
    found: list[tuple[float, float]] = []
    begin: float | None = None
    for before, share in zip((0.0, *shares), shares, strict=False):
        if is_clear(share):
            begin = (share if share == 0.0 else edge(share, before)) if begin is None else begin
        elif begin is not None:
            found.append((begin, edge(before, share)))
            begin = None
    found += [(begin, 1.0)] if begin is not None else []
    lines = [(ax + (bx - ax) * a, ay + (by - ay) * a, ax + (bx - ax) * b, ay + (by - ay) * b) for a, b in found]
    return np.array([(*line, radius) for line in lines], dtype=np.float64).reshape(-1, 5)
