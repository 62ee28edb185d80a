"""How a viewer or the command line steers a run: pause, pace, stop change nothing decided; faults and orders do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from math import isfinite
from typing import Final

import msgspec
import zmq

from fleet.bus.audit import Audit
from fleet.bus.gate import Guard, open_server
from fleet.bus.keys import ClientLock
from fleet.bus.sockets import Context, connect, make_socket
from fleet.core import MessageError
from fleet.messages.codec import Decoder, encode

_log = logging.getLogger(__name__)
_AT_ONCE = 256  # Requests answered in one poll; the run goes on in between.
_LARGEST = 64 * 1024  # Bytes of one; who says more is cut off.


class Pause(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="pause"):
    """Let mission time stand still."""


class Resume(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="resume"):
    """Let mission time go on."""


class Rate(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="rate"):
    """Run so many times as fast as the Moon, or as fast as it goes."""

    factor: float | None  #: None: as fast as it goes.

    def __post_init__(self) -> None:
        if self.factor is not None and not (isfinite(self.factor) and self.factor > 0.0):
            raise ValueError(f"Rate.factor must be finite and > 0, got {self.factor!r}")


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="snapshot"):
    """Put the opening and the present state on the feed, for who came late."""


class End(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="stop"):
    """End the run now."""


class Inject(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="fault"):
    """Let something go wrong from now on, and record it."""

    fault: str  #: As a scenario file has it, in one line.


class Direct(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="order"):
    """Let mission control order something from now on, and record it."""

    order: str  #: As a scenario file has it, in one line.


#: What a client may ask of a run.
Request = Pause | Resume | Rate | Snapshot | End | Inject | Direct


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a request."""

    ok: bool
    fact: str = ""  #: Why not.


_REQUEST: Final[Decoder[Request]] = Decoder(Request)
_REPLY: Final[Decoder[Reply]] = Decoder(Reply)


class ControlServer:
    """The run's end; polled between ticks.

    Parameters
    ----------
    endpoint
        Where to bind.
    guard
        Who may steer.
    audit
        Where it is noted who was refused, or asked what nobody may ask.

    Raises
    ------
    ConfigError
        When nothing can be bound there.
    """

    def __init__(self, endpoint: str, guard: Guard = "none", audit: Audit | None = None) -> None:
        self._context: Context = zmq.Context()
        self._socket = make_socket(self._context, zmq.ROUTER)
        self._socket.setsockopt(zmq.MAXMSGSIZE, _LARGEST)
        self._audit = audit or Audit()
        #: As it can be connected to.
        self.endpoint, self._gate = open_server(self._socket, endpoint, guard, self._audit)

    def poll(self, answer: Callable[[Request, str], Reply]) -> None:
        """Answer what was asked since the last poll, without waiting; junk is answered with what is wrong with it.

        Parameters
        ----------
        answer
            Is given a request, and the name of the key that it came with, empty where none is needed; may raise
            `MessageError` when that one may not ask for it.
        """
        for _ in range(_AT_ONCE):
            try:
                frames = self._socket.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            envelope, payload = [frame.bytes for frame in frames[:-1]], frames[-1].bytes
            who = str(frames[-1].get("User-Id")) if self._gate is not None else ""
            try:
                reply = answer(_REQUEST.decode(payload, "control client"), who)
            except MessageError as error:
                who = f"operator {who}" if who else "a control client"
                self._audit.note(self.endpoint, who, f"asked for nothing that one may: {error.fact}")
                reply = Reply(ok=False, fact=error.fact)
            try:
                self._socket.send_multipart([*envelope, encode(reply)], zmq.NOBLOCK)
            except zmq.ZMQError as error:
                _log.warning("cannot reply to a control client: %s", error.strerror)

    def close(self) -> None:
        """End the socket."""
        if self._gate is not None:
            self._gate.close()
        self._socket.close(linger=200)
        self._context.term()


class ControlClient:
    """A client's end.

    Raises
    ------
    ConfigError
        When that is no endpoint.
    """

    def __init__(self, endpoint: str, lock: ClientLock | None = None) -> None:
        self._context: Context = zmq.Context()
        self._socket = make_socket(self._context, zmq.REQ)
        # A question that was given up must not block, or be taken for, the next.
        self._socket.setsockopt(zmq.REQ_RELAXED, 1)
        self._socket.setsockopt(zmq.REQ_CORRELATE, 1)
        connect(self._socket, endpoint, lock)

    def ask(self, request: Request, timeout: float = 1.0) -> Reply | None:
        """Return the reply, None when none came in `timeout` seconds.

        Raises
        ------
        MessageError
            When what came is no reply.
        """
        try:
            # A server that refused this key takes nothing any more.
            self._socket.send(encode(request), zmq.NOBLOCK)
        except zmq.Again:
            return None
        if not self._socket.poll(int(timeout * 1000.0)):
            return None
        return _REPLY.decode(self._socket.recv(), "control server")

    def close(self) -> None:
        """End the socket."""
        self._socket.close()
        self._context.term()
