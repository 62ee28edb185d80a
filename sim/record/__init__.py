"""What a run leaves behind: the recording, its digest, and the state of everything at any tick."""

from sim.record.channels import tick_of
from sim.record.checkpoint import Checkpoint, program_print
from sim.record.diary import IN_TOW, Diary, Spell
from sim.record.difference import Difference, first_difference
from sim.record.digest import Digest
from sim.record.entries import (
    Closing,
    Collided,
    Commanded,
    Directed,
    Entry,
    FaultBegan,
    Faulted,
    FaultEnded,
    Frame,
    Happened,
    InstrumentChanged,
    InstrumentFrame,
    Opening,
    RoverEntry,
    RoverFrame,
    Said,
    TaskChanged,
    TaskEntry,
)
from sim.record.exchange import Exchange, Silenced
from sim.record.fault_words import fault_begins
from sim.record.hazard_words import spelt
from sim.record.moment import Moment, MomentRover, MomentTask, News
from sim.record.order_words import spelt_giver
from sim.record.recording import Recording, StoredEntry
from sim.record.recovery import recover
from sim.record.sentences import describe, gravity, is_news, sentence
from sim.record.timeline import Timeline
from sim.record.writer import RecordWriter, versions

__all__ = [
    "IN_TOW",
    "Checkpoint",
    "Closing",
    "Collided",
    "Commanded",
    "Diary",
    "Difference",
    "Digest",
    "Directed",
    "Entry",
    "Exchange",
    "FaultBegan",
    "FaultEnded",
    "Faulted",
    "Frame",
    "Happened",
    "InstrumentChanged",
    "InstrumentFrame",
    "Moment",
    "MomentRover",
    "MomentTask",
    "News",
    "Opening",
    "RecordWriter",
    "Recording",
    "RoverEntry",
    "RoverFrame",
    "Said",
    "Silenced",
    "Spell",
    "StoredEntry",
    "TaskChanged",
    "TaskEntry",
    "Timeline",
    "describe",
    "fault_begins",
    "first_difference",
    "gravity",
    "is_news",
    "program_print",
    "recover",
    "sentence",
    "spelt",
    "spelt_giver",
    "tick_of",
    "versions",
]
