from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.writer import Writer
from msgspec.structs import replace

from fleet.core import ConfigError, ManualClock
from fleet.messages import encode, named
from sim.cli.app import app
from sim.record import (
    Closing,
    Digest,
    Entry,
    Frame,
    Opening,
    Recording,
    RecordWriter,
    first_difference,
    recover,
    tick_of,
)
from sim.record.channels import TOPICS
from sim.record.chunks import ChunkPlace, DamagedChunk, is_mcap, scan, unpack


class _EachEntryLater(ManualClock):
    """A clock on which a second passes between any two looks, so that every entry is brought to disk at once."""

    def now(self) -> float:
        self.sleep(1.0)
        return super().now()


@pytest.fixture(scope="session")
def mission(made_up_mission: Callable[..., Any]) -> Any:
    return made_up_mission(drives=4)


@pytest.fixture(scope="session")
def whole(mission: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("whole") / "run.mcap"
    _write(file, mission)
    return file


@pytest.fixture(scope="session")
def often_flushed(mission: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("often") / "run.mcap"
    _write(file, mission, clock=_EachEntryLater())
    return file


def _write(file: Path, mission: Any, clock: ManualClock | None = None) -> None:
    writer = RecordWriter(file, ground=mission.ground, clock=clock)
    for entry in mission.entries:
        writer.write(entry)
    writer.close()


def test_what_was_written_is_read_in_the_same_order(mission: Any, whole: Path) -> None:
    assert tuple(Recording(whole).entries()) == mission.entries


def test_a_recording_has_the_digest_of_its_run(mission: Any, whole: Path) -> None:
    written, read = Digest(), Digest()
    for entry in mission.entries:
        written.take(entry)
    for entry in Recording(whole).entries():
        read.take(entry)

    assert read.hexdigest() == written.hexdigest()


def test_a_recording_knows_its_ends(mission: Any, whole: Path) -> None:
    recording = Recording(whole)

    assert recording.opening == mission.opening
    assert recording.ground == mission.ground
    assert recording.closing == mission.entries[-1]
    assert recording.last_tick == mission.opening.end
    assert recording.time.utc(60).isoformat() == "2029-10-20T00:01:00+00:00"
    assert recording.damage == ""


def test_a_recording_tells_what_it_was_made_with(whole: Path) -> None:
    metadata = Recording(whole).metadata

    assert (metadata["scenario"], metadata["seed"], metadata["reason"]) == ("made-up", "8", "finished")
    assert metadata["digest"] == "0" * 64
    assert {"python", "numpy", "moonfleet", "format"} <= metadata.keys()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ticks=st.tuples(st.integers(-10, 2600), st.integers(-10, 2600)).map(sorted))
def test_entries_between_two_ticks_are_those_of_all(mission: Any, whole: Path, ticks: list[int]) -> None:
    first, last = ticks

    some = list(Recording(whole).entries(first, last))

    assert some == [entry for entry in mission.entries if first <= tick_of(entry) <= last]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tick=st.integers(0, 2600))
def test_the_frame_at_a_tick_is_the_last_before_it(mission: Any, often_flushed: Path, tick: int) -> None:
    frames = [entry for entry in mission.entries if isinstance(entry, Frame) and entry.tick <= tick]

    assert Recording(often_flushed).frame_at(tick) == frames[-1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_cut_anywhere_gives_what_it_holds(
    mission: Any, often_flushed: Path, tmp_path: Path, data: st.DataObject
) -> None:
    whole = often_flushed.read_bytes()
    length = data.draw(st.integers(0, len(whole) - 1))
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(whole[:length])

    try:
        recording = Recording(cut)
    except ConfigError:
        return
    entries = tuple(recording.entries())

    assert entries == mission.entries[: len(entries)]
    assert recording.ground == mission.ground
    assert recording.opening == mission.opening
    assert recording.damage.startswith("cut after byte") or recording.closing is not None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_cut_anywhere_is_made_whole_for_any_reader(
    often_flushed: Path, tmp_path: Path, data: st.DataObject
) -> None:
    all_of_it = often_flushed.read_bytes()
    cut, mended = tmp_path / "cut.mcap", tmp_path / "mended.mcap"
    cut.write_bytes(all_of_it[: data.draw(st.integers(0, len(all_of_it)))])

    recover(cut, mended)

    with mended.open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None
        assert summary.statistics is not None
        assert summary.statistics.message_count == sum(1 for _ in reader.iter_messages())
    if not (is_mcap(cut.read_bytes()) and scan(cut.read_bytes()).chunks):
        return
    recording = Recording(cut)
    anew = Recording(mended)
    assert tuple(anew.entries()) == tuple(recording.entries())
    assert (anew.damage, anew.metadata, anew.origin) == ("", recording.metadata, recording.origin)
    assert (encode(anew.ground), anew.exchanges()) == (encode(recording.ground), recording.exchanges())


def test_a_recording_is_mended_beside_itself_by_a_command_and_never_in_place(whole: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(whole.read_bytes()[:-3])

    told = json.loads(CliRunner().invoke(app, ["recover", str(cut), "--json"], catch_exceptions=False).output)

    assert told["whole"] == str(tmp_path / "cut.whole.mcap")
    assert tuple(Recording(told["whole"]).entries()) == tuple(Recording(whole).entries())
    with pytest.raises(ConfigError, match="is the file itself"):
        recover(cut, cut)


def test_what_is_damaged_and_not_cut_is_not_made_whole(often_flushed: Path, tmp_path: Path) -> None:
    content = bytearray(often_flushed.read_bytes())
    place = scan(bytes(content)).chunks[-1]
    content[place.offset + place.length // 2] ^= 0xFF
    bent = tmp_path / "bent.mcap"
    bent.write_bytes(content)

    with pytest.raises(ConfigError, match="only what was cut can be made whole"):
        recover(bent, tmp_path / "mended.mcap")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_bent_byte_never_gives_another_entry(
    mission: Any, often_flushed: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(often_flushed.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    bent = tmp_path / "bent.mcap"
    bent.write_bytes(content)

    try:
        entries = list(Recording(bent).entries())
    except ConfigError:
        return

    assert all(entry in mission.entries for entry in entries)


def test_a_run_that_was_killed_loses_no_more_than_what_came_in_the_last_half_second(
    mission: Any, tmp_path: Path
) -> None:
    file, clock = tmp_path / "killed.mcap", ManualClock()
    writer = RecordWriter(file, ground=mission.ground, clock=clock)
    for entry in mission.entries[:100]:
        writer.write(entry)
        clock.sleep(0.1)

    recording = Recording(file)

    assert len(list(recording.entries())) >= 95
    assert recording.closing is None
    assert recording.damage.startswith("cut after byte")
    writer.close()


def test_a_run_without_a_closing_entry_is_finished_by_close(mission: Any, tmp_path: Path) -> None:
    file = tmp_path / "stopped.mcap"
    writer = RecordWriter(file, ground=mission.ground)
    for entry in mission.entries[:50]:
        writer.write(entry)
    writer.close()

    recording = Recording(file)

    assert (recording.closing, recording.damage) == (None, "")
    assert tuple(recording.entries()) == mission.entries[:50]


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        pytest.param(b"", "is no recording", id="empty"),
        pytest.param(b"moonfleet: 1\n", "is no recording", id="scenario"),
        pytest.param(b"\x89MCAP0\r\n", "holds nothing", id="magic only"),
    ],
)
def test_a_file_that_is_no_recording_says_so(tmp_path: Path, content: bytes, fact: str) -> None:
    file = tmp_path / "other.mcap"
    file.write_bytes(content)

    with pytest.raises(ConfigError, match=fact):
        Recording(file)


def test_a_recording_of_another_program_says_so(tmp_path: Path) -> None:
    file = tmp_path / "robot.mcap"
    with file.open("wb") as stream:
        writer = Writer(stream)
        writer.start()
        channel = writer.register_channel(topic="/tf", message_encoding="json", schema_id=0)
        writer.add_message(channel_id=channel, log_time=1, publish_time=1, data=b"{}")
        writer.finish()  # type: ignore[no-untyped-call]  # mcap leaves it without types

    with pytest.raises(ConfigError, match="no recording of Moonfleet"):
        Recording(file)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        Recording(tmp_path / "nowhere.mcap")


def test_a_folder_that_is_not_there_cannot_be_recorded_to(mission: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        RecordWriter(tmp_path / "nowhere" / "run.mcap", ground=mission.ground)


def test_any_mcap_reader_finds_json_with_its_schema(mission: Any, whole: Path) -> None:
    with whole.open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        read = [(schema, channel, message) for schema, channel, message in reader.iter_messages()]
        statistics = reader.get_summary()
    topics = {channel.topic for _, channel, _ in read}

    assert topics > {*TOPICS.values(), "moonfleet.log", "moonfleet.transforms", "moonfleet.fleet"}
    assert statistics is not None
    assert all(schema is not None and schema.encoding == "jsonschema" for schema, _, _ in read)
    opening = next(message for _, channel, message in read if channel.topic == TOPICS[Opening])
    assert json.loads(opening.data) == json.loads(json.dumps(named(mission.opening)))


def test_events_stand_in_the_log_panel_as_sentences(whole: Path) -> None:
    with whole.open("rb") as stream:
        log = [
            json.loads(message.data)
            for schema, _, message in make_reader(stream).iter_messages(topics=["moonfleet.log"])
            if schema is not None and schema.name == "foxglove.Log"
        ]

    assert log[0]["message"] == "r1: sees a rock of 0.3 m at (0, 20), 100% sure"
    assert log[0]["timestamp"] == {"sec": 1887148920, "nsec": 0}
    assert {line["level"] for line in log} == {2, 3, 4}
    assert all(line["name"] for line in log)


def test_times_in_the_file_never_go_back(mission: Any, tmp_path: Path) -> None:
    file = tmp_path / "late.mcap"
    frames: list[Entry] = [entry for entry in mission.entries if isinstance(entry, Frame)]
    writer = RecordWriter(file, ground=mission.ground)
    for entry in (mission.opening, frames[5], frames[2], frames[6]):
        writer.write(entry)
    writer.close()

    recording = Recording(file)

    assert list(recording.entries())[1:] == [frames[5], frames[2], frames[6]]
    assert sorted(recording.frame_ticks) == list(recording.frame_ticks)


def test_a_closing_entry_is_the_last(whole: Path) -> None:
    assert isinstance(list(Recording(whole).entries())[-1], Closing)


def test_a_difference_is_told_by_rover_and_field(mission: Any, tmp_path: Path) -> None:
    number, frame = next((n, entry) for n, entry in enumerate(mission.entries) if isinstance(entry, Frame))
    last = frame.rovers[-1]
    other = replace(frame, rovers=(*frame.rovers[:-1], replace(last, battery=0.25)))
    files = [tmp_path / "a.mcap", tmp_path / "b.mcap"]
    for file, changed in zip(files, (frame, other), strict=True):
        writer = RecordWriter(file, ground=mission.ground)
        for entry in (*mission.entries[:number], changed):
            writer.write(entry)
        writer.close()

    found = first_difference(*files)

    assert found is not None
    assert found.field is not None
    assert (found.entry, found.field.rover) == (number, last.rover)
    assert (found.field.path, found.field.a, found.field.b) == (
        f"rovers[{len(frame.rovers) - 1}].battery",
        last.battery,
        0.25,
    )


def test_a_chunk_that_claims_to_unpack_to_more_than_it_says_is_damaged() -> None:
    frame = bytes.fromhex("28b52ffd e0") + struct.pack("<Q", 2**60) + bytes.fromhex("010000")
    content = struct.pack("<QQQI", 0, 0, 100, 0) + b"\x04\x00\x00\x00zstd" + struct.pack("<Q", len(frame)) + frame

    with pytest.raises(DamagedChunk, match="another number of bytes"):
        unpack(content, ChunkPlace(offset=0, length=len(content), start=0, end=0))


def test_entries_are_written_while_nobody_calls_and_wait_otherwise(mission: Any, whole: Path, tmp_path: Path) -> None:
    file, looks = tmp_path / "run.mcap", iter([False, False, True])
    writer = RecordWriter(file, ground=mission.ground)
    for entry in mission.entries[:8]:
        writer.write(entry)

    writer.work(lambda: next(looks))  # All but the opening wait; two at a time are written, and then somebody calls.
    writer.work(lambda: True)

    assert next(looks, None) is None
    for entry in mission.entries[8:]:
        writer.write(entry)
    writer.close()
    assert file.read_bytes() == whole.read_bytes()
