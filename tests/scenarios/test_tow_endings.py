"""Tows that do not end as they should: another leader in the middle of one, and one that is given up on the way."""

from __future__ import annotations

from pathlib import Path

from fleet.messages import TowAnswer, TowClaim
from sim.record import Recording, Said
from sim.run import RunOptions, run
from sim.scenario import cases_of, load_scenario

FILE = Path(__file__).parents[2] / "scenarios" / "tow_rescue.yaml"


def test_reference_agrees_bit_for_bit_on_a_tow_that_changes_its_leader() -> None:
    case = next(case for case in cases_of(FILE) if case.name.startswith("leader-lost"))
    scenario = load_scenario(FILE, settings=case.settings)

    results = [
        run(scenario, RunOptions(bus="memory", until=7800, reference=reference)).hub for reference in (False, True)
    ]

    assert results[0].digest == results[1].digest


def test_a_tow_that_is_given_up_on_the_way_leaves_both_machines_ground_of_their_own(tmp_path: Path) -> None:
    scenario = load_scenario(FILE, settings={"orders": [{"order": "cancel", "task": "bring-home", "at": "2h"}]})
    file = tmp_path / "tow.mcap"

    result = run(scenario, RunOptions(bus="memory", until=9000, record=file))

    said = [entry.message.body for entry in Recording(file).entries() if isinstance(entry, Said)]
    claims = [body for body in said if isinstance(body, TowClaim)]
    assert [body.left is None for body in claims] == [True, False]
    assert sum(isinstance(body, TowAnswer) for body in said) == 2
    assert result.metrics.trespasses == ()
