"""Scenarios as tests: found, chosen, run in worker processes, judged, and told of.

Only what is cheap to import stands here; whoever runs scenarios takes `sim.suite.suite` or `sim.suite.perform`.
"""

from sim.suite.recognise import is_scenario

__all__ = ["is_scenario"]
