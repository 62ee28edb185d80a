"""A host for a world elsewhere: it knocks, is let in or learns why not, and comes back when the line was cut."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from fleet.bus import ClientLock, Contact, Notary, ZmqHostBus, seed_of
from fleet.core import Clock, ConfigError, RoverId
from fleet.messages import Leave, encode
from fleet.runtime.host import Host, MakeNode

_log = logging.getLogger(__name__)
_LOOK: Final = 0.25  # Seconds without a word after which one looks how it stands with the hub.


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where a host goes, and for whom.

    Parameters
    ----------
    endpoint
        On which the run listens.
    agents
        Rovers and the agent of each; empty for the one that the run's scenario names.
    name
        Of this host, for people.
    lock
        Its key, which its rovers' words are signed with, too, and the run's, where that is locked.
    wait
        Seconds in which somebody must be there, at first and whenever the line was cut.
    """

    endpoint: str
    agents: Mapping[RoverId, str]
    name: str
    lock: ClientLock | None = None
    wait: float = 60.0


def visit(plan: Visit, make_node: MakeNode, clock: Clock, announce: Callable[[str], None] = _log.info) -> int:
    """Be a host of a run elsewhere until its mission ends; Ctrl-C leaves it, and its rovers stand.

    Parameters
    ----------
    announce
        Told what goes on, for people.

    Returns
    -------
    int
        How often the line was cut.

    Raises
    ------
    ConfigError
        When nobody is there, does not come back, or has no use for this host, or its key cannot sign; says why and
        what to do.
    """
    seed = b"" if plan.lock is None else seed_of(plan.lock.key)
    cuts = 0
    while not _stay(plan, Host(plan.name, make_node, agents=plan.agents, notary=Notary(seed)), clock, announce):
        cuts += 1
        announce(f"the line to {plan.endpoint} was cut; trying to come back ...")
    return cuts


def _stay(plan: Visit, host: Host, clock: Clock, announce: Callable[[str], None]) -> bool:
    """Answer a hub until it says goodbye; return False when the line was cut before."""
    bus = ZmqHostBus(plan.endpoint, "", lock=plan.lock)
    try:
        bus.send(host.hello())
        until = clock.now() + plan.wait
        is_heard = is_in = False
        while not host.is_over:
            data = bus.receive(_LOOK)
            if data is None:
                contact = bus.contact()
                if is_heard and contact == "cut":
                    return False
                is_heard |= contact == "in"
                if not is_heard and (contact in _CLOSED or clock.now() > until):
                    raise ConfigError(plan.endpoint, *_CLOSED.get(contact, _NOBODY))
                continue
            is_heard = True
            answer = host.handle(data)
            if host.turned_away is not None:
                raise ConfigError(plan.endpoint, host.turned_away.fact, host.turned_away.remedy)
            if host.is_ready and not is_in:
                is_in = True
                announce(f"welcome at {plan.endpoint}: {', '.join(plan.agents)}")
            if answer is not None:
                bus.send(answer)
        return True
    except KeyboardInterrupt:
        bus.send(encode(Leave(reason="its operator ended it")))
        raise
    finally:
        bus.close()


_NOBODY: Final = (
    "nobody there lets hosts in",
    "is a run there, with --listen on that address, and is the way to it open?",
)
_CLOSED: Final[Mapping[Contact, tuple[str, str]]] = {
    "refused": (
        "does not know this key",
        "the run needs your public file in the folder hosts of its --keys, named after the rover or its agency",
    ),
    "strange": (
        "does not understand the greeting: one of both is locked and the other not, or it is another run's key",
        "give --key and --hub for a locked run (its hub.pub, as it is now), and neither for an open one",
    ),
}
