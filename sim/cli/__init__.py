"""The command `moonfleet`."""

from sim.cli.app import main

__all__ = ["main"]
