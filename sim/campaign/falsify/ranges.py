"""Values of a parameter between two ends, such as ``0..20`` or ``1m..10m``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.core import ConfigError, parse_duration
from sim.campaign.falsify.draw import Draw
from sim.scenario import Plain

_REMEDY = "such as 0..20, 0.5..1.5 or 1m..10m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Numbers, whole numbers or times between two, both included."""

    low: float
    high: float
    kind: str  #: int, float or time.

    def draw(self, name: str, draw: Draw) -> Plain:
        """Return one of them, as a scenario file has it."""
        if self.kind == "float":
            return round(draw.even(name, self.low, self.high), 6)
        whole = min(int(self.high), int(draw.even(name, self.low, self.high + 1.0)))
        return f"{whole}s" if self.kind == "time" else whole

    @property
    def ends(self) -> tuple[Plain, Plain]:
        """Least and most, as a scenario file has them."""
        if self.kind == "float":
            return self.low, self.high
        low, high = int(self.low), int(self.high)
        return (f"{low}s", f"{high}s") if self.kind == "time" else (low, high)


Values = Span | tuple[Plain, ...]  #: Of one parameter.


def values_of(key: str, given: Sequence[Plain]) -> Values:
    """Return the span that ``A..B`` means, or the values as they are.

    Raises
    ------
    ConfigError
        When the ends of a span are no numbers or times, or come in the wrong order.

    >>> values_of("radio.loss_percent", ["0..20"])
    Span(low=0.0, high=20.0, kind='int')
    """
    if len(given) != 1 or not isinstance(given[0], str) or ".." not in given[0]:
        return tuple(given)
    low_text, _, high_text = given[0].partition("..")
    place = f"--set {key}={given[0]}"
    try:
        ends, kind = _ends(low_text.strip(), high_text.strip())
    except ValueError:
        raise ConfigError(place, "has ends that are neither numbers nor times", _REMEDY) from None
    if ends[0] >= ends[1]:
        raise ConfigError(place, "its second end must be more than its first", _REMEDY)
    return Span(low=ends[0], high=ends[1], kind=kind)


def _ends(low: str, high: str) -> tuple[tuple[float, float], str]:
    for kind, read in (("int", int), ("float", float), ("time", parse_duration)):
        try:
            return (float(read(low)), float(read(high))), kind
        except ValueError:
            continue
    raise ValueError(low)


def draw_value(name: str, values: Values, draw: Draw) -> Plain:
    """Return one value of a parameter."""
    return values.draw(name, draw) if isinstance(values, Span) else draw.choice(name, values)
