"""Faults that somebody who steers a run wants, told as a scenario file tells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from fleet.core import Tick
from sim.scenario.fault import Fault
from sim.scenario.fault_check import Cast, fault_problems
from sim.scenario.fault_draw import FaultDraw
from sim.scenario.fault_schema import AnyFault, FaultItem
from sim.scenario.live_text import read_live
from sim.scenario.place_schema import Strict
from sim.scenario.problems import ScenarioError
from sim.scenario.scenario import Scenario


class _Wanted(Strict):
    faults: Annotated[list[AnyFault], Field(min_length=1, max_length=20)]


class LiveFaults:
    """Reads and draws faults for one run.

    Parameters
    ----------
    scenario
        That is being run.
    earlier
        Wanted of it before it was cut short, in a run that goes on.
    """

    def __init__(self, scenario: Scenario, earlier: Sequence[Fault] = ()) -> None:
        standing = {str(spec.id): spec.pose.point for spec in scenario.rovers}
        self._draw = FaultDraw(
            seed=scenario.seed,
            time=scenario.time,
            fleet={spec.id: spec.agency for spec in scenario.rovers},
            places={**standing, **scenario.places},
        )
        self._cast = Cast(
            agency_of={str(spec.id): str(spec.agency) for spec in scenario.rovers},
            places=tuple(scenario.places),
            duration=scenario.time.seconds(scenario.end),
        )
        self._drawn = len(earlier)  # Or fewer: that no two have one name is all that matters.

    def read(self, text: str) -> tuple[FaultItem, ...]:
        """Return what is wanted by a text such as ``{fault: silent, rover: scout, for: 5m}``, or several of them.

        Raises
        ------
        ConfigError
            When it is none; says where and what to do.
        """
        wanted, yaml = read_live("fault", text, _Wanted)
        problems = [
            problem
            for index, item in enumerate(wanted.faults)
            for problem in fault_problems(yaml, ("faults", index), item, self._cast)
        ]
        if problems:
            raise ScenarioError(problems)
        return tuple(wanted.faults)

    def faults(self, item: FaultItem, now: Tick) -> tuple[Fault, ...]:
        """Return the faults that an item stands for; its times count from now."""
        self._drawn += 1
        return self._draw.faults(f"{item.fault}-live-{self._drawn}", item, since=now)
