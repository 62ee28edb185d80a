"""The group of commands about plugins."""

from __future__ import annotations

import click


@click.group(epilog="Example: moonfleet agent check micro")
def command() -> None:
    """Plugins found and refused, with the reason; a package to start from; a check by the rules."""
