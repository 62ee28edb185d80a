"""Hosts that die or hang, started anew: each is told all that it was told, and knows what it knew."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from fleet.core import Clock, MessageError
from fleet.messages import Hello, Ready, read_from_host
from sim.hub.chronicle import Chronicle
from sim.hub.ports import Hosts

_log = logging.getLogger(__name__)
#: Seconds of rest before a host is started anew, by how often it fell over the same ask; then it is given up.
RESTS: Final = (0.0, 1.0)
SLICE: Final = 0.25  #: Seconds of waiting after which one looks whether the awaited are still alive.

Take = Callable[[str, bytes], None]
Gather = Callable[[Mapping[str, float], Take], None]  #: Waits for one word of each host, and has those noted that fall.


class Revival:
    """Keeps what hosts were told and said, and starts anew those that fall.

    Parameters
    ----------
    hosts
        Which; none of them where none can be started anew.
    greeting
        Seconds in which a host must be there, and then in which it must answer each ask that it answered before.
    """

    def __init__(self, hosts: Hosts, gather: Gather, clock: Clock, greeting: float) -> None:
        self._hosts = hosts
        self._gather = gather
        self._clock = clock
        self._greeting = greeting
        self._welcomes: dict[str, bytes] = {}
        self._chronicles: dict[str, Chronicle] = {}
        self._count: dict[str, int] = {}
        self._fallen: dict[str, str] = {}

    def muster(self, hosts: Iterable[str], check: Callable[[], None]) -> dict[str, str]:
        """Wait until each host was heard; return those that are not to be had, and why.

        Parameters
        ----------
        check
            Called while waiting; may raise to end it.
        """
        live, lost = list(hosts), dict[str, str]()
        if self._hosts.can_restart:
            self._chronicles = {host: Chronicle() for host in live}
        missing = self._hosts.bus.accept(live, SLICE)
        waited = 0.0
        while missing:
            before = self._clock.now()
            missing = self._hosts.bus.accept(live, SLICE)
            waited += min(SLICE, self._clock.now() - before)
            check()
            for host in missing:
                is_alive = self._hosts.is_alive(host)
                if not is_alive and not self._begins_again(host):
                    lost[host] = self._told(host, "died at its start")
                elif is_alive and waited > self._greeting:
                    lost[host] = "never reported"
            live = [host for host in live if host not in lost]
            missing = tuple(host for host in missing if host in live)
        return lost

    def _begins_again(self, host: str) -> bool:
        count = self._count.get(host, 0)
        can_begin = host in self._chronicles and count < len(RESTS)
        if can_begin:
            self._restart(host, "died at its start", RESTS[count])
        return can_begin

    def _told(self, host: str, fact: str) -> str:
        count = self._count.get(host, 0)
        return f"{fact}, started anew {count} times" if count > 1 else fact

    def welcome(self, host: str, frame: bytes) -> None:
        """Take in how a host was welcomed that has made its agents: one that falls is told so again."""
        self._welcomes[host] = frame

    def note(self, host: str, ask: bytes, answer: bytes) -> None:
        """Take in what a host was told and said."""
        if host in self._chronicles:
            self._chronicles[host].append(ask, answer)

    def begin_again(self, host: str, ask: bytes, answer: bytes) -> None:
        """Forget what a host was told and said but for this, after which it knows all that it knew."""
        if host in self._chronicles:
            self._chronicles[host].close()
            self._chronicles[host] = Chronicle()
            self._chronicles[host].append(ask, answer)

    def takes(self, host: str, fact: str) -> bool:
        """Take a host as fallen; return whether it can be started anew."""
        if host in self._chronicles:
            self._fallen[host] = fact
        return host in self._chronicles

    def revive(self, rest: float | None, give_up: Callable[[str, str], None]) -> list[str]:
        """Start anew all that have fallen, and return those that know what they knew; None: give all of them up."""
        revived = [host for host in sorted(self._fallen) if rest is not None and self._is_revived(host, rest)]
        fallen, self._fallen = self._fallen, {}
        for host, fact in sorted(fallen.items()):
            self._chronicles.pop(host).close()
            give_up(host, self._told(host, fact))
        return revived

    def _is_revived(self, host: str, rest: float) -> bool:
        self._restart(host, self._fallen.pop(host), rest)
        self._gather({host: self._greeting}, _check_hello)
        if host in self._welcomes:
            self._tell(host, self._welcomes[host], _check_ready)
        for ask, answer in self._chronicles[host]:
            self._tell(host, ask, partial(self._check_same, answer))
        return host not in self._fallen

    def _restart(self, host: str, fact: str, rest: float) -> None:
        _log.warning("host %s %s; it is started anew", host, fact)
        self._clock.sleep(rest)
        self._count[host] = self._count.get(host, 0) + 1
        self._hosts.restart(host)

    def _tell(self, host: str, frame: bytes, take: Take) -> None:
        if host in self._fallen:
            return
        if self._hosts.bus.send(host, frame):
            self._gather({host: self._greeting}, take)
        else:
            self._fallen[host] = "hung up"

    def _check_same(self, answer: bytes, host: str, data: bytes) -> None:
        if data != answer:
            self._fallen[host] = "was started anew and decided otherwise than before"

    def close(self) -> None:
        """Forget everything."""
        for chronicle in self._chronicles.values():
            chronicle.close()


def _check_hello(host: str, data: bytes) -> None:
    if not isinstance(read_from_host(data, host), Hello):  # What the one before said last may still come.
        raise MessageError(host, "does not say hello first")


def _check_ready(host: str, data: bytes) -> None:
    if not isinstance(read_from_host(data, host), Ready):
        raise MessageError(host, "does not answer the welcome")
