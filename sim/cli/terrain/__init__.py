"""`moonfleet terrain`: each of its commands is a module."""

from sim.cli.terrain.generate import generate
from sim.cli.terrain.group import command
from sim.cli.terrain.info import info
from sim.cli.terrain.product import import_product
from sim.cli.terrain.render import render

__all__ = ["command", "generate", "import_product", "info", "render"]
