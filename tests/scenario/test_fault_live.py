"""Faults told to a run that goes on: read and refused as in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.core import ConfigError
from sim.scenario import LiveFaults, load_scenario
from sim.scenario.fault import RadioJam, Silent


@pytest.fixture
def live(good: str, tmp_path: Path) -> LiveFaults:
    """For the good file."""
    file = tmp_path / "good.yaml"
    file.write_text(good)
    return LiveFaults(load_scenario(file))


def test_times_count_from_now_and_each_fault_has_a_name_of_its_own(live: LiveFaults) -> None:
    text = "{fault: silent, rover: r1, for: 5m}, {fault: silent, rover: r1, at: 1m}"

    first, second = (live.faults(item, 100) for item in live.read(text))

    assert first == (Silent(id="silent-live-1", begin=100, end=400, rover="r1"),)  # type: ignore[arg-type]
    assert second == (Silent(id="silent-live-2", begin=160, end=None, rover="r1"),)  # type: ignore[arg-type]


def test_a_place_may_be_named(live: LiveFaults) -> None:
    (item,) = live.read("{fault: radio_jam, centre: lander, radius_m: 5}")

    (jam,) = live.faults(item, 0)

    assert isinstance(jam, RadioJam)
    assert jam.centre == (0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{fault: silent, rover: r2}", "there is no rover 'r2'"),
        ("{fault: silnt, rover: r1}", "did you mean 'silent'"),
        ("silent", "must be a mapping"),
        ("", "at least 1 item"),
        ("{fault: silent", "fault:1:"),
        ("{fault: silent, rover: r1}]\nx: [", "one line"),
        ("[" * 5000, "at most 4096 characters"),
        ("*a", "fault:1:"),
    ],
)
def test_what_is_no_fault_is_refused_with_what_is_wrong(live: LiveFaults, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        live.read(text)

    assert told in str(caught.value)
