from __future__ import annotations

import json
from typing import Any, get_args

from fleet.messages import Body, Command, Event
from fleet.messages.schema import message_schemas, schema_of
from sim.record.entries import Said


def _references(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        here = {schema["$ref"]} if "$ref" in schema else set()
        return here.union(*(_references(part) for part in schema.values()))
    if isinstance(schema, list):
        return set().union(*(_references(part) for part in schema))
    return set()


def test_every_body_command_and_event_is_described() -> None:
    defs = message_schemas()["$defs"]

    for kind in get_args(Body) + get_args(Command) + get_args(Event):
        assert defs[kind.__name__]["properties"]["type"]["const"] == kind.__name__
        assert defs[kind.__name__]["description"]


def test_every_reference_leads_somewhere() -> None:
    schemas = message_schemas()

    assert {reference.removeprefix("#/$defs/") for reference in _references(schemas)} <= set(schemas["$defs"])


def test_the_wire_order_is_the_order_of_the_fields() -> None:
    telemetry = message_schemas()["$defs"]["Telemetry"]

    assert telemetry["wireOrder"] == ["type", "pose", "battery", "activity", "task"]
    assert telemetry["required"] == ["type", "pose", "battery", "activity"]


def test_the_schemas_are_json() -> None:
    assert json.loads(json.dumps(message_schemas()))["title"] == "Messages of Moonfleet"


def test_the_schema_of_one_entry_needs_no_references() -> None:
    schema = schema_of(Said)

    assert _references(schema) == set()
    assert schema["properties"]["message"]["properties"]["body"]["required"] == ["type"]
