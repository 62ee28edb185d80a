"""The command `moonfleet`: its group, loaded lazily, and what becomes of errors."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import click

from fleet.core import ConfigError, PluginError

PASSED: Final = 0
FAILED: Final = 1
INVALID: Final = 2
CRASHED: Final = 3
INTERNAL: Final = 4
INTERRUPTED: Final = 130

# Command -> module and what it does, so that `--help` need not load them all.
_COMMANDS: Final = {
    "demo": ("sim.cli.demo", "The flagship mission: in a window where there is a display, else headless."),
    "run": ("sim.cli.run", "Run one scenario, in a window or headless."),
    "view": ("sim.cli.view", "Look at a recording, or at a run that goes on elsewhere."),
    "host": ("sim.cli.host", "Run agents here for a world elsewhere."),
    "fault": ("sim.cli.fault", "Let something go wrong in a run that goes on elsewhere."),
    "order": ("sim.cli.order", "Have rovers stand or go on, close ground or open it, in a run that goes on elsewhere."),
    "render": ("sim.cli.render", "Draw a picture of a recording without a display."),
    "test": ("sim.cli.test", "Run scenarios as tests."),
    "sweep": ("sim.cli.sweep", "Run one scenario over many seeds and parameters."),
    "scenario": ("sim.cli.scenario", "Check, show, describe and start scenario files."),
    "agent": ("sim.cli.agent", "Plugins found and refused; a package to start from; a check by the rules."),
    "terrain": ("sim.cli.terrain", "Bring real ground in, generate ground, say what it is, draw it."),
    "almanac": ("sim.cli.almanac", "Sun and Earth at a lunar site."),
    "plan": ("sim.cli.plan", "Plan one path over a terrain."),
    "explain": ("sim.cli.explain", "Why a task stands as it does, why a rover waits and for whom."),
    "keys": ("sim.cli.keys", "Make keys, and say whose they are."),
    "recover": ("sim.cli.recover", "Make a recording whole that was cut short."),
    "diff": ("sim.cli.diff", "First divergence of two recordings."),
    "bench": ("sim.cli.bench", "Side-by-side benchmarks."),
    "doctor": ("sim.cli.doctor", "What this installation can do, with the remedy for what it cannot."),
}


class _LazyGroup(click.Group):
    """Imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name][0]).command
        # Said to each, since a command keeps the options for help that it was first asked with.
        for each in (command, *getattr(command, "commands", {}).values()):
            each.context_settings.setdefault("help_option_names", ["-h", "--help"])
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from difflib import get_close_matches  # noqa: PLC0415 - only on a slip of the pen

            near = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx) from None


@click.command(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Example: moonfleet run scenarios/smoke.yaml --headless --json",
)
@click.version_option(package_name="moonfleet", prog_name="moonfleet")
def app() -> None:
    """Coordinate rover fleets of several agencies on the Moon: simulate, watch, test."""


def guarded(call: Callable[[], Any]) -> int:
    """Run a command and return the exit code that its outcome means; what went wrong is said on stderr."""
    try:
        code = call()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return INVALID
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except ConfigError as error:
        click.echo(str(error), err=True)
        return INVALID
    except PluginError as error:
        click.echo(str(error), err=True)
        return CRASHED
    except BrokenPipeError:
        # Whoever read our output has closed it; that is their right.
        sys.stderr.close()
        return PASSED
    except Exception as error:
        import traceback  # noqa: PLC0415 - only when something is wrong

        traceback.print_exc()
        click.echo(f"internal error: {error}\nPlease report this with the lines above.", err=True)
        return INTERNAL
    return code if isinstance(code, int) else PASSED


def main() -> None:
    """Run the command line."""
    sys.exit(guarded(lambda: app(prog_name="moonfleet", standalone_mode=False)))
