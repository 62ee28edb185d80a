"""Nodes that do what their agent's name says; run as a program, a host process made of them."""

from __future__ import annotations

import os
import signal
import sys

import msgspec

from fleet.bus import Notary, read_handed
from fleet.core import EVERYONE, PluginError, RoverId, WallClock
from fleet.messages import (
    Briefing,
    Message,
    Observation,
    Plight,
    RoverAnswer,
    Stop,
    TaskReport,
    Telemetry,
    Turn,
    Work,
)
from fleet.runtime.host import run_host


class Node:
    """Answers by its agent's name."""

    def __init__(self, briefing: Briefing, rover: RoverId) -> None:
        self.rover = rover
        self.agent = next(entry.agent for entry in briefing.roster if entry.rover == rover)
        self.turn = 1 + sorted(entry.rover for entry in briefing.roster).index(rover)
        self.seq = 0
        self.heard: list[tuple[int, str, int]] = []
        if self.agent == "unmade":
            raise PluginError("unmade", rover, -1, "has no will to live")

    def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:
        """Return the answer."""
        tick = observation.tick
        self.heard += [(message.tick, message.sender, message.seq) for message in inbox]
        answer = RoverAnswer(rover=self.rover, command=None, outbox=(), wake=None)
        if tick < 5 and self.agent in ("hang", "die"):
            return msgspec.structs.replace(answer, wake=5)
        match self.agent:
            case "gossip":
                return self._gossip(observation)
            case "hang":
                WallClock().sleep(60.0)
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "liar":
                said = (self._say(tick, sender="someone"), self._say(tick))
                return msgspec.structs.replace(answer, outbox=said)
            case "stutterer":
                said = (self._say(tick), self._say(tick))
                return msgspec.structs.replace(answer, outbox=(said[1], said[0]))
            case "early":
                return msgspec.structs.replace(answer, wake=tick)
            case "broken":
                return msgspec.structs.replace(answer, command=Stop(), fault="fell over", plugin="broken")
            case "unsendable":
                return msgspec.structs.replace(answer, command=Work(task=object()))  # type: ignore[arg-type]
            case "babbler":
                return msgspec.structs.replace(answer, outbox=(self._say(tick, to="nobody"),))
            case _:
                pass
        return answer

    def suffer(self, plight: Plight) -> None:
        """Take it in."""
        self.plight = plight

    def _say(self, tick: int, sender: str = "", to: str = EVERYONE, *, quiet: bool = False) -> Message:
        self.seq += 1
        return Message(
            tick=tick,
            sender=RoverId(sender or self.rover),
            seq=self.seq,
            to=RoverId(to),
            # What was heard is repeated, so that any other order of hearing makes another record.
            body=TaskReport(task="t", state="running", reason=repr(self.heard[-4:])),  # type: ignore[arg-type]
            quiet=quiet,
        )

    def _gossip(self, observation: Observation) -> RoverAnswer:
        tick = observation.tick
        outbox = [self._say(tick)] if (tick + self.turn) % 3 == 0 else []
        self.seq += 1
        telemetry = Telemetry(pose=observation.pose, battery=observation.battery, activity="idle")
        to = RoverId(EVERYONE)
        outbox.append(Message(tick=tick, sender=self.rover, seq=self.seq, to=to, body=telemetry, quiet=True))
        return RoverAnswer(
            rover=self.rover,
            command=Turn(heading=tick * 0.01) if tick % 2 else None,
            outbox=tuple(outbox),
            wake=tick + 3 + self.turn,
        )


if __name__ == "__main__":
    lock = read_handed(sys.stdin.buffer) if "--locked" in sys.argv else None
    notary = None if lock is None else Notary(lock.key.seed)
    sys.exit(run_host(sys.argv[1], sys.argv[2], Node, parent=int(sys.argv[3]), lock=lock, notary=notary))
