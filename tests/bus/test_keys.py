"""Keys are for their owner alone, and nothing else is taken for one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleet.bus import (
    Notary,
    new_key,
    read_admitted,
    read_private,
    read_public,
    read_signing,
    seed_of,
    write_key,
)
from fleet.core import ConfigError


def test_a_key_comes_back_from_its_files_and_the_private_one_is_its_owners(tmp_path: Path) -> None:
    key = new_key("cnsa")

    private, public = write_key(key, tmp_path / "new")

    assert (read_private(private), read_public(public)) == (key, key.public)
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    for secret in (key.secret, key.signing_secret):
        assert secret not in public.read_text(encoding="utf-8")
        assert secret not in repr(key)


@pytest.mark.skipif(os.name != "posix", reason="files have no modes here")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_private_file_that_others_may_touch_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    private, _ = write_key(new_key("cnsa"), tmp_path)
    private.chmod(mode)

    with pytest.raises(ConfigError, match=r"others may read or change it.*\n  chmod 600"):
        read_private(private)


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    private, _ = write_key(new_key("cnsa"), tmp_path)
    before = private.read_bytes()

    with pytest.raises(ConfigError, match="is there already"):
        write_key(new_key("cnsa"), tmp_path)

    assert private.read_bytes() == before


@pytest.mark.parametrize("name", ["", "../x", "a/b", "-o", "a b", "x" * 65, "\ud800"])
def test_what_is_no_name_makes_no_key(name: str) -> None:
    with pytest.raises(ConfigError, match="is no name for a key"):
        new_key(name)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b"[" * 9000,
        b"x" * 20_000,
        b'{"moonfleet":"public key 1","name":"a","curve":"short"}',
        b'{"moonfleet":"public key 1","name":"a","curve":"' + "\u00e9".encode() * 40 + b'"}',
        b'{"moonfleet":"private key 1","name":"a","curve":"x","secret":"y"}',
    ],
    ids=["empty", "object", "bytes", "deep", "large", "short", "no Z85", "private"],
)
def test_a_file_that_holds_no_public_key_is_named(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "a.pub"
    file.write_bytes(text)

    with pytest.raises(ConfigError, match=r"a\.pub"):
        read_public(file)


@pytest.mark.parametrize("half", ["curve", "secret", "signing", "signing_secret"])
def test_halves_of_two_keys_are_no_key(tmp_path: Path, half: str) -> None:
    one, other = new_key("a"), new_key("a")
    file, _ = write_key(one, tmp_path)
    text = file.read_text(encoding="utf-8").replace(getattr(one, half), getattr(other, half))
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match="do not belong together"):
        read_private(file)


def test_who_is_admitted_is_known_by_the_file_and_not_by_what_the_key_calls_itself(tmp_path: Path) -> None:
    key = new_key("boss")
    _, public = write_key(key, tmp_path)
    public.rename(tmp_path / "guest.pub")

    assert read_admitted(tmp_path) == {key.curve: "guest"}


def test_what_somebody_signs_with_is_as_lasting_as_the_file_and_known_by_the_public_one(tmp_path: Path) -> None:
    private, _ = write_key(new_key("rover"), tmp_path)

    assert read_signing(tmp_path) == {"rover": Notary(seed_of(read_private(private))).public}


def test_a_key_of_before_signatures_still_lets_in_and_signs_nothing(tmp_path: Path) -> None:
    key = replace(new_key("old"), signing="", signing_secret="")
    private, _ = write_key(key, tmp_path)

    assert read_admitted(tmp_path) == {key.curve: "old"}
    with pytest.raises(ConfigError, match=r"old\.pub: was made before keys could sign.*\n  make a new one"):
        read_signing(tmp_path)
    with pytest.raises(ConfigError, match=r"key old: was made before keys could sign"):
        seed_of(read_private(private))


def test_one_key_under_two_names_is_refused(tmp_path: Path) -> None:
    _, public = write_key(new_key("a"), tmp_path)
    (tmp_path / "b.pub").write_bytes(public.read_bytes())

    with pytest.raises(ConfigError, match="the same key as a"):
        read_admitted(tmp_path)
