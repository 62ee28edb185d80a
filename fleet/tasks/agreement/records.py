"""What one rover knows: the latest of each record, whoever told it, in whatever order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Final, TypeVar
from zlib import crc32

import msgspec

from fleet.messages import Bundle, Key, Mark, Offer, Outcome, Record, Refinement, TaskOrder, Votes

_RANKS: Final = MappingProxyType({"failed": 1, "cancelled": 2, "done": 3})
_KINDS: Final[Mapping[type[Record], str]] = MappingProxyType(
    {TaskOrder: "order", Outcome: "outcome", Offer: "offer", Votes: "votes", Bundle: "bundle", Refinement: "refinement"}
)
_encode = msgspec.msgpack.Encoder().encode
Kind = TypeVar("Kind", TaskOrder, Outcome, Offer, Votes, Bundle, Refinement)


def key_of(record: Record) -> Key:
    """Return which record it is."""
    kind = _KINDS[type(record)]
    match record:
        case TaskOrder():
            return kind, record.task.id
        case Outcome():
            return kind, record.task
        case _:
            return kind, record.rover


def mark_of(record: Record) -> Mark:
    """Return how late a record is; the same for records that say the same.

    Notes
    -----
    A rover's own records count by epoch and version, orders by version. Of endings done beats all, and of two of a
    kind the earlier stands. The last part decides between records that nobody should have written: any fixed choice
    will do, as long as all choose alike.
    """
    check = crc32(_encode(record))
    match record:
        case TaskOrder():
            return record.version, 0, check
        case Outcome():
            return _RANKS[record.state], -record.tick, check
        case _:
            return record.epoch, record.version, check


class Knowledge:
    """The latest of each record.

    Notes
    -----
    What is later is a total order of the records of one key, so that taking the latest is commutative, associative and
    idempotent: whoever has heard of the same records knows the same, in whatever order and however often they came.

    Source
    ------
    A map of last-writer-wins registers; Shapiro, Preguica, Baquero and Zawirski, "Conflict-Free Replicated Data Types",
    SSS 2011.

    Examples
    --------
    >>> from fleet.core import RoverId, TaskId
    >>> done = Outcome(task=TaskId("t"), state="done", rover=RoverId("a"), tick=9)
    >>> failed = Outcome(task=TaskId("t"), state="failed", rover=RoverId("b"), tick=5)
    >>> one, other = Knowledge(), Knowledge()
    >>> one.learn([failed, done]), other.learn([done, failed, done])
    ([('outcome', 't')], [('outcome', 't')])
    >>> one.get(("outcome", "t")).state, one.fingerprint() == other.fingerprint()
    ('done', True)
    """

    def __init__(self) -> None:
        self.revision = 0  #: Counts up whenever something is learnt.
        self._records: dict[Key, Record] = {}
        self._marks: dict[Key, Mark] = {}
        self._kinds: dict[type[Record], dict[str, Record]] = {}

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: Key) -> Record | None:
        """Return what is known."""
        return self._records.get(key)

    def mark(self, key: Key) -> Mark | None:
        """Return how late it is."""
        return self._marks.get(key)

    @property
    def known(self) -> tuple[Key, ...]:
        """Which records there are, in order."""
        return tuple(sorted(self._records))

    def all(self, kind: type[Kind]) -> Iterator[Kind]:
        """Give the records of a kind, by whose or of what they are."""
        records = self._kinds.get(kind, {})
        for name in sorted(records):
            record = records[name]
            assert isinstance(record, kind)
            yield record

    def learn(self, records: Iterable[Record]) -> list[Key]:
        """Take in what another knows; return which records are news, each once."""
        news: dict[Key, None] = {}
        for record in records:
            key = key_of(record)
            known = self._marks.get(key)
            if self._records.get(key) == record:
                continue
            mark = mark_of(record)
            if known is None or mark > known:
                self._records[key], self._marks[key] = record, mark
                self._kinds.setdefault(type(record), {})[key[1]] = record
                self.revision += 1
                news[key] = None
        return list(news)

    def fingerprint(self) -> str:
        """Return what names all that is known."""
        return sha256(repr(sorted(self._marks.items())).encode()).hexdigest()
