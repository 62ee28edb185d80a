"""One process's part of a check, and what it says of it to the one that started it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from fleet.core import ConfigError, PluginError
from fleet.runtime import Group, load_plugin
from fleet.sdk.testing import Breach, Kind
from sim.proving.notes import Notes, Trace
from sim.proving.seat import seat_of

#: ``witnessed``: everything, in this process; ``alone``: the mission on real hosts, with nobody between node and mind.
PartName = Literal["witnessed", "alone"]
GROUP_OF: Final[dict[Kind, Group]] = {
    "agent": "fleet.agents",
    "planner": "fleet.planners",
    "allocator": "fleet.allocators",
}
_USUAL: Final = "metu-micro"  # The vehicle of a plugin that does not say what it is made for.


class Told(msgspec.Struct, frozen=True, kw_only=True, tag="told"):
    """What is being looked at."""

    text: str
    rule: str  #: To blame when the process ends, or nothing more is heard of it.


class Invalid(msgspec.Struct, frozen=True, kw_only=True, tag="invalid"):
    """There is nothing to check; the fields of a `ConfigError`."""

    place: str
    fact: str
    remedy: str


class Proved(msgspec.Struct, frozen=True, kw_only=True, tag="proved"):
    """All that was noted."""

    breaches: tuple[Breach, ...] = ()
    vehicle: str = ""  #: That it was proved on.
    judged: tuple[str, ...] = ()
    trace: Trace = []
    faulty: bool = False  #: Whether the plugin was stopped, so that its trace shows what the wall clock did.


Words = Told | Invalid | Proved
_READ: Final[msgspec.json.Decoder[Words]] = msgspec.json.Decoder(Words)


def line_of(words: Words) -> bytes:
    """Return words as a line."""
    return msgspec.json.encode(words) + b"\n"


def read_line(line: bytes) -> Words:
    """Return the words of a line.

    >>> read_line(line_of(Told(text="memory", rule="raising"))).text
    'memory'
    """
    return _READ.decode(line)


def prove_part(kind: Kind, plugin: str, vehicle: str, part: PartName, say: Callable[[Words], None]) -> None:
    """Look at a plugin, and say what is seen.

    Parameters
    ----------
    vehicle
        Class of vehicle; empty for the one that it is made for.
    say
        Takes the words; the last are `Invalid` or `Proved`.
    """
    try:
        say(_witnessed(kind, plugin, vehicle, say) if part == "witnessed" else _alone(kind, plugin, vehicle))
    except ConfigError as error:
        say(Invalid(place=error.place, fact=error.fact, remedy=error.remedy))


def _witnessed(kind: Kind, plugin: str, vehicle: str, say: Callable[[Words], None]) -> Proved:
    notes = Notes(tell=lambda text: say(Told(text=text, rule="raising")))
    say(Told(text="its import", rule="import"))
    notes.judge("import")
    try:
        make = load_plugin(GROUP_OF[kind], plugin)
    except PluginError as error:
        notes.breach("import", error.fact)
        return Proved(breaches=tuple(notes.breaches), judged=("import",))
    try:
        vehicle = vehicle or made_for(make)
    except ConfigError as error:
        notes.breach("signature", f"{error.place} {error.fact}; {error.remedy}")
        return Proved(breaches=tuple(notes.breaches), judged=("import", "signature"))
    if kind == "allocator":
        from sim.proving.allocators import prove_allocator  # noqa: PLC0415 - needs no world

        prove_allocator(plugin, make, notes)
    else:
        _compile(lambda _: notes.tell("a world, whose hot loops compile once on this machine"))
        from sim.proving.agents import prove_agent  # noqa: PLC0415 - loads the world
        from sim.proving.planners import prove_planner  # noqa: PLC0415 - with it

        prove = prove_agent if kind == "agent" else prove_planner
        prove(plugin, vehicle, make, notes)
    faulty = any(breach.rule in ("raising", "deadline", "making") for breach in notes.breaches)
    return Proved(
        breaches=tuple(notes.breaches),
        vehicle="" if kind == "allocator" else vehicle,
        judged=tuple(sorted(notes.judged)),
        trace=notes.trace,
        faulty=faulty,
    )


def _alone(kind: Kind, plugin: str, vehicle: str) -> Proved:
    from sim.proving.mission import fly_alone  # noqa: PLC0415 - loads the world

    try:
        vehicle = vehicle or made_for(load_plugin(GROUP_OF[kind], plugin))
    except (PluginError, ConfigError):
        return Proved(faulty=True)  # It is for the other part to say what is wrong with it.
    _compile(lambda _: None)
    return Proved(trace=fly_alone(plugin, vehicle, "ipc"))


def made_for(make: object) -> str:
    """Return the class of vehicle that an agent is made for, as its class says in `made_for`.

    Raises
    ------
    ConfigError
        When there is no such class of vehicles.

    Examples
    --------
    >>> class Stands:
    ...     made_for = "change8-lander"
    >>> made_for(Stands), made_for(object)
    ('change8-lander', 'metu-micro')
    """
    vehicle = getattr(make, "made_for", _USUAL)
    seat_of(vehicle)
    return str(vehicle)


def _compile(announce: Callable[[str], None]) -> None:
    from sim.run import compile_missing  # noqa: PLC0415 - loads the world

    compile_missing(announce)
