"""A recording that was cut short, made whole: with its index and its end, for readers that look for these."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

from mcap.exceptions import McapError
from mcap.records import Attachment, Channel, Header, Message, Metadata, Schema
from mcap.stream_reader import StreamReader
from mcap.writer import MCAP0_MAGIC, CompressionType, Writer

from fleet.core import ConfigError
from sim.record.channels import PROFILE
from sim.record.chunks import is_mcap, scan
from sim.record.recording import Recording

_CHUNK: Final = 512 * 1024  # Bytes of messages compressed together.


def recover(file: Path, whole: Path) -> int:
    """Write all that is left of a recording into one that is whole; return how many bytes at its end are left out.

    Notes
    -----
    Nothing is made up: what was said last and is not there whole is left out, and without a closing entry the new file
    tells, too, that the run was cut short. A run can go on from it as from the old one.

    Raises
    ------
    ConfigError
        When the file is no recording, is damaged otherwise than by a cut, or the new one cannot be written.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(str(file), f"cannot be read: {error.strerror}") from None
    found = scan(data) if is_mcap(data) else None
    # What was cut before anything of the run was written gives a file that is whole and holds nothing of a run.
    is_empty = MCAP0_MAGIC.startswith(data) if found is None else not found.chunks
    damage = "cut" if is_empty else Recording(file).damage
    if damage and not damage.startswith("cut"):
        raise ConfigError(str(file), damage, "only what was cut can be made whole")
    if whole.exists() and whole.samefile(file):
        raise ConfigError(str(whole), "is the file itself", "give another name")
    left = 0 if found is None else found.bytes_read
    try:
        with whole.open("wb") as stream:
            _copy(data[:left], Writer(stream, chunk_size=_CHUNK, compression=CompressionType.ZSTD))
    except OSError as error:
        raise ConfigError(str(whole), f"cannot be written: {error.strerror}") from None
    return 0 if not damage else len(data) - left


def _copy(data: bytes, writer: Writer) -> None:
    schemas: dict[int, int] = {0: 0}
    channels: dict[int, int] = {}
    is_begun = False
    try:
        for record in StreamReader(BytesIO(data)).records:
            match record:
                case Header():
                    writer.start(profile=record.profile, library=record.library)
                    is_begun = True
                case Schema() if record.id not in schemas:
                    schemas[record.id] = writer.register_schema(record.name, record.encoding, record.data)
                case Channel() if record.id not in channels:
                    channels[record.id] = writer.register_channel(
                        record.topic, record.message_encoding, schemas[record.schema_id], record.metadata
                    )
                case Message():
                    writer.add_message(
                        channel_id=channels[record.channel_id],
                        log_time=record.log_time,
                        data=record.data,
                        publish_time=record.publish_time,
                        sequence=record.sequence,
                    )
                case Attachment():
                    writer.flush()  # type: ignore[no-untyped-call]  # mcap leaves it without types
                    writer.add_attachment(
                        create_time=record.create_time,
                        log_time=record.log_time,
                        name=record.name,
                        media_type=record.media_type,
                        data=record.data,
                    )
                case Metadata():
                    writer.add_metadata(record.name, record.metadata)
                case _:
                    pass
    except McapError:
        pass  # The end, where it was cut.
    if not is_begun:
        writer.start(profile=PROFILE)
    writer.finish()  # type: ignore[no-untyped-call]  # mcap leaves it without types
