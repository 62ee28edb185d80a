"""Which cases are meant by ``crossing and not slow``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from fleet.core import ConfigError

_WORD: Final = re.compile(r"\s*([()]|[^\s()]+)")
_KEYWORDS: Final = ("and", "or", "not", "(", ")")
Chosen = Callable[[Iterable[str]], bool]  #: Whether a case with these names is meant.


def read_choice(text: str) -> Chosen:
    """Return what an expression chooses: words joined by ``and``, ``or``, ``not`` and brackets.

    A word means a case when it is part of its file, its name, its scenario or a tag, whatever the case of its letters.

    Raises
    ------
    ConfigError
        When it is no such expression.

    >>> chosen = read_choice("crossing and not (slow or seed-4)")
    >>> chosen(["scenarios/crossing.yaml", "seed-3"]), chosen(["scenarios/crossing.yaml", "seed-4"])
    (True, False)
    """
    parser = _Parser(text)
    chosen = parser.alternatives()
    if parser.word is not None:
        raise parser.wrong(f"{parser.word!r} is one word too many")
    return chosen


class _Parser:
    """Words of an expression, one ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = iter(_WORD.findall(text))
        self.word: str | None = next(self._words, None)

    def wrong(self, fact: str) -> ConfigError:
        return ConfigError(f"-k {self._text!r}", fact, "such as -k 'crossing and not slow'")

    def _take(self, word: str) -> bool:
        if self.word != word:
            return False
        self.word = next(self._words, None)
        return True

    def alternatives(self) -> Chosen:
        parts = [self._conjunction()]
        while self._take("or"):
            parts.append(self._conjunction())
        return lambda names: any(part(names) for part in parts)

    def _conjunction(self) -> Chosen:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return lambda names: all(part(names) for part in parts)

    def _one(self) -> Chosen:
        if self._take("not"):
            inner = self._one()
            return lambda names: not inner(names)
        if self._take("("):
            inner = self.alternatives()
            if not self._take(")"):
                raise self.wrong("a bracket is not closed")
            return inner
        if self.word is None or self.word in _KEYWORDS:
            raise self.wrong("a word is missing" + (f" before {self.word!r}" if self.word else " at the end"))
        wanted = self.word.lower()
        self.word = next(self._words, None)
        return lambda names: any(wanted in name.lower() for name in names)
