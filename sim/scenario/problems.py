"""What is wrong with a scenario file, all of it together, each thing where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from fleet.core import ConfigError

_WIDEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in a file."""

    file: str
    line: int  #: From 1; 0 when the whole file is meant.
    column: int  #: From 1; 0 when the whole file is meant.
    fact: str
    remedy: str = ""
    source: str = ""  #: The line as it stands in the file.

    @property
    def place(self) -> str:
        """Where: ``file:line:column``, or the file."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def render(self) -> str:
        """Return the problem as people read it: place and fact, the line with a mark under it, the remedy.

        >>> print(Problem(file="a.yaml", line=2, column=1, fact="unknown key 'sed'", source="sed: 8").render())
        a.yaml:2:1: unknown key 'sed'
            2 | sed: 8
              | ^
        """
        lines = [f"{self.place}: {self.fact}"]
        if self.source.strip():
            number = f"{self.line:>5} | "
            first = max(0, min(self.column - _WIDEST // 2, len(self.source) - _WIDEST))
            lines.append(number + self.source[first : first + _WIDEST].rstrip())
            lines.append(" " * 6 + "| " + " " * (self.column - 1 - first) + "^")
        if self.remedy:
            lines.append(f"  {self.remedy}")
        return "\n".join(lines)


class ScenarioError(ConfigError):
    """A scenario file is wrong.

    Parameters
    ----------
    problems
        All that is wrong with it, at least one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.place, first.fact, first.remedy)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """All problems, one after another."""
        return "\n".join(problem.render() for problem in self.problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the nearest known word, or all of them when they are few.

    >>> did_you_mean("regolit", ["bricks", "regolith"])
    "did you mean 'regolith'?"
    >>> did_you_mean("x", ["lander", "cnsa"])
    'known here: cnsa, lander'
    """
    names = sorted(set(known))
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known here: {', '.join(names)}" if 0 < len(names) <= 24 else ""
