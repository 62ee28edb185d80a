"""Both ends in one process: the same bytes through the same code, without a transport."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from fleet.bus.audit import Audit
from fleet.bus.port import Handler


class MemoryBus:
    """The hub's end; what the hub sends is answered before `send` returns.

    Examples
    --------
    >>> class Echo:
    ...     def hello(self) -> bytes:
    ...         return b"hello"
    ...     def handle(self, data: bytes) -> bytes | None:
    ...         return data
    >>> bus = MemoryBus({"host": Echo()})
    >>> bus.accept(["host"], timeout=0.0), bus.receive(timeout=0.0)
    ((), ('host', b'hello'))
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = dict(handlers)
        self._queue: deque[tuple[str, bytes]] = deque()
        self._heard: set[str] = set()
        self.dropped = 0
        self._audit = Audit()

    def accept(self, hosts: Sequence[str], timeout: float) -> tuple[str, ...]:  # noqa: ARG002 - nobody is waited for
        """Let these hosts in; their first words wait for `receive`."""
        for host in hosts:
            if host in self._handlers and host not in self._heard:
                self._heard.add(host)
                self._queue.append((host, self._handlers[host].hello()))
        return tuple(host for host in hosts if host not in self._heard)

    def send(self, host: str, data: bytes) -> bool:
        """Have the host answer; return whether there is such a host."""
        handler = self._handlers.get(host)
        if handler is None:
            return False
        answer = handler.handle(data)
        if answer is not None:
            self._queue.append((host, answer))
        return True

    def receive(self, timeout: float) -> tuple[str, bytes] | None:  # noqa: ARG002 - nobody is waited for
        """Return a host and what it said, None when all was received."""
        return self._queue.popleft() if self._queue else None

    def has_word(self) -> bool:
        """Return whether anything was said."""
        return bool(self._queue)

    def refuse(self, sender: str, fact: str) -> None:
        """Count what a host sent and nobody wants, and note it."""
        self.dropped += 1
        self._audit.note("memory", sender, fact)

    def part(self) -> None:
        """Nobody hangs up within one process."""

    def close(self) -> None:
        """Forget the hosts."""
        self._handlers.clear()
        self._queue.clear()
