"""Writes the tables of protocol.md, its schemas and its bytes anew: ``python docs/write_protocol.py``.

The page is written by hand above its mark; what stands below is told by the code that travels, so that both never part.
"""

from __future__ import annotations

import inspect
import json
import re
import textwrap
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
from msgspec import inspect as types

from fleet.messages import Body, Command, Event, Message
from fleet.messages.mind import FromMind, FromNode
from fleet.messages.schema import LOCKSTEP, message_schemas

MARK: Final = "<!-- Below: python docs/write_protocol.py -->\n"
ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "protocol.md"
SCHEMA: Final = ROOT / "docs" / "protocol.schema.json"
GOLDEN: Final = ROOT / "tests" / "messages" / "golden_bytes.json"
GROUPS: Final[tuple[tuple[str, tuple[Any, ...]], ...]] = (
    ("Between run and host", LOCKSTEP),
    ("Between node and mind", (*get_args(FromNode), *get_args(FromMind))),
    ("Commands", get_args(Command)),
    ("Events", get_args(Event)),
    ("What rovers say", (Message, *get_args(Body))),
)
_UNIONS: Final = {frozenset(get_args(kind)): name for kind, name in ((Command, "commands"), (Event, "events"))}
_BODIES: Final = frozenset(get_args(Body))
_LONGEST: Final = 1200  # Hexadecimal digits of an example that is shown whole.


def page() -> str:
    """Return the page as it should be."""
    by_hand = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    told: list[type] = [kind for _, kinds in GROUPS for kind in kinds]
    inner: list[type] = []
    parts = []
    for title, kinds in GROUPS:
        parts.append(f"## {title}\n")
        parts += [_section(kind, golden, told, inner) for kind in kinds]
    parts.append("## Values inside\n")
    done = 0
    while done < len(inner):
        parts.append(_section(inner[done], golden, told, inner))
        done += 1
    return by_hand + MARK + "\n" + "\n".join(parts)


def schema() -> str:
    """Return the JSON Schema of all messages as it should be."""
    return json.dumps(message_schemas(), indent=1, ensure_ascii=False) + "\n"


def _section(kind: Any, golden: dict[str, Any], told: list[type], inner: list[type]) -> str:
    info = types.type_info(kind)
    assert isinstance(info, types.StructType | types.DataclassType)
    form = "map"
    rows = []
    if isinstance(info, types.StructType):
        form = "array" if info.array_like else "map"
        if info.tag is not None:
            rows.append(f"| `{info.tag_field}` | string, `{info.tag}` | |")
    about = _remarks(kind)
    for field in info.fields:
        shape = _shape(field.type, told, inner)
        if field.default is not msgspec.NODEFAULT:
            shape += f"; if left out `{json.dumps(msgspec.to_builtins(field.default))}`"
        rows.append(f"| `{field.encode_name}` | {shape} | {about.get(field.name, '')} |")
    lines = [f"### {kind.__name__}\n", f"{_first_line(kind)} On the wire {'an' if form == 'array' else 'a'} {form}.\n"]
    lines += ["| field | holds | |\n|---|---|---|", *rows, ""]
    example = golden.get(kind.__name__)
    if example is not None:
        lines += _example(example)
    return "\n".join(lines)


def _example(example: dict[str, Any]) -> list[str]:
    wire = example["wire"]
    if len(wire) > _LONGEST:
        return [f"Its {len(wire) // 2} bytes are in `tests/messages/golden_bytes.json`.\n"]
    named = json.dumps(example["named"], ensure_ascii=False)
    return ["```text", *textwrap.wrap(named, 130), "", *textwrap.wrap(wire, 130), "```", ""]


def _first_line(kind: Any) -> str:
    return inspect.getdoc(kind).partition("\n")[0]  # type: ignore[union-attr]  # every struct says what it is


def _remarks(kind: Any) -> dict[str, str]:
    """Return what the source says of each field: after ``#:`` on its line, or on the lines before."""
    found: dict[str, str] = {}
    before: list[str] = []
    for base in reversed(kind.__mro__[:-1]):
        try:
            source = inspect.getsource(base)
        except (OSError, TypeError):
            continue
        for line in source.splitlines():
            remark = re.match(r"\s*#: (.*)", line)
            field = re.match(r"    (\w+): [^#]*(?:#: (.*))?", line)
            if remark:
                before.append(remark[1])
            elif field:
                text = " ".join([*before, field[2] or ""]).strip()
                if text:
                    found[field[1]] = text.replace("``", "`").replace("|", "\\|")
                before = []
            else:
                before = []
    return found


def _shape(kind: types.Type, told: list[type], inner: list[type]) -> str:
    match kind:
        case types.StructType() | types.DataclassType():
            if kind.cls not in told and kind.cls not in inner:
                inner.append(kind.cls)
            return f"[{kind.cls.__name__}](#{kind.cls.__name__.lower()})"
        case types.UnionType():
            return _either(kind, told, inner)
        case types.VarTupleType():
            return f"array of {_shape(kind.item_type, told, inner)}"
        case types.TupleType():
            return (
                f"array of {len(kind.item_types)}: {', '.join(_shape(each, told, inner) for each in kind.item_types)}"
            )
        case types.LiteralType():
            return " or ".join(f"`{value}`" for value in kind.values)
        case types.BytesType():
            return "binary"
        case types.DateTimeType():
            return "timestamp of MessagePack; in JSON a string, RFC 3339"
        case types.IntType():
            return "integer"
        case types.FloatType():
            return "number"
        case types.BoolType():
            return "boolean"
        case types.DictType():
            return f"map of {_shape(kind.value_type, told, inner)}"
        case _:
            return "string"


def _either(kind: types.UnionType, told: list[type], inner: list[type]) -> str:
    structs = frozenset(each.cls for each in kind.types if isinstance(each, types.StructType))
    null = " or nil" if any(isinstance(each, types.NoneType) for each in kind.types) else ""
    if structs in _UNIONS:
        name = _UNIONS[structs]
        return f"one of the [{name}](#{name}){null}"
    if structs == _BODIES:
        return f"one of the [bodies](#what-rovers-say){null}"
    others = [each for each in kind.types if not isinstance(each, types.NoneType)]
    return " or ".join(_shape(each, told, inner) for each in others) + null


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(schema(), encoding="utf-8")
