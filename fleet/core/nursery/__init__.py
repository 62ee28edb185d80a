"""Processes of ours that start at once: what is heavy is loaded in one of them, and the others are forked from it."""

from fleet.core.nursery.child import Child
from fleet.core.nursery.nursery import HOSTS, Process, Program, open_nursery, start_process
from fleet.core.nursery.order import PARENT

__all__ = ["HOSTS", "PARENT", "Child", "Process", "Program", "open_nursery", "start_process"]
