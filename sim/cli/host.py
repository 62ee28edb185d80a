"""`moonfleet host`: agents here, for a world elsewhere."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import click

from fleet.core import RoverId
from sim.cli.here import look_here
from sim.cli.output import as_duration
from sim.cli.progress import announce
from sim.cli.steering import key_options


def _agents(ctx: click.Context, param: click.Parameter, value: str) -> dict[RoverId, str]:
    found: dict[RoverId, str] = {}
    for part in value.split(","):
        rover, equals, agent = (word.strip() for word in part.partition("="))
        if not rover or (equals and not agent):
            raise click.BadParameter(f"{part!r} is neither ROVER nor ROVER=MODULE:CLASS", ctx, param)
        if rover in found:
            raise click.BadParameter(f"{rover} is given twice", ctx, param)
        found[RoverId(rover)] = agent
    return found


@click.command(epilog="Example: moonfleet host --connect tcp://moon.example:7800 --agents micro-1,micro-2=mine:Agent")
@click.option("--connect", "endpoint", required=True, metavar="ENDPOINT", help="Where the run listens (run --listen).")
@click.option(
    "--agents",
    required=True,
    callback=_agents,
    metavar="ROVER[=MODULE:CLASS],...",
    help="Rovers to be here, each with the agent of the run's scenario, or with one of yours.",
)
@key_options
@click.option(
    "--wait",
    callback=as_duration,
    default="60s",
    metavar="TIME",
    show_default=True,
    help="How long the run may be out of reach, at first and whenever the line is cut.",
)
def command(endpoint: str, agents: dict[RoverId, str], key: Path | None, hub: Path | None, wait: float) -> int:
    """Run the agents of some rovers in this process, for a run that goes on elsewhere (`moonfleet run --listen`).

    It comes back by itself when the line was cut; the run then tells it what its rovers were asked before. Ctrl-C takes
    it out of the run: its rovers stand until a host comes for them. MODULE is also looked for in the working directory.
    """
    from fleet.core import WallClock  # noqa: PLC0415 - with what follows
    from fleet.moon import warm as warm_moon  # noqa: PLC0415 - loads numba
    from fleet.planning import warm as warm_planning  # noqa: PLC0415 - loads numba
    from fleet.runtime import NodeMaker, Visit, load_plugin, visit  # noqa: PLC0415 - loads numba
    from sim.run.admission import lock_of  # noqa: PLC0415 - loads numba

    look_here()
    for agent in filter(None, agents.values()):
        load_plugin("fleet.agents", agent)  # A slip of the pen is told before the mission, not in it.
    plan = Visit(
        endpoint=endpoint,
        agents=agents,
        name=f"{platform.node()}-{os.getpid()}",
        lock=lock_of(key, hub),
        wait=wait,
    )
    announce("getting ready ...")
    warm_moon()
    warm_planning()
    announce(f"knocking at {endpoint} ...")
    visit(plan, NodeMaker(), WallClock(), announce)
    announce("the mission is over")
    return 0
