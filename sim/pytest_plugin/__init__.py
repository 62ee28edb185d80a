"""The pytest plugin: `pytest scenarios/` collects scenario files, one item for each variant and seed.

Every pytest run where Moonfleet is installed imports it, so that it imports next to nothing until a scenario is found.
"""

from sim.pytest_plugin.hooks import pytest_collect_file

__all__ = ["pytest_collect_file"]
