"""`moonfleet agent check`: a plugin, judged by the rules of its port."""

from __future__ import annotations

import click

from fleet.sdk.testing.rules import KINDS, Kind
from sim.cli.agent.group import command
from sim.cli.here import look_here
from sim.cli.output import emit
from sim.cli.progress import announce


def _expected(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for value in values:
        rule, equals, reason = value.partition("=")
        if not equals:
            raise click.BadParameter(f"{value!r} is not RULE=REASON", ctx, param)
        found[rule.strip()] = reason.strip()
    return found


@command.command(
    short_help="Judge a plugin by the rules of its port.", epilog="Example: moonfleet agent check mine:MyAgent"
)
@click.argument("plugin", metavar="MODULE:CLASS|NAME")
@click.option("--kind", type=click.Choice(KINDS), help="Of the plugin; agent, or what has this NAME, if not given.")
@click.option("--vehicle", help="Class of vehicle that it drives; what it says that it is made for, else metu-micro.")
@click.option(
    "--expect",
    multiple=True,
    callback=_expected,
    metavar="RULE=REASON",
    help="The plugin breaks this rule, and rightly so; fails when it does not.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def check(plugin: str, *, kind: Kind | None, vehicle: str | None, expect: dict[str, str], as_json: bool) -> int:
    """Put a plugin to work in short missions and ask it strange things; say which rules it keeps.

    Of each broken rule: what was seen and at which tick, why it matters, and how to mend it. MODULE is also looked for
    in the working directory. Exit code 1 when a rule is broken. In a test of one's own: fleet.sdk.testing.check_agent.
    """
    from sim.proving import prove  # noqa: PLC0415 - loads numba

    look_here()
    report = prove(kind or _kind_of(plugin), plugin, vehicle=vehicle, expected=expect, progress=_progress)
    emit(report.summary(), as_json=as_json, text=str(report))
    return 0 if report.passed else 1


def _progress(text: str) -> None:
    announce(f"looking at {text} ...")


def _kind_of(plugin: str) -> Kind:
    """Return the first kind that has a plugin of this name."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - only when it is needed

    return next((kind for kind in KINDS if entry_points(group=f"fleet.{kind}s", name=plugin)), "agent")
