"""Which rover lives in which host, and how hosts come to be: in this call, in threads, or in processes."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Literal

from fleet.bus import (
    INPROC,
    LOOPBACK,
    Audit,
    ClientLock,
    Guard,
    HubBus,
    LocalHubBus,
    MemoryBus,
    ServerLock,
    ZmqHubBus,
    as_guests,
    new_locks,
    open_hub,
    private_ipc,
)
from fleet.core import ConfigError, RoverId
from fleet.core.nursery import HOSTS, PARENT, Process, Program, start_process
from fleet.messages import to_json
from fleet.runtime.host import Host, MakeNode, serve
from sim.hub.lobby import Invitation
from sim.scenario.scenario import RoverSpec

_log = logging.getLogger(__name__)
BusKind = Literal["memory", "inproc", "ipc", "tcp"]
#: What the Python of a host process runs, module or file; endpoint, host name and process id of its parent follow.
HOST_PROGRAM: Final = "fleet.runtime"
_STDERR = 2  # Where a host's output goes: what agents print must not come between the data of a command.
_LEAVE = 3.0  # Seconds in which a host must be gone after the goodbye.


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHosts:
    """Hosts that were started, and the bus that leads to them."""

    bus: HubBus
    rovers: Mapping[str, tuple[RoverId, ...]]  #: Which live in which host.
    alive: Callable[[str], bool]
    kill: Callable[[str], None]
    invitation: Invitation | None = None  #: Which rovers come from elsewhere.
    again: Callable[[str], None] | None = None  #: Ends one and starts it anew; None where that cannot be.

    @property
    def can_restart(self) -> bool:
        """Whether hosts can be started anew."""
        return self.again is not None

    def restart(self, host: str) -> None:
        """End a host, however it is, and start it anew."""
        if self.again is not None:
            self.again(host)

    def is_alive(self, host: str) -> bool:
        """Return False when nothing can come from this host any more."""
        return self.alive(host)

    def end(self, host: str) -> None:
        """End a host that is of no more use."""
        self.kill(host)


def assign_hosts(rovers: Sequence[RoverSpec], hosts: int | Literal["agency"]) -> dict[str, tuple[RoverId, ...]]:
    """Return which rovers live in which host.

    Parameters
    ----------
    rovers
        All of them.
    hosts
        ``agency``: one host for each; a number: so many hosts, dealt to in turn by rover id, none empty.

    Raises
    ------
    ConfigError
        When the number is below 1.
    """
    if hosts != "agency" and hosts < 1:
        raise ConfigError("--hosts", f"{hosts} hosts can hold nobody", "give a number of at least 1, or agency")
    assigned: dict[str, list[RoverId]] = {}
    for index, spec in enumerate(sorted(rovers, key=lambda spec: spec.id)):
        name = f"host-{spec.agency}" if hosts == "agency" else f"host-{index % hosts + 1}"
        assigned.setdefault(name, []).append(spec.id)
    return {name: tuple(assigned[name]) for name in sorted(assigned)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where hosts from elsewhere come in."""

    endpoint: str
    invitation: Invitation
    lock: ServerLock | None = None  #: The run's own key and whom it lets in; None: everybody who can get there,
    waived: bool = False  #: even from other machines.


@contextmanager
def open_bus(
    kind: BusKind,
    rovers: Mapping[str, tuple[RoverId, ...]],
    make_node: MakeNode,
    *,
    program: str = HOST_PROGRAM,
    audit: Audit | None = None,
    is_locked: bool | None = None,
    door: Door | None = None,
) -> Iterator[OpenHosts]:
    """Start hosts and give them, with the bus; end them afterwards.

    Parameters
    ----------
    kind
        ``memory``: in the call itself; ``inproc``: in threads; ``ipc``, ``tcp``: in processes of their own.
    rovers
        Which live in which host.
    make_node
        Makes nodes in this process; processes of their own have the one of their program.
    program
        What the Python of a host process runs.
    audit
        Where it is noted who was refused.
    is_locked
        Whether processes are let in by keys that are made for this run; None: when there is an audit.
    door
        Where hosts from elsewhere come in.

    Raises
    ------
    ConfigError
        When a bus that never leaves the process shall be locked or have a door, or the door cannot be opened.
    """
    is_locked = audit is not None if is_locked is None else is_locked
    if kind in ("memory", "inproc") and (is_locked or door):
        fact = f"a bus of kind {kind} never leaves the process: there is nothing to {'enter' if door else 'encrypt'}"
        raise ConfigError("--listen" if door else "--secure", fact, "use --bus ipc or tcp")
    with ExitStack() as stack:
        if kind == "memory":
            yield stack.enter_context(_in_memory(rovers, make_node))
        elif kind == "inproc":
            yield stack.enter_context(_in_threads(rovers, make_node))
        else:
            endpoint = LOOPBACK if kind == "tcp" else stack.enter_context(private_ipc())
            own = None if door is None or door.lock is None else door.lock.key
            lock, locks = new_locks(rovers, own) if is_locked or own is not None else (None, {})
            bus = _doorway(endpoint, lock, audit, door)
            company = _Company(program=program, locks=locks, invitation=None if door is None else door.invitation)
            yield stack.enter_context(_in_processes(rovers, bus, company))


@contextmanager
def _in_memory(rovers: Mapping[str, tuple[RoverId, ...]], make_node: MakeNode) -> Iterator[OpenHosts]:
    bus = MemoryBus({host: Host(host, make_node) for host in rovers})
    try:
        # Whoever has not answered by the time one waits for it never will.
        yield OpenHosts(bus=bus, rovers=rovers, alive=lambda _: False, kill=lambda _: None)
    finally:
        bus.close()


@contextmanager
def _in_threads(rovers: Mapping[str, tuple[RoverId, ...]], make_node: MakeNode) -> Iterator[OpenHosts]:
    over = threading.Event()
    bus = ZmqHubBus(INPROC)

    def live(host: str) -> None:
        serve(bus.connect_here(host), Host(host, make_node), over.is_set)

    threads = {host: threading.Thread(target=live, args=(host,), name=host, daemon=True) for host in rovers}
    for thread in threads.values():
        thread.start()
    try:
        yield OpenHosts(bus=bus, rovers=rovers, alive=lambda host: threads[host].is_alive(), kill=lambda _: None)
    finally:
        over.set()
        for thread in threads.values():
            thread.join(_LEAVE)
        bus.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Company:
    """How host processes are started, and who comes beside them."""

    program: str
    locks: Mapping[str, ClientLock]
    invitation: Invitation | None


def _doorway(endpoint: str, own: ServerLock | None, audit: Audit | None, door: Door | None) -> ZmqHubBus | LocalHubBus:
    """Return the bus of the run's own hosts, with a door for others when there is one."""
    if door is None:
        return open_hub(endpoint, own or "none", audit)
    guard: Guard = "waived" if door.waived else "none"
    if own is not None and door.lock is not None:
        guard = ServerLock(key=own.key, admitted={**as_guests(door.lock.admitted), **own.admitted})
    bus = ZmqHubBus(endpoint, guard, audit)
    try:
        _log.warning("hosts may come to %s", bus.listen(door.endpoint))
    except ConfigError:
        bus.close()
        raise
    return bus


@contextmanager
def _in_processes(
    rovers: Mapping[str, tuple[RoverId, ...]], bus: ZmqHubBus | LocalHubBus, company: _Company
) -> Iterator[OpenHosts]:
    processes: dict[str, Process] = {}

    def start(host: str) -> None:
        if host in processes:
            processes[host].kill()
            processes[host].wait()
        processes[host] = _start(bus.endpoint, host, company.program, company.locks.get(host))

    try:
        for host in rovers:
            start(host)
        yield OpenHosts(
            bus=bus,
            rovers=rovers,
            alive=lambda host: processes[host].poll() is None,
            kill=lambda host: processes[host].kill(),
            invitation=company.invitation,
            again=start,
        )
    except BaseException:
        for process in processes.values():
            process.kill()
        raise
    finally:
        bus.close()
        for host, process in processes.items():
            _see_off(host, process)


def _start(endpoint: str, host: str, code: str, lock: ClientLock | None) -> Process:
    words = (endpoint, host, PARENT)
    program = Program(code=code, words=words if lock is None else (*words, "--locked"), prepared=HOSTS)
    if lock is None:
        return start_process(program, stdout=_STDERR)
    # A host's key is neither on the command line nor in the environment, where others could read it.
    reading, writing = os.pipe()
    try:
        process = start_process(program, stdin=reading, stdout=_STDERR)
    finally:
        os.close(reading)
    with suppress(BrokenPipeError), os.fdopen(writing, "wb") as stream:  # One that died already is noticed elsewhere.
        stream.write(to_json(lock))
    return process


def _see_off(host: str, process: Process) -> None:
    try:
        process.wait(_LEAVE)
    except subprocess.TimeoutExpired:
        _log.warning("host %s did not leave and was killed", host)
        process.kill()
        process.wait()
