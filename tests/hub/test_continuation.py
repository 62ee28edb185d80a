"""A run that was cut short goes on as if nothing had been, wherever it was cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet.core import ConfigError, RoverId, WallClock
from sim.hub import Hub, HubResult, Outside, Pace, Past, Patience
from sim.record import Checkpoint, Exchange
from sim.record.entries import Faulted
from sim.scenario.fault import Silent

_MINDS = {"a1": "gossip", "a2": "gossip", "b1": "gossip", "b2": "broken", "c1": "unmade"}


class _Pages:
    """A journal that keeps what it is told."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def note(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)

    def keep(self, checkpoint: Checkpoint) -> None:
        raise AssertionError("the scripted world keeps nothing")

    def work(self, is_called: Callable[[], bool]) -> None:
        """Nothing waits."""

    def keep_up(self) -> None:
        """All is kept at once."""


def _run(
    desktop: Any, scenario: Any, past: Past | None = None, *, kind: str = "memory", sinks: Sequence[Any] = ()
) -> tuple[HubResult, list[Exchange]]:
    clock, pages = WallClock(), _Pages()
    with desktop.open(scenario, kind) as hosts:
        outside = Outside(
            clock=clock,
            pace=Pace(clock, dt=1.0),
            journal=pages,
            past=past,
            patience=Patience(greeting=60.0, answer=0.5),
            sun=lambda tick: (0.0, 0.1),
        )
        result = Hub(scenario, desktop.world(), hosts, sinks, outside).run()
    return result, pages.exchanges


@pytest.fixture(scope="module")
def whole(desktop: Any) -> tuple[HubResult, list[Exchange]]:
    """A run that was never cut."""
    return _run(desktop, desktop.scenario(_MINDS))


@given(data=st.data())
def test_it_goes_on_from_any_stop_to_the_same_digest(
    desktop: Any, whole: tuple[HubResult, list[Exchange]], data: st.DataObject
) -> None:
    result, exchanges = whole
    kept = data.draw(st.integers(0, len(exchanges)))
    ends: list[int] = []
    past = Past("run", exchanges[:kept])
    past.on_over = lambda: ends.append(kept)

    again, noted = _run(desktop, desktop.scenario(_MINDS), past)

    assert (again.digest, again.wakes, again.sent) == (result.digest, result.wakes, result.sent)
    assert noted == exchanges
    assert ends == [kept]


def test_host_processes_are_told_what_they_knew(desktop: Any, whole: tuple[HubResult, list[Exchange]]) -> None:
    result, exchanges = whole

    again, _ = _run(desktop, desktop.scenario(_MINDS), Past("run", exchanges[: len(exchanges) // 2]), kind="ipc")

    assert again.digest == result.digest


def test_a_rover_that_decides_otherwise_is_named_with_the_tick(
    desktop: Any, whole: tuple[HubResult, list[Exchange]]
) -> None:
    exchanges = list(whole[1])
    place = next(n for n, each in enumerate(exchanges) if each.tick > 9 and each.answers[0].rover == "a2")
    first, *others = exchanges[place].answers
    exchanges[place] = replace(exchanges[place], answers=(replace(first, wake=59), *others))

    with pytest.raises(ConfigError, match=rf"run: does not fit this run at tick {exchanges[place].tick}: rover a2"):
        _run(desktop, desktop.scenario(_MINDS), Past("run", exchanges[: place + 1]))


def test_a_past_in_which_others_were_asked_is_refused(desktop: Any, whole: tuple[HubResult, list[Exchange]]) -> None:
    exchanges = list(whole[1])
    place = next(n for n, each in enumerate(exchanges) if len(each.answers) > 1)
    exchanges[place] = replace(exchanges[place], answers=exchanges[place].answers[1:])

    with pytest.raises(ConfigError, match="was not asked then, otherwise than this time"):
        _run(desktop, desktop.scenario(_MINDS), Past("run", exchanges))


def test_a_rover_that_could_be_asked_and_cannot_be_made_now_is_named(
    desktop: Any, whole: tuple[HubResult, list[Exchange]]
) -> None:
    exchanges = [each for each in whole[1] if each.tick >= 0]

    with pytest.raises(ConfigError, match="rover c1 cannot be asked now: has no will to live"):
        _run(desktop, desktop.scenario(_MINDS), Past("run", exchanges))


def test_what_went_wrong_outside_goes_wrong_again(desktop: Any, whole: tuple[HubResult, list[Exchange]]) -> None:
    scenario = desktop.scenario(_MINDS)
    tick = whole[1][6].tick
    wanted = Silent(id="live-1", begin=tick, end=tick + 7, rover=RoverId("a1"))
    notebook = desktop.notebook()

    # What is wanted at the last stop that is known acts from there on, whoever is asked.
    past = [*whole[1][:6], replace(whole[1][6], faults=(wanted,))]
    result, noted = _run(desktop, scenario, Past("run", past), sinks=[notebook])
    again, _ = _run(desktop, scenario, Past("run", noted[:20]))

    began = [entry.fault for entry in notebook.entries if type(entry).__name__ == "FaultBegan"]
    assert began == [wanted]
    assert result.digest == again.digest != whole[0].digest


def test_rovers_of_a_host_that_died_stay_silent(desktop: Any) -> None:
    scenario = desktop.scenario({"a1": "die", "b1": "gossip"})
    first, second = desktop.notebook(), desktop.notebook()
    result, exchanges = _run(desktop, scenario, kind="ipc", sinks=[first])

    # In memory its death would be that of the test: it is not asked again what it died of.
    again, _ = _run(desktop, scenario, Past("run", exchanges), sinks=[second])

    assert [fault.rover for fault in first.of(Faulted)] == ["a1"] == [fault.rover for fault in second.of(Faulted)]
    assert again.digest == result.digest
