from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from sim.record import Closing, Digest, Entry, Frame


def _digest(entries: tuple[Entry, ...]) -> str:
    digest = Digest()
    for entry in entries:
        digest.take(entry)
    return digest.hexdigest()


def test_equal_runs_have_equal_digests(made_up_mission: Callable[..., Any]) -> None:
    assert _digest(made_up_mission().entries) == _digest(made_up_mission().entries)


def test_the_last_bit_of_one_number_changes_the_digest(made_up_mission: Callable[..., Any]) -> None:
    entries = made_up_mission().entries
    number = next(number for number, entry in enumerate(entries) if isinstance(entry, Frame))
    frame = entries[number]
    bent = replace(frame, sun=(frame.sun[0] * (1.0 + 2.3e-16), frame.sun[1]))

    assert _digest((*entries[:number], bent, *entries[number + 1 :])) != _digest(entries)


def test_the_order_of_entries_changes_the_digest(made_up_mission: Callable[..., Any]) -> None:
    first, second, third, *rest = made_up_mission().entries

    assert _digest((first, third, second, *rest)) != _digest((first, second, third, *rest))


def test_the_closing_entry_is_not_in_its_own_digest(made_up_mission: Callable[..., Any]) -> None:
    entries = made_up_mission().entries

    assert isinstance(entries[-1], Closing)
    assert _digest(entries) == _digest(entries[:-1])


def test_the_order_in_which_stock_was_filled_does_not_count(made_up_mission: Callable[..., Any]) -> None:
    frame = next(entry for entry in made_up_mission().entries if isinstance(entry, Frame))
    one, other = replace(frame, stock={"a": 1.0, "b": 2.0}), replace(frame, stock={"b": 2.0, "a": 1.0})

    assert _digest((one,)) == _digest((other,))


def test_another_process_gets_the_same_digest() -> None:
    program = (
        "from sim.record import Collided, Digest\n"
        "digest = Digest()\n"
        "digest.take(Collided(tick=7, a='r1', b='r2'))\n"
        "print(digest.hexdigest())\n"
    )
    told = [subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout for _ in range(2)]

    assert told[0] == told[1]
    assert told[0].strip() == b"542afd8e1cd7255b081601924fe83d4f2b2bc6b8c1df78e61447db3e54ac0285"
