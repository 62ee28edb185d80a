"""`moonfleet plan --at` says what to do, and what would become of who sets out at once on the quickest way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Moonfleet = Callable[..., tuple[int, str, str]]

SCENARIO = Path(__file__).parents[2] / "scenarios" / "shadow_way.yaml"
OVER = ("--from", "-305,60", "--to", "300,-40", "--vehicle", "small-micro", "--at", "0h", "--reserve", "30")


def test_a_plan_around_a_shadow_tells_where_the_quickest_way_ends(moonfleet: Moonfleet) -> None:
    code, out, err = moonfleet("plan", SCENARIO, *OVER, "--charge", "70", "-o", "way.png", "--json")
    _, text, _ = moonfleet("plan", SCENARIO, *OVER, "--charge", "70")

    values = json.loads(out)
    hasty = values["at_once"]
    assert (code, err) == (0, "wrote way.png\n")
    assert Path("way.png").read_bytes().startswith(b"\x89PNG")
    assert values["least_wh"] >= 3.0
    assert hasty["least_wh"] == 0.0
    assert hasty["empty"]
    assert hasty["least_at"].startswith("2029-10-26T02:1")
    assert hasty["least_point"] == pytest.approx([60.0, 0.0], abs=10.0)
    assert text.splitlines()[-1].startswith("on the quickest way, at once, the battery is empty at 10-26 02:1")


def test_a_plan_that_is_the_quickest_way_has_no_other_to_tell_of(moonfleet: Moonfleet) -> None:
    near = ("--from", "-305,60", "--to", "-310,90", "--vehicle", "small-micro", "--at", "0h")
    _, out, _ = moonfleet("plan", SCENARIO, *near, "--json")

    assert json.loads(out)["at_once"] is None
