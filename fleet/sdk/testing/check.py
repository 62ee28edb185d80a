"""Checks a plugin by the rules of its port, as `moonfleet agent check` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Final, Protocol, cast

from fleet.core import ConfigError
from fleet.sdk.testing.report import CheckReport
from fleet.sdk.testing.rules import Kind

#: Where an installation names its proving ground: rovers have none, a world has.
GROUP: Final = "fleet.proving"
Progress = Callable[[str], None]
_NOTHING_EXPECTED: Mapping[str, str] = MappingProxyType({})


class ProvingGround(Protocol):
    """Judges plugins by putting them to work in a world."""

    def __call__(
        self, kind: Kind, plugin: str, *, vehicle: str | None, expected: Mapping[str, str], progress: Progress
    ) -> CheckReport:
        """Return how a plugin stands with the rules of its port."""
        ...


def check_agent(
    plugin: str | type,
    *,
    vehicle: str | None = None,
    expected: Mapping[str, str] = _NOTHING_EXPECTED,
    progress: Progress | None = None,
) -> CheckReport:
    """Return how an agent stands with the rules for agents.

    It is put to work in short missions in processes of its own, with other rovers and without radio, and asked with
    made-up views; what it decides is looked at each time.

    Parameters
    ----------
    plugin
        Name of an entry point, ``module:Class``, or the class itself.
    vehicle
        Class of vehicle that it drives; None: what its class says in `made_for`, else ``metu-micro``.
    expected
        Rules that it breaks, by id, each with the reason why that is right; one that it keeps after all fails.
    progress
        Told what is being looked at.

    Raises
    ------
    ConfigError
        When there is no such plugin or vehicle, or the installation has no world to prove agents in.

    Examples
    --------
    A test of one's own agent::

        def test_my_agent_keeps_the_rules() -> None:
            report = check_agent("mine:MyAgent")
            assert report.passed, str(report)
    """
    return _check("agent", plugin, vehicle, expected, progress)


def check_planner(
    plugin: str | type,
    *,
    vehicle: str | None = None,
    expected: Mapping[str, str] = _NOTHING_EXPECTED,
    progress: Progress | None = None,
) -> CheckReport:
    """Return how a planner stands with the rules for planners, see `check_agent`."""
    return _check("planner", plugin, vehicle, expected, progress)


def check_allocator(
    plugin: str | type, *, expected: Mapping[str, str] = _NOTHING_EXPECTED, progress: Progress | None = None
) -> CheckReport:
    """Return how an allocator stands with the rules for allocators, see `check_agent`."""
    return _check("allocator", plugin, None, expected, progress)


def _check(
    kind: Kind, plugin: str | type, vehicle: str | None, expected: Mapping[str, str], progress: Progress | None
) -> CheckReport:
    return _ground()(kind, _named(plugin), vehicle=vehicle, expected=expected, progress=progress or (lambda _: None))


def _ground() -> ProvingGround:
    points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    if not points:
        fact = "this installation has no world to prove plugins in"
        raise ConfigError("fleet.sdk.testing", fact, "install moonfleet whole, with its simulation")
    return cast(ProvingGround, points[0].load())


def _named(plugin: str | type) -> str:
    if isinstance(plugin, str):
        return plugin
    if plugin.__module__ == "__main__" or "<locals>" in plugin.__qualname__:
        fact = "another process cannot import it"
        raise ConfigError(plugin.__qualname__, fact, "put the class into a module, at its outermost level")
    return f"{plugin.__module__}:{plugin.__qualname__}"
