from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fleet.core import MessageError, Pose, RoverId, TaskId
from fleet.messages import (
    Answer,
    Ask,
    Body,
    Briefing,
    Command,
    Event,
    Goodbye,
    Hello,
    Message,
    Observation,
    Ready,
    Stop,
    Telemetry,
    Welcome,
    Work,
)
from fleet.messages.named import from_named, from_named_json, named, named_json
from sim.record.entries import Entry

ValuesOf = Callable[[Any], st.SearchStrategy[Any]]

KINDS = [
    *(get_args(Body) + get_args(Command) + get_args(Event) + get_args(Entry)),
    Observation,
    Message,
    Briefing,
    Hello,
    Welcome,
    Ready,
    Ask,
    Answer,
    Goodbye,
]
UNIONS = [Body, Command, Event, Entry]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_named_reads_back_as_the_same_value(kind: Any, values_of: ValuesOf, data: st.DataObject) -> None:
    value = data.draw(values_of(kind))

    assert from_named(kind, named(value)) == value
    assert from_named_json(kind, named_json(value)) == value


@pytest.mark.parametrize("union", UNIONS, ids=["Body", "Command", "Event", "Entry"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_union_is_told_apart_by_its_type(union: Any, values_of: ValuesOf, data: st.DataObject) -> None:
    value = data.draw(values_of(union))

    assert from_named_json(union, named_json(value)) == value


def test_the_json_is_the_named_form() -> None:
    value = Telemetry(pose=Pose(x=1.5, y=-2.0, heading=0.25), battery=0.5, activity="idle", task=TaskId("t"))

    assert json.loads(named_json(value)) == named(value)
    assert named(value) == {
        "type": "Telemetry",
        "pose": {"x": 1.5, "y": -2.0, "heading": 0.25},
        "battery": 0.5,
        "activity": "idle",
        "task": "t",
    }


def test_a_field_that_is_missing_gets_its_default() -> None:
    data = {"type": "Telemetry", "pose": {"x": 0.0, "y": 0.0, "heading": 0.0}, "battery": 1, "activity": "idle"}

    value: Body = from_named(Body, data)

    assert value == Telemetry(pose=Pose(x=0.0, y=0.0, heading=0.0), battery=1.0, activity="idle")


def test_a_field_that_nobody_knows_is_left_out() -> None:
    assert from_named(Command, {"type": "Work", "task": "t", "mood": "good"}) == Work(task=TaskId("t"))


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        pytest.param({"type": "Work"}, "Work lacks 'task'", id="field missing"),
        pytest.param({"task": "t"}, "'type' must be one of", id="type missing"),
        pytest.param({"type": ["Work"], "task": "t"}, "'type' must be one of", id="type no text"),
        pytest.param({"type": "Dance"}, "'type' must be one of", id="type unknown"),
        pytest.param(["Work", "t"], "'type' must be one of", id="wire form"),
        pytest.param({"type": "Work", "task": 7}, "Expected `str`, got `int`", id="wrong type"),
        pytest.param({"type": "FollowPath", "path": []}, "needs a waypoint", id="law of the value"),
        pytest.param({"type": "FollowPath", "path": 3}, "Expected `array`, got `int`", id="no array"),
    ],
)
def test_what_is_nothing_of_the_kind_says_why(data: Any, fact: str) -> None:
    with pytest.raises(MessageError, match=fact):
        from_named(Command, data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:0123456789.eE-typenul ', max_size=80).map(str.encode))
@example(b"[" * 100_000)
@example(b'{"type":"Work","task":"\\ud800"}')
@example(b'{"type":"Turn","heading":1e999}')
def test_hostile_json_gives_a_message_error_or_a_value(data: bytes) -> None:
    for kind in (Entry, Body, Message):
        try:
            from_named_json(kind, data)
        except MessageError:
            continue


def test_a_stop_needs_no_more_than_its_type() -> None:
    assert named(Stop()) == {"type": "Stop"}


def test_ids_stay_text() -> None:
    assert from_named(Message, named(_hello())).sender == RoverId("r1")


def _hello() -> Message:
    body = Telemetry(pose=Pose(x=0.0, y=0.0, heading=0.0), battery=1.0, activity="idle")
    return Message(tick=3, sender=RoverId("r1"), seq=0, to=RoverId("*"), body=body)
