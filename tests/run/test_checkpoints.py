"""A run that goes on from a checkpoint is the same run, and computes nothing of what was before it."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.core import Clock, ConfigError, RoverId, Tick
from fleet.messages import Briefing, Message, Observation, Plight, RoverAnswer
from fleet.runtime import NodeMaker
from sim.record import Recording
from sim.record.checkpoint import Checkpoint, last_checkpoint, pack_checkpoint, program_print
from sim.record.chunks import scan
from sim.record.entries import Entry
from sim.run import RunOptions, run
from sim.scenario import Scenario, load_scenario

_EVERY = 100  # Ticks.
_LIBRARY = ("agreement", "faults", "tow_rescue", "leader_lost")


class _Seen:
    """A node, and when it was first asked."""

    def __init__(self, node: Any, ticks: list[Tick]) -> None:
        self._node = node
        self._ticks = ticks

    def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:
        self._ticks.append(observation.tick)
        answer: RoverAnswer = self._node.step(observation, inbox)
        return answer

    def suffer(self, plight: Plight) -> None:
        self._node.suffer(plight)

    def snapshot(self) -> bytes:
        data: bytes = self._node.snapshot()
        return data

    def restore(self, data: bytes) -> None:
        self._node.restore(data)


def _watched(ticks: list[Tick]) -> Any:
    maker = NodeMaker()

    def make(briefing: Briefing, rover: RoverId) -> _Seen:
        return _Seen(maker(briefing, rover), ticks)

    return make


def _entries(file: Path) -> list[object]:
    return [(entry.kind, entry.json) for entry in Recording(file).stored()]


@pytest.fixture(scope="module")
def whole(troubled: Scenario, hasty: Callable[[], Clock], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A run with checkpoints that was never cut, and its digest; none of them changed anything."""
    file = tmp_path_factory.mktemp("whole") / "whole.mcap"
    result = run(troubled, RunOptions(bus="memory", record=file, checkpoint_every=_EVERY), clock=hasty())
    assert result.hub.digest == run(troubled, RunOptions(bus="memory")).hub.digest
    return file, result.hub.digest


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.0, 1.0))
def test_a_run_cut_at_any_byte_goes_on_from_its_last_checkpoint_to_the_same_digest(
    troubled: Scenario, whole: tuple[Path, str], hasty: Callable[[], Clock], tmp_path: Path, share: float
) -> None:
    data, file = whole[0].read_bytes(), tmp_path / "cut.mcap"
    chunks = scan(data).chunks
    first, last = chunks[0].offset + chunks[0].length, chunks[-1].offset
    file.write_bytes(data[: first + int((last - first) * share)])
    checkpoint = Recording(file).checkpoint()
    asked: list[Tick] = []

    options = RunOptions(bus="memory", record=file, resume=file)
    result = run(troubled, options, clock=hasty(), make_node=_watched(asked))

    assert result.hub.digest == whole[1]
    assert _entries(file) == _entries(whole[0])
    assert min(asked) > checkpoint.tick if checkpoint is not None else min(asked) == 0


@pytest.mark.parametrize("name", _LIBRARY)
def test_missions_of_all_kinds_go_on_from_checkpoints_again_and_again(
    name: str, scenarios: Path, tmp_path: Path
) -> None:
    scenario, file = load_scenario(scenarios / f"{name}.yaml"), tmp_path / "run.mcap"
    whole = run(scenario, RunOptions(bus="memory"))

    for until in (scenario.end * 3 // 7, scenario.end * 5 // 7, None):
        known = file if file.exists() else None
        options = RunOptions(bus="memory", record=file, resume=known, until=until, checkpoint_every=scenario.end // 7)
        result = run(scenario, options)

    assert (result.hub.digest, result.metrics) == (whole.hub.digest, whole.metrics)


@pytest.mark.parametrize("kind", ["reference", "secure"])
def test_the_reference_and_encrypted_hosts_go_on_from_checkpoints(
    kind: str, troubled: Scenario, whole: tuple[Path, str], tmp_path: Path
) -> None:
    options = RunOptions(bus="memory", reference=True) if kind == "reference" else RunOptions(hosts=2, secure=True)
    options = replace(options, record=tmp_path / "run.mcap", checkpoint_every=_EVERY)
    run(troubled, replace(options, until=450))

    again = run(troubled, replace(options, resume=options.record))

    assert again.hub.digest == whole[1]


class _Killer:
    """A sink that kills every host process once, some ticks after a checkpoint."""

    def __init__(self, children_of: Callable[[int], list[int]]) -> None:
        self._children_of = children_of
        self.killed = 0

    def write(self, entry: Entry) -> None:
        if not self.killed and getattr(entry, "tick", 0) > 2 * _EVERY + 50:
            for host in [host for nursery in self._children_of(os.getpid()) for host in self._children_of(nursery)]:
                os.kill(host, signal.SIGKILL)
                self.killed += 1

    def close(self) -> None:
        """Nothing is held open."""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_hosts_that_die_after_a_checkpoint_are_told_only_what_was_after_it(
    troubled: Scenario,
    whole: tuple[Path, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    children_of: Callable[[int], list[int]],
) -> None:
    killer = _Killer(children_of)
    options = RunOptions(hosts=2, record=tmp_path / "run.mcap", checkpoint_every=_EVERY)

    result = run(troubled, options, sinks=[killer])

    assert killer.killed >= 2
    assert "is started anew" in caplog.text
    assert result.hub.digest == whole[1]


@pytest.fixture
def _keeping_minds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minds of the tests, found by name."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def _with_mind(scenario: Scenario, mind: str) -> Scenario:
    """Return a mission in which this is the mind of a rover whose computer was off meanwhile."""
    agents = {"micro-1": f"keeping_minds:{mind}"}
    return replace(
        scenario, rovers=tuple(replace(spec, agent=agents.get(spec.id, spec.agent)) for spec in scenario.rovers)
    )


@pytest.mark.usefixtures("_keeping_minds")
@pytest.mark.parametrize(
    ("mind", "warning"),
    [
        ("Diligent", ""),
        ("Forgetful", "rover micro-1: agent keeping_minds:Forgetful: offers no snapshot() and restore()"),
        ("Careless", "gave int as its snapshot, not bytes"),
    ],
)
def test_minds_of_others_keep_what_they_know_or_the_run_goes_through_all_once_more(
    mind: str, warning: str, troubled: Scenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scenario, file, asked = _with_mind(troubled, mind), tmp_path / "run.mcap", list[Tick]()
    options = RunOptions(bus="memory", record=file, checkpoint_every=_EVERY)
    digest = run(scenario, RunOptions(bus="memory")).hub.digest
    with caplog.at_level(logging.WARNING):
        run(scenario, replace(options, until=450))

    again = run(scenario, replace(options, resume=file), make_node=_watched(asked))

    assert again.hub.digest == digest
    assert (min(asked) == 0) == bool(warning)
    assert warning in caplog.text
    assert caplog.text.count("no checkpoints") <= 2  # Once a run.


@pytest.mark.usefixtures("_keeping_minds")
def test_a_mind_that_cannot_read_what_it_wrote_is_named(troubled: Scenario, tmp_path: Path) -> None:
    scenario, file = _with_mind(troubled, "Confused"), tmp_path / "run.mcap"
    run(scenario, RunOptions(bus="memory", record=file, checkpoint_every=_EVERY, until=scenario.end // 2))

    with pytest.raises(ConfigError, match=r"rover micro-1: cannot take in.*Confused.*what is this\?"):
        run(scenario, RunOptions(bus="memory", record=file, resume=file))


def test_what_another_program_wrote_is_not_gone_back_to() -> None:
    def named(tick: Tick, program: bytes) -> tuple[str, bytes]:
        kept = Checkpoint(tick=tick, digest="", program=program, hub=b"", world=b"", rovers=())
        name, _, data = pack_checkpoint(tick - 1, kept)
        return name, data

    attachments = dict([named(1, program_print()), named(2, program_print()), named(3, b"other")])
    last = last_checkpoint(attachments, 9)

    assert last is not None
    assert last.tick == 2
    assert last_checkpoint({**attachments, named(2, b"")[0]: b"\x28\xb5\x2f\xfd broken"}, 9).tick == 1  # type: ignore[union-attr]
    assert last_checkpoint(attachments, 0) is None
