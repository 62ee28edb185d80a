"""Who waits for whom, and for what: the graph of segments that must be left before others can be entered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleet.core import RoverId
from fleet.traffic.plan import AcceptedPlan

if TYPE_CHECKING:
    import networkx as nx  # loaded by those only who look at the graph: it takes a tenth of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Why a rover's next segment is not granted yet."""

    rover: RoverId
    segment: int  #: Of its plan; leads from the waypoint of this index to the next.
    holder: RoverId  #: For whom it waits.
    until: int  #: Waypoint of the holder's plan that it must have left behind.


def waits_of(plan: AcceptedPlan, plans: Collection[AcceptedPlan]) -> list[Wait]:
    """Return the first wait of a plan for each of the others."""
    waits: list[Wait] = []
    if not plan.needs:
        return waits
    for other in plans:
        found = plan.waits(other)
        if found is not None:
            waits.append(Wait(rover=plan.rover, segment=found[0], holder=other.rover, until=found[1]))
    return waits


def next_waits(plans: Collection[AcceptedPlan]) -> tuple[Wait, ...]:
    """Return why each rover waits that does, in the order of its plans."""
    return tuple(wait for plan in plans for wait in waits_of(plan, plans) if wait.segment == plan.granted)


def dependency_graph(plans: Collection[AcceptedPlan]) -> nx.DiGraph[tuple[RoverId, int]]:
    """Return which segment can be entered after which; never with a cycle, so that waiting ends.

    A node is a rover and the segment of its plan that it enters; the one after the last stands for its rest. An edge
    leads to what must come before: to the rover's own segment before, or to the segment that another must enter to have
    ``left`` the one that is in the way.
    """
    import networkx as nx  # noqa: PLC0415 - see above

    graph: nx.DiGraph[tuple[RoverId, int]] = nx.DiGraph()
    for plan in plans:
        ahead = range(plan.granted, plan.end)
        graph.add_nodes_from((plan.rover, segment) for segment in (*ahead, plan.end))
        graph.add_edges_from(((plan.rover, segment + 1), (plan.rover, segment)) for segment in ahead)
        for other in plans:
            for segment, waypoint in plan.all_waits(other):
                graph.add_edge((plan.rover, segment), (other.rover, waypoint), left=waypoint - 1)
    return graph
