"""Expectations over moments, each met and not met, on a story of six moments that a reader sees whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import AgencyId, Pose, RoverId, TaskId
from fleet.messages import Activity, Award, Message, Step, Task, TaskReport
from sim.record.entries import Entry, Frame, Opening, RoverEntry, RoverFrame, Said, TaskChanged, TaskEntry
from sim.scenario import Expectation
from sim.scenario.yaml_tree import frozen
from sim.verdict import Finding, MomentWatch

A, B, T = RoverId("a"), RoverId("b"), TaskId("t")

# One tick is 2 s. Of a: place on x, charge, what it does; then the same of b; who hears whom; stock of bricks.
STORY: tuple[tuple[int, tuple[float, float, Activity], tuple[float, float, Activity], bool, float], ...] = (
    (0, (0.0, 0.90, "idle"), (10.0, 0.80, "idle"), True, 0.0),
    (10, (0.0, 0.85, "driving"), (10.0, 0.70, "idle"), True, 0.0),
    (20, (4.0, 0.60, "driving"), (10.0, 0.60, "idle"), False, 1.0),
    (30, (8.0, 0.40, "working"), (10.0, 0.50, "driving"), False, 2.0),
    (40, (8.0, 0.30, "working"), (14.0, 0.40, "driving"), True, 2.0),
    (50, (8.0, 0.35, "idle"), (14.0, 0.38, "idle"), True, 4.0),
)
RUNS, WORKS = {"task": "t", "state": "running"}, {"rover": "a", "state": "working"}
CHANGES = ((10, "open", None, 0), (20, "running", A, 0), (40, "running", A, 1), (50, "done", A, 2))


def _entry(rover: RoverId) -> RoverEntry:
    return RoverEntry(
        rover=rover, title=rover, agency=AgencyId("X"), vehicle="v", vehicle_title="", radius=0.5, battery=1.0,
        can_drive=True, pose=Pose(x=0.0, y=0.0, heading=0.0),
    )  # fmt: skip


def _body(rover: RoverId, told: tuple[float, float, Activity]) -> RoverFrame:
    x, battery, activity = told
    return RoverFrame(
        rover=rover, x=x, y=0.0, heading=0.0, battery=battery, light=float(battery > 0.5), power=5.0,
        activity=activity, task=None, payload=0.0, distance=x, energy=3600.0 * x, temperature=273.15 + x,
        earth="direct" if x < 8.0 else "none",
    )  # fmt: skip


def _said(tick: int, sender: RoverId, seq: int, body: Any) -> Said:
    return Said(message=Message(tick=tick, sender=sender, seq=seq, to=A, body=body), heard=((A, tick + 1),), lost=())


def entries() -> Iterator[Entry]:
    """The whole story."""
    yield Opening(
        scenario="s", title="S", file="s.yaml", text="", seed=1, start="2029-10-20T00:00:00+00:00", dt=2.0, end=50,
        coordinator=A, agencies=((AgencyId("X"), "X", "#000000"),), rovers=(_entry(A), _entry(B)),
        tasks=(TaskEntry(task=T, kind="image", title="T", agency=AgencyId("X"), places=(), after=(), at=0),),
        docks=(),
    )  # fmt: skip
    task = Task(
        id=T, kind="image", title="T", agency=AgencyId("X"),
        steps=(Step(place=(0.0, 0.0), radius=1.0, work=1, capability="image"),),
    )  # fmt: skip
    for tick, a, b, hears, bricks in STORY:
        for at, state, rover, step in CHANGES:
            if at == tick:
                yield TaskChanged(tick=tick, task=T, state=state, rover=rover, step=step)
        if tick == 10:
            yield _said(tick, B, 1, Award(round=1, task=task, rover=A, cost=1.0))
        if tick in (20, 50):
            yield _said(tick, B, tick, TaskReport(task=T, state="running"))
        links = ((A, B),) if hears else ()
        rovers = (_body(A, a), _body(B, b))
        yield Frame(tick=tick, sun=(0.0, 0.1 * tick / 50), rovers=rovers, links=links, stock={"bricks": bricks})


def follow(rule: str, value: object) -> Finding:
    """Return what came of one expectation over the story."""
    watch = MomentWatch([Expectation(name=rule, value=frozen(value), line=1)])
    for entry in entries():
        watch.write(entry)
    (finding,) = watch.findings().values()
    return finding


@pytest.mark.parametrize(
    ("condition", "ticks"),
    [
        pytest.param({"rover": "a", "state": "driving"}, (10, 20), id="state"),
        pytest.param({"rover": "a", "state": ["driving", "working"]}, (10, 20, 30, 40), id="states"),
        pytest.param({"rover": "a", "battery_percent": {"at_least": 60}}, (0, 10, 20), id="battery"),
        pytest.param({"rover": "b", "battery_percent": {"at_least": 45, "at_most": 65}}, (20, 30), id="both bounds"),
        pytest.param({"rover": "a", "distance_m": {"at_least": 8}}, (30, 40, 50), id="distance"),
        pytest.param({"rover": "a", "energy_wh": {"at_most": 3.9}}, (0, 10), id="energy"),
        pytest.param({"rover": "a", "x_m": {"at_least": 4, "at_most": 5}}, (20,), id="x"),
        pytest.param({"rover": "a", "y_m": {"at_least": 1}}, (), id="y"),
        pytest.param({"rover": "a", "light": {"at_most": 0}}, (30, 40, 50), id="light"),
        pytest.param({"rover": "a", "temperature_c": {"at_least": 7.99}}, (30, 40, 50), id="temperature"),
        pytest.param({"rover": "a", "power_w": {"at_least": 5}}, (0, 10, 20, 30, 40, 50), id="power"),
        pytest.param({"rover": "a", "payload_kg": {"at_least": 0.1}}, (), id="payload"),
        pytest.param({"rover": "a", "earth": "none"}, (30, 40, 50), id="earth"),
        pytest.param({"rover": "a", "links": {"at_least": 1}}, (0, 10, 40, 50), id="links"),
        pytest.param({"rover": "b", "other": "a", "hears": False}, (20, 30), id="hears"),
        pytest.param({"rover": "b", "other": "a", "reaches": True}, (0, 10, 40, 50), id="reaches"),
        pytest.param({"rover": "a", "other": "b", "separation_m": {"at_most": 1}}, (30,), id="separation"),
        pytest.param({"task": "t", "state": "running"}, (20, 30, 40), id="task"),
        pytest.param({"task": "t", "step": {"at_least": 1}}, (40, 50), id="step"),
        pytest.param({"task": "t", "holder": "a"}, (20, 30, 40, 50), id="holder"),
        pytest.param({"stock": "bricks", "amount": {"at_least": 2}}, (30, 40, 50), id="stock"),
        pytest.param({"tasks_done": {"at_least": 1}}, (50,), id="tasks done"),
        pytest.param({"sun_elevation_deg": {"at_least": 4.5}}, (40, 50), id="sun"),
        pytest.param({"not": {"rover": "a", "state": "idle"}}, (10, 20, 30, 40), id="not"),
        pytest.param(
            {"all": [{"rover": "a", "state": "driving"}, {"rover": "b", "state": "idle"}]}, (10, 20), id="all"
        ),
        pytest.param(
            {"any": [{"rover": "a", "state": "idle"}, {"rover": "b", "state": "driving"}]}, (0, 30, 40, 50), id="any"
        ),
        pytest.param({"rover": "nobody", "state": "idle"}, (), id="nobody"),
    ],
)
def test_a_condition_is_so_at_these_moments(condition: dict[str, Any], ticks: tuple[int, ...]) -> None:
    moments = [tick for tick, *_ in STORY]

    so = [
        tick
        for tick in moments
        if follow("eventually", {**condition, "from": 2.0 * tick, "until": 2.0 * tick + 1.0}).passed
    ]

    assert tuple(so) == ticks
    assert follow("always", condition).passed is (len(ticks) == len(moments))


@pytest.mark.parametrize(
    ("rule", "value", "passed", "told"),
    [
        pytest.param(
            "always",
            {"rover": "each", "battery_percent": {"at_least": 36}},
            False,
            ("battery_percent of a is 30 at 0d 00:01:20", 40, "a"),
            id="always not",
        ),
        pytest.param(
            "always",
            {"rover": "each", "battery_percent": {"at_least": 30}},
            True,
            ("so for each", None, None),
            id="always each",
        ),
        pytest.param(
            "always",
            {"rover": "a", "state": "idle", "until": 19},
            True,
            ("always so", None, None),
            id="always until",
        ),
        pytest.param(
            "eventually",
            {"rover": "each", "state": "working"},
            False,
            ("never; state of b is idle at 0d 00:01:40", 50, "b"),
            id="eventually not each",
        ),
        pytest.param(
            "within",
            {"time": 20, "after": RUNS, "then": WORKS},
            True,
            ("1 times so", None, None),
            id="within",
        ),
        pytest.param(
            "within",
            {"time": 19, "after": RUNS, "then": WORKS},
            False,
            ("state of t running at 0d 00:00:40, and then state of a is working", 30, "a"),
            id="within not",
        ),
        pytest.param(
            "within",
            {"time": 90, "after": {"task": "t", "state": "done"}, "then": {"rover": "a", "state": "down"}},
            True,
            ("0 times so, 1 open at the end", None, None),
            id="within open",
        ),
        pytest.param(
            "until",
            {"hold": {"rover": "b", "state": "idle"}, "then": WORKS},
            True,
            ("until 0d 00:01:00", 30, None),
            id="until",
        ),
        pytest.param(
            "until",
            {"hold": {"rover": "b", "state": "idle"}, "then": {"task": "t", "state": "done"}},
            False,
            ("state of b is driving at 0d 00:01:00, before that", 30, "b"),
            id="until not held",
        ),
        pytest.param(
            "until",
            {"hold": {"rover": "a", "y_m": {"at_most": 0}}, "then": {"rover": "a", "state": "lost"}},
            False,
            ("state of a is idle at the end", 50, "a"),
            id="until never",
        ),
        pytest.param(
            "lasts",
            {"when": {"rover": "a", "light": {"at_most": 0}}, "at_least": 40, "at_most": 40},
            True,
            ("for 0d 00:00:40", None, "a"),
            id="lasts",
        ),
        pytest.param(
            "lasts",
            {"when": {"rover": "a", "light": {"at_most": 0}}, "at_most": 39},
            False,
            ("for 0d 00:00:40", 50, "a"),
            id="lasts too long",
        ),
        pytest.param(
            "said",
            {"kind": "TaskReport", "sender": "b", "at_least": 2},
            True,
            ("2, the last at 0d 00:01:40", 50, "b"),
            id="said",
        ),
        pytest.param(
            "said",
            {"kind": "TaskReport", "heard_by": "b", "at_least": 1},
            False,
            ("none", 50, None),
            id="not heard",
        ),
        pytest.param(
            "said",
            {"kind": "Award", "at_most": 0},
            False,
            ("1, one at 0d 00:00:20", 10, "b"),
            id="said too often",
        ),
        pytest.param("said", {"kind": "Award", "from": 21, "at_most": 0}, True, ("none", None, None), id="said before"),
    ],
)
def test_each_rule_is_met_or_says_when_and_who(
    rule: str, value: Mapping[str, Any], passed: bool, told: tuple[str, int | None, str | None]
) -> None:
    finding = follow(rule, value)

    assert (finding.passed, finding.got, finding.tick, finding.rover) == (passed, *told)


_NUMBERS = st.integers(0, 100)


@given(_NUMBERS, _NUMBERS, st.sampled_from(["a", "b", "each"]))
def test_what_is_always_so_is_never_otherwise(low: int, high: int, rover: str) -> None:
    condition = {"rover": rover, "battery_percent": {"at_least": low, "at_most": high}}
    always = follow("always", condition)
    otherwise = follow("lasts", {"when": {"not": condition}, "at_least": 1})
    ever = [
        follow("eventually", {"not": {**condition, "rover": name}}) for name in ("a", "b") if rover in (name, "each")
    ]

    assert always.passed is not any(finding.passed for finding in ever)
    assert always.passed is False or otherwise.passed is False


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("some_checks")

    class Counts:
        """So many entries."""

        def __init__(self, arguments: Mapping[str, Any]) -> None:
            self._wanted = arguments["entries"]
            self._count = 0

        def write(self, entry: Entry) -> None:
            self._count += 1

        def finding(self) -> Finding:
            return Finding(self._count == self._wanted, f"{self._wanted} entries", str(self._count), 3, A)

    class Raises(Counts):
        """Breaks when it is told something."""

        def write(self, entry: Entry) -> None:
            raise RuntimeError("no")

    class Nonsense(Counts):
        """Says nothing that is a finding."""

        def finding(self) -> Finding:
            return "fine"  # type: ignore[return-value]  # what a plugin may do

    for kind in (Counts, Raises, Nonsense):
        setattr(module, kind.__name__, kind)
    monkeypatch.setitem(sys.modules, "some_checks", module)
    return module


@pytest.mark.parametrize(
    ("plugin", "passed", "got"),
    [
        pytest.param("some_checks:Counts", True, "14", id="its finding"),
        pytest.param("some_checks:Raises", False, "it broke: RuntimeError: no", id="raises"),
        pytest.param("some_checks:Nonsense", False, "it broke: gave str, which is no Finding", id="nonsense"),
        pytest.param(
            "some_checks:Nothing", False, "it broke: plugin some_checks:Nothing: cannot be imported", id="none"
        ),
        pytest.param("nosuch", False, "it broke: check 'nosuch': there is none of this name", id="no entry point"),
    ],
)
def test_a_check_of_a_plugin_says_what_came_of_it(checks: ModuleType, plugin: str, passed: bool, got: str) -> None:
    finding = follow("check", {"plugin": plugin, "arguments": {"entries": 14}})

    assert finding.passed is passed
    assert finding.got.startswith(got)
