"""Rights in whole runs: who is refused, what is explained, and what becomes of an agency's work when it withdraws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from fleet.core import RoverId, TaskId
from fleet.messages import Award, ChargeStopped, Declined, TaskReport
from fleet.sdk import AgentView, Charge, Decision
from sim.record import Entry, Happened, Opening, Said
from sim.run import RunOptions, RunResult
from sim.scenario import Scenario, load_scenario
from sim.verdict import MetricsSink
from sim.verdict.explain import explain_task

Keep: TypeAlias = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]
FOLDER = Path(__file__).parents[2] / "scenarios"
MEMORY = RunOptions(bus="memory")


@pytest.fixture(scope="module")
def refused(run_and_keep: Keep) -> list[Entry]:
    """A mission in which an agency refuses work that it has not granted."""
    return run_and_keep(load_scenario(FOLDER / "sovereign_refusal.yaml"), MEMORY)[1]


@pytest.fixture(scope="module")
def left(run_and_keep: Keep) -> list[Entry]:
    """A mission that an agency leaves in its middle."""
    return run_and_keep(load_scenario(FOLDER / "withdrawal.yaml"), MEMORY)[1]


def _why(task: str, entries: list[Entry]) -> tuple[str, tuple[str, ...]]:
    (opening,) = (entry for entry in entries if isinstance(entry, Opening))
    story = explain_task(TaskId(task), opening, entries, 10**6)
    return story.state, story.why


def test_an_open_task_names_who_refuses_it_and_why(refused: list[Entry]) -> None:
    state, why = _why("chinese-survey", refused)

    told = "refused by suparco of SUPARCO: CNSA has no right to task suparco of SUPARCO: not in the agreement"
    assert (state, why[0]) == ("open", told)


def test_a_refusal_is_said_once_to_the_leader_however_often_the_task_is_offered(refused: list[Entry]) -> None:
    said = [entry.message for entry in refused if isinstance(entry, Said) and isinstance(entry.message.body, Declined)]

    assert [(message.sender, message.to) for message in said] == [("suparco", "lander")] * 2


def test_the_others_learn_within_the_minute_that_an_agency_has_withdrawn(left: list[Entry]) -> None:
    said = [entry.message for entry in left if isinstance(entry, Said)]
    back = [m for m in said if isinstance(m.body, TaskReport) and m.body.state == "returned"]
    awards = [m for m in said if isinstance(m.body, Award) and m.body.rover == "micro-1" and m.tick >= 3900]

    assert [(m.sender, m.body.task, m.body.reason) for m in back if isinstance(m.body, TaskReport)][:1] == [
        ("suparco", "chinese-survey", "SUPARCO has withdrawn from the mission")
    ]
    assert 3900 <= back[0].tick <= awards[0].tick <= 3960


def test_a_cancelled_task_names_who_has_withdrawn(left: list[Entry]) -> None:
    assert _why("pakistani-view", left) == ("cancelled", ("SUPARCO has withdrawn: its ground station is lost",))


_CHARGE = """\
moonfleet: 1
name: outlet
start: 2029-10-20T00:00:00Z
duration: 2h
site: {lat_deg: -84.6, lon_deg: 31.0}
terrain: {generate: {size_m: 240, pixel_m: 3, rocks_per_km2: 0, level: [{centre_m: [0, 0], radius_m: 160}]}}
agencies: [{id: CNSA}, {id: METU}]
RIGHTS
rovers:
  - {id: lander, agency: CNSA, vehicle: change8-lander, agent: lander, place: {at_m: [0, 0]}}
  - {id: micro, agency: METU, vehicle: metu-micro, agent: MIND, place: {at_m: [3.8, 0]}, charge_percent: 40}
coordinator: lander
docks: {source: lander, count: 6, ring_m: 8}
"""


class Thief:
    """A mind that plugs itself in where it stands, asked or not."""

    def __init__(self, _context: object) -> None:
        pass

    def decide(self, view: AgentView) -> Decision:
        return Decision(command=Charge(source=RoverId("lander"))) if view.tick == 0 else Decision()


@pytest.mark.parametrize(("rule", "charges"), [("allow", 1), ("refuse", 0)])
def test_an_outlet_opens_only_for_whom_its_agency_gives_charge(
    rule: str, charges: int, tmp_path: Path, run_and_keep: Keep
) -> None:
    file = tmp_path / "outlet.yaml"
    line = f"rights: [{{who: METU, what: charge, whose: CNSA, rule: {rule}}}]"
    file.write_text(_CHARGE.replace("RIGHTS", line).replace("MIND", f"{__name__}:Thief"))

    _, entries = run_and_keep(load_scenario(file), MEMORY)

    figures = MetricsSink()
    for entry in entries:
        figures.write(entry)
    metrics = figures.metrics()
    stopped = [e.event.reason for e in entries if isinstance(e, Happened) and isinstance(e.event, ChargeStopped)]
    assert metrics.rovers[RoverId("micro")].charges == charges
    assert (stopped[:1], metrics.refusals, metrics.wrongs) == (["full"] if charges else ["right"], 1 - charges, ())
