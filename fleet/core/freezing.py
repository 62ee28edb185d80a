"""The state of objects as bytes, and back: what a run is made of, put away to go on from later.

Nothing that lies in the bytes is called: they name classes of ours that are loaded already, and hold what belongs into
their attributes. What is the same in every run of a scenario, such as ground and planners, is not put away but named.
"""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from inspect import getattr_static
from types import FunctionType, MappingProxyType, MethodType
from typing import Any, Final, NamedTuple

import msgspec

from fleet.core.errors import FleetError
from fleet.core.rng import Rng, rng_at

_ATOMS: Final = frozenset({type(None), bool, int, float, str, bytes})
_LIMIT: Final = 1 << 24  # Objects in one piece of state, far beyond what any run has.


class FreezingError(FleetError):
    """Something has a state that cannot be put away, or bytes are not the state of anything here."""

    def __init__(self, path: str, fact: str) -> None:
        super().__init__(f"{path}: {fact}")
        self.path = path
        self.fact = fact


class _Form(NamedTuple):
    """What an object is made of."""

    kind: str
    what: Any  #: Beside its parts: a class, names, bytes.
    parts: Sequence[Any]


class Freezer:
    """Puts objects away and makes them anew.

    Parameters
    ----------
    rooms
        Packages whose classes may be put away and made anew, by their dotted names.
    anchors
        Objects that are not put away but named, and are there again when the others are made anew.

    Notes
    -----
    Objects that are one stay one, and circles of them stay circles. Classes are made anew without `__init__`, with the
    attributes that they had. Supported are the plain values and containers of Python, arrays of numpy, shapes of
    shapely, streams of chance, structs, enumerations, classes and methods of the rooms, and their objects.

    Examples
    --------
    >>> freezer = Freezer(rooms=(), anchors={"ground": object()})
    >>> data = freezer.freeze({"seen": [1, (2.5, "r1")], "by": {7}})
    >>> freezer.thaw(data)
    {'seen': [1, (2.5, 'r1')], 'by': {7}}
    """

    def __init__(self, *, rooms: Sequence[str], anchors: Mapping[str, object]) -> None:
        self._rooms = tuple(rooms)
        self._anchors = dict(anchors)
        self._names = {id(anchor): name for name, anchor in anchors.items()}

    # Putting away

    def freeze(self, root: object) -> bytes:
        """Return the state of an object and of all that it refers to.

        Raises
        ------
        FreezingError
            When something in it cannot be put away; the error says by which way it is reached.
        """
        forms: dict[int, _Form] = {}
        numbers: dict[int, int] = {}  # In an order in which parts come first, but for circles.
        came: dict[int, tuple[int, object]] = {}  # From whose parts, for errors; holds on to what has just been made.
        todo: list[tuple[object, int, bool]] = [(root, 0, False)]
        while todo:
            each, parent, is_done = todo.pop()
            key = id(each)
            if is_done:
                numbers[key] = len(numbers)
            elif key not in forms and type(each) not in _ATOMS:
                came[key] = (parent, each)
                try:
                    form = forms[key] = self._form(each)
                except FreezingError as error:
                    raise FreezingError(_path(key, came, forms), error.fact) from None
                todo.append((each, parent, True))
                todo += [(part, key, False) for part in reversed(form.parts) if type(part) not in _ATOMS]
        rows = []
        for key in numbers:
            kind, what, parts = forms[key]
            rows.append((kind, what, [part if type(part) in _ATOMS else [numbers[id(part)]] for part in parts]))
        top = root if type(root) in _ATOMS else [numbers[id(root)]]
        try:
            return msgspec.msgpack.encode((rows, top))
        except OverflowError:
            raise FreezingError("", "holds a whole number of more than 64 bits") from None

    def _form(self, each: Any) -> _Form:
        name = self._names.get(id(each))
        if name is not None:
            return _Form("anchor", name, ())
        make = _FORMS.get(type(each))
        if make is not None:
            return make(each)
        if isinstance(each, type):
            return _Form("class", self._named(each), ())
        if isinstance(each, Enum):
            return _Form("enum", [self._named(type(each)), each.name], ())
        if isinstance(each, tuple):
            return _Form("named", self._named(type(each)), each)
        if isinstance(each, msgspec.Struct):
            fields = each.__struct_fields__
            return _Form("struct", self._named(type(each)), [getattr(each, field) for field in fields])
        return _of_library(each) or self._of_object(each)

    def _of_object(self, each: Any) -> _Form:
        kind = type(each)
        if isinstance(each, dict | list | set | frozenset | BaseException | int | float | str | bytes):
            raise FreezingError("", f"{kind.__qualname__} is no plain {kind.__mro__[-2].__qualname__}")
        state = {name: getattr(each, name) for name in _slots(kind) if hasattr(each, name)}
        state |= getattr(each, "__dict__", {})
        return _Form("object", [self._named(kind), [*state]], [*state.values()])

    def _named(self, thing: Any) -> str:
        name, module = thing.__qualname__, thing.__module__
        if not self._is_ours(module) or "<" in name:
            raise FreezingError("", f"{module}.{name} is not of {', '.join(self._rooms) or 'any room'}")
        return f"{module}:{name}"

    def _is_ours(self, module: str) -> bool:
        return any(module == room or module.startswith(f"{room}.") for room in self._rooms)

    # Making anew

    def thaw(self, data: bytes) -> Any:
        """Return the object whose state it is, made anew, and with it all that it refers to.

        Raises
        ------
        FreezingError
            When the bytes are not what `freeze` gave, or name what is not here.
        """
        try:
            rows, root = msgspec.msgpack.decode(data, type=tuple[list[tuple[str, Any, list[Any]]], Any])
            if len(rows) > _LIMIT:
                raise FreezingError("", f"holds {len(rows)} objects")
            made = [self._shell(kind, what) for kind, what, _ in rows]
            late = []  # What is part of a circle is filled when all is there.
            for number, (kind, what, parts) in enumerate(rows):
                if made[number] is _LATER:
                    made[number] = self._made(kind, what, [_part(made, part) for part in parts])
                elif any(type(part) is list and made[part[0]] is _LATER for part in parts):
                    late.append(number)
                else:
                    _fill(made, number, rows[number])
            for number in late:
                _fill(made, number, rows[number])
            return _part(made, root)
        except FreezingError:
            raise
        except (msgspec.DecodeError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            raise FreezingError("", f"is not the state of anything: {error}") from None

    def _shell(self, kind: str, what: Any) -> Any:
        """Return what is there before its parts are; `_LATER` for what is made of them."""
        if kind == "anchor":
            return self._anchors[what]
        if kind == "object":
            return object.__new__(self._class(what[0]))
        empty = _EMPTY.get(kind)
        return _LATER if empty is None else empty()

    def _made(self, kind: str, what: Any, parts: list[Any]) -> Any:
        match kind:
            case "class":
                return self._class(what)
            case "enum":
                return self._class(what[0])[what[1]]
            case "named":
                return tuple.__new__(self._class(what), parts)
            case "struct":
                made = self._class(what)
                return made(**dict(zip(made.__struct_fields__, parts, strict=True)))
            case "method":
                if not isinstance(getattr_static(type(parts[0]), what), FunctionType):
                    raise FreezingError("", f"{what} is no method")
                return getattr(parts[0], what)
        return _MAKE[kind](what, parts)

    def _class(self, name: str) -> Any:
        module, _, path = name.partition(":")
        if not self._is_ours(module) or module not in sys.modules:
            raise FreezingError("", f"{name} is not of {', '.join(self._rooms) or 'any room'}")
        found: Any = sys.modules[module]
        for part in path.split("."):
            found = getattr_static(found, part)
        if not isinstance(found, type) or found.__module__ != module or hasattr(found, "__del__"):
            raise FreezingError("", f"{name} is no class that may be made anew")
        return found


class _Later:
    """Stands for what is not made yet."""


_LATER: Final = _Later()


def _part(made: Sequence[Any], part: Any) -> Any:
    if type(part) is not list:
        return part
    found = made[part[0]]
    if found is _LATER:
        raise FreezingError("", "has a circle of things that cannot be changed")
    return found


def _fill(made: list[Any], number: int, row: tuple[str, Any, list[Any]]) -> None:
    """Put into what is there what belongs into it."""
    kind, what, parts = row
    there = made[number]
    if kind == "object":
        for name, part in zip(what[1], parts, strict=True):
            if name.startswith("__"):
                raise FreezingError("", f"{name} is no attribute that is put away")
            object.__setattr__(there, name, _part(made, part))
    elif kind in _FILL:
        _FILL[kind](there, [_part(made, part) for part in parts])


def _slots(kind: type) -> Iterable[str]:
    for each in kind.__mro__:
        names = each.__dict__.get("__slots__", ())
        yield from (names,) if isinstance(names, str) else names


def _path(key: int, came: Mapping[int, tuple[int, object]], forms: Mapping[int, _Form]) -> str:
    """Return by which attributes and items something is reached."""
    words: list[str] = []
    while came[key][0]:
        parent = came[key][0]
        kind, what, parts = forms[parent]
        place = next(place for place, part in enumerate(parts) if id(part) == key)
        words.append(what[1][place] if kind == "object" else f"{kind}[{place}]")
        key = parent
    return ".".join(reversed(words)) or "state"


def _of_library(each: Any) -> _Form | None:
    """Return the form of what numpy or shapely made; None for others. Neither is loaded for those who have none."""
    package = type(each).__module__.partition(".")[0]
    if package == "numpy":
        import numpy as np  # noqa: PLC0415 - see above

        if isinstance(each, np.ndarray) and each.dtype.kind in "biuf":
            what = [each.dtype.str, list(each.shape), each.tobytes(), bool(each.flags.writeable)]
            return _Form("array", what, ())
        if isinstance(each, np.generic) and each.dtype.kind in "biuf":
            return _Form("scalar", [each.dtype.str, each.tobytes()], ())
    if package == "shapely":
        import shapely  # noqa: PLC0415 - see above

        if isinstance(each, shapely.Geometry):
            return _Form("shape", shapely.to_wkb(each), ())
    return None


def _array(what: Any, _: list[Any]) -> Any:
    import numpy as np  # noqa: PLC0415 - see `_of_library`

    kind, shape, data, is_writeable = what
    array = np.frombuffer(data, np.dtype(kind)).reshape(shape).copy()
    array.flags.writeable = is_writeable
    return array


def _scalar(what: Any, _: list[Any]) -> Any:
    import numpy as np  # noqa: PLC0415 - see `_of_library`

    return np.frombuffer(what[1], np.dtype(what[0]))[0]


def _shape(what: Any, _: list[Any]) -> Any:
    import shapely  # noqa: PLC0415 - see `_of_library`

    try:
        return shapely.from_wkb(what)
    except shapely.errors.ShapelyError as error:
        raise ValueError(str(error)) from None


def _pairs(there: dict[Any, Any], parts: list[Any]) -> None:
    there.update(zip(parts[::2], parts[1::2], strict=True))


def _form_of_rng(rng: Rng) -> _Form:
    version, words, gauss = rng.getstate()
    return _Form("rng", [version, list(words), gauss], ())


_FORMS: Final[Mapping[type, Callable[[Any], _Form]]] = {
    tuple: lambda each: _Form("tuple", None, each),
    list: lambda each: _Form("list", None, tuple(each)),
    dict: lambda each: _Form("dict", None, [part for pair in each.items() for part in pair]),
    set: lambda each: _Form("set", None, tuple(each)),
    frozenset: lambda each: _Form("frozenset", None, tuple(each)),
    deque: lambda each: _Form("deque", each.maxlen, tuple(each)),
    MappingProxyType: lambda each: _Form("proxy", None, gc.get_referents(each)),
    MethodType: lambda each: _Form("method", each.__func__.__name__, (each.__self__,)),
    datetime: lambda each: _Form("datetime", each.isoformat(), ()),
    msgspec.Raw: lambda each: _Form("raw", bytes(each), ()),
    Rng: _form_of_rng,
}
_EMPTY: Final[Mapping[str, Callable[[], Any]]] = {"list": list, "dict": dict, "set": set}
_FILL: Final[Mapping[str, Callable[[Any, list[Any]], None]]] = {
    "list": lambda there, parts: there.extend(parts),
    "dict": _pairs,
    "set": lambda there, parts: there.update(parts),
}
_MAKE: Final[Mapping[str, Callable[[Any, list[Any]], Any]]] = {
    "tuple": lambda _, parts: tuple(parts),
    "frozenset": lambda _, parts: frozenset(parts),
    "deque": lambda what, parts: deque(parts, what),
    "proxy": lambda _, parts: MappingProxyType(parts[0]),
    "datetime": lambda what, _: datetime.fromisoformat(what),
    "raw": lambda what, _: msgspec.Raw(what),
    "rng": lambda what, _: rng_at((what[0], tuple(what[1]), what[2])),
    "array": _array,
    "scalar": _scalar,
    "shape": _shape,
}
