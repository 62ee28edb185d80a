"""Files of older formats: read as if they were new, told of, and rewritten word by word."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.core import ConfigError
from sim.cli.app import app, guarded
from sim.scenario import (
    NEWEST,
    ScenarioError,
    cases_of,
    check_scenario,
    is_shipped,
    migrations,
    scenario_tree,
    shipped_scenario,
)
from sim.scenario.formats import later_name
from sim.scenario.reading import read_text

_FIRST = Path(__file__).parent / "first_release"
_OLD = """\
# A morning of digging
moonfleet: 1   # the first
name: old
start: 2029-10-20T00:00:00Z
duration: 2h
site: {lat_deg: -84.6, lon_deg: 31.0}
terrain: {generate: {size_m: 300, pixel_m: 5}}
agencies: [{id: CNSA}]
rovers:
  - {id: lander, agency: CNSA, vehicle: change8-lander, agent: lander, place: {level: true, "near_m": [0, 0]}}
  - id: digger
    agency: CNSA
    vehicle: cnsa-rover
    agent: prospector
    place: &beside {near: lander, max_m: 40, tilt_max_deg: 9} # flat
coordinator: lander
places: {kg: {at_m: [20, 0]}, pit: *beside}
tasks:
  - {id: dig, kind: haul, from: pit, to: kg, 'kg': 20, load_kg: 10, work: 5m, stock: regolith, at_time: 1h, near_m: 3}
expect:
  - faults: 0
  - expected_faults: [digger]
matrix: {tasks.dig.kg: [20, 30], places.pit: [{near: lander, max_m: 30, tilt_max_deg: 5}]}
variants:
  - {id: a, set: {expect.faults: 1, expect.2.expected_faults: [], tasks.dig.at_time: 5m}, must_fail: [faults]}
"""
_WORDS = (
    ("moonfleet: 1 ", "moonfleet: 2 "), ('"near_m"', '"centre_m"'), ("tilt_max_deg", "max_tilt_deg"),
    ("'kg'", "'total_kg'"), ("dig.kg", "dig.total_kg"), ("expected_faults", "broken"), ("at_time", "ordered_at"),
    ("  - faults", "  - agents_broken"), ("expect.faults", "expect.agents_broken"), ("[faults]", "[agents_broken]"),
)  # fmt: skip


def _new(text: str) -> str:
    for old, new in _WORDS:
        text = text.replace(old, new)
    return text


def _written(folder: Path, text: str, name: str = "old.yaml") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def _migrated(file: Path) -> str:
    for migration in migrations([file]):
        migration.write()
    return file.read_bytes().decode()


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param(lambda text: text, id="as it is"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="lines of Windows"),
        pytest.param(lambda text: "\ufeff" + text, id="a byte order mark"),
        pytest.param(lambda text: text.replace("# flat", "# über 🌕: tilt is max"), id="letters of all kinds"),
    ],
)
def test_only_what_is_called_otherwise_is_rewritten(tmp_path: Path, layout: object) -> None:
    assert callable(layout)

    text = _migrated(_written(tmp_path, layout(_OLD)))

    assert text == layout(_new(_OLD))
    assert migrations([tmp_path / "old.yaml"])[0].edits == ()


def test_an_old_file_is_read_as_if_it_were_new(tmp_path: Path) -> None:
    old = _written(tmp_path, _OLD.replace(" [faults]", " []"))
    new = _written(tmp_path, _new(_OLD).replace(" [agents_broken]", " []"), "new.yaml")

    assert scenario_tree(old) == scenario_tree(new)
    assert [case.settings for case in cases_of(old)] == [case.settings for case in cases_of(new)]


@pytest.mark.parametrize("file", sorted(_FIRST.iterdir()), ids=lambda file: file.stem)
def test_files_of_the_first_release_are_rewritten_and_say_the_same(tmp_path: Path, file: Path) -> None:
    old = _written(tmp_path, file.read_text(encoding="utf-8"))
    before = scenario_tree(old)

    text = _migrated(old)

    assert f"moonfleet: {NEWEST}" in text
    assert scenario_tree(old) == before


def test_what_is_wrong_in_an_old_file_is_told_where_it_stands(tmp_path: Path) -> None:
    file = _written(tmp_path, _OLD.replace("at_time: 1h", "at_time: soon").replace(" [faults]", " []"))

    (problem,) = check_scenario(file)

    assert problem.line == _OLD.splitlines().index(problem.source.replace("soon", "1h")) + 1
    assert problem.source[problem.column - 1 :].startswith("soon, near_m")
    assert problem.fact.startswith("ordered_at: 'soon' is not a time")


def test_what_a_file_includes_is_of_its_format_and_rewritten_with_it(tmp_path: Path) -> None:
    top, rest = _OLD.split("tasks:\n")
    tasks, expect = rest.split("expect:\n")
    (tmp_path / "parts").mkdir()
    part = _written(tmp_path / "parts", "tasks:\n" + tasks, "tasks.yaml")
    main = _written(tmp_path, f"{top}include: parts/tasks.yaml\nexpect:\n{expect.partition('matrix')[0]}")
    before = scenario_tree(main)

    _migrated(main)

    assert (before["tasks"], before["expect"]) == (
        scenario_tree(main)["tasks"],
        [{"agents_broken": 0}, {"broken": ["digger"]}],
    )
    assert part.read_text(encoding="utf-8") == _new("tasks:\n" + tasks)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("kg': 20", "kg': 20, total_kg: 9", "only one of them may be given", id="by both names"),
        pytest.param("moonfleet: 1 ", "moonfleet: 7 ", "moonfleet must be 1 to 2, got 7", id="newer"),
        pytest.param("moonfleet: 1 ", "moonfleet: yes ", "moonfleet must be 1 to 2, got yes", id="no number"),
        pytest.param("moonfleet: 1 ", "", "key 'moonfleet' is missing", id="none"),
        pytest.param('"near_m"', '"near\\x5fm"', "write near_m without escapes", id="an escape"),
        pytest.param(
            "places: {", "vehicles: {a: {base: metu-micro, title: *t}}\nplaces: {", "alias 't'", id="not to be read"
        ),
        pytest.param(
            "[faults]}", "[&n faults], tags: [*n]}", "stands for two things by an alias", id="an alias of two meanings"
        ),
    ],
)
def test_what_cannot_be_rewritten_is_told_and_left_alone(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = _OLD.replace(old, new)
    file = _written(tmp_path, text)

    with pytest.raises(ScenarioError) as error:
        migrations([file])

    assert told in str(error.value)
    assert file.read_text(encoding="utf-8") == text


def test_a_file_in_a_folder_that_is_not_to_be_written_is_left_alone(tmp_path: Path) -> None:
    file = _written(tmp_path, _OLD)
    (migration,) = migrations([file])
    (tmp_path / ".old.yaml.part").mkdir()  # Whoever runs this may be root, who may write anywhere.

    with pytest.raises(ConfigError, match="cannot be written"):
        migration.write()

    assert file.read_text(encoding="utf-8") == _OLD


def test_a_key_by_its_old_name_is_told_by_its_new_one(tmp_path: Path) -> None:
    problems = check_scenario(_written(tmp_path, _new(_OLD).replace("total_kg': 20", "kg': 20")))

    assert ("unknown key 'kg'", "it is called 'total_kg' now") in [(p.fact, p.remedy) for p in problems]
    assert (later_name("at_time"), later_name("duration")) == ("ordered_at", None)


def test_the_command_checks_and_rewrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _written(tmp_path, _OLD)

    checked = guarded(lambda: app(["scenario", "migrate", "--check", str(tmp_path)], standalone_mode=False))
    told, untouched = capsys.readouterr().out, file.read_text(encoding="utf-8")
    written = guarded(lambda: app(["scenario", "migrate", str(file)], standalone_mode=False))
    again = guarded(lambda: app(["scenario", "migrate", "--check", str(tmp_path)], standalone_mode=False))

    assert (checked, written, again) == (1, 0, 0)
    assert f"{file}:2:12: 1 -> 2\n" in told
    assert (untouched, file.read_text(encoding="utf-8")) == (_OLD, _new(_OLD))


def test_whoever_checks_an_old_file_is_told_how_to_rewrite_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _written(tmp_path, (_FIRST / "smoke.yaml.txt").read_text(encoding="utf-8"))

    code = guarded(lambda: app(["scenario", "check", str(file)], standalone_mode=False))

    assert code == 0
    assert f"to rewrite: moonfleet scenario migrate {file}" in capsys.readouterr().err
    assert not is_shipped(file)
    assert is_shipped(shipped_scenario("smoke"))


def test_a_text_of_an_older_format_is_read_as_well() -> None:
    assert read_text("a recording", _OLD).root.plain() == read_text("a recording", _new(_OLD)).root.plain()
