"""Who may look on and steer, and who may be rovers, by a folder of keys."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fleet.bus import (
    ClientLock,
    Guard,
    PrivateKey,
    ServerLock,
    new_key,
    read_admitted,
    read_private,
    read_public,
    read_signing,
    write_key,
)
from fleet.core import ConfigError
from sim.hub import Door, Invitation
from sim.run.options import RunOptions
from sim.scenario import Scenario

HUB: Final = "hub.key"  #: The run's own key in its folder,
OPERATORS: Final = "operators"  #: where the public keys of those are who may look on and steer,
HOSTS: Final = "hosts"  #: and of those who may be rovers, by the name of a rover or of an agency.


def guard_of(keys: Path | None, *, insecure: bool = False) -> Guard:
    """Return how feed and control are guarded; who has the run's own key may steer, too.

    Raises
    ------
    ConfigError
        When a file in the folder is no key, or others may read the private one.
    """
    if keys is None:
        return "waived" if insecure else "none"
    own = read_private(keys / HUB)
    admitted = {**read_admitted(keys / OPERATORS), own.curve: own.name}
    return ServerLock(key=own, admitted=admitted)


def door_of(options: RunOptions, scenario: Scenario) -> Door | None:
    """Return where hosts from elsewhere come in, None when none are awaited.

    Raises
    ------
    ConfigError
        When an awaited rover is not in the scenario, or a file in the folder of keys is no key, or of one that cannot
        sign.
    """
    if options.listen is None:
        return None
    agencies = {spec.id: spec.agency for spec in scenario.rovers}
    for rover in options.remote:
        if rover not in agencies:
            remedy = f"there are: {', '.join(sorted(agencies))}"
            raise ConfigError("--remote", f"{rover!r} is no rover of {scenario.name}", remedy)
    lock, signing = None, None
    if options.keys is not None:
        admitted, signing = read_admitted(options.keys / HOSTS), read_signing(options.keys / HOSTS)
        if not admitted:
            remedy = f"put the .pub files of rovers or agencies into {options.keys / HOSTS}"
            raise ConfigError("--keys", "no host could be let in: there is no key of any", remedy)
        lock = ServerLock(key=read_private(options.keys / HUB), admitted=admitted)
    awaited = {rover: agencies[rover] for rover in options.remote}
    invitation = Invitation(agencies=awaited, wait=options.wait, signing=signing)
    return Door(endpoint=options.listen, invitation=invitation, lock=lock, waived=options.insecure)


def own_lock(keys: Path) -> ClientLock:
    """Return the lock of somebody beside the run, who has its own key.

    Raises
    ------
    ConfigError
        When it cannot be read.
    """
    own: PrivateKey = read_private(keys / HUB)
    return ClientLock(key=own, server=own.curve)


def make_keys(folder: Path) -> ClientLock:
    """Make keys for one run that nobody else is let in to; return the lock of who made them.

    Raises
    ------
    ConfigError
        When nothing can be written there.
    """
    write_key(new_key("hub"), folder)
    return own_lock(folder)


def lock_of(key: Path | None, hub: Path | None) -> ClientLock | None:
    """Return the lock of a client that was given its own private file and the run's public one; None without both.

    Raises
    ------
    ConfigError
        When only one is given, or a file is no key.
    """
    if key is None and hub is None:
        return None
    if key is None or hub is None:
        raise ConfigError("--key, --hub", "belong together", "give your own .key and the run's hub.pub")
    return ClientLock(key=read_private(key), server=read_public(hub).curve)
