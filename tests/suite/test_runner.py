"""`moonfleet test`: every kind of end is told apart, and what failed is told so that it can be seen again."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from fleet.core import ConfigError
from sim.cli.app import app, guarded
from sim.suite.files import scenario_files
from tests.suite.conftest import SHORT, Outcome, Test, run_tests


def _rows(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {f"{Path(row['file']).stem}::{row['case']}": row for row in outcome.values["scenarios"]}


def test_each_variant_and_seed_is_a_case_and_each_kind_of_end_has_its_code(whole: Outcome) -> None:
    found = {name: (row["verdict"], row["exit_code"]) for name, row in _rows(whole).items()}

    assert found == {
        "a-good::seed-8": ("pass", 0),
        "a-good::seed-9": ("pass", 0),
        "a-good::far-seed-8": ("fail", 0),
        "a-good::near-seed-8": ("pass", 1),
        "b-fails::seed-8": ("fail", 1),
        "c-invalid::": ("invalid", 2),
        "d-crash::seed-8": ("crash", 3),
        "e-breaks::seed-8": ("fail", 3),
    }
    assert list(found) == sorted(found, key=lambda name: name.partition("::")[0])
    assert (whole.code, whole.values["passed"], whole.values["failed"]) == (3, 3, 5)
    assert "Traceback" not in whole.out + whole.err


def test_a_failure_says_expected_got_when_which_rover_and_the_line(whole: Outcome, folder: Path) -> None:
    (failure,) = _rows(whole)["b-fails::seed-8"]["failures"]

    text = (folder / "all" / "b-fails.yaml").read_text(encoding="utf-8").splitlines()
    file, _, line = failure["place"].rpartition(":")
    assert file == "all/b-fails.yaml"
    assert text[int(line) - 1] == "  - min_separation_m: 99"
    assert (failure["name"], failure["expected"]) == ("min_separation_m", "at least 99")
    assert failure["got"].endswith("between cnsa-rover and lander")
    assert failure["at_s"] == 0.0
    assert failure["when"] == "0d 00:00:00"
    assert failure["rover"] == "cnsa-rover"
    assert "\n    at 0d 00:00:00, rover cnsa-rover\n" in whole.err


def test_what_should_fail_and_does_not_is_told_at_the_variants_line(whole: Outcome, folder: Path) -> None:
    (failure,) = _rows(whole)["a-good::near-seed-8"]["failures"]

    line = int(failure["place"].rpartition(":")[2])
    text = (folder / "all" / "a-good.yaml").read_text(encoding="utf-8").splitlines()
    assert text[line - 1].startswith("  - {id: near,")
    assert (failure["expected"], failure["got"]) == ("exactly distance_m to fail", "nothing failed")


def test_the_commands_replay_and_view_the_same_run(
    whole: Outcome, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = _rows(whole)["a-good::near-seed-8"]
    monkeypatch.chdir(folder)

    _, *words = shlex.split(row["replay"])
    code = guarded(lambda: app(words, standalone_mode=False))

    assert code == 0
    assert row["digest"] in capsys.readouterr().out
    assert row["view"].split()[:2] == ["moonfleet", "view"]
    assert Path(row["view"].split()[2]).is_file()


def test_an_invalid_file_is_told_with_line_and_remedy(whole: Outcome) -> None:
    (error,) = _rows(whole)["c-invalid::"]["errors"]

    assert error.startswith("all/c-invalid.yaml:25:5: key 'agent' is missing")
    assert "unknown key 'agnet'" in error
    assert "did you mean 'agent'?" in error


def test_a_crash_costs_its_own_case_only(whole: Outcome) -> None:
    assert _rows(whole)["d-crash::seed-8"]["errors"] == ["the process ended with code 13"]
    assert "ValueError" in _rows(whole)["e-breaks::seed-8"]["errors"][0]


def test_only_what_failed_and_is_chosen_by_words_and_tags_is_run_until_the_first_failure(
    whole: Outcome, folder: Path
) -> None:
    words = ("-k", "(short or b-fails) and not bad", "--last-failed", "-x", "-j", "1", "--json")

    again = run_tests(folder, "all/a-good.yaml", "all/b-fails.yaml", *words)

    assert [(row["file"], row["case"]) for row in again.values["scenarios"]] == [("all/a-good.yaml", "near-seed-8")]
    assert (again.code, again.values["found"], again.values["not_run"]) == (1, 5, 1)


def test_nothing_chosen_is_no_success(moonfleet_test: Test, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SHORT, encoding="utf-8")

    none = moonfleet_test("a.yaml", "-k", "nosuch", "-j", "1")

    assert (none.code, none.err.strip()) == (2, "-k: none of 1 cases is chosen")


def test_a_folder_without_scenarios_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("services:\n  moonfleet: 1\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="holds no scenario"):
        scenario_files([tmp_path])


def test_a_run_that_depends_on_the_shape_it_is_run_in_is_found_with_the_first_difference(
    moonfleet_test: Test, tmp_path: Path
) -> None:
    dices = 'agent: "rough_minds:Dices", place: {at_m: [-12, 8]}'
    text = SHORT.replace("agent: micro, place: {at_m: [-12, 8]}", dices)
    (tmp_path / "dices.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "good.yaml").write_text(SHORT, encoding="utf-8")

    outcome = moonfleet_test("dices.yaml", "good.yaml", "--twice", "--json", "-j", "2")

    dices_row, good = outcome.values["scenarios"]
    assert (outcome.code, good["verdict"], good["exit_code"]) == (1, "pass", 0)
    assert (dices_row["verdict"], dices_row["exit_code"]) == ("differs", 1)
    assert "entry " in dices_row["failures"][0]["got"]
