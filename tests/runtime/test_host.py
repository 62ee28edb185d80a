"""A host answers for its rovers, whatever the hub or its nodes come with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet.bus import INPROC, Notary, ZmqHubBus, sealed
from fleet.core import AgencyId, ConfigError, PluginError, Pose, RoverId
from fleet.messages import (
    PROTOCOL_VERSION,
    Answer,
    Ask,
    Briefing,
    Goodbye,
    Hello,
    Message,
    Observation,
    Plight,
    Ready,
    RosterEntry,
    RoverAnswer,
    RoverAsk,
    SealedAsk,
    SealedRoverAsk,
    Stop,
    Telemetry,
    Turn,
    Welcome,
    Work,
    encode,
    read_from_host,
)
from fleet.messages.codec import Decoder
from fleet.runtime import Host, serve
from fleet.terrain.ground_map import GroundMap
from fleet.vehicles import catalogue

POSE = Pose(x=0.0, y=0.0, heading=0.0)


def briefing(*rovers: str) -> Briefing:
    ground = GroundMap(
        heights=bytes(4),
        rows=1,
        columns=1,
        pixel=1.0,
        latitude=-1.5,
        longitude=0.0,
        north=0.0,
        crs="",
        origin=(0.0, 0.0),
        rocks=(),
        zones=(),
    )
    roster = tuple(
        RosterEntry(
            rover=RoverId(rover), agency=AgencyId("a"), vehicle=catalogue()["suparco-rover"], agent="x", pose=POSE
        )
        for rover in rovers
    )
    return Briefing(
        scenario="s",
        seed=1,
        start=datetime(2029, 11, 1, tzinfo=UTC),
        dt=1.0,
        end=10,
        roster=roster,
        coordinator=roster[0].rover,
        docks=(),
        ground=ground,
    )


def ask(*rovers: str, tick: int = 3) -> bytes:
    seen = Observation(tick=tick, pose=POSE, battery=1.0, light=1.0, power=0.0, activity="idle", payload=0.0, links=())
    telemetry = Telemetry(pose=POSE, battery=1.0, activity="idle")
    heard = Message(tick=1, sender=RoverId("z"), seq=0, to=RoverId("*"), body=telemetry)
    asks = tuple(RoverAsk(rover=RoverId(rover), observation=seen, inbox=(heard,)) for rover in rovers)
    return encode(Ask(tick=tick, asks=asks))


class Node:
    def __init__(self, rover: RoverId, command: Any) -> None:
        self.rover = rover
        self.command = command

    def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:
        wake = observation.tick + len(inbox)
        return RoverAnswer(rover=self.rover, command=self.command, outbox=(), wake=wake)

    def suffer(self, plight: Plight) -> None:
        """Nothing comes of it."""


def welcomed(commands: dict[str, Any]) -> Host:
    host = Host("h", lambda briefing, rover: Node(rover, commands[rover]))
    rovers = tuple(RoverId(rover) for rover in commands)
    assert host.handle(encode(Welcome(briefing=briefing(*commands), rovers=rovers))) == encode(Ready(host="h"))
    return host


def answer(host: Host, data: bytes) -> Answer:
    said = host.handle(data)
    assert said is not None
    decoder: Decoder[Answer] = Decoder(Answer)
    return decoder.decode(said)


def test_a_host_says_its_name_and_version_first() -> None:
    hello = read_from_host(Host("h", lambda briefing, rover: Node(rover, None)).hello(), "h")

    assert hello == Hello(version=PROTOCOL_VERSION, host="h")


def test_each_rover_asked_is_answered_for_in_order() -> None:
    host = welcomed({"a": Stop(), "b": None})

    said = answer(host, ask("a", "b"))

    assert said.tick == 3
    assert [(each.rover, each.command, each.wake) for each in said.answers] == [("a", Stop(), 4), ("b", None, 4)]


@pytest.mark.parametrize(
    ("error", "plugin", "fact"),
    [
        (PluginError("their", "a", -1, "no decide"), "their", "no decide"),
        (ConfigError("agent 'x'", "there is none"), "x", "agent 'x': there is none"),
    ],
    ids=["plugin", "config"],
)
def test_a_node_that_cannot_be_made_is_named_and_the_others_live(error: Exception, plugin: str, fact: str) -> None:
    def make(briefing: Briefing, rover: RoverId) -> Node:
        if rover == "a":
            raise error
        return Node(rover, None)

    host = Host("h", make)
    welcome = Welcome(briefing=briefing("a", "b"), rovers=(RoverId("a"), RoverId("b")))

    ready = host.handle(encode(welcome))

    assert ready == encode(Ready(host="h", faults=((RoverId("a"), plugin, fact),)))
    assert [bool(each.fault) for each in answer(host, ask("a", "b")).answers] == [True, False]


@pytest.mark.parametrize(
    "command",
    [Work(task=object()), Work(task="\ud800")],  # type: ignore[arg-type]
    ids=["no value", "surrogate"],
)
def test_an_answer_that_cannot_be_sent_stops_its_rover_only(command: Any) -> None:
    host = welcomed({"a": command, "b": Turn(heading=1.0)})

    first, second = answer(host, ask("a", "b")).answers

    assert first.command == Stop()
    assert "cannot be sent" in first.fault
    assert (second.command, second.fault) == (Turn(heading=1.0), "")


@given(st.binary(max_size=60))
def test_what_no_hub_says_is_dropped(junk: bytes) -> None:
    host = Host("h", lambda briefing, rover: Node(rover, None))

    host.handle(junk)

    assert not host.is_over


def test_goodbye_ends_the_host() -> None:
    host = welcomed({"a": None})

    assert host.handle(encode(Goodbye())) is None
    assert host.is_over


def test_a_loop_ends_at_goodbye_and_settles_once_before_anybody_is_asked() -> None:
    hub = ZmqHubBus(INPROC)
    told: list[str] = []
    end = hub.connect_here("h")
    host = Host("h", lambda briefing, rover: Node(rover, None))
    hub.accept(["h"], 0.0)
    end_first = ZmqScript(hub, [Welcome(briefing=briefing("a"), rovers=(RoverId("a"),)), Goodbye()])

    serve(end_first.around(end), host, lambda: False, lambda: told.append("settled"))
    hub.close()

    assert told == ["settled"]
    assert host.is_over


class ZmqScript:
    """Has the hub speak whenever its host listens."""

    def __init__(self, hub: ZmqHubBus, words: list[Any]) -> None:
        self.hub = hub
        self.words = words

    def around(self, end: Any) -> Any:
        script = self

        class Listening:
            def send(self, data: bytes) -> None:
                end.send(data)
                script.hub.receive(10.0)

            def receive(self, timeout: float) -> bytes | None:
                if script.words:
                    script.hub.send("h", encode(script.words.pop(0)))
                heard: bytes | None = end.receive(timeout)
                return heard

            def close(self) -> None:
                end.close()

        return Listening()


def test_a_loop_ends_when_its_hub_is_gone() -> None:
    class Silence:
        is_closed = False

        def send(self, data: bytes) -> None:
            pass

        def receive(self, timeout: float) -> bytes | None:
            return None

        def close(self) -> None:
            self.is_closed = True

    bus, host = Silence(), Host("h", lambda briefing, rover: Node(rover, None))

    serve(bus, host, lambda: True)

    assert bus.is_closed
    assert not host.is_over


class _Listener:
    """A node that keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[Message] = []

    def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:
        self.heard += inbox
        said = Message(tick=observation.tick, sender=RoverId("r1"), seq=1, to=RoverId("z"), body=_NEWS)
        return RoverAnswer(rover=RoverId("r1"), command=None, outbox=(said,), wake=None)

    def suffer(self, plight: Plight) -> None:
        pass


_NEWS = Telemetry(pose=POSE, battery=1.0, activity="idle")


def test_a_host_that_signs_takes_no_words_that_are_not_their_senders_and_tells_of_each() -> None:
    listener, sender = _Listener(), Notary()
    host = _signing(listener, sender)
    said = [Message(tick=1, sender=RoverId("z"), seq=seq, to=RoverId("*"), body=_NEWS) for seq in range(3)]
    first = sender.sign(sealed(said[0]))
    signatures = (first, first, b"", first)
    asked = RoverAsk(rover=RoverId("r1"), observation=_SEEN, inbox=(*said, said[0]), signatures=signatures)

    answer = _ANSWER.decode(host.handle(encode(Ask(tick=3, asks=(asked,)))) or b"")

    assert [message.seq for message in listener.heard] == [0]
    assert answer.refused == (
        ("z", "what it said to r1 is not as its sender signed it"),
        ("z", "what it said to r1 is not signed"),
        ("z", "what it said to r1 was heard before"),
    )
    ((own,), (signature,)) = answer.answers[0].outbox, answer.answers[0].signatures
    assert sender.fault(RoverId("z"), sealed(own), signature) == ""


def test_a_host_that_signs_takes_no_words_that_nobody_can_read_and_hears_the_others() -> None:
    listener, sender = _Listener(), Notary()
    host = _signing(listener, sender)
    news = sealed(Message(tick=1, sender=RoverId("z"), seq=0, to=RoverId("*"), body=_NEWS))
    noise = replace(news, seq=1, body=msgspec.Raw(encode({"no": "body"})))
    signatures = tuple(map(sender.sign, (noise, news)))
    asked = SealedRoverAsk(rover=RoverId("r1"), observation=_SEEN, inbox=(noise, news), signatures=signatures)

    answer = _ANSWER.decode(host.handle(encode(SealedAsk(tick=3, asks=(asked,)))) or b"")

    assert [message.seq for message in listener.heard] == [0]
    ((who, fact),) = answer.refused
    assert (who, fact.split(": ")[0]) == ("z", "what it said to r1 cannot be read")


def _signing(listener: _Listener, sender: Notary) -> Host:
    """Return a host of r1 that checks what z says, which the sender signs for."""
    host = Host("h", lambda _briefing, _rover: listener, notary=Notary())
    hello = read_from_host(host.hello(), "h")
    assert isinstance(hello, Hello)
    signers = ((RoverId("r1"), hello.signing), (RoverId("z"), sender.public))
    sender.know(b"run", signers)
    host.handle(encode(Welcome(briefing=briefing("r1", "z"), rovers=(RoverId("r1"),), session=b"run", signers=signers)))
    return host


_SEEN = Observation(tick=3, pose=POSE, battery=1.0, light=1.0, power=0.0, activity="idle", payload=0.0, links=())
_ANSWER: Decoder[Answer] = Decoder(Answer)
