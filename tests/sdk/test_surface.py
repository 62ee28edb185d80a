"""The surface that plugins are written against: small, told of, and kind to those who know the older one."""

from __future__ import annotations

import importlib
import inspect

import pytest

import fleet.sdk
from fleet.sdk.older import MOVED

_BESIDE = ("events", "ground", "joint", "machines", "planning", "timed", "view", "words")


def test_there_are_about_thirty_names_to_learn() -> None:
    assert len(fleet.sdk.__all__) <= 32


@pytest.mark.parametrize("name", sorted(MOVED))
def test_a_name_of_the_older_surface_is_still_found_and_says_where_it_is_now(name: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"import {name} from {MOVED[name]}"):
        found = getattr(fleet.sdk, name)

    assert found is getattr(importlib.import_module(MOVED[name]), name)


def test_no_name_is_old_and_present() -> None:
    assert set(fleet.sdk.__all__).isdisjoint(MOVED)


def test_a_name_that_never_was_is_none() -> None:
    with pytest.raises(AttributeError, match=r"module 'fleet.sdk' has no attribute 'Teleport'"):
        _ = fleet.sdk.Teleport


def _is_ours(thing: object) -> bool:
    return (inspect.isclass(thing) or inspect.isfunction(thing)) and thing.__module__.startswith("fleet.")


@pytest.mark.parametrize("module", ["", *(f".{name}" for name in _BESIDE)])
def test_every_class_and_function_says_what_it_is(module: str) -> None:
    room = importlib.import_module(f"fleet.sdk{module}")
    public = {name: getattr(room, name) for name in getattr(room, "__all__", vars(room)) if not name.startswith("_")}

    told = {name: inspect.getdoc(thing) for name, thing in public.items() if _is_ours(thing)}

    assert [name for name, text in told.items() if not text or text.startswith(f"{name}(")] == []
