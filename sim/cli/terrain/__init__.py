"""`moonfleet terrain`: each of its commands is a module."""

from sim.cli.terrain.group import command
from sim.cli.terrain.render import render

__all__ = ["command", "render"]
