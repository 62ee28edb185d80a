"""The published JSON Schema of everything that travels, in its named form."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import inspect

from fleet.messages.command import Command
from fleet.messages.mind import FromMind, FromNode
from fleet.messages.observation import Event
from fleet.messages.radio import Body
from fleet.messages.wire import (
    Answer,
    Ask,
    Goodbye,
    Hello,
    Keep,
    Kept,
    Leave,
    Ready,
    Recall,
    Recalled,
    Restore,
    Unwelcome,
    Welcome,
)

Schema = dict[str, Any]

#: Between hub and hosts, in the order in which they are said.
LOCKSTEP: Final = (
    Hello,
    Unwelcome,
    Welcome,
    Ready,
    Recall,
    Recalled,
    Ask,
    Answer,
    Keep,
    Kept,
    Restore,
    Leave,
    Goodbye,
)
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Final[dict[type[inspect.Type], Schema]] = {
    inspect.NoneType: {"type": "null"},
    inspect.BoolType: {"type": "boolean"},
    inspect.IntType: {"type": "integer"},
    inspect.FloatType: {"type": "number"},
    inspect.StrType: {"type": "string"},
    inspect.DateTimeType: {"type": "string", "format": "date-time"},
    inspect.BytesType: {"type": "string", "contentEncoding": "base64"},
}


def message_schemas() -> Schema:
    """Return one JSON Schema document whose ``$defs`` hold every kind of message, by name.

    Notes
    -----
    A struct that travels as an array has ``wireOrder``: what its elements on the wire are, in order; ``type`` stands
    for its kind, a string.

    >>> message_schemas()["$defs"]["Charge"]["wireOrder"]
    ['type', 'source']
    """
    defs: dict[str, Schema] = {}
    for kind in (*LOCKSTEP, FromNode, FromMind, Body, Command, Event):
        _schema(inspect.type_info(kind), defs)
    return {"$schema": _DIALECT, "title": "Messages of Moonfleet", "$defs": dict(sorted(defs.items()))}


def schema_of(kind: Any) -> Schema:
    """Return the JSON Schema of one struct, whole in itself and without references, for readers that know none."""
    return {"$schema": _DIALECT, **_schema(inspect.type_info(kind), None)}


def _schema(kind: inspect.Type, defs: dict[str, Schema] | None) -> Schema:
    match kind:
        case inspect.StructType() | inspect.DataclassType():
            return _object(kind, defs)
        case inspect.UnionType():
            return _union(kind, defs)
        case inspect.LiteralType():
            return {"type": "string", "enum": list(kind.values)}
        case inspect.VarTupleType():
            return {"type": "array", "items": _schema(kind.item_type, defs)}
        case inspect.TupleType():
            return _fixed(kind, defs)
        case inspect.DictType():
            return {"type": "object", "additionalProperties": _schema(kind.value_type, defs)}
        case _:
            return dict(_PLAIN[type(kind)])


def _object(kind: inspect.StructType | inspect.DataclassType, defs: dict[str, Schema] | None) -> Schema:
    name = kind.cls.__name__
    reference = {"$ref": f"#/$defs/{name}"}
    if defs is not None and name in defs:
        return reference
    properties: dict[str, Schema] = {}
    if isinstance(kind, inspect.StructType) and kind.tag is not None:
        properties[str(kind.tag_field)] = {"type": "string", "const": kind.tag}
    properties |= {field.encode_name: _field(field, defs) for field in kind.fields}
    optional = {field.encode_name for field in kind.fields if not field.required}
    schema: Schema = {
        "title": name,
        "description": (kind.cls.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key not in optional],
    }
    if isinstance(kind, inspect.StructType) and kind.array_like:
        schema["wireOrder"] = list(properties)
    if defs is None:
        return schema
    defs[name] = schema
    return reference


def _field(field: inspect.Field, defs: dict[str, Schema] | None) -> Schema:
    schema = _schema(field.type, defs)
    if field.default is not msgspec.NODEFAULT:
        schema["default"] = msgspec.to_builtins(field.default)
    return schema


def _union(kind: inspect.UnionType, defs: dict[str, Schema] | None) -> Schema:
    structs = [choice for choice in kind.types if isinstance(choice, inspect.StructType)]
    if len(structs) < len(kind.types) or len(structs) == 1:
        return {"anyOf": [_schema(choice, defs) for choice in kind.types]}
    tag = str(structs[0].tag_field)
    return {
        "type": "object",
        "properties": {tag: {"type": "string", "enum": [struct.tag for struct in structs]}},
        "required": [tag],
        "oneOf": [_schema(struct, defs) for struct in structs],
    }


def _fixed(kind: inspect.TupleType, defs: dict[str, Schema] | None) -> Schema:
    items = [_schema(item, defs) for item in kind.item_types]
    length = {"minItems": len(items), "maxItems": len(items)}
    if all(item == items[0] for item in items):
        return {"type": "array", "items": items[0], **length}
    return {"type": "array", "prefixItems": items, **length}
