"""Plugins are found by entry point or by module and class; those that cannot be used say why."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.core import ConfigError, PluginError
from fleet.runtime import found, load_plugin
from fleet.runtime.plugins import Group

MODULE = """
class Good:
    def decide(self, view): ...

class Mute:
    pass

class Nest:
    class Inner:
        def decide(self, view): ...

def make(context):
    return Good()

number = 7
"""
_STANDARD = ("stdlib", "platstdlib")


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "some_plugin.py").write_text(MODULE)
    (tmp_path / "broken_plugin.py").write_text("raise RuntimeError('no battery')")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "some_plugin"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str) -> Callable[[dict[str, str]], None]:
    """Give what installs one distribution for each plugin, where there are no others."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(site), *(sysconfig.get_paths()[name] for name in _STANDARD)])

    def install(values: dict[str, str]) -> None:
        for number, (name, value) in enumerate(values.items()):
            named = name.rstrip("'")
            notes = site / f"plugin_{number}-1.0.dist-info"
            notes.mkdir()
            (notes / "METADATA").write_text(f"Metadata-Version: 2.1\nName: plugin-{number}\nVersion: 1.0\n")
            (notes / "entry_points.txt").write_text(f"[fleet.agents]\n{named} = {value}\n")

    return install


@pytest.mark.parametrize("attribute", ["Good", "make", "Nest.Inner"])
def test_a_class_or_function_is_found_by_module_and_name(module: str, attribute: str) -> None:
    made = load_plugin("fleet.agents", f"{module}:{attribute}")

    assert made.__qualname__ == attribute


@pytest.mark.parametrize(
    ("value", "fact"),
    [
        ("some_plugin:Mute", r"has no decide\(\), so it is no agent"),
        ("fleet.tasks:SingleItemAuction", "so it is no agent; by its methods it is of the kind allocator"),
        ("some_plugin:number", "is not callable"),
        ("some_plugin:Nobody", "AttributeError"),
        ("broken_plugin:Agent", "RuntimeError: no battery, in broken_plugin.py line 1"),
        ("no_such_module:Agent", "there is no module 'no_such_module' in the working directory, on PYTHONPATH"),
        ("some_plugin:", "not of the form"),
        (":Good", "not of the form"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(module: str, value: str, fact: str) -> None:
    with pytest.raises(PluginError, match=fact) as caught:
        load_plugin("fleet.agents", value)

    assert caught.value.plugin == value


@pytest.mark.parametrize(
    ("group", "methods"), [("fleet.planners", r"plan\(\)"), ("fleet.allocators", r"award\(\)")], ids=str
)
def test_each_port_has_its_methods(module: str, group: Group, methods: str) -> None:
    with pytest.raises(PluginError, match=f"has no {methods}"):
        load_plugin(group, f"{module}:Good")


def test_a_slip_of_the_pen_is_told_the_nearest_name_and_all_others(
    installed: Callable[[dict[str, str]], None],
) -> None:
    installed({"lander": "some_plugin:Good", "micro": "some_plugin:make"})

    with pytest.raises(ConfigError) as caught:
        load_plugin("fleet.agents", "landr")

    assert caught.value.place == "agent 'landr'"
    assert caught.value.remedy == "did you mean 'lander'? There are: lander, micro; or give module:Class"


def test_a_name_that_two_have_is_neither(installed: Callable[[dict[str, str]], None]) -> None:
    installed({"lander": "some_plugin:Good", "lander'": "some_plugin:make"})

    with pytest.raises(ConfigError, match="several plugins have this name: some_plugin:Good and some_plugin:make"):
        load_plugin("fleet.agents", "lander")
    assert [plugin.refused for plugin in found("fleet.agents")] == [
        "some_plugin:make has the same name",
        "some_plugin:Good has the same name",
    ]


def test_plugins_are_listed_by_name_with_what_is_wrong(installed: Callable[[dict[str, str]], None]) -> None:
    installed({"z": "some_plugin:Good", "a": "broken_plugin:Agent"})

    plugins = found()

    assert [(plugin.name, plugin.value, bool(plugin.refused)) for plugin in plugins] == [
        ("a", "broken_plugin:Agent", True),
        ("z", "some_plugin:Good", False),
    ]
    assert load_plugin("fleet.agents", "z").__name__ == "Good"


def test_what_is_installed_while_we_run_is_found(installed: Callable[[dict[str, str]], None]) -> None:
    before = found("fleet.agents")

    installed({"late": "some_plugin:Good"})

    assert before == ()
    assert [plugin.name for plugin in found("fleet.agents")] == ["late"]


def test_our_own_plugins_are_found_like_anybodys() -> None:
    names = [(plugin.group, plugin.name, plugin.distribution) for plugin in found()]

    assert ("fleet.agents", "lander", "moonfleet") in names
    assert ("fleet.planners", "roadmap", "moonfleet") in names
    assert ("fleet.allocators", "auction", "moonfleet") in names


@pytest.mark.untraced
def test_a_module_whose_import_never_ends_is_refused_with_the_line_where_it_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "endless_plugin.py").write_text("import os\nwhile True:\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("fleet.runtime.plugins._IMPORT", 0.3)

    with pytest.raises(PluginError, match=r"takes longer than 0\.3 s, in endless_plugin.py line [23]"):
        load_plugin("fleet.agents", "endless_plugin:Agent")
