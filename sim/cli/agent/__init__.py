"""`moonfleet agent`: each of its commands is a module."""

from sim.cli.agent.check import check
from sim.cli.agent.group import command
from sim.cli.agent.new import new
from sim.cli.agent.plugins import list_plugins

__all__ = ["check", "command", "list_plugins", "new"]
