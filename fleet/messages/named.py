"""Messages with the names of their fields, for recordings and for people.

On the wire most values travel as arrays. Their named form is what JSON tells without this program at hand: a struct is
an object with its fields by name, and its kind under ``type`` where it is one of several.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from fleet.core import MessageError

T = TypeVar("T")
_Step = Callable[[Any], Any] | None  #: One step of a plan for a type; None where the value is right as it stands.

_ENCODE = msgspec.json.Encoder().encode


def named(value: Any) -> Any:
    """Return `value`, a struct of this program, as dictionaries, tuples and plain values.

    >>> from fleet.messages import Charge
    >>> named(Charge(source="lander"))
    {'type': 'Charge', 'source': 'lander'}
    """
    return msgspec.to_builtins(_name(value))


def named_form(value: Any) -> Any:
    """Return `value` in its named form for an encoder: what `named` makes, with bytes and dates as they are."""
    return _name(value)


def named_json(value: Any) -> bytes:
    """Return the JSON of the named form; quicker than going by way of `named`."""
    return _ENCODE(_name(value))


def from_named(kind: type[T] | Any, data: Any) -> T:
    """Return the value of type `kind` whose named form is `data`.

    Parameters
    ----------
    kind
        A struct, or a union of structs.
    data
        As `named` returned it or as it came from JSON. Fields that the type does not know are left out; fields that
        are missing get their defaults.

    Raises
    ------
    MessageError
        When it is nothing of the kind.

    >>> from fleet.messages import Command
    >>> from_named(Command, {"type": "Charge", "source": "lander"})
    Charge(source='lander')
    """
    step = _unnaming(cast(Hashable, kind))
    try:
        value: T = msgspec.convert(data if step is None else step(data), kind)
    except (msgspec.ValidationError, ValueError, OverflowError, RecursionError) as error:
        raise MessageError("", str(error)) from None
    return value


def from_named_json(kind: type[T] | Any, data: bytes) -> T:
    """Return the value of type `kind` whose named form in JSON is `data`.

    Raises
    ------
    MessageError
        When it is nothing of the kind.
    """
    step, decode = _reading(cast(Hashable, kind))
    try:
        value: T = decode(data) if step is None else msgspec.convert(step(decode(data)), kind)
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
        raise MessageError("", str(error)) from None
    return value


def _name(value: Any) -> Any:
    step = _naming(cast(Hashable, type(value)))
    return value if step is None else step(value)


@cache
def _naming(kind: Hashable) -> _Step:
    return _to_names(inspect.type_info(kind))


@cache
def _unnaming(kind: Hashable) -> _Step:
    return _from_names(inspect.type_info(kind))


@cache
def _reading(kind: Hashable) -> tuple[_Step, Callable[[bytes], Any]]:
    step = _unnaming(kind)
    return step, msgspec.json.Decoder(kind if step is None else Any).decode


def _to_names(kind: inspect.Type) -> _Step:
    """Return how values of a type get names."""
    match kind:
        case inspect.StructType():
            return _name_struct(kind)
        case inspect.UnionType():
            choices = {choice.cls: _to_names(choice) for choice in kind.types if isinstance(choice, inspect.StructType)}
            return _choose(choices) if any(choices.values()) else None
        case inspect.VarTupleType():
            return _each(_to_names(kind.item_type))
        case _:
            return _plain(kind)


def _name_struct(kind: inspect.StructType) -> _Step:
    steps = [(field.name, step) for field in kind.fields if (step := _to_names(field.type)) is not None]
    if not kind.array_like and not steps:
        return None
    head = {} if kind.tag is None else {str(kind.tag_field): kind.tag}

    def name(value: Any) -> dict[str, Any]:
        fields: dict[str, Any] = {**head, **msgspec.structs.asdict(value)}
        for key, step in steps:
            fields[key] = step(fields[key])
        return fields

    return name


def _choose(choices: Mapping[type, _Step]) -> Callable[[Any], Any]:
    def name(value: Any) -> Any:
        step = choices.get(type(value))
        return value if step is None else step(value)

    return name


def _each(step: _Step) -> _Step:
    if step is None:
        return None

    def each(values: Any) -> list[Any]:
        if not isinstance(values, list | tuple):
            raise ValueError(f"expected an array, got {type(values).__name__}")
        return [step(value) for value in values]

    return each


def _plain(kind: inspect.Type) -> _Step:
    """Check that a type holds no struct that travels as an array; such places have no plan yet."""
    match kind:
        case inspect.DataclassType():
            inner: tuple[inspect.Type, ...] = tuple(field.type for field in kind.fields)
        case inspect.TupleType():
            inner = kind.item_types
        case inspect.DictType():
            inner = (kind.value_type,)
        case _:
            return None
    if any(_to_names(part) is not None for part in inner):
        raise TypeError(f"a struct that travels as an array inside {kind!r} cannot be named")
    return None


def _from_names(kind: inspect.Type) -> _Step:
    """Return how the named form of a type becomes what msgspec converts to it."""
    match kind:
        case inspect.StructType():
            return _unname_struct(kind) if _to_names(kind) is not None else None
        case inspect.UnionType():
            structs = [choice for choice in kind.types if isinstance(choice, inspect.StructType)]
            if not any(_to_names(choice) is not None for choice in structs):
                return None
            step = _unname_tagged(structs) if len(structs) > 1 else _unname_struct(structs[0])
            return step if len(structs) == len(kind.types) else _unless_none(step)
        case inspect.VarTupleType():
            return _each(_from_names(kind.item_type))
        case _:
            return None


def _unname_struct(kind: inspect.StructType) -> Callable[[Any], Any]:
    title = kind.cls.__name__
    fields = [(field.encode_name, _from_names(field.type), _default(field)) for field in kind.fields]
    head = [] if kind.tag is None else [kind.tag]
    tag = {} if kind.tag is None else {str(kind.tag_field): kind.tag}

    def unname(data: Any) -> Any:
        if not isinstance(data, dict):
            raise ValueError(f"{title} must be an object, got {type(data).__name__}")
        values: list[Any] = head.copy()
        for key, step, default in fields:
            value = data.get(key, default)
            if value is msgspec.NODEFAULT:
                raise ValueError(f"{title} lacks {key!r}")
            values.append(value if step is None else step(value))
        if kind.array_like:
            return values
        return {**tag, **dict(zip((key for key, _, _ in fields), values[len(head) :], strict=True))}

    return unname


def _default(field: inspect.Field) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return named(field.default_factory())
    if isinstance(field.default, msgspec.Struct):
        return named(field.default)
    return field.default if field.default is msgspec.NODEFAULT else msgspec.to_builtins(field.default)


def _unname_tagged(structs: list[inspect.StructType]) -> Callable[[Any], Any]:
    key = str(structs[0].tag_field)
    steps = {struct.tag: _from_names(struct) for struct in structs}

    def unname(data: Any) -> Any:
        tag = data.get(key) if isinstance(data, dict) else None
        if not isinstance(tag, str) or tag not in steps:
            raise ValueError(f"{key!r} must be one of {', '.join(map(str, steps))}, got {tag!r}")
        step = steps[tag]
        return data if step is None else step(data)

    return unname


def _unless_none(step: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda data: None if data is None else step(data)
