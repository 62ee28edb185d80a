"""`moonfleet agent list`: plugins found and refused."""

from __future__ import annotations

import click

from sim.cli.agent.group import command
from sim.cli.output import emit


@command.command("list", epilog="Example: moonfleet agent list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def list_plugins(*, as_json: bool) -> None:
    """List the agents, planners and allocators that this installation has.

    They are found through the entry points fleet.agents, fleet.planners and fleet.allocators of installed packages.
    """
    from fleet.runtime.plugins import Group, found  # noqa: PLC0415 - loads every plugin

    groups: tuple[Group, ...] = ("fleet.agents", "fleet.planners", "fleet.allocators")
    plugins = [plugin for group in groups for plugin in found(group)]
    rows = [
        {
            "group": plugin.group,
            "name": plugin.name,
            "value": plugin.value,
            "package": plugin.distribution,
            "version": plugin.version,
            "refused": plugin.refused,
        }
        for plugin in plugins
    ]
    lines = [
        f"{row['group']:<18} {row['name']:<14} {row['value']:<38} {row['package']} {row['version']}"
        + (f"\n    refused: {row['refused']}" if row["refused"] else "")
        for row in rows
    ]
    emit({"plugins": rows}, as_json=as_json, text="\n".join(lines))
