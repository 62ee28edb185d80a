"""The group of commands about ground."""

from __future__ import annotations

import click


@click.group(epilog="Example: moonfleet terrain info ground.terrain.tif")
def command() -> None:
    """Bring real ground in, generate ground, say what it is, draw it."""
