"""Keys: who is who on a bus that is locked, kept in files that only their owner reads."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import msgspec
import zmq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zmq.utils import z85

from fleet.core import ConfigError

PRIVATE: Final = ".key"  #: Ending of a file that only its owner may read,
PUBLIC: Final = ".pub"  #: and of the one beside it, for everyone.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LONGEST = 10_000  # Bytes of a file that may be a key.
_ONLY_OWNER = 0o600
_MUTE: Final = "was made before keys could sign, and what rovers say is signed"
_NEW: Final = "make a new one (moonfleet keys new NAME), and give its .pub to the run"


class PublicKey(msgspec.Struct, frozen=True, kw_only=True, tag_field="moonfleet", tag="public key 1"):
    """By which others know somebody."""

    name: str  #: Of the agency, rover, operator or hub; what counts is the name under which others keep it.
    curve: str  #: Z85.
    signing: str = ""  #: Ed25519, Z85; empty in files made before keys could sign.

    def __post_init__(self) -> None:
        _check(self.name, self.curve, *filter(None, (self.signing,)))

    @property
    def fingerprint(self) -> str:
        """Short enough to be read aloud."""
        return fingerprint(self.curve)


class PrivateKey(msgspec.Struct, frozen=True, kw_only=True, tag_field="moonfleet", tag="private key 1"):
    """By which somebody shows that the public key is theirs."""

    name: str
    curve: str  #: Z85.
    secret: str  #: Z85; told to nobody.
    signing: str = ""  #: Ed25519, Z85, public; empty, as its secret, in files made before keys could sign.
    signing_secret: str = ""  #: Z85; told to nobody.

    def __post_init__(self) -> None:
        _check(self.name, self.curve, self.secret, *filter(None, (self.signing, self.signing_secret)))
        is_whole = zmq.curve_public(self.secret.encode()) == self.curve.encode()
        if not is_whole or (_signing_public(self.seed) if self.seed else "") != self.signing:
            raise ValueError("its two halves do not belong together")

    def __repr__(self) -> str:
        """Show the secret to no log."""
        return f"PrivateKey(name={self.name!r}, fingerprint={self.public.fingerprint!r})"

    @property
    def public(self) -> PublicKey:
        """For others."""
        return PublicKey(name=self.name, curve=self.curve, signing=self.signing)

    @property
    def seed(self) -> bytes:
        """What a `Notary` signs with; empty in a key that cannot."""
        return z85.decode(self.signing_secret) if self.signing_secret else b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLock:
    """What a socket needs that only lets in whom it knows."""

    key: PrivateKey
    admitted: Mapping[str, str]  #: Public key to name.


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLock:
    """What a socket needs to be let in, and to know that it talks to the right one."""

    key: PrivateKey
    server: str  #: Public key, Z85.


_Key = TypeVar("_Key", PublicKey, PrivateKey)


def _check(name: str, *keys: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name[:80]!r} is no name for a key: letters, digits and . _ - only, 64 at the most")
    for key in keys:
        try:
            is_key = len(z85.decode(key)) == 32
        except (ValueError, KeyError, OverflowError):
            is_key = False
        if not is_key:
            raise ValueError("it has no key of 40 letters in Z85")


def _signing_public(seed: bytes) -> str:
    return z85.encode(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()).decode()


def fingerprint(curve: str) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a public key."""
    return sha256(curve.encode()).hexdigest()[:16]


def new_key(name: str) -> PrivateKey:
    """Return a new key.

    Raises
    ------
    ConfigError
        When that is no name for a key.

    Examples
    --------
    >>> new_key("cnsa").public.name
    'cnsa'
    """
    public, secret = zmq.curve_keypair()
    seed = os.urandom(32)
    try:
        return PrivateKey(
            name=name,
            curve=public.decode(),
            secret=secret.decode(),
            signing=_signing_public(seed),
            signing_secret=z85.encode(seed).decode(),
        )
    except ValueError as error:
        raise ConfigError(f"key {name[:80]!r}", str(error)) from None


def new_locks(names: Iterable[str], own: PrivateKey | None = None) -> tuple[ServerLock, dict[str, ClientLock]]:
    """Return a lock with new keys for a server, and those of each who is admitted to it, by name.

    Parameters
    ----------
    own
        The server's key, when it has one already.

    Examples
    --------
    >>> server, clients = new_locks(["host-1"])
    >>> server.admitted[clients["host-1"].key.curve]
    'host-1'
    """
    own = own or new_key("hub")
    # Names of hosts need not be names of keys.
    clients = {name: ClientLock(key=new_key(f"client-{n}"), server=own.curve) for n, name in enumerate(names)}
    return ServerLock(key=own, admitted={lock.key.curve: name for name, lock in clients.items()}), clients


def write_key(key: PrivateKey, folder: Path) -> tuple[Path, Path]:
    """Write a key's private file, for its owner alone, and its public one; return their paths.

    Raises
    ------
    ConfigError
        When there is a key of that name already, or nothing can be written there.
    """
    private, public = folder / f"{key.name}{PRIVATE}", folder / f"{key.name}{PUBLIC}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OWNER)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(key)) + b"\n")
        public.write_bytes(msgspec.json.format(msgspec.json.encode(key.public)) + b"\n")
    except FileExistsError:
        raise ConfigError(str(private), "is there already", "give another name, or move the old key away") from None
    except OSError as error:
        raise ConfigError(str(error.filename or folder), f"cannot be written: {error.strerror}") from None
    return private, public


def read_private(file: Path) -> PrivateKey:
    """Return the key of a private file.

    Raises
    ------
    ConfigError
        When it is none, or others than its owner may read or write it.
    """
    _check_owner(file)
    return _read(file, PrivateKey)


def read_public(file: Path) -> PublicKey:
    """Return the key of a public file.

    Raises
    ------
    ConfigError
        When it is none.
    """
    return _read(file, PublicKey)


def read_admitted(folder: Path) -> dict[str, str]:
    """Return who is admitted by the public keys in a folder: key to name; each is known by the name of its file.

    Raises
    ------
    ConfigError
        When one of them is none, or two files hold the same.
    """
    admitted: dict[str, str] = {}
    for file in sorted(folder.glob(f"*{PUBLIC}")):
        key = read_public(file)
        if key.curve in admitted:
            raise ConfigError(str(file), f"holds the same key as {admitted[key.curve]}{PUBLIC}", "remove one of them")
        admitted[key.curve] = file.name.removesuffix(PUBLIC)
    return admitted


def read_signing(folder: Path) -> dict[str, bytes]:
    """Return what those sign with whose public keys are in a folder, by the names of their files.

    Raises
    ------
    ConfigError
        When one of them is no key, or one that cannot sign.
    """
    found: dict[str, bytes] = {}
    for file in sorted(folder.glob(f"*{PUBLIC}")):
        key = read_public(file)
        if not key.signing:
            raise ConfigError(str(file), _MUTE, _NEW)
        found[file.name.removesuffix(PUBLIC)] = z85.decode(key.signing)
    return found


def seed_of(key: PrivateKey) -> bytes:
    """Return what a key signs with.

    Raises
    ------
    ConfigError
        When it cannot sign.
    """
    if not key.seed:
        raise ConfigError(f"key {key.name}", _MUTE, _NEW)
    return key.seed


def read_handed(stream: BinaryIO) -> ClientLock:
    """Return the lock that a process was handed by the one that started it, as JSON."""
    return msgspec.json.decode(stream.read(_LONGEST), type=ClientLock)


def _check_owner(file: Path) -> None:
    try:
        found = file.stat()
    except OSError as error:
        raise ConfigError(str(file), f"cannot be read: {error.strerror}", "make one: moonfleet keys new NAME") from None
    mode = stat.S_IMODE(found.st_mode)
    if os.name == "posix" and mode & 0o077:
        raise ConfigError(str(file), f"others may read or change it (mode {mode:04o})", f"chmod 600 {file}")


def _read(file: Path, kind: type[_Key]) -> _Key:
    try:
        with file.open("rb") as stream:
            data = stream.read(_LONGEST + 1)
        if len(data) > _LONGEST:
            raise ConfigError(str(file), "is too large for a key")
        return msgspec.json.decode(data, type=kind)
    except OSError as error:
        raise ConfigError(str(file), f"cannot be read: {error.strerror}", "make one: moonfleet keys new NAME") from None
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ConfigError(str(file), f"is no {kind.__struct_config__.tag}: {error}") from None
