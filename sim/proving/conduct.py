"""How a candidate behaved over a mission: what became of what it won, how much it said, how often it was asked."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from fleet.core import TaskId, Tick
from fleet.messages import Announcement, Bids, FollowPath
from sim.proving.mission import SILENT_UNTIL, Mission
from sim.proving.notes import Notes

_WORDS: Final = 120  # Things said an hour beside answers to announcements,
_PATHS: Final = 120  # ways asked for an hour,
_MORE: Final = 10  # and so many more in any mission.
_GRACE: Final = 600.0  # Seconds beyond
_LATE: Final = 3.0  # so many times its price, after which what was won must be done or given back.
_WAKES: Final = 0.2  # Asked by its own wish so often a second at the most,
_FEW: Final = 60  # and not looked at before it was asked so often.


def judge_conduct(mission: Mission, notes: Notes) -> None:
    """Note how the candidate behaved in a mission."""
    if not mission.witness.asked:
        return
    notes.judge("radio", "patience")
    for trespass in mission.result.metrics.trespasses:
        if mission.rover in (trespass.rover, trespass.other):
            notes.breach("authority", f"was off the ground that it had authority for at tick {trespass.tick}")
    _judge_promises(mission, notes)
    _judge_words(mission, notes)
    _judge_wakes(mission, notes)


def _judge_promises(mission: Mission, notes: Notes) -> None:
    """Note whether what was won was done or given back in time."""
    time, end, returned = mission.scenario.time, mission.result.hub.ticks, 0
    for tick, award in mission.tape.won:
        notes.judge("kept-bids")
        due: Tick = tick + time.tick(_LATE * award.cost + _GRACE)
        at, how = _end(mission, award.task.id, tick)
        returned += how == "returned"
        won = f"won {award.task.id!r} at tick {tick} for {award.cost:.0f} s"
        if not how and due < end:
            notes.breach("kept-bids", f"{won}, and had neither done it nor given it back by tick {end}")
        elif how and at > due:
            notes.breach("kept-bids", f"{won}, and it was {how} at tick {at} only")
    if returned > 1 and 2 * returned > len(mission.tape.won):
        notes.breach("kept-bids", f"gave back {returned} of {len(mission.tape.won)} tasks that it had won")


def _end(mission: Mission, task: TaskId, since: Tick) -> tuple[Tick, str]:
    """Return when a task that was won was done or returned, and which; no word when neither."""
    return next((end for end in mission.tape.ended.get(task, []) if end[0] >= since), (0, ""))


def _judge_words(mission: Mission, notes: Notes) -> None:
    asked, seconds = mission.witness.asked, mission.scenario.time.seconds(mission.result.hub.ticks)
    offers = sum(1 for ask in asked for message in ask.view.inbox if isinstance(message.body, Announcement))
    words = sum(len(ask.decision.outbox) for ask in asked) - offers
    if words > _WORDS * seconds / 3600.0 + _MORE:
        notes.breach("radio", f"said {words} things beside answers to announcements in {seconds / 60.0:.0f} minutes")
    paths = sum(1 for ask in asked if isinstance(ask.decision.command, FollowPath))
    if paths > _PATHS * seconds / 3600.0 + _MORE:
        notes.breach("radio", f"asked for {paths} ways in {seconds / 60.0:.0f} minutes")


def _judge_wakes(mission: Mission, notes: Notes) -> None:
    asked, seconds = mission.witness.asked, mission.scenario.time.seconds(mission.result.hub.ticks)
    wished = sum(1 for before, after in pairwise(asked) if after.view.tick == before.decision.wake)
    if wished > max(_FEW, _WAKES * seconds):
        notes.breach("patience", f"was asked {wished} times by its own wish in {seconds / 60.0:.0f} minutes")


def judge_after_silence(mission: Mission, before: Mission, notes: Notes) -> None:
    """Note whether the candidate goes on as it did once its radio works again.

    Parameters
    ----------
    before
        The same mission without silence.
    """
    if not mission.witness.asked:
        return
    notes.judge("comms-loss")
    known = {fault.fact for fault in before.tape.faults}
    for fault in mission.tape.faults:
        if fault.fact not in known:
            notes.breach("comms-loss", f"{fault.fact}, at tick {fault.tick}")
    if _bids_late(before) and not _bids_late(mission) and not mission.tape.faults:
        fact = f"answers no announcement after tick {SILENT_UNTIL}, when its radio works again; without silence it does"
        notes.breach("comms-loss", fact)


def _bids_late(mission: Mission) -> bool:
    return any(isinstance(said.message.body, Bids) and said.message.tick > SILENT_UNTIL for said in mission.tape.said)
