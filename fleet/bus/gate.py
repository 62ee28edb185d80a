"""Who is let in: the ZAP handler of a locked socket, and the eye on those who never get that far.

ZAP: RFC 27 of ZeroMQ, version 1.0. The handler lives in the process of the socket, in a thread that sleeps unless
somebody knocks.
"""

from __future__ import annotations

import threading
from typing import Final, Literal

import zmq
from zmq.utils import z85

from fleet.bus.audit import Audit
from fleet.bus.endpoint import is_within
from fleet.bus.keys import ServerLock, fingerprint
from fleet.bus.sockets import Context, Socket, bind
from fleet.core import ConfigError

_ZAP: Final = "inproc://zeromq.zap.01"
_DOMAIN: Final = b"moonfleet"
_HANDSHAKE_MS: Final = 3_000  # In which one must have said who one is.
_EVENTS: Final = {
    int(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL): "spoke something else than the locked protocol",
    int(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL): "broke off before it had said who it is",
}
_LEFT: Final = "hung up, or was cut off for what it sent"


#: How a socket is guarded: with a lock; not at all, where nobody else can come; or not at all though others can.
Guard = ServerLock | Literal["none", "waived"]


def check_guarded(endpoint: str, guard: Guard) -> None:
    """Check that an endpoint is guarded as it needs it.

    Raises
    ------
    ConfigError
        When others could come and nobody said that they may.
    """
    if guard == "none" and not is_within(endpoint):
        remedy = "give keys (moonfleet keys new, --keys), or say --insecure and mean it"
        raise ConfigError(endpoint, "can be reached from other machines and would let in anybody", remedy)


def open_server(
    socket: Socket, endpoint: str, guard: Guard, audit: Audit, *, leaving: bool = False
) -> tuple[str, Gate | None]:
    """Bind a socket, guarded as its endpoint needs it; return the endpoint as it can be connected to, and the gate.

    Parameters
    ----------
    leaving
        Whether it is noted when somebody who was let in leaves.

    Raises
    ------
    ConfigError
        When nothing can be bound there, or others could come and nobody said that they may; socket and context are
        then ended.
    """
    gate: Gate | None = None
    try:
        check_guarded(endpoint, guard)
        if isinstance(guard, ServerLock):
            gate = Gate(socket, guard, audit, leaving=leaving)
        bound = bind(socket, endpoint)
    except ConfigError:
        if gate is not None:
            gate.close()
        socket.close()
        socket.context.term()
        raise
    if gate is not None:
        gate.is_at(bound)
    return bound, gate


class Gate:
    """Guards one socket that is not bound yet.

    Parameters
    ----------
    socket
        Its context must have no other gate.
    lock
        Who is let in.
    audit
        Where refusals are noted.
    leaving
        Whether it is noted, too, when somebody who was let in hangs up or is cut off.
    """

    def __init__(self, socket: Socket, lock: ServerLock, audit: Audit, *, leaving: bool) -> None:
        self._context: Context = socket.context
        self._lock = lock
        self._audit = audit
        self._where = ""
        self._socket = socket
        self._is_parting = False
        self._zap = self._context.socket(zmq.REP)
        self._zap.linger = 0
        self._zap.bind(_ZAP)
        socket.curve_server = True
        socket.curve_secretkey = lock.key.secret.encode()
        socket.curve_publickey = lock.key.curve.encode()
        socket.setsockopt(zmq.ZAP_DOMAIN, _DOMAIN)
        socket.setsockopt(zmq.HANDSHAKE_IVL, _HANDSHAKE_MS)
        events = sum(_EVENTS) | (int(zmq.EVENT_DISCONNECTED) if leaving else 0)
        self._monitor: Socket = socket.get_monitor_socket(events)
        self._end, far_end = (self._context.socket(zmq.PAIR) for _ in range(2))
        self._end.bind("inproc://gate")
        far_end.connect("inproc://gate")
        self._thread = threading.Thread(target=self._watch, args=(far_end,), name="gate", daemon=True)
        self._thread.start()

    def is_at(self, endpoint: str) -> None:
        """Say where the socket was bound, last."""
        self._where = endpoint

    def part(self) -> None:
        """Take it for granted from now on that those who were let in leave."""
        self._is_parting = True

    def close(self) -> None:
        """Let nobody in any more; to be called before the socket is closed."""
        # First, while somebody still takes what it tells: the transport waits for ever to tell it to nobody.
        self._socket.disable_monitor()
        self._end.send(b"")
        self._thread.join()
        self._end.close(linger=0)

    def _watch(self, end: Socket) -> None:
        from zmq.utils.monitor import recv_monitor_message  # noqa: PLC0415 - loads asyncio, which few runs need

        poller = zmq.Poller()
        for each in (self._zap, self._monitor, end):
            poller.register(each, zmq.POLLIN)
        is_over = False
        while not is_over:
            for ready, _ in poller.poll():
                if ready is self._zap:
                    self._answer()
                elif ready is self._monitor:
                    self._see(int(recv_monitor_message(self._monitor)["event"]))
                else:
                    is_over = True
        for each in (self._zap, self._monitor, end):
            each.close(linger=0)

    def _see(self, event: int) -> None:
        if event in _EVENTS or (event == zmq.EVENT_DISCONNECTED and not self._is_parting):
            self._audit.note(self._where, "somebody", _EVENTS.get(event, _LEFT))

    def _answer(self) -> None:
        frames = self._zap.recv_multipart()
        status, text, name = b"400", b"not admitted", b""
        if len(frames) == 7 and frames[0] == b"1.0" and frames[5] == b"CURVE" and len(frames[6]) == 32:
            key = z85.encode(frames[6]).decode()
            address = frames[3].decode("utf-8", "replace")
            admitted = self._lock.admitted.get(key)
            if admitted is None:
                self._audit.note(self._where, f"key {fingerprint(key)} at {address or 'ipc'}", "is not admitted")
            else:
                status, text, name = b"200", b"", admitted.encode()
        request = frames[1] if len(frames) > 1 else b""
        self._zap.send_multipart([b"1.0", request, status, text, name, b""])
