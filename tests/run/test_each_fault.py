"""Each kind of fault alone: it strikes, nobody is hurt, the run ends, and plain code gives the same digest."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from sim.run import RunOptions, run
from sim.scenario import Scenario
from sim.scenario.fault import Fault, kind_of

Variant = Callable[..., Scenario]

FAULTS = {
    "message_loss": "{fault: message_loss, share: 0.3}",
    "message_corruption": "{fault: message_corruption, share: 0.3}",
    "message_delay": "{fault: message_delay, share: 0.3, delay: 5s, spread: 30s}",
    "message_duplication": "{fault: message_duplication, share: 0.5, spread: 30s}",
    "silent": "{fault: silent, rover: micro-1, at: 20, for: 5m}",
    "partition": "{fault: partition, groups: [[micro-1, micro-2]], at: 20, for: 5m}",
    "radio_jam": "{fault: radio_jam, centre: {at_m: [-20, 0]}, radius_m: 15, at: 20, for: 5m}",
    "obstacle": "{fault: obstacle, centre: {at_m: [-9, 4]}, radius_m: 0.7, at: 40, for: 30m}",
    "agent_crash": "{fault: agent_crash, rover: micro-1, at: 60, for: 5m}",
    "host_loss": "{fault: host_loss, agency: METU, at: 60, for: 5m}",
    "slow_agent": "{fault: slow_agent, rovers: all, delay: 7s}",
    "held": "{fault: held, rovers: all, at: 60, for: 5m}",
    "stuck_wheel": "{fault: stuck_wheel, rovers: any, count: 2, between: [20, 90], for: 5m}",
    "dead_panel": "{fault: dead_panel, rovers: all}",
    "battery_fade": "{fault: battery_fade, rovers: all, share: 0.5}",
    "wrong_position": "{fault: wrong_position, rovers: all, error_m: 0.3}",
}
COORDINATOR_OFF = "{fault: host_loss, rover: lander, at: 60, for: 5m}"


def test_every_kind_is_here() -> None:
    assert set(FAULTS) == {str(kind.__struct_config__.tag) for kind in get_args(Fault)}


@pytest.mark.parametrize("item", [*FAULTS.values(), COORDINATOR_OFF], ids=[*FAULTS, "coordinator-off"])
def test_the_work_gets_done_and_nobody_is_hurt(variant: Variant, item: str) -> None:
    scenario = variant(("duration: 10m", "duration: 70m"), ("expect:\n", f"faults:\n  - {item}\nexpect:\n"))

    compiled = run(scenario, RunOptions(bus="memory"))
    plain = run(scenario, RunOptions(bus="memory", reference=True))

    assert compiled.hub.digest == plain.hub.digest
    assert {kind_of(began.fault) for began in compiled.metrics.suffered} == {kind_of(f) for f in scenario.faults}
    assert (compiled.hub.reason, compiled.metrics.collisions) == ("finished", 0)
    assert compiled.metrics.tasks_in("done") == 3
    if "wrong_position" not in item:
        assert compiled.metrics.trespasses == ()
