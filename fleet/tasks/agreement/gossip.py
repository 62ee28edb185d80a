"""Who tells whom what: records go on until those in reach are known to have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fleet.core import RoverId
from fleet.messages import MOST_MARKS, MOST_RECORDS, Gossip, Key, Mark, Offer, Record
from fleet.tasks.agreement.records import Knowledge, key_of, mark_of


class Gossiper:
    """One rover's part in the spreading of records.

    Notes
    -----
    What a rover learns it owes to all others, until a mark or a record of theirs shows that they have it as late. A
    word has owed records, those owed longest first, and the marks of what was just heard, which is how its sender
    learns that it arrived: of what is in step nobody says anything. Loss costs repetition, a word that comes twice or
    late changes nothing, and who comes into reach again is told what changed meanwhile, and that alone.

    Source
    ------
    Push of deltas with acknowledgement: Almeida, Shoker and Baquero, "Delta state replicated data types", JPDC 111,
    2018, algorithm 2; rumours and anti-entropy: Demers et al., PODC 1987.

    Examples
    --------
    >>> from fleet.core import TaskId
    >>> from fleet.messages import Outcome
    >>> a, b = (Gossiper(RoverId(name), ["a", "b"]) for name in "ab")
    >>> a.write(Outcome(task=TaskId("t"), state="done", rover=RoverId("a"), tick=9))
    True
    >>> b.hear(RoverId("a"), a.say(["b"]))
    [('outcome', 't')]
    >>> a.hear(RoverId("b"), b.say(["a"])), a.say(["b"]), b.say(["a"])
    ([], None, None)
    """

    def __init__(self, rover: RoverId, members: Iterable[RoverId]) -> None:
        self.knowledge = Knowledge()
        self._owed: dict[RoverId, dict[Key, None]] = {member: {} for member in sorted(members) if member != rover}
        self._heard: dict[Key, None] = {}  # To be marked in the next word.

    def write(self, record: Record) -> bool:
        """Take in a record of one's own; return whether it is news."""
        return bool(self._learn([record], None))

    def hear(self, sender: RoverId, word: Gossip) -> list[Key]:
        """Take in a word; return which records are news."""
        if sender not in self._owed:
            return []
        owed = self._owed[sender]
        if any(self._is_reborn(sender, record) for record in word.records):
            owed |= dict.fromkeys(self.knowledge.known)
        news = self._learn(word.records, sender)
        for record in word.records:
            key = key_of(record)
            self._heard[key] = None
            if self.knowledge.get(key) == record:
                owed.pop(key, None)
            else:
                self._note(owed, key, mark_of(record))
        for key, mark in word.marks:
            self._note(owed, key, mark)
        return news

    def say(self, reached: Sequence[RoverId]) -> Gossip | None:
        """Return what to tell those in reach now; None when there is nothing that they may lack."""
        owed: dict[Key, None] = {}
        for member in reached:
            owed |= self._owed.get(member, {})
        told = list(owed)[:MOST_RECORDS]
        marks = [key for key in self._heard if key not in told][:MOST_MARKS]
        for key in (*marks, *told):
            self._heard.pop(key, None)
        if not told and not marks:
            return None
        for member in reached:
            self._put_last(self._owed.get(member, {}), told)
        known = self.knowledge
        records = tuple(record for key in told if (record := known.get(key)) is not None)
        return Gossip(records=records, marks=tuple((key, mark) for key in marks if (mark := known.mark(key))))

    def owes(self, reached: Sequence[RoverId]) -> bool:
        """Whether there is something to say to those in reach."""
        return bool(self._heard) or any(self._owed.get(member) for member in reached)

    def _learn(self, records: Iterable[Record], sender: RoverId | None) -> list[Key]:
        news = self.knowledge.learn(records)
        for member, owed in self._owed.items():
            if member != sender:
                owed.update(dict.fromkeys(news))
        return news

    def _is_reborn(self, member: RoverId, record: Record) -> bool:
        """Whether a member began anew, and knows nothing of what it knew."""
        if not isinstance(record, Offer) or record.rover != member:
            return False
        known = self.knowledge.mark(key_of(record))
        return known is not None and record.epoch > known[0]

    def _note(self, owed: dict[Key, None], key: Key, mark: Mark) -> None:
        """Take in that a member has a record as late as this."""
        known = self.knowledge.mark(key)
        if known is not None and mark < known:
            owed[key] = None
            return
        owed.pop(key, None)
        if known is not None and mark > known:
            self._heard[key] = None  # It is thought to be known here.

    @staticmethod
    def _put_last(owed: dict[Key, None], told: Sequence[Key]) -> None:
        """Let what was not told come first next time."""
        for key in told:
            if key in owed:
                del owed[key]
                owed[key] = None
