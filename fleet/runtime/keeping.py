"""All that a rover knows, node and mind, as bytes and back, so that it can go on later or on another computer."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final, Protocol, runtime_checkable

from fleet.core import Freezer, FreezingError, PluginError, RoverId
from fleet.messages import Kept, Plight, RoverState
from fleet.messages.codec import MAX_BYTES
from fleet.runtime.fence import fenced
from fleet.runtime.mind import Mind
from fleet.sdk import AgentContext, Resumable

#: Whose objects are put away as they are: all that makes up a node, and our own minds.
_ROOMS: Final = (
    "fleet.agents",
    "fleet.core",
    "fleet.messages",
    "fleet.moon",
    "fleet.planning",
    "fleet.runtime",
    "fleet.sdk",
    "fleet.tasks",
    "fleet.terrain",
    "fleet.traffic",
    "fleet.vehicles",
)
_OURS: Final = "fleet.agents."
_QUICK: Final = 1  # Level of compression, to a third: hundreds of rovers fit into the frame of one host.


@runtime_checkable
class Keepable(Protocol):
    """What can tell all that it knows, and take it in again."""

    def snapshot(self) -> bytes:
        """Return all that it knows.

        Raises
        ------
        FreezingError
            When that cannot be told.
        """
        ...

    def restore(self, data: bytes) -> None:
        """Know from now on what a snapshot says.

        Raises
        ------
        FreezingError
            When it is none of this rover's.
        """
        ...


def keep(host: str, nodes: Mapping[RoverId, object], plights: Mapping[RoverId, Plight]) -> Kept:
    """Return what a host tells of its nodes, whose computers suffer as they do."""
    states, missing = [], []
    for rover, node in nodes.items():
        try:
            if not isinstance(node, Keepable):
                raise FreezingError("node", "offers no snapshot() and restore()")
            states.append(RoverState(rover=rover, plight=plights[rover], state=node.snapshot()))
        except FreezingError as error:
            missing.append((rover, str(error)))
    return Kept(host=host, states=tuple(states), missing=tuple(missing))


def restore(
    host: str,
    nodes: Mapping[RoverId, object],
    plights: MutableMapping[RoverId, Plight],
    states: Iterable[RoverState],
) -> Kept:
    """Have nodes know what they knew; return what their host says to it."""
    missing = []
    for each in states:
        node = nodes.get(each.rover)
        try:
            if not isinstance(node, Keepable):
                raise FreezingError("node", "is not there, or takes nothing in")
            node.restore(each.state)
            plights[each.rover] = each.plight
        except FreezingError as error:
            missing.append((each.rover, f"cannot take in what it knew: {error}"))
    return Kept(host=host, missing=tuple(missing))


class Keeper:
    """Puts away what one node and its mind know, and has another of the same rover know it.

    Parameters
    ----------
    mind
        Of the node. One of ours is put away like the node; one of somebody else's gives and takes what it keeps by
        itself (`fleet.sdk.Resumable`).
    context
        Of the mind. Terrain and stream of chance keep what they know; all else in it follows from the briefing.
    fixed
        What else follows from the briefing, by name, beside what the context holds.
    deadline
        Wall seconds that a mind may take.
    """

    def __init__(self, mind: Mind, context: AgentContext, fixed: Mapping[str, object], deadline: float) -> None:
        self._mind = mind
        self._context = context
        self._fixed = {"context": context, **{name: getattr(context, name) for name in _INJECTED}, **fixed}
        self._deadline = deadline

    def freeze(self, node: object) -> bytes:
        """Return what a node knows.

        Raises
        ------
        FreezingError
            When its mind offers no snapshot or fails to make one, or an allocator of somebody else's has a state.
        """
        agent, known = self._mind.agent, None
        if not self._is_ours(agent):
            if not isinstance(agent, Resumable):
                raise FreezingError(f"agent {self._mind.plugin}", "offers no snapshot() and restore()")
            known = self._asked(agent.snapshot)
            if not isinstance(known, bytes):
                fact = f"gave {type(known).__name__} as its snapshot, not bytes"
                raise FreezingError(f"agent {self._mind.plugin}", fact)
        state = (vars(node), vars(self._mind), known, self._context.terrain.belief, self._context.rng.getstate())
        return zlib.compress(self._freezer(node, agent).freeze(state), _QUICK)

    def thaw(self, node: object, data: bytes) -> None:
        """Have a new node know what one knew.

        Raises
        ------
        FreezingError
            When that is not what `freeze` gave, or its mind cannot take in what it gave.
        """
        agent = self._mind.agent
        try:
            unpacker = zlib.decompressobj()
            state, mind, known, belief, chance = self._freezer(node, agent).thaw(unpacker.decompress(data, MAX_BYTES))
            vars(node).update(state)
            vars(self._mind).update(mind)
            self._context.terrain.believe(belief)
            self._context.rng.setstate(chance)
        except (TypeError, ValueError, AttributeError, zlib.error) as error:
            raise FreezingError("state", f"is of no node: {error}") from None
        if known is not None and isinstance(agent, Resumable):
            self._asked(lambda: agent.restore(known))

    def _freezer(self, node: object, agent: object) -> Freezer:
        anchors = {**self._fixed, "node": node, "mind": self._mind, "keeper": self}
        return Freezer(rooms=_ROOMS, anchors=anchors if self._is_ours(agent) else {**anchors, "agent": agent})

    @staticmethod
    def _is_ours(agent: object) -> bool:
        return type(agent).__module__.startswith(_OURS)

    def _asked(self, ask: Any) -> Any:
        try:
            return fenced(self._mind.plugin, self._context.rover, 0, self._deadline, ask)
        except PluginError as error:
            raise FreezingError(f"agent {self._mind.plugin}", error.fact) from None


_INJECTED: Final = ("vehicle", "roster", "docks", "terrain", "almanac", "planner", "timed", "time", "rng", "log", "law")
