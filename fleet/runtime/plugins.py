"""Finds agents, planners and allocators: by entry point, ours like anybody's, or as ``module:Class``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, partial
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from fleet.core import ConfigError, PluginError
from fleet.runtime.blame import place_of, said_of
from fleet.runtime.deadline import Overdue, within
from fleet.runtime.far_mind import FarMind, is_endpoint

Group = Literal["fleet.agents", "fleet.planners", "fleet.allocators", "moonfleet.checks"]
GROUPS: Final[tuple[Group, ...]] = ("fleet.agents", "fleet.planners", "fleet.allocators", "moonfleet.checks")
_IMPORT: Final = 20.0  # Seconds of the wall.
# What one of each is called, and the methods it must have.
_PORTS: Final = MappingProxyType(
    {
        "fleet.agents": ("agent", ("decide",)),
        "fleet.planners": ("planner", ("plan", "costs")),
        "fleet.allocators": ("allocator", ("award",)),
        "moonfleet.checks": ("check", ("write", "finding")),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plugin that some installed distribution names."""

    group: Group
    name: str
    value: str  #: ``module:Class``.
    distribution: str
    version: str
    refused: str = ""  #: Why it cannot be used; empty when it can.


def found(group: Group | None = None) -> tuple[Found, ...]:
    """Return every plugin of a group (or of all groups), usable or not, by name.

    Examples
    --------
    >>> "lander" in [plugin.name for plugin in found("fleet.agents")]
    True
    """
    groups = GROUPS if group is None else (group,)
    return tuple(plugin for each in groups for plugin in _found(each))


def _found(group: Group) -> list[Found]:
    points = _points(group)
    return [
        Found(
            group=group,
            name=point.name,
            value=point.value,
            distribution=point.dist.name if point.dist else "",
            version=point.dist.version if point.dist else "",
            refused=_refusal(group, point, points),
        )
        for point in points
    ]


def load_plugin(group: Group, name: str) -> Callable[..., Any]:
    """Return the class (or other maker) of a plugin.

    Parameters
    ----------
    group
        Which port it implements.
    name
        Of its entry point, or ``module:Class``; of an agent also the endpoint at which a mind listens.

    Raises
    ------
    ConfigError
        When there is none of this name, or there are several.
    PluginError
        When it is there but cannot be used: its import fails, or what it names is not what the port takes.

    Examples
    --------
    >>> load_plugin("fleet.agents", "landr")
    Traceback (most recent call last):
    ...
    fleet.core.errors.ConfigError: agent 'landr': there is none of this name
      did you mean 'lander'? There are: lander, micro, operator, prospector, traverser; or give module:Class
    """
    if group == "fleet.agents" and is_endpoint(name):
        return partial(FarMind, name)
    return _load(group, name, _point(group, name))


def look_up(group: Group, name: str) -> None:
    """Check that there is a plugin of this name, as far as that is known without its code; as `load_plugin` names it.

    Raises
    ------
    ConfigError
        When there is none, or there are several.
    """
    if not (group == "fleet.agents" and is_endpoint(name)):
        _point(group, name)


def _point(group: Group, name: str) -> EntryPoint:
    if ":" in name:
        return EntryPoint(name=name, value=name, group=group)
    points = _points(group)
    named = [point for point in points if point.name == name]
    if len(named) == 1:
        return named[0]
    place = f"{_PORTS[group][0]} {name!r}"
    if named:
        values = " and ".join(point.value for point in named)
        raise ConfigError(place, f"several plugins have this name: {values}", "give module:Class instead of the name")
    names = list(dict.fromkeys(point.name for point in points))
    near = get_close_matches(name, names, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    raise ConfigError(
        place, "there is none of this name", f"{meant}There are: {', '.join(names)}; or give module:Class"
    )


def _points(group: Group) -> tuple[EntryPoint, ...]:
    # A distribution may be listed twice, by its installation and by its build directory on the path.
    installed = _installed(tuple((folder, _changed(folder)) for folder in sys.path))
    points = {(point.name, point.value): point for point in installed[group]}
    return tuple(points[key] for key in sorted(points))


@lru_cache(maxsize=2)
def _installed(places: tuple[tuple[str, int], ...]) -> dict[Group, EntryPoints]:  # noqa: ARG001 - cache's key
    """Return what is installed in places that are as they were then: looking through them takes 10 ms, often."""
    every = entry_points()
    return {group: every.select(group=group) for group in GROUPS}


def _changed(folder: str) -> int:
    """Return when a folder got or lost a distribution last; 0 where there is none."""
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return 0


def _refusal(group: Group, point: EntryPoint, points: tuple[EntryPoint, ...]) -> str:
    others = [other.value for other in points if other.name == point.name and other.value != point.value]
    if others:
        return f"{others[0]} has the same name"
    try:
        _load(group, point.name, point)
    except PluginError as error:
        return error.fact
    return ""


def _load(group: Group, name: str, point: EntryPoint) -> Callable[..., Any]:
    kind, methods = _PORTS[group]
    module, _, attribute = point.value.partition(":")
    if not (module and attribute):
        raise PluginError(name, "", -1, f"{point.value!r} is not of the form module:Class")
    try:
        made: Any = within(_IMPORT, lambda: importlib.import_module(module))
        for part in attribute.split("."):
            made = getattr(made, part)
    except Overdue as error:
        fact = f"cannot be imported: that takes longer than {_IMPORT:g} s{place_of(error)}"
        raise PluginError(name, "", -1, fact) from None
    except (Exception, SystemExit) as error:
        # A plugin's module may raise anything when it is imported; this is the fence around it.
        if isinstance(error, ModuleNotFoundError) and module.partition(".")[0] == error.name:
            fact = f"there is no module {module!r} in the working directory, on PYTHONPATH, or installed"
            raise PluginError(name, "", -1, fact) from error
        raise PluginError(name, "", -1, f"cannot be imported: {said_of(error)}") from error
    if not callable(made):
        raise PluginError(name, "", -1, f"{point.value} is not callable, so it makes no {kind}")
    # What a function will make is seen when it is called; a class shows it now.
    missing = [method for method in methods if isinstance(made, type) and not callable(getattr(made, method, None))]
    if missing:
        is_like = [other for other, has in _PORTS.values() if all(callable(getattr(made, one, None)) for one in has)]
        meant = f"; by its methods it is of the kind {is_like[0]}" if is_like else ""
        raise PluginError(name, "", -1, f"{point.value} has no {missing[0]}(), so it is no {kind}{meant}")
    return made  # type: ignore[no-any-return]  # whatever a plugin makes
