"""Our own exchange: the hub's link over the bus to hosts, in which nodes answer what rovers once answered."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from itertools import cycle

from fleet.bus import LOOPBACK, ClientLock, Notary, new_locks, open_hub, private_ipc
from fleet.core import RoverId, WallClock, settle_memory
from fleet.messages import Briefing, Message, Observation, Plight, RoverAnswer
from fleet.runtime import run_host
from sim.bench.lockstep.course import Course, read_traffic, rover_of
from sim.bench.lockstep.laps import LONGEST, Laps, start
from sim.hub import OpenHosts
from sim.hub.link import HostLink
from sim.hub.patience import Patience


class _Script:
    """A node that answers as one did in a real mission."""

    def __init__(self, answers: list[RoverAnswer]) -> None:
        self._answers = cycle(answers)

    def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:  # noqa: ARG002 - as it was
        return next(self._answers)

    def suffer(self, plight: Plight) -> None:
        """Nothing comes of it."""


def _live(endpoint: str, name: str, agents: range, data: bytes, *, lock: ClientLock | None, is_signed: bool) -> None:
    traffic = read_traffic(data)
    scripts = {rover_of(agent): _Script(traffic.answers_of(agent)) for agent in agents}

    def make_node(briefing: Briefing, rover: RoverId) -> _Script:  # noqa: ARG001 - as it was told in its time
        return scripts[rover]

    notary = Notary(lock.key.seed) if lock is not None and is_signed else None
    run_host(endpoint, name, make_node, lock=lock, notary=notary)


def drive(laps: Laps, course: Course, data: bytes) -> None:
    """Exchange real asks and answers."""
    traffic = read_traffic(data)
    clock = WallClock()
    with ExitStack() as stack:
        shares = {f"host-{index:02d}": share for index, share in enumerate(course.shares)}
        lock, locks = new_locks(shares) if course.is_locked else (None, {})
        endpoint = LOOPBACK if course.transport == "tcp" else stack.enter_context(private_ipc())
        bus = open_hub(endpoint, lock or "none")
        stack.callback(bus.close)
        processes = {
            name: start(
                partial(_live, lock=locks.get(name), is_signed=course.is_signed),
                bus.endpoint,
                name,
                share,
                data,
                daemon=True,
            )
            for name, share in shares.items()
        }
        hosts = OpenHosts(
            bus=bus,
            rovers={name: tuple(map(rover_of, share)) for name, share in shares.items()},
            alive=lambda name: processes[name].is_alive(),
            kill=lambda _: None,
        )
        link = HostLink(hosts, clock, 1.0, patience=Patience(greeting=LONGEST), check=lambda: None)
        if faults := link.greet(traffic.briefing):
            raise RuntimeError(f"{faults[0].rover} cannot be asked: {faults[0].fact}")
        asks = cycle(list(zip(*map(traffic.asks_of, range(course.agents)), strict=True)))
        settle_memory()
        tick = 0
        for exchanges in laps:
            begun = clock.now()
            for _ in range(exchanges):
                tick += 1
                answers, faults = link.ask(tick, next(asks))
                if len(answers) != course.agents:
                    raise RuntimeError(f"{course.agents - len(answers)} agents did not answer: {faults}")
            laps.took(clock.now() - begun)
        link.goodbye("over")
