"""Makes nodes from the briefing: a rover's belief, almanac, planner and mind."""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from typing import Any

from fleet.core import PluginError, RoverId, stream
from fleet.messages import Briefing
from fleet.moon import Almanac, Endurance
from fleet.planning import RoadmapPlanner, TimedRoadmapPlanner
from fleet.runtime.fence import fenced
from fleet.runtime.keeping import Keeper
from fleet.runtime.lookout import Lookout
from fleet.runtime.mind import Mind
from fleet.runtime.node import Node
from fleet.runtime.plugins import load_plugin
from fleet.sdk import Agent, AgentContext, Allocator
from fleet.tasks.agreement import warm_plans
from fleet.terrain import Terrain

_LABELS = 100_000  # Partial plans that a mind's question may take: tenths of a second.


class _RoverLog(logging.LoggerAdapter[logging.Logger]):
    """Begins each line with the rover."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return f"{(self.extra or {})['rover']}: {msg}", kwargs


MakeAgent = Callable[[AgentContext], Agent]
Seat = Callable[[MakeAgent, AgentContext], Agent]  #: Makes an agent, or puts somebody between it and its node.


def _seat(make: MakeAgent, context: AgentContext) -> Agent:
    return make(context)


class NodeMaker:
    """Makes the nodes of one host: what all its rovers know alike is worked out once.

    Parameters
    ----------
    seat
        Makes each agent from its plugin; whoever watches agents at work takes its place.
    """

    def __init__(self, seat: Seat = _seat) -> None:
        self._seat = seat
        self._briefing: Briefing | None = None
        self._terrain: Terrain
        self._almanac: Almanac

    def __call__(self, briefing: Briefing, rover: RoverId) -> Node:
        """Return the node of a rover.

        Raises
        ------
        ConfigError
            When the briefing names a plugin that is not there.
        PluginError
            When the plugin cannot be used, or fails while its mind is made.
        """
        if briefing is not self._briefing:
            self._terrain = Terrain(briefing.ground)
            self._almanac = almanac_of(briefing, self._terrain)
            self._briefing = briefing
            if briefing.allocation == "agreement":
                warm_plans()
        entry = next(entry for entry in briefing.roster if entry.rover == rover)
        terrain = self._terrain.twin()
        planner = load_plugin("fleet.planners", briefing.planner)
        make_agent = load_plugin("fleet.agents", entry.agent)
        ways = _made(briefing, briefing.planner, rover, lambda: planner(entry.vehicle, terrain))
        law = briefing.law
        docks = tuple(dock for dock in briefing.docks if law.may_draw(rover, dock.source))
        context = AgentContext(
            rover=rover,
            vehicle=entry.vehicle,
            roster=briefing.roster,
            coordinator=briefing.coordinator,
            docks=docks,
            terrain=terrain,
            almanac=self._almanac,
            planner=ways,
            timed=TimedRoadmapPlanner(
                ways if isinstance(ways, RoadmapPlanner) else RoadmapPlanner(entry.vehicle, terrain),
                entry.vehicle,
                terrain,
                self._almanac,
                briefing.time,
                budget=_LABELS,
            ),
            time=briefing.time,
            rng=stream(briefing.seed, f"agent/{rover}"),
            log=_RoverLog(logging.getLogger(f"fleet.agent.{rover}"), {"rover": rover}),
            law=law,
        )

        def agent() -> Agent:
            made: Agent = _made(briefing, entry.agent, rover, lambda: self._seat(make_agent, context))
            return made

        def allocator() -> Allocator:
            made: Allocator = _made(
                briefing, briefing.allocator, rover, load_plugin("fleet.allocators", briefing.allocator)
            )
            return made

        mind = Mind(entry.agent, rover, agent, briefing.agent_deadline)
        endurance = Endurance(entry.vehicle, self._almanac, briefing.time)
        fixed = {"briefing": briefing, "make agent": agent, "make allocator": allocator, "endurance": endurance}
        return Node(
            briefing=briefing,
            rover=rover,
            mind=mind,
            terrain=terrain,
            make_allocator=allocator,
            lookout=Lookout(endurance, entry.vehicle, briefing.dt, [dock.place for dock in docks]),
            keeper=Keeper(mind, context, fixed, briefing.agent_deadline),
        )


def almanac_of(briefing: Briefing, terrain: Terrain) -> Almanac:
    """Return Sun, Earth and light over the ground of a briefing."""
    ground = briefing.ground
    return Almanac.over(ground, briefing.time, briefing.end, terrain.heights)


def _made(briefing: Briefing, plugin: str, rover: RoverId, make: Callable[[], Any]) -> Any:
    """Return what a plugin makes, in the time of ten decisions."""
    try:
        return fenced(plugin, rover, 0, 10.0 * briefing.agent_deadline, make)
    except PluginError as error:
        raise PluginError(plugin, rover, 0, f"cannot be made: {error.fact}") from error
