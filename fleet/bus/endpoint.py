"""Addresses that sockets are bound to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import zmq

from fleet.core import ConfigError

LOOPBACK: Final = "tcp://127.0.0.1:*"  #: A free port of this machine, chosen when bound.
INPROC: Final = "inproc://hub"  #: Within one bus's own context.
_LONGEST_PATH = 100  # The kernel takes 107 bytes for a socket in the file system, on some systems 103.


@contextmanager
def private_ipc() -> Iterator[str]:
    """Give an ipc endpoint in a directory that only this user can enter, and remove it afterwards.

    Raises
    ------
    ConfigError
        When this system has no ipc, or its temporary directory has too long a name.

    Examples
    --------
    >>> with private_ipc() as endpoint:
    ...     endpoint.startswith("ipc://")
    True
    """
    if not zmq.has("ipc"):
        raise ConfigError("bus ipc", "this system has no ipc", "use --bus tcp")
    with tempfile.TemporaryDirectory(prefix="moonfleet-") as directory:
        path = str(Path(directory) / "hub")
        if len(path.encode()) > _LONGEST_PATH:
            raise ConfigError("bus ipc", f"{path} is too long for a socket", "set TMPDIR to a shorter path, or use tcp")
        yield f"ipc://{path}"


def is_free_endpoint(endpoint: str) -> bool:
    """Return whether a socket could be bound there now.

    Examples
    --------
    >>> is_free_endpoint("tcp://127.0.0.1:*"), is_free_endpoint("nonsense")
    (True, False)
    """
    if endpoint.startswith("ipc://"):
        # Binding would take the path away from whoever has it.
        path = Path(endpoint.removeprefix("ipc://"))
        return path.parent.is_dir() and not path.exists()
    with zmq.Context() as context, context.socket(zmq.PAIR) as socket:
        socket.linger = 0
        try:
            socket.bind(endpoint)
        except zmq.ZMQError:
            return False
    return True


def is_within(endpoint: str) -> bool:
    """Return whether only this machine can reach an endpoint.

    Examples
    --------
    >>> is_within("tcp://127.0.0.1:7700"), is_within("ipc:///run/hub"), is_within("tcp://*:7700")
    (True, True, False)
    """
    kind, colon, address = endpoint.partition("://")
    if kind in ("ipc", "inproc") or not colon:
        return True
    host = address.rpartition(":")[0].strip("[]")
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
