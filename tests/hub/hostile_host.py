"""A host process with a good key, ``hostile_host.py ENDPOINT NAME PARENT --locked``; it says what nobody may say."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import msgspec

from fleet.bus import HostBus, ZmqHostBus, read_handed
from fleet.core import RoverId
from fleet.messages import Answer, Hello, Ready, RoverAnswer, encode
from fleet.messages.codec import Decoder
from fleet.runtime import Host, serve

_ANSWER: Decoder[Answer] = Decoder(Answer)


class Hostile:
    """Passes on what its host says, after what it should not say."""

    def __init__(self, bus: HostBus) -> None:
        self._bus = bus
        self._before = b""

    def send(self, data: bytes) -> None:
        """Say what nobody may, then this."""
        if data[:1] == b"\x94":
            answer = _ANSWER.decode(data)
            other = RoverAnswer(rover=RoverId("b1"), command=None, outbox=(), wake=None)
            for junk in (
                b"",
                b"\xc1 no MessagePack at all",
                b"\x91" * 1_000_000,
                b"\x93\xa6answer\x01" + b"\x91" * 1_000_000,
                b"\x93\xa6answer\x01\xdd\xff\xff\xff\xff",
                data[: len(data) // 2],
                data + b"\0",
                self._before,
                encode(msgspec.structs.replace(answer, tick=answer.tick + 1)),
                encode(Answer(tick=answer.tick, answers=(*answer.answers, other))),
                encode(Hello(version=1, host="host-agency-b")),
                encode(Ready(host="host-agency-b")),
            ):
                self._bus.send(junk)
            self._before = data
        self._bus.send(data)

    def receive(self, timeout: float) -> bytes | None:
        """Hear the hub."""
        return self._bus.receive(timeout)

    def close(self) -> None:
        """End."""
        self._bus.close()


if __name__ == "__main__":
    endpoint, name, _, _ = sys.argv[1:]
    make_node = runpy.run_path(str(Path(__file__).with_name("scripted_host.py")))["Node"]
    bus = ZmqHostBus(endpoint, name, lock=read_handed(sys.stdin.buffer))
    serve(Hostile(bus) if name == "host-agency-a" else bus, Host(name, make_node), bus.is_cut)
