"""Words that stay true: kept for those out of reach, and entrusted to whoever may meet them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from fleet.core import EVERYONE, RoverId, TaskId, Tick
from fleet.messages import Body, HazardReport, Letter, Message, TaskReport

KEPT: Final = 64  #: Letters that one rover keeps; beyond, the oldest goes.
LIFE: Final = 24 * 3600.0  #: Seconds after which a letter entrusted by another is given up.

_Letters = dict[tuple[RoverId, int], Letter]


class Post:
    """One rover's letters.

    Notes
    -----
    What was found and how tasks stand is worth hearing late; all else is said again by its own rules, or too late. What
    cannot be said to someone now is kept by its sender until it can, and meanwhile given once to everyone in reach, now
    and whenever somebody new comes into reach. These carry it to the receiver themselves and give it to nobody else, so
    there are never more copies than rovers. Of how one task stands a receiver takes nothing older than it has heard.

    Source
    ------
    Two-hop relay of Spyropoulos, Psounis and Raghavendra, "Spray and Wait", WDTN 2005, with as many copies as rovers.
    """

    def __init__(self, rover: RoverId, *, life: Tick) -> None:
        self._rover = rover
        self._life = life
        self._written = 0
        self._own: _Letters = {}
        self._carried: _Letters = {}
        self._entrusted: dict[int, set[RoverId]] = {}  # Own letter to who has it.
        self._latest: dict[tuple[RoverId, TaskId], Tick] = {}
        self._seen: dict[tuple[RoverId, int], None] = {}  # Letters taken in, oldest first.

    def write(self, to: Iterable[RoverId], body: TaskReport | HazardReport, tick: Tick) -> None:
        """Keep words for rovers until they can be said."""
        receivers = tuple(sorted(to))
        if receivers:
            self._written += 1
            letter = Letter(origin=self._rover, number=self._written, to=receivers, said=tick, body=body)
            _keep(self._own, letter)
            self._entrusted[self._written] = set()

    def redirect(self, leader: RoverId) -> None:
        """Address to a new leader what is kept of how own tasks stand."""
        for key, letter in self._own.items():
            if isinstance(letter.body, TaskReport):
                self._own[key] = msgspec.structs.replace(letter, to=(leader,))

    def send(self, tick: Tick, reached: tuple[RoverId, ...]) -> list[tuple[RoverId, Body]]:
        """Return what is to be said now, to whom."""
        said: list[tuple[RoverId, Body]] = []
        for letter in tuple(self._own.values()):
            there = [rover for rover in letter.to if rover in reached or rover == self._rover]
            said += [(rover, letter.body) for rover in there]
            left = self._left(self._own, letter, there)
            if left is None:
                del self._entrusted[letter.number]
                continue
            holders = self._entrusted[letter.number]
            holders.update(there)  # Who has heard it needs no copy, and must not be told twice.
            fresh = [rover for rover in reached if rover not in holders]
            holders.update(fresh)
            is_first = len(fresh) == len(reached) > 1
            said += [(EVERYONE, left)] if is_first else [(rover, left) for rover in fresh]
        for letter in tuple(self._carried.values()):
            if tick - letter.said > self._life:
                del self._carried[letter.origin, letter.number]
                continue
            there = [rover for rover in letter.to if rover in reached]
            said += [(rover, letter) for rover in there]
            self._left(self._carried, letter, there)
        self._entrusted = {number: who for number, who in self._entrusted.items() if (self._rover, number) in self._own}
        return said

    @staticmethod
    def _left(letters: _Letters, letter: Letter, told: list[RoverId]) -> Letter | None:
        """Keep a letter for those not told; return what is left of it."""
        key = (letter.origin, letter.number)
        receivers = tuple(rover for rover in letter.to if rover not in told)
        if not receivers:
            del letters[key]
            return None
        if told:
            letters[key] = msgspec.structs.replace(letter, to=receivers)
        return letters[key]

    def take(self, message: Message) -> Message | None:
        """Take in a message; return what of it is news to this rover, as if its origin had said it here."""
        body = message.body
        if isinstance(body, Letter):
            key = (body.origin, body.number)
            if body.origin == self._rover or key in self._seen:
                return None
            self._seen[key] = None
            if len(self._seen) > 16 * KEPT:
                del self._seen[next(iter(self._seen))]
            others = tuple(rover for rover in body.to if rover != self._rover)
            if others and message.sender == body.origin:
                _keep(self._carried, msgspec.structs.replace(body, to=others))
            if self._rover not in body.to and isinstance(body.body, TaskReport):
                return None
            message = Message(tick=body.said, sender=body.origin, seq=body.number, to=self._rover, body=body.body)
        if isinstance(message.body, TaskReport):
            about = (message.sender, message.body.task)
            if message.tick < self._latest.get(about, -1):
                return None
            self._latest[about] = message.tick
        return message


def _keep(letters: _Letters, letter: Letter) -> None:
    letters[letter.origin, letter.number] = letter
    if len(letters) > KEPT:
        del letters[next(iter(letters))]
