"""Our searches and those of others on the same ground, turn by turn, with answers compared."""

from __future__ import annotations

from sim.bench.path import peers
from sim.bench.path.grids import grid_row
from sim.bench.path.measure import Measure
from sim.bench.path.polygons import polygon_rows
from sim.bench.peers import missing
from sim.bench.rows import Row


def bench_path(measure: Measure) -> tuple[list[Row], dict[str, str]]:
    """Measure ways around polygons and over grids; return the rows, and the peers that were skipped with the reason.

    Raises
    ------
    RuntimeError
        When an answer of ours is wrong: a way that is not free, or longer or dearer than a peer's that is.

    Notes
    -----
    Each turn is one measurement of ours and one of a peer directly after, at the cost model that the peer has; ratios
    are medians over turns. The preparation of grids is not counted for anybody. `Row.differs` is how much longer or
    dearer ours is, relative to the peer's, where they differ most.
    """
    skipped = missing(peers.MODULES)
    rows: list[Row] = []
    for count in measure.polygons:
        rows += polygon_rows(measure, count, skipped)
    for size in measure.grids:
        rows.append(grid_row(measure, size, skipped))
    return rows, skipped
