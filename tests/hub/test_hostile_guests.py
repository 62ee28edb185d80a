"""Whatever comes to the door of a run, its digest stays the same, and each who tried something is in the audit log."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.bus import (
    Audit,
    ClientLock,
    Notary,
    PrivateKey,
    Refusal,
    ServerLock,
    ZmqHostBus,
    ZmqHubBus,
    guest_name,
    new_key,
)
from fleet.core import AgencyId, ConfigError, MessageError, RoverId, WallClock
from fleet.messages import (
    Answer,
    Hello,
    Leave,
    Ready,
    Recalled,
    RoverAnswer,
    Unwelcome,
    encode,
    read_from_hub,
)
from fleet.runtime import Visit, visit
from sim.hub.lobby import Invitation, Lobby

HUB, ALL, IDLER, STRANGER = (new_key(name) for name in ("hub", "agency-a", "idler", "stranger"))
LOCK = ServerLock(key=HUB, admitted={ALL.curve: "agency-a", IDLER.curve: "idler"})
SIGNING = {"agency-a": Notary(ALL.seed).public, "idler": Notary(IDLER.seed).public}
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"CURVE".ljust(20, b"\0") + bytes(32)
DEEP = b"\x91" * 1_000_000
EXAMPLES = int(os.environ.get("MOONFLEET_FUZZ", "25"))
Attack = Callable[[str], None]


def _raw(data: bytes) -> Attack:
    def attack(door: str) -> None:
        with socket.create_connection(("127.0.0.1", int(door.rpartition(":")[2])), 5.0) as stream:
            stream.sendall(data)

    return attack


def _say(frames: Sequence[bytes], key: PrivateKey | None = IDLER, server: PrivateKey = HUB) -> Attack:
    def attack(door: str) -> None:
        bus = ZmqHostBus(door, "", lock=None if key is None else ClientLock(key=key, server=server.curve))
        for frame in frames:
            bus.send(frame)
        # Until the last has left, or for ever knocks at a door that stays shut.
        bus.receive(0.3)
        bus.close()

    return attack


def _hello(*rovers: str, version: int = 1) -> bytes:
    return encode(Hello(version=version, host="host-agency-a", agents=tuple((RoverId(each), "") for each in rovers)))


def _answer(tick: int) -> bytes:
    return encode(Answer(tick=tick, answers=(RoverAnswer(rover=RoverId("a1"), command=None, outbox=(), wake=None),)))


#: What is tried, and what the log then says.
ATTACKS: dict[str, tuple[Attack, str]] = {
    "wrong key": (_say([_hello("a1")], STRANGER), f"key {STRANGER.public.fingerprint} at 127.0.0.1"),
    "no key": (_say([_hello("a1")], None), "somebody"),
    "stolen id": (_say([_hello("a1")]), "the key idler does not speak for a1"),
    "another version": (_say([_hello("a1", version=2)]), "version 2"),
    "no rover": (_say([_hello()]), "names no rover"),
    "unknown rover": (_say([_hello("x" * 100_000)]), "is awaited from elsewhere"),
    "answer unasked": (_say([_answer(1), _answer(2)]), "speaks out of turn"),
    "ready unasked": (_say([encode(Ready(host="h")), encode(Recalled(host="h"))]), "speaks out of turn"),
    "leave of nobody": (_say([encode(Leave())]), "speaks out of turn"),
    "random bytes": (_raw(bytes(range(1, 256)) * 20), "somebody"),
    "half a frame": (_raw(GREETING + b"\x04\xc8\x05HEL"), "somebody"),
    "1 GB length field": (_raw(GREETING + b"\x06" + struct.pack(">Q", 1 << 30)), "somebody"),
    "no MessagePack": (_say([b"\xc1", b"\x93\xa6answer"]), "truncated"),
    "million deep": (_say([DEEP, b"\x93\xa6answer\x01" + DEEP, b"\x81\xa1x" * 1_000_000]), "recursion"),
    "claims to be 4 GB": (_say([b"\x93\xa6answer\x01\xdd\xff\xff\xff\xff"]), "truncated"),
    "9 MB": (_say([bytes(9_000_000)]), "was cut off for what it sent"),
    "flood": (_say([b"\xc1"] * 3000), "malformed"),
}


def _attack(door: str) -> None:
    for attack, _ in ATTACKS.values():
        attack(door)


class Company(threading.Thread):
    """All rovers, from elsewhere, once the first attacks are over."""

    def __init__(self, door: str, make_node: Any, rovers: Sequence[str], after: threading.Thread) -> None:
        super().__init__(daemon=True)
        agents = dict.fromkeys(map(RoverId, rovers), "")
        lock = ClientLock(key=ALL, server=HUB.curve)
        self._plan = Visit(endpoint=door, agents=agents, name="company", lock=lock, wait=20.0)
        self._make_node, self._after = make_node, after
        self.start()

    def run(self) -> None:
        self._after.join()
        visit(self._plan, self._make_node, WallClock())


class Slowly:
    """A sink that gives those outside time, as long as they attack."""

    def __init__(self, attackers: threading.Thread) -> None:
        self._attackers = attackers

    def write(self, entry: object) -> None:
        if self._attackers.is_alive():
            WallClock().sleep(0.002)

    def close(self) -> None:
        pass


def test_nothing_that_comes_to_the_door_changes_the_run_and_each_is_noted(desktop: Any, tmp_path: Path) -> None:
    agents = {"a1": "gossip", "a2": "gossip"}
    scenario = desktop.scenario(agents, radio_loss=0.3, end=1500)
    local, _ = desktop.run(scenario)
    audit = Audit(file=tmp_path / "audit.jsonl")

    with desktop.open_door(scenario, *agents, lock=LOCK, signing=SIGNING, audit=audit, wait=60.0) as hosts:
        before = threading.Thread(target=_attack, args=(hosts.bus.door,), daemon=True)
        before.start()

        def once_more() -> None:
            before.join()
            _attack(hosts.bus.door)

        during = threading.Thread(target=once_more, daemon=True)
        Company(hosts.bus.door, desktop.make_node, list(agents), before)
        during.start()
        result = desktop.hub(scenario, hosts, [Slowly(during)]).run()
    audit.close()

    lines = [msgspec.json.decode(line, type=Refusal) for line in (tmp_path / "audit.jsonl").read_bytes().splitlines()]
    noted = "\n".join(f"{line.who} {line.fact}" for line in lines).lower()
    assert (result.digest, result.faults) == (local.digest, 0)
    assert [name for name, (_, fact) in ATTACKS.items() if fact.lower() not in noted] == []


@pytest.fixture(scope="module")
def door() -> Iterator[tuple[ZmqHubBus, ZmqHostBus]]:
    """A locked bus with a door, and a host that came in by it."""
    bus = ZmqHubBus("tcp://127.0.0.1:*", ServerLock(key=HUB, admitted={IDLER.curve: "@idler"}), Audit())
    host = ZmqHostBus(bus.listen("tcp://127.0.0.1:*"), "", lock=ClientLock(key=IDLER, server=HUB.curve))
    yield bus, host
    host.close()
    bus.close()


_HANDSHAKE = GREETING + b"\x04\xc8\x05HELLO\x01\x00" + bytes(range(72)) + bytes(122)


@st.composite
def _spoilt_handshake(draw: st.DrawFn) -> bytes:
    """Give the beginning of a handshake of which something was cut out, put in or changed."""
    data = bytearray(_HANDSHAKE[: draw(st.integers(0, len(_HANDSHAKE)))])
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 8))] = draw(st.binary(max_size=12))
    return bytes(data)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.binary(max_size=300) | _spoilt_handshake())
def test_no_handshake_disturbs_those_who_belong(door: tuple[ZmqHubBus, ZmqHostBus], data: bytes) -> None:
    bus, host = door

    _raw(data)(bus.door)
    host.send(b"word")

    said = bus.receive(20.0)
    assert said is not None
    assert (said[0].startswith("@idler/"), said[1]) == (True, b"word")
    assert bus.receive(0.0) is None


class Pigeonhole:
    """The hub's end of a bus to nowhere, which keeps what is sent."""

    dropped = 0

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.gone: set[str] = set()

    def send(self, host: str, data: bytes) -> bool:
        if data and host not in self.gone:
            self.sent.append((host, data))
        return host not in self.gone

    def accept(self, hosts: Sequence[str], timeout: float) -> tuple[str, ...]:
        return ()

    def receive(self, timeout: float) -> None:
        return None

    def has_word(self) -> bool:
        return False

    def refuse(self, sender: str, fact: str) -> None:
        pass

    def part(self) -> None:
        pass

    def close(self) -> None:
        pass


_GUESTS = tuple(guest_name(key, way) for key in ("agency-a", "b1", "idler") for way in (b"1", b"2"))
_NAMES = st.lists(st.sampled_from(["a1", "a2", "b1", "c9"]), max_size=3)
_WORDS = (
    st.builds(lambda rovers, version: _hello(*rovers, version=version), _NAMES, st.sampled_from([1, 1, 1, 2]))
    | st.sampled_from([encode(Ready(host="h")), encode(Recalled(host="h")), encode(Leave()), _answer(3), b"", b"gone"])
    | st.binary(max_size=6)
)


@settings(max_examples=4 * EXAMPLES, deadline=None)
@given(talk=st.lists(st.tuples(st.sampled_from(_GUESTS), _WORDS), max_size=30))
def test_whatever_guests_say_a_rover_is_in_one_host_whose_key_speaks_for_it(
    desktop: Any, talk: list[tuple[str, bytes]]
) -> None:
    briefing = desktop.scenario({"a1": "silent", "a2": "silent", "b1": "silent"}).briefing()
    agencies = {RoverId(rover): AgencyId(f"agency-{rover[0]}") for rover in ("a1", "a2", "b1")}
    bus = Pigeonhole()
    keys = dict.fromkeys((*agencies, *agencies.values()), b"")  # Nobody signs.
    lobby = Lobby(Invitation(agencies=agencies, signing=keys), bus)
    lobby.note(RoverId("a1"), msgspec.msgpack.encode(["ask", 1, []]))
    lobby.open(briefing)

    blamed = []
    for guest, data in talk:
        if data == b"gone":
            bus.gone.add(guest)
        try:
            lobby.take(guest, data)
        except MessageError as error:
            blamed.append(error.sender == guest)

    assert all(blamed)
    for rover, agency in agencies.items():
        host = lobby.host_of(rover)
        assert host is None or rover in lobby.rovers_of(host)
        assert host is None or host.startswith((f"@{agency}/", f"@{rover}/"))
        assert sum(rover in lobby.rovers_of(guest) for guest in _GUESTS) <= 1
    assert not any(guest.startswith("@idler") for guest in lobby.guests)
    for guest, data in bus.sent:
        said = read_from_hub(data)
        assert not guest.startswith("@idler") or isinstance(said, Unwelcome)


def test_who_is_not_let_in_says_so_without_knocking_on(desktop: Any) -> None:
    bus = ZmqHubBus("tcp://127.0.0.1:*", ServerLock(key=HUB, admitted={}), audit := Audit())
    lock = ClientLock(key=STRANGER, server=HUB.curve)
    plan = Visit(endpoint=bus.listen("tcp://127.0.0.1:*"), agents={RoverId("a1"): ""}, name="x", lock=lock, wait=20.0)

    with pytest.raises(ConfigError, match="does not know this key"):
        visit(plan, desktop.make_node, WallClock())
    bus.close()

    assert 0 < audit.count <= 2
