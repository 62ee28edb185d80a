"""Work that needs contact, as files say it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario import Problem, check_scenario, load_scenario

Check = Callable[[str, str], tuple[Problem, ...]]


def test_the_step_at_the_place_needs_the_contact_and_the_way_home_does_not(tmp_path: Path, good: str) -> None:
    file = tmp_path / "contact.yaml"
    file.write_text(good.replace("kg: 20, load_kg: 10,", "kg: 20, load_kg: 20, contact: coordinator,"))

    steps = {order.task.id: order.task.steps for order in load_scenario(file).orders}

    assert [step.contact for step in steps["b"]] == ["coordinator", "none"]  # type: ignore[index]
    assert [step.contact for step in steps["a"]] == ["none"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("work: 5m}", "work: 5m, contact: earth}", "20:55", id="work"),
        pytest.param(
            "stock: {regolith: 5}", "stock: {regolith: 5}\nradio: {orders_need_earth: true}", "15:28", id="orders"
        ),
    ],
)
def test_an_earth_that_no_machine_reaches_is_told_at_the_key(
    tmp_path: Path, good: str, old: str, new: str, told: str
) -> None:
    file = tmp_path / "deaf.yaml"
    deaf = "relay_kbit_s: 0, earth_kbit_s: 0}"
    text = good.replace("max_speed_m_s: 0.03}}", f"max_speed_m_s: 0.03, {deaf}, post: {{base: change8-lander, {deaf}}}")
    text = text.replace("vehicle: change8-lander", "vehicle: post")
    file.write_text(text.replace(old, new, 1))

    problems = check_scenario(file)

    fact = "no machine has a radio that reaches the Earth or the relay satellite"
    assert [(f"{one.line}:{one.column}", one.fact) for one in problems] == [(told, fact)]
