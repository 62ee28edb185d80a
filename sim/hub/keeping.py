"""Checkpoints of a run: taken at a stop of the hub's, and gone back to."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from fleet.core import ConfigError, Freezer, FreezingError, MessageError
from fleet.messages import Keep, Kept, Restore, RoverState, encode, read_from_host
from sim.hub.ports import Hosts, Truth
from sim.hub.revival import Gather, Revival
from sim.hub.values import Outside
from sim.record.checkpoint import Checkpoint, program_print
from sim.record.digest import Digest
from sim.scenario.scenario import Scenario
from sim.world.keeping import anchors_of

_log = logging.getLogger(__name__)
_ROOMS: Final = ("fleet.core", "fleet.messages", "sim.hub", "sim.scenario")


class HostKeeping:
    """Asks hosts for all that their rovers know, and has them know it again.

    Parameters
    ----------
    gather
        Waits for one word of each host.
    revival
        Told, so that a host that falls later is started anew from here.
    patience
        Seconds in which a host must answer.
    """

    def __init__(self, hosts: Hosts, gather: Gather, revival: Revival, patience: float) -> None:
        self._hosts = hosts
        self._gather = gather
        self._revival = revival
        self._patience = patience

    def states(self) -> tuple[RoverState, ...]:
        """Return what all rovers know.

        Raises
        ------
        FreezingError
            When some rover's cannot be told; it says whose and why.
        """
        if self._hosts.invitation is not None:
            raise FreezingError("hosts from elsewhere", "are not asked for what their rovers know")
        kept = self._ask(dict.fromkeys(self._hosts.rovers, encode(Keep())))
        for host, each in kept.items():
            self._revival.begin_again(host, encode(Restore(states=each.states)), encode(Kept(host=host)))
        return tuple(sorted((state for each in kept.values() for state in each.states), key=lambda state: state.rover))

    def restore(self, states: Sequence[RoverState]) -> None:
        """Have all rovers know what they knew.

        Raises
        ------
        FreezingError
            When one does not take it in.
        """
        frames = {
            host: encode(Restore(states=tuple(state for state in states if state.rover in rovers)))
            for host, rovers in self._hosts.rovers.items()
        }
        self._ask(frames)
        for host, frame in frames.items():
            self._revival.begin_again(host, frame, encode(Kept(host=host)))

    def _ask(self, frames: Mapping[str, bytes]) -> dict[str, Kept]:
        kept: dict[str, Kept] = {}

        def take(host: str, data: bytes) -> None:
            said = read_from_host(data, host)
            if not isinstance(said, Kept):
                raise MessageError(host, "does not say what its rovers know")
            kept[host] = said

        asked = [host for host, frame in frames.items() if self._hosts.bus.send(host, frame)]
        self._gather(dict.fromkeys(asked, self._patience), take)
        for host in frames:
            if host not in kept:
                raise FreezingError(f"host {host}", "does not answer")
            for rover, fact in kept[host].missing:
                raise FreezingError(f"rover {rover}", fact)
        return kept


class Checkpoints:
    """Takes checkpoints while a run goes on, and goes back to one.

    Parameters
    ----------
    outside
        Says how often, and has the journal where they are kept; without it none are taken.

    Notes
    -----
    Where something cannot be put away, such as the mind of a plugin that does not offer it, that is said once, and the
    run has no checkpoints: going on then goes once more through all that was.
    """

    def __init__(self, scenario: Scenario, hosts: HostKeeping, outside: Outside) -> None:
        self._scenario = scenario
        self._hosts = hosts
        self._journal = outside.journal
        self._every = outside.checkpoint_every
        self._next = self._every or 0

    def look(self, world: Truth, digest: Digest, hub: object, state: Sequence[str]) -> None:
        """Take one if it is time, after all else of a stop.

        Parameters
        ----------
        digest
            Of all entries so far.
        hub, state
            The hub, and which of its attributes are its state.
        """
        tick = world.tick
        if self._every is None or self._journal is None or tick < self._next:
            return
        self._next = tick - tick % self._every + self._every
        try:
            checkpoint = Checkpoint(
                tick=tick,
                digest=digest.hexdigest(),
                program=program_print(),
                hub=self._freezer(world).freeze({name: getattr(hub, name) for name in state}),
                world=world.snapshot(),
                rovers=self._hosts.states(),
            )
        except FreezingError as error:
            _log.warning("no checkpoints: %s; to go on, all is gone through once more", error)
            self._every = None
        else:
            self._journal.keep(checkpoint)

    def go_back(self, file: str, checkpoint: Checkpoint, world: Truth, *, hub: object, state: Sequence[str]) -> None:
        """Have world, rovers and hub be as they were.

        Raises
        ------
        ConfigError
            When they cannot be.
        """
        try:
            world.restore(checkpoint.world)
            found = self._freezer(world).thaw(checkpoint.hub)
            if not isinstance(found, dict) or found.keys() != {*state}:
                raise FreezingError("state", "is of no hub")
            vars(hub).update(found)
            self._hosts.restore(checkpoint.rovers)
        except FreezingError as error:
            fact = f"has a checkpoint at tick {checkpoint.tick} that cannot be gone back to: {error}"
            raise ConfigError(file, fact, "run the scenario anew") from None

    def _freezer(self, world: Truth) -> Freezer:
        return Freezer(rooms=_ROOMS, anchors={**anchors_of(self._scenario), "world": world})
