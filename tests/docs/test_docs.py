"""What README and docs say is true: snippets run, scenarios load, command lines parse, links lead somewhere."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from itertools import dropwhile
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from fleet.messages import Event
from fleet.vehicles import catalogue, sources
from sim.cli.app import app
from sim.run import RunOptions, compile_kernels, run
from sim.scenario import check_scenario, load_scenario, scenario_schema

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


def _blocks(page: Path, *languages: str) -> list[str]:
    found = _BLOCK.findall(page.read_text(encoding="utf-8"))
    # Doctests are pytest's own.
    return [text for language, text in found if language in languages and not text.startswith(">>>")]


def _all_blocks(*languages: str) -> list[Any]:
    return [
        pytest.param(page, text, id=f"{page.stem}-{number}")
        for page in PAGES
        for number, text in enumerate(_blocks(page, *languages), 1)
    ]


def _is_whole(text: str) -> bool:
    return "\nmoonfleet: " in f"\n{text}"


def _command_lines() -> Iterator[Any]:
    """Give the words after ``moonfleet`` of every line in a shell block, and of every command named in the text."""
    for page in PAGES:
        prose = _BLOCK.sub("", page.read_text(encoding="utf-8"))
        lines = [line for text in _blocks(page, "sh") for line in text.splitlines()]
        lines += [" ".join(span.split()) for span in re.findall(r"`(moonfleet [^`]+)`", prose)]
        for line in lines:
            words = list(dropwhile(lambda word: "=" in word, shlex.split(line, comments=True)))
            if words[:1] == ["moonfleet"]:
                yield pytest.param(words[1:], id=f"{page.stem}: {line}")


@pytest.mark.parametrize(("page", "text"), _all_blocks("python"))
def test_python_snippets_run(page: Path, text: str) -> None:
    if "sim.learning" in text:
        for extra in ("greenlet", "gymnasium", "pettingzoo"):
            pytest.importorskip(extra, reason="comes with the extra rl")
    exec(compile(text, str(page), "exec"), {"__name__": page.stem})


@pytest.mark.parametrize(("page", "text"), _all_blocks("yaml"))
def test_scenario_snippets_load(page: Path, text: str, tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    if _is_whole(text):
        file.write_text(text, encoding="utf-8")

        assert load_scenario(file).rovers
    else:
        whole = next(block for block in _blocks(page, "yaml") if _is_whole(block))
        parts = _parts(whole) | _parts(text)
        file.write_text("".join(parts.values()), encoding="utf-8")

        assert check_scenario(file) == ()


def _parts(text: str) -> dict[str, str]:
    """Return the text of each key of the file's outermost mapping."""
    parts = {part.partition(":")[0]: part for part in re.split(r"^(?=\w)", text, flags=re.MULTILINE) if part.strip()}
    return {key: part for key, part in parts.items() if not key.startswith("#")}


@pytest.mark.parametrize("words", list(_command_lines()))
def test_command_lines_parse(words: list[str]) -> None:
    command: click.Command = app
    context = click.Context(app)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command {words[0]!r}"
        command, words = found, words[1:]

    if not words:
        return  # only named
    with suppress(click.exceptions.Exit):  # --help
        command.make_context("moonfleet", list(words))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", _BLOCK.sub("", page.read_text(encoding="utf-8")))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`((?:fleet|sim|scenarios|tests|docs)/[\w./-]+)`", page.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_index_lists_every_page() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    others = [page.name for page in PAGES if page.parent.name == "docs" and page.stem != "index"]

    assert [name for name in others if f"({name})" not in index] == []


def test_readme_begins_with_a_picture_and_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    (first, *_) = _blocks(ROOT / "README.md", "sh")

    assert first.splitlines() == [
        "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/moonfleet demo",
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest -q",
    ]
    assert 0 < text.index("![") < text.index("```sh") < text.index("## ")


def test_the_readmes_agent_runs_in_the_readmes_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = ROOT / "README.md"
    (agent,) = (text for text in _blocks(readme, "python") if "class PatrolAgent" in text)
    (scenario,) = _blocks(readme, "yaml")
    (tmp_path / "patrol.py").write_text(agent, encoding="utf-8")
    (tmp_path / "patrol.yaml").write_text(scenario, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    result = run(load_scenario(tmp_path / "patrol.yaml"), RunOptions(bus="memory"))

    assert result.exit_code == 0
    assert result.summary()["rovers"]["scout"]["distance_m"] > 100.0


def test_the_allocator_of_the_docs_allots_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (allocator,) = (text for text in _blocks(ROOT / "docs" / "agents.md", "python") if "class ValueFirst" in text)
    (tmp_path / "value_first.py").write_text(allocator, encoding="utf-8")
    smoke = (ROOT / "scenarios" / "smoke.yaml").read_text(encoding="utf-8")
    (tmp_path / "smoke.yaml").write_text(smoke + '\nallocator: "value_first:ValueFirst"\n', encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    result = run(load_scenario(tmp_path / "smoke.yaml"), RunOptions(bus="memory"))

    assert result.exit_code == 0


def test_the_agent_of_the_docs_is_the_example_plugins() -> None:
    (snippet,) = (text for text in _blocks(ROOT / "docs" / "agents.md", "python") if "class HomebodyAgent" in text)
    plugin = ROOT / "tests" / "example_plugin" / "src" / "homebody" / "__init__.py"

    assert _code(snippet) == _code(plugin.read_text(encoding="utf-8"))


def _code(source: str) -> str:
    """Return the one class of a module, without its methods' docstrings."""
    (found,) = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    for node in ast.walk(found):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.unparse(found)


def test_every_figure_of_the_catalogue_stands_in_the_facts() -> None:
    facts = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^### ([\w-]+): .*?\n(.*?)(?=^##)", facts, re.MULTILINE | re.DOTALL))

    for name, vehicle in catalogue().items():
        assert f"\nCapabilities: {', '.join(sorted(vehicle.capabilities))}.\n" in parts[name]
        for figure in sources(name):
            value = f"{figure.value:g}" if isinstance(figure.value, float) else ".*"
            row = rf"^\| `{figure.key}` \| {value} \| {figure.label} \| {re.escape(figure.source)} \|$"
            assert re.search(row, parts[name], re.MULTILINE), f"{name}: {figure}"


def test_every_key_of_the_format_is_explained() -> None:
    text = "".join(
        (ROOT / "docs" / page).read_text(encoding="utf-8")
        for page in ("scenarios.md", "faults.md", "expectations.md", "rights.md")
    )
    schema = scenario_schema()
    models = [schema, *schema["$defs"].values()]
    keys = {key.rstrip("+-") for model in models for key in model.get("properties", {})}

    assert sorted(key for key in keys if not re.search(rf"\b{key}\b", text)) == []


@pytest.mark.parametrize(("name", "page"), [("run", "running.md"), ("sweep", "campaigns.md"), ("test", "testing.md")])
def test_every_option_is_explained(name: str, page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    command = app.get_command(click.Context(app), name)
    assert command is not None

    options = [
        option
        for parameter in command.params
        if not getattr(parameter, "hidden", False)
        for option in parameter.opts
        if option.startswith("--")
    ]

    assert [option for option in options if f"`{option}" not in text] == []


def test_every_event_that_a_mind_is_told_is_explained() -> None:
    text = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")
    of_the_node = {"Passed", "Ordered", "Notified"}
    events = [event.__name__ for event in Event.__args__ if event.__name__ not in of_the_node]

    assert [event for event in events if f"`{event}" not in text] == []


def test_every_key_of_the_summary_is_explained(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    scenario = load_scenario(ROOT / "scenarios" / "smoke.yaml")

    summary = run(scenario, RunOptions(bus="memory", until=60)).summary()

    keys = {*summary, *summary["messages"], *summary["tasks"], *summary["rovers"]["lander"]}
    keys |= {*summary["task_states"]["view-east"], *summary["expectations"][0]}
    assert sorted(key for key in keys if f"`{key}`" not in text) == []


def test_a_new_scenario_passes_its_own_expectations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app.main(["scenario", "new", "my_mission.yaml"], standalone_mode=False)

    result = run(load_scenario("my_mission.yaml"), RunOptions(bus="memory"))

    assert yaml.safe_load(Path("my_mission.yaml").read_text(encoding="utf-8"))["name"] == "my-mission"
    assert result.exit_code == 0
