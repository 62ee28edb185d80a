"""Scenarios made of several files: what lies over what, and where an error is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import ScenarioError, cases_of, check_scenario, load_scenario, merged_text, scenario_text
from sim.scenario.merge import merged
from sim.scenario.reading import read_file
from sim.scenario.yaml_tree import MAX_NODES, Node, YamlFile


def _written(root: Node) -> str:
    tree = root.plain()
    assert isinstance(tree, dict)
    return scenario_text(tree, ["Made of a.yaml."])


def _plain(text: str) -> object:
    return YamlFile("a.yaml", text).root.plain()


def _merged(under: str, over: str) -> object:
    return merged(YamlFile("under.yaml", under).root, YamlFile("over.yaml", over).root).plain()


@pytest.mark.parametrize(
    ("under", "over", "whole"),
    [
        pytest.param("{a: 1, b: 2}", "{b: 3, c: 4}", "{a: 1, b: 3, c: 4}", id="keys"),
        pytest.param("{a: {b: 1, c: 2}}", "{a: {c: 3}}", "{a: {b: 1, c: 3}}", id="deep keys"),
        pytest.param("{a: 1, b: 2}", "{a: null}", "{b: 2}", id="null takes a key away"),
        pytest.param("{a: 1}", "{b: null, c: {d: null}}", "{a: 1, c: {}}", id="null over nothing"),
        pytest.param("{a: {b: 1}}", "{a: 2}", "{a: 2}", id="a value over a mapping"),
        pytest.param("{a: 2}", "{a: {b: 1}}", "{a: {b: 1}}", id="a mapping over a value"),
        pytest.param("{a: [1, 2]}", "{a: [3]}", "{a: [3]}", id="lists are replaced"),
        pytest.param(
            "{a: [{id: x, n: 1}, {id: y, n: 2}]}",
            "{a: [{id: y, n: 3}, {id: z}]}",
            "{a: [{id: x, n: 1}, {id: y, n: 3}, {id: z}]}",
            id="items with ids",
        ),
        pytest.param("{a: [{id: x}]}", "{a: [{n: 1}]}", "{a: [{n: 1}]}", id="items without ids"),
        pytest.param("{a: [1]}", "{a+: [2, 3]}", "{a: [1, 2, 3]}", id="append"),
        pytest.param("{}", "{a+: [2]}", "{a: [2]}", id="append to nothing"),
        pytest.param("{a: [{id: x}, {id: y}]}", "{a-: [x]}", "{a: [{id: y}]}", id="take away by id"),
        pytest.param(
            "{a: [{collisions: 0}, {faults: 0}]}", "{a-: faults}", "{a: [{collisions: 0}]}", id="by the one key"
        ),
        pytest.param("{a: [7, 8, 9]}", "{a-: ['2']}", "{a: [7, 9]}", id="by number"),
    ],
)
def test_what_is_said_later_lies_over_what_was_said_before(under: str, over: str, whole: str) -> None:
    assert _merged(under, over) == _plain(whole)


@pytest.mark.parametrize(
    ("over", "told"),
    [
        pytest.param("a+: 3", "over.yaml:1:5: a+ must be a list", id="append no list"),
        pytest.param(
            "b+: [3]", "over.yaml:1:5: b is no list, so nothing is added to it or taken from it", id="to no list"
        ),
        pytest.param("a-: [z]", "over.yaml:1:6: a has no item 'z'", id="take away what is not there"),
        pytest.param("a: [{id: y}, {id: y}]", "over.yaml:1:14: 'y' is already an id in line 1", id="an id twice"),
        pytest.param("a: [{id: x}, {id: x}]", "over.yaml:1:14: 'x' is already an id in line 1", id="a known id twice"),
    ],
)
def test_what_cannot_be_merged_is_told_at_its_place(over: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        _merged("{a: [{id: x}], b: 1}", over)

    assert str(caught.value).startswith(told)


_KEYS = st.sampled_from(["a", "b", "c"])
_TREES = st.recursive(
    st.integers(0, 9) | st.booleans() | st.text("xyz 1.", max_size=3),
    lambda inner: st.dictionaries(_KEYS, inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=8,
).map(lambda tree: tree if isinstance(tree, dict) else {"a": tree})


@given(_TREES, _TREES, _TREES)
def test_merging_is_associative_and_idempotent(
    one: dict[str, object], two: dict[str, object], three: dict[str, object]
) -> None:
    a, b, c = (YamlFile("", _written(YamlFile("", str(tree)).root)).root for tree in (one, two, three))

    assert merged(a, a).plain() == a.plain()
    # Of three values the last counts, and a mapping between two others is gone without a trace.
    if all(
        isinstance(tree, dict) and not any(isinstance(v, dict) for v in tree.values()) for tree in (one, two, three)
    ):
        assert merged(merged(a, b), c).plain() == merged(a, merged(b, c)).plain()


@given(_TREES)
def test_what_is_printed_reads_as_the_same(tree: object) -> None:
    root = YamlFile("", str(tree)).root

    assert YamlFile("", _written(root)).root.plain() == root.plain()


@pytest.fixture
def files(tmp_path: Path, good: str) -> Path:
    """A base, a part in a folder, and a scenario that is made of both."""
    (tmp_path / "base.yaml").write_text(f"{good}seeds: [1, 2]\ntags: [slow]\n", encoding="utf-8")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "fleet.yaml").write_text(
        "rovers:\n  - {id: r1, charge_percent: 50}\n  - {id: r2, agency: CNSA, vehicle: slow, agent: prospector, "
        "place: view}\n",
        encoding="utf-8",
    )
    (tmp_path / "own.yaml").write_text(
        "moonfleet: 2\nextends: base.yaml\ninclude: [parts/fleet.yaml]\nname: own\ndocks: null\n"
        "tasks-: [b, c]\nexpect:\n  - tasks_done: all\nexpect+:\n  - collisions: 0\n",
        encoding="utf-8",
    )
    return tmp_path


def test_a_scenario_is_what_it_extends_and_includes_and_says(files: Path) -> None:
    scenario = load_scenario(files / "own.yaml")

    assert [(rover.id, rover.charge) for rover in scenario.rovers] == [("lander", 1.0), ("r1", 0.5), ("r2", 1.0)]
    assert (scenario.name, scenario.docks) == ("own", ())
    assert [order.task.id for order in scenario.orders] == ["a"]
    assert [item.name for item in scenario.expectations] == ["tasks_done", "collisions"]


def test_it_is_not_run_as_what_it_extends_is(files: Path) -> None:
    cases = cases_of(files / "own.yaml")

    assert [(case.name, case.tags) for case in cases] == [("seed-0", ("slow",))]


def test_it_is_shown_and_recorded_as_one_file_that_is_the_same_scenario(files: Path) -> None:
    text = merged_text(files / "own.yaml")
    whole = files / "whole.yaml"
    whole.write_text(text, encoding="utf-8")

    one, other = load_scenario(files / "own.yaml"), load_scenario(whole)

    assert one.text == text
    assert (one.rovers, one.orders, one.ground) == (other.rovers, other.orders, other.ground)
    assert all(name in text.splitlines()[0] for name in ("own.yaml", "base.yaml", "fleet.yaml"))


def test_an_expectation_of_the_base_is_told_with_its_file(files: Path) -> None:
    (files / "own.yaml").write_text("moonfleet: 2\nextends: base.yaml\n", encoding="utf-8")

    first, _ = load_scenario(files / "own.yaml").expectations

    assert (Path(first.file).name, first.line) == ("base.yaml", 24)


def test_an_error_in_a_part_is_told_in_the_part(files: Path) -> None:
    part = files / "parts" / "fleet.yaml"
    part.write_text(part.read_text(encoding="utf-8").replace("vehicle: slow", "vehicle: slwo"), encoding="utf-8")

    (problem,) = check_scenario(files / "own.yaml")

    assert (problem.place, problem.remedy) == (f"{part}:3:37", "did you mean 'slow'?")
    assert problem.source.startswith("  - {id: r2")


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        pytest.param("extends: nosuch.yaml", "there is no file 'nosuch.yaml'", id="missing"),
        pytest.param("extends: [base.yaml]", "extends must be a file", id="a list"),
        pytest.param("include: 3", "include must be a file or a list of files", id="a number"),
        pytest.param("extends: own.yaml", "files go in a circle: own.yaml -> own.yaml", id="itself"),
        pytest.param("extends: parts", "there is no file 'parts'", id="a folder"),
        pytest.param("extends: 'a\\0b'", "there is no file 'a\\x00b'", id="no name"),
        pytest.param("include: list.yaml", "must be a mapping of keys of a scenario", id="a part that is a list"),
        pytest.param(
            "include: [" + "parts/fleet.yaml, " * 40 + "]", "a scenario is made of at most 32 files", id="many"
        ),
    ],
)
def test_files_that_cannot_be_are_told(files: Path, text: str, fact: str) -> None:
    (files / "list.yaml").write_text("[1]", encoding="utf-8")
    quoted = text.replace("'a\\0b'", '"a\\0b"')
    (files / "own.yaml").write_text(f"moonfleet: 2\n{quoted}\n", encoding="utf-8")

    assert [problem.fact for problem in check_scenario(files / "own.yaml")] == [fact]


def test_a_circle_of_two_is_found(files: Path) -> None:
    (files / "base.yaml").write_text("moonfleet: 2\ninclude: own.yaml\n", encoding="utf-8")

    (problem,) = check_scenario(files / "own.yaml")

    assert problem.fact == "files go in a circle: own.yaml -> base.yaml -> own.yaml"


def test_what_is_made_of_many_is_bounded(files: Path) -> None:
    items = ", ".join("1" for _ in range(MAX_NODES - 10))
    (files / "parts" / "fleet.yaml").write_text(f"vehicles: {{a: {{capabilities: [{items}]}}}}", encoding="utf-8")

    (problem,) = check_scenario(files / "own.yaml")

    assert problem.fact.startswith(f"more than {MAX_NODES} values")


def test_paths_are_those_of_the_file_they_stand_in(files: Path) -> None:
    (files / "parts" / "ground.yaml").write_text("terrain: {generate: null, file: real.tif}", encoding="utf-8")
    (files / "own.yaml").write_text("moonfleet: 2\nextends: base.yaml\ninclude: parts/ground.yaml\n", encoding="utf-8")

    plain = read_file(files / "own.yaml").root.plain()

    assert isinstance(plain, dict)
    assert plain["terrain"] == {"file": "parts/real.tif"}


@given(st.integers(0, 2), st.floats(0.0, 1.0), st.integers(0, 30), st.text(alphabet="ab:-+{}[],null\n", max_size=8))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mangled_part_is_read_or_refused_with_its_problems(
    files: Path, which: int, start: float, length: int, new: str
) -> None:
    names = ("own.yaml", "base.yaml", "parts/fleet.yaml")
    texts = {name: (files / name).read_text(encoding="utf-8") for name in names}
    text = texts[names[which]]
    cut = int(start * len(text))
    try:
        (files / names[which]).write_text(text[:cut] + new + text[cut + length :], encoding="utf-8")

        found = check_scenario(files / "own.yaml")
    finally:
        (files / names[which]).write_text(text, encoding="utf-8")

    assert all(problem.fact for problem in found)
