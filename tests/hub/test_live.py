"""What one who comes late is told."""

from __future__ import annotations

from fleet.bus import LOOPBACK, FeedPublisher, FeedSubscriber
from fleet.core import Disc, Pose, RoverId, TaskId
from fleet.messages import Arrived, HazardSeen, Message, Stop, Telemetry, Turn, encode
from fleet.terrain.ground_map import GroundMap
from sim.hub import LiveFeed, News, Present, read_feed
from sim.record.entries import Collided, Commanded, Entry, Faulted, Happened, Said, TaskChanged

A, B = RoverId("a"), RoverId("b")
GROUND = GroundMap(
    heights=bytes(4),
    rows=1,
    columns=1,
    pixel=1.0,
    latitude=0.0,
    longitude=0.0,
    north=0.0,
    crs="",
    origin=(0.0, 0.0),
    rocks=(),
    zones=(),
)


def present_after(*entries: Entry) -> tuple[Entry, ...]:
    publisher = FeedPublisher(LOOPBACK)
    viewer = FeedSubscriber(publisher.endpoint)
    live = LiveFeed(publisher, GROUND)
    for entry in entries:
        live.write(entry, encode(entry))
    told = None
    while not isinstance(told, Present):
        live.publish_present()
        frame = viewer.receive(0.05)
        told = read_feed(*frame) if frame else None
    viewer.close()
    live.close()
    assert (told.ground, told.told) == (GROUND, len(entries))
    assert [entries[number] for number in told.numbers] == list(told.entries)
    return told.entries


def hazard(tick: int) -> Happened:
    return Happened(tick=tick, rover=A, event=HazardSeen(hazard=Disc(x=float(tick), y=0.0, radius=1.0)))


def test_of_what_replaces_itself_the_last_is_told() -> None:
    first, last = (
        TaskChanged(tick=tick, task=TaskId("t"), state=state, rover=A, step=0)
        for tick, state in ((1, "open"), (2, "done"))
    )
    other = TaskChanged(tick=1, task=TaskId("u"), state="open", rover=None, step=0)

    assert present_after(first, other, last) == (other, last)


def test_what_adds_up_is_told_whole_and_in_order() -> None:
    entries = (
        Commanded(tick=1, rover=A, command=Stop()),
        hazard(1),
        Collided(tick=2, a=A, b=B),
        Faulted(tick=3, rover=B, plugin="p", fact="f"),
        Commanded(tick=4, rover=A, command=Turn(heading=1.0)),
        hazard(5),
        hazard(6),
    )

    assert present_after(*entries) == entries[1:]


def test_each_rovers_last_word_of_a_kind_is_told() -> None:
    def said(tick: int, sender: RoverId) -> Said:
        body = Telemetry(pose=Pose(x=0.0, y=0.0, heading=0.0), battery=1.0, activity="idle")
        message = Message(tick=tick, sender=sender, seq=tick, to=RoverId("*"), body=body, quiet=True)
        return Said(message=message, heard=(), lost=())

    arrived = Happened(tick=3, rover=A, event=Arrived())

    assert present_after(said(1, A), said(1, B), said(2, A), arrived) == (said(1, B), said(2, A), arrived)


def test_all_is_told_once_and_in_order_a_bundle_at_a_time() -> None:
    publisher = FeedPublisher(LOOPBACK)
    viewer = FeedSubscriber(publisher.endpoint)
    live = LiveFeed(publisher, GROUND)
    while viewer.receive(0.02) is None:
        live.publish_present()
    for tick in range(5):
        live.write(hazard(tick), encode(hazard(tick)))
        if tick in (0, 1, 3):
            live.tell()
            live.tell()
    live.close()

    frames = []
    while (frame := viewer.receive(1.0)) is not None:
        frames.append(read_feed(*frame))
    viewer.close()
    news = [told for told in frames if isinstance(told, News)]

    assert [(told.before, len(told.entries)) for told in news] == [(0, 1), (1, 1), (2, 2), (4, 1)]
    assert [entry for told in news for entry in told.entries] == [hazard(tick) for tick in range(5)]
