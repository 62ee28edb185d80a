"""What any bus between the hub and its hosts can do. A bus carries bytes; it never looks into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class HubBus(Protocol):
    """The hub's end: many hosts, by name."""

    def accept(self, hosts: Sequence[str], timeout: float) -> tuple[str, ...]:
        """Let these hosts in, and wait until each was heard.

        Parameters
        ----------
        hosts
            All that may speak; whatever else speaks is dropped.
        timeout
            Seconds.

        Returns
        -------
        tuple of str
            Hosts not heard yet; one may call again. The first words of the others wait for `receive`.
        """
        ...

    def send(self, host: str, data: bytes) -> bool:
        """Send to a host; return whether it is still connected."""
        ...

    def receive(self, timeout: float) -> tuple[str, bytes] | None:
        """Return a host and what it said.

        Returns
        -------
        tuple or None
            None when nothing came in `timeout` seconds, or when what came was dropped.
        """
        ...

    def has_word(self) -> bool:
        """Return whether anything has come that `receive` has not given yet; waits for nothing."""
        ...

    def refuse(self, sender: str, fact: str) -> None:
        """Count what a host sent and nobody wants, and note it."""
        ...

    def part(self) -> None:
        """Take it for granted from now on that hosts hang up."""
        ...

    @property
    def dropped(self) -> int:
        """Frames that came from nobody known, had no form, or were refused."""
        ...

    def close(self) -> None:
        """Let go of the transport."""
        ...


class HostBus(Protocol):
    """A host's end: one hub."""

    def send(self, data: bytes) -> None:
        """Send to the hub."""
        ...

    def receive(self, timeout: float) -> bytes | None:
        """Return what the hub said, None when nothing came in `timeout` seconds."""
        ...

    def close(self) -> None:
        """Let go of the transport."""
        ...


class Handler(Protocol):
    """What answers for a host, whatever carries the bytes."""

    def hello(self) -> bytes:
        """Return the first words."""
        ...

    def handle(self, data: bytes) -> bytes | None:
        """Return the answer to what the hub said, None when there is none."""
        ...
