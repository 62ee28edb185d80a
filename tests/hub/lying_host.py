"""A host process that signs, ``lying_host.py ENDPOINT NAME PARENT --locked``; one of them says more than it may."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import msgspec

from fleet.bus import HostBus, Notary, ZmqHostBus, read_handed, sealed
from fleet.core import GROUND, RoverId, TaskId
from fleet.messages import Answer, Bulletin, Halt, Letter, Message, RoverAnswer, TaskReport
from fleet.messages.codec import Decoder
from fleet.runtime import Host, serve

_ANSWER: Decoder[Answer] = Decoder(Answer)
_DONE = TaskReport(task=TaskId("t"), state="done")
_ENCODE = msgspec.msgpack.Encoder().encode


class Lying:
    """Passes on what its host says, with words that its rovers did not say, or have no right to."""

    def __init__(self, bus: HostBus, notary: Notary) -> None:
        self._bus = bus
        self._notary = notary
        self._old: dict[RoverId, tuple[Message, bytes]] = {}

    def send(self, data: bytes) -> None:
        """Say it."""
        if data[:1] == b"\x94":
            answer = _ANSWER.decode(data)
            data = _ENCODE(msgspec.structs.replace(answer, answers=tuple(map(self._lie, answer.answers))))
        self._bus.send(data)

    def _lie(self, answer: RoverAnswer) -> RoverAnswer:
        said = list(zip(answer.outbox, answer.signatures, strict=True))
        for message, signature in tuple(said):
            stolen = msgspec.structs.replace(message, sender=RoverId("b1"))
            altered = msgspec.structs.replace(message, to=RoverId("b1"))
            unsigned = msgspec.structs.replace(message, seq=message.seq + 1000)
            said += [(stolen, self._notary.sign(sealed(stolen))), (altered, signature), (unsigned, b"")]
            order = Bulletin(version=1000, halts=(Halt(rover=RoverId("b1"), by=GROUND, since=0),))
            letter = Letter(origin=RoverId("b1"), number=1, to=(RoverId("a2"),), said=0, body=_DONE)
            for number, body in enumerate((order, letter), start=message.seq + 2000):
                usurped = msgspec.structs.replace(message, seq=number, body=body)
                said.append((usurped, self._notary.sign(sealed(usurped)) + self._notary.order(order)))
        if answer.rover in self._old:
            said.append(self._old[answer.rover])
        if said:
            self._old[answer.rover] = said[0]
        outbox, signatures = tuple(message for message, _ in said), tuple(signature for _, signature in said)
        return msgspec.structs.replace(answer, outbox=outbox, signatures=signatures)

    def receive(self, timeout: float) -> bytes | None:
        """Hear the hub."""
        return self._bus.receive(timeout)

    def close(self) -> None:
        """End."""
        self._bus.close()


if __name__ == "__main__":
    endpoint, name, _, _ = sys.argv[1:]
    make_node = runpy.run_path(str(Path(__file__).with_name("scripted_host.py")))["Node"]
    bus, notary = ZmqHostBus(endpoint, name, lock=read_handed(sys.stdin.buffer)), Notary()
    host = Host(name, make_node, notary=notary)
    serve(Lying(bus, notary) if name == "host-agency-a" else bus, host, bus.is_cut)
