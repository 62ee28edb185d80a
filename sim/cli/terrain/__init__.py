"""`moonfleet terrain`: each of its commands is a module."""

from sim.cli.terrain.group import command

__all__ = ["command"]
