"""Foxglove's well-known messages, as far as a recording has them, and their JSON Schemas.

Source
------
Names, fields and units: <https://docs.foxglove.dev/docs/sdk/schemas>. A program that knows them shows what it is
given without being told how.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

import msgspec
from msgspec import inspect


class Time(msgspec.Struct, frozen=True):
    """A point in time since 1970."""

    sec: int
    nsec: int

    @classmethod
    def at(cls, time: int) -> Time:
        """Return a time in nanoseconds since 1970."""
        return cls(*divmod(time, 1_000_000_000))


class Duration(msgspec.Struct, frozen=True):
    """So long; no time at all stands for ever where a lifetime is told."""

    sec: int = 0
    nsec: int = 0


class Vector2(msgspec.Struct, frozen=True):
    """Two lengths, metres."""

    x: float
    y: float


class Vector3(msgspec.Struct, frozen=True):
    """A place or three lengths, metres."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0


class Quaternion(msgspec.Struct, frozen=True):
    """How something is turned."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    w: float = 1.0


class Color(msgspec.Struct, frozen=True):
    """Shares of red, green, blue and of what covers, 0 to 1."""

    r: float
    g: float
    b: float
    a: float = 1.0


class Pose(msgspec.Struct, frozen=True):
    """Where something is, and how it is turned."""

    position: Vector3 = Vector3()
    orientation: Quaternion = Quaternion()


class FrameTransform(msgspec.Struct, frozen=True, kw_only=True):
    """Where one frame lies in another."""

    timestamp: Time
    parent_frame_id: str
    child_frame_id: str
    translation: Vector3
    rotation: Quaternion


class FrameTransforms(msgspec.Struct, frozen=True):
    """Where several frames lie."""

    transforms: tuple[FrameTransform, ...]


class PosesInFrame(msgspec.Struct, frozen=True, kw_only=True):
    """Poses one after the other."""

    timestamp: Time
    frame_id: str
    poses: tuple[Pose, ...]


class NumericType(IntEnum):
    """How a number of a grid's cell lies in its bytes, little-endian."""

    UNKNOWN = 0
    UINT8 = 1
    INT8 = 2
    UINT16 = 3
    INT16 = 4
    UINT32 = 5
    INT32 = 6
    FLOAT32 = 7
    FLOAT64 = 8


class PackedElementField(msgspec.Struct, frozen=True):
    """One number of each cell."""

    name: str
    offset: int
    type: NumericType


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers over cells, row by row from the lowest y up."""

    timestamp: Time
    frame_id: str
    pose: Pose
    column_count: int
    cell_size: Vector2
    row_stride: int
    cell_stride: int
    fields: tuple[PackedElementField, ...]
    data: bytes


class LineType(IntEnum):
    """How the points of a line hang together."""

    LINE_STRIP = 0
    LINE_LOOP = 1
    LINE_LIST = 2


class LinePrimitive(msgspec.Struct, frozen=True, kw_only=True):
    """A line through points."""

    type: LineType
    points: tuple[Vector3, ...]
    color: Color
    thickness: float
    scale_invariant: bool = True
    pose: Pose = Pose()
    colors: tuple[Color, ...] = ()
    indices: tuple[int, ...] = ()


class CylinderPrimitive(msgspec.Struct, frozen=True, kw_only=True):
    """A cylinder or a cone, upright."""

    pose: Pose
    size: Vector3
    color: Color
    bottom_scale: float = 1.0
    top_scale: float = 1.0


class ArrowPrimitive(msgspec.Struct, frozen=True, kw_only=True):
    """An arrow along the x axis of its pose."""

    pose: Pose
    color: Color
    shaft_length: float
    shaft_diameter: float
    head_length: float
    head_diameter: float


class TextPrimitive(msgspec.Struct, frozen=True, kw_only=True):
    """Words that always face who looks."""

    pose: Pose
    text: str
    font_size: float
    color: Color
    billboard: bool = True
    scale_invariant: bool = True


class KeyValuePair(msgspec.Struct, frozen=True):
    """Something told about an entity."""

    key: str
    value: str


class SceneEntity(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the scene; a later one of the same id takes its place."""

    timestamp: Time
    frame_id: str
    id: str
    lifetime: Duration = Duration()
    frame_locked: bool = True
    metadata: tuple[KeyValuePair, ...] = ()
    arrows: tuple[ArrowPrimitive, ...] = ()
    cylinders: tuple[CylinderPrimitive, ...] = ()
    lines: tuple[LinePrimitive, ...] = ()
    texts: tuple[TextPrimitive, ...] = ()


class SceneEntityDeletion(msgspec.Struct, frozen=True, kw_only=True):
    """One thing, or all, away."""

    timestamp: Time
    type: int
    id: str


class SceneUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """What is new in the scene."""

    entities: tuple[SceneEntity, ...]
    deletions: tuple[SceneEntityDeletion, ...] = ()


class LogLevel(IntEnum):
    """How grave a line of the log is."""

    UNKNOWN = 0
    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4
    FATAL = 5


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log."""

    timestamp: Time
    level: LogLevel
    message: str
    name: str
    file: str = ""
    line: int = 0


WellKnown = FrameTransforms | SceneUpdate | PosesInFrame | Grid | Log


def schema_name(kind: type[msgspec.Struct]) -> str:
    """Return the name by which other programs know a message.

    >>> schema_name(Grid)
    'foxglove.Grid'
    """
    return f"foxglove.{kind.__name__}"


def well_known_schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON Schema of a message, without references: not every reader follows them.

    >>> well_known_schema(Vector2)["properties"]["x"]
    {'type': 'number'}
    """
    return _schema(inspect.type_info(kind))


def _schema(node: inspect.Type) -> dict[str, Any]:
    match node:
        case inspect.StructType():
            name = node.cls.__name__
            title = name.lower() if node.cls in (Time, Duration) else schema_name(node.cls)
            fields = {field.encode_name: _schema(field.type) for field in node.fields}
            return {"title": title, "type": "object", "properties": fields}
        case inspect.VarTupleType():
            return {"type": "array", "items": _schema(node.item_type)}
        case inspect.EnumType():
            told = [{"title": member.name, "const": member.value} for member in node.cls]
            return {"title": f"foxglove.{node.cls.__name__}", "oneOf": told}
        case inspect.BytesType():
            return {"type": "string", "contentEncoding": "base64"}
        case _:
            return {"type": _PLAIN[type(node)]}


_PLAIN: Final[dict[type[inspect.Type], str]] = {
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.StrType: "string",
}
