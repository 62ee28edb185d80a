"""The group of commands about ground."""

from __future__ import annotations

import click


@click.group(epilog="Example: moonfleet terrain info ground.terrain.tif")
def command() -> None:
    """Real and synthetic ground: what it is."""
