"""What a leader has others keep in mind before it is used: whoever leads next will hear of it from them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Final

from fleet.core import MissionTime, RoverId, Tick
from fleet.messages import Body, Claim, TaskNote, Witness, Witnessed
from fleet.traffic import Quorum

REPEAT: Final = 5.0  #: Seconds after which others are asked when some did not answer; doubles each time.
_PATIENT: Final = 6  # Times that it doubles.

To = tuple[RoverId, Body]


@dataclass(slots=True, kw_only=True)
class _Matter:
    words: Witness
    known: set[RoverId]  #: Who knows, the leader and whom it is about among them.
    asked: list[RoverId] = field(default_factory=list)
    turns: int = 0  # How often somebody was asked.
    again: Tick = 0


class Witnesses:
    """One leader's matters to be kept in mind, until enough others do.

    Parameters
    ----------
    rover
        The leader.
    quorum
        Says how many must know.
    """

    def __init__(self, rover: RoverId, epoch: int, quorum: Quorum, time: MissionTime) -> None:
        self._rover = rover
        self._epoch = epoch
        self._quorum = quorum
        self._repeat = max(3, time.tick(REPEAT))
        self._numbers = 0
        self._open: dict[Hashable, _Matter] = {}
        self._kept: set[Hashable] = set()  # Asked for membership only.

    def is_kept(
        self, matter: Hashable, taker: RoverId, *, claim: Claim | None = None, note: TaskNote | None = None
    ) -> bool:
        """Whether enough know of a matter; else others are asked for it from now on.

        Parameters
        ----------
        matter
            What it is, the same at each call.
        taker
            Who gets something, and knows of it thereby.
        """
        if matter in self._kept or matter in self._open:
            return matter in self._kept
        known = {self._rover, taker}
        if self._quorum.missing(known) == 0:
            self._kept.add(matter)
            return True
        self._numbers += 1
        words = Witness(epoch=self._epoch, number=self._numbers, claim=claim, note=note)
        self._open[matter] = _Matter(words=words, known=known)
        return False

    def drop(self, matter: Hashable) -> None:
        """Ask nobody about a matter any more."""
        self._open.pop(matter, None)

    def heard(self, sender: RoverId, body: Witnessed) -> list[Hashable]:
        """Take in that somebody keeps a matter in mind; return what is kept by enough now."""
        done = []
        for matter, entry in self._open.items():
            if body.epoch == self._epoch and body.number == entry.words.number:
                entry.known.add(sender)
                done += [matter] if self._quorum.missing(entry.known) == 0 else []
        for matter in done:
            del self._open[matter]
            self._kept.add(matter)
        return done

    def step(self, tick: Tick, reachable: Iterable[RoverId]) -> tuple[list[To], Tick | None]:
        """Return whom to ask now, and when to be asked again."""
        there = sorted(reachable)
        said: list[To] = []
        for entry in self._open.values():
            if tick < entry.again:
                continue
            free = [rover for rover in there if rover in self._quorum.voters and rover not in entry.known]
            # Those asked in vain come last.
            free.sort(key=entry.asked.count)
            chosen = free[: self._quorum.missing(entry.known)]
            if not chosen:
                continue  # Somebody has to come into reach first.
            entry.again = tick + self._repeat * 2 ** min(entry.turns, _PATIENT)
            entry.turns += 1
            entry.asked += chosen
            said += [(rover, entry.words) for rover in chosen]
        return said, min((entry.again for entry in self._open.values() if entry.again > tick), default=None)
