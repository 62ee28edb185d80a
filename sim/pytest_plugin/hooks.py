"""What pytest calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.pytest_plugin.nodes import ScenarioFile
from sim.suite import is_scenario


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect scenarios, and leave everybody else's YAML files alone."""
    if not is_scenario(file_path):
        return None
    collector: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
    return collector
